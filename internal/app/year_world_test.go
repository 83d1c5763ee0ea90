package app

import (
	"fmt"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/store"
	"duban/seeds"
)

// yearStart is the day the document was issued and, here, confirmed.
const yearStart, yearEnd = "2025-03-31", "2025-12-31"

// vacant are posts nobody holds, so that what belongs to them must pass on.
var vacant = map[string]bool{"d-dudao-fuze": true, "g-primary-3-fuze": true, "g-primary-3-aq": true, "ju-fuju-renshi": true}

// district is the built-in data as a district has it: 80 units of every kind,
// somebody in nearly every post, accounts on both platforms, groups with digests
// and all 204 items confirmed by the dates the document suggests.
func district(t *testing.T) *seeds.Set {
	t.Helper()
	set, err := seeds.Default()
	if err != nil {
		t.Fatal(err)
	}
	terms := map[string]string{"kindergarten": "kindergarten", "senior": "senior", "vocational": "vocational"}
	kinds := []string{"primary", "kindergarten", "center_school", "middle", "primary", "kindergarten", "senior", "vocational"}
	for n := 0; len(set.Units) < 80; n++ {
		kind := kinds[n%len(kinds)]
		u := seeds.Unit{ID: fmt.Sprintf("g-%s-%d", kind, n), Name: fmt.Sprintf("%s%d", seeds.UnitKinds()[kind], n), Kind: kind, Parent: "ju", Term: terms[kind]}
		if u.Term == "" {
			u.Term = "primary_middle"
		}
		if n%2 == 0 {
			u.Tags = append(u.Tags, "canteen")
		}
		if n%5 == 0 {
			u.Tags = append(u.Tags, "pilot")
		}
		if n%7 == 1 {
			u.Tags = append(u.Tags, "private")
		}
		set.Units = append(set.Units, u)
		set.Posts = append(set.Posts, seeds.Post{ID: u.ID + "-fuze", Unit: u.ID, Title: "校长", Role: "unit_head", Rank: 1},
			seeds.Post{ID: u.ID + "-aq", Unit: u.ID, Title: "安全专干", Role: "unit_head", Rank: 2, Safety: true})
	}
	staff(set)
	for _, scope := range []string{"ju", "d-anquan", "d-jijiao", "s-wenchang", "g-kindergarten-1"} {
		set.Groups = append(set.Groups, seeds.Group{ID: "group-" + scope, Name: scope, Platform: "wecom", Via: "webhook", Ref: scope, Scope: scope, Digest: true})
	}
	y, _ := set.Year(2025)
	for _, it := range y.Items {
		set.Confirmations = append(set.Confirmations, seeds.Confirmation{Year: 2025, Item: it.Code, By: "d-bangongshi-ducha",
			On: calendar.MustParse(yearStart), Due: it.Due.Date})
	}
	return set
}

// staff puts a person, named like the post, into every post but the vacant ones.
func staff(set *seeds.Set) {
	for i, p := range set.Posts {
		if vacant[p.ID] {
			continue
		}
		id := "p-" + p.ID
		set.Persons = append(set.Persons, seeds.Person{ID: id, Name: p.Title, Unit: p.Unit})
		set.Holdings = append(set.Holdings, seeds.Holding{Person: id, Post: p.ID, From: calendar.MustParse("2025-02-17")})
		if i%3 != 0 {
			set.Accounts = append(set.Accounts, seeds.Account{Person: id, Platform: "wecom", UserID: "w-" + p.ID})
		}
		if i%3 != 1 {
			set.Accounts = append(set.Accounts, seeds.Account{Person: id, Platform: "dingtalk", UserID: "d-" + p.ID})
		}
	}
}

// seeded returns a database that holds the set as of the morning of the
// confirmation.
func seeded(t *testing.T, set *seeds.Set) (*config.Config, *store.Store) {
	t.Helper()
	cfg, err := config.FromEnviron([]string{"DUBAN_DATABASE_DSN=sqlite::memory:", "DUBAN_DATA_DIR=" + t.TempDir()})
	must(t, err)
	s, err := store.Open(t.Context(), "sqlite::memory:")
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	_, err = s.Migrate(t.Context())
	must(t, err)
	at := calendar.MustParse(yearStart).At(9, 0, cfg.Location())
	_, err = applySeeds(t.Context(), cfg, s, clock.NewFrozen(at), set, seeds.Policies())
	must(t, err)
	return cfg, s
}

// played plays days on the database and returns all that went out.
func played(t *testing.T, cfg *config.Config, s *store.Store, from, to string) ([]Planned, time.Duration) {
	t.Helper()
	var out []Planned
	began := time.Now()
	err := rehearse(t.Context(), cfg, s, PlanQuery{From: calendar.MustParse(from), To: calendar.MustParse(to)}, func(p Planned) error {
		out = append(out, p)
		return nil
	})
	must(t, err)
	return out, time.Since(began)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
