package scenario

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/app"
	"duban/internal/calendar"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/seeding"
	"duban/internal/sim/stage"
	"duban/internal/store"
	"duban/seeds"
)

// reseed brings the database to the demonstration's files with a change in them,
// as the operator does when posts change hands.
func (w *world) reseed(change func(*seeds.Set)) {
	w.t.Helper()
	set, err := seeds.Demo()
	w.ok(err)
	change(set)
	policies, err := fs.ReadFile(seeds.Files(), seeds.PoliciesFile)
	w.ok(err)
	_, err = seeding.Seeder{Store: w.store(), Desk: app.DeskFor(w.config(), w.clock),
		Corps: map[string]string{string(bot.WeCom): stage.WeComCorp, string(bot.DingTalk): stage.DingTalkCorp}}.Apply(w.ctx, set, policies)
	w.ok(err)
}

func leaves(set *seeds.Set, person string) {
	set.Holdings = slices.DeleteFunc(set.Holdings, func(h seeds.Holding) bool { return h.Person == person })
}

func (w *world) delegate(from, to string, first, last calendar.Date) {
	w.t.Helper()
	w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
		return tx.AddDelegation(w.ctx, org.Delegation{From: from, To: to, First: first, Last: last}, w.clock.Now())
	}))
}

const overdueSchool = "12-7 区内职校招生"

// TestAPostChangesHandsOvernight plans for a chief at 07:05, gives the post to
// somebody else before 08:30, and looks who is told.
func TestAPostChangesHandsOvernight(t *testing.T) {
	takes := func(set *seeds.Set) {
		leaves(set, "zhicheng-guzhang")
		set.Holdings = append(set.Holdings, seeds.Holding{Person: "wenchang-jia", Post: "d-zhicheng-fuze", From: calendar.Of(2025, 9, 16)})
	}
	for name, c := range map[string]struct {
		delegates bool
		change    func(*seeds.Set)
		told      string
	}{
		"to a successor": {false, takes, "wenchang-jia"},
		"to a successor, and the former holder leaves the house": {false, func(set *seeds.Set) {
			takes(set)
			set.Persons = slices.DeleteFunc(set.Persons, func(p seeds.Person) bool { return p.ID == "zhicheng-guzhang" })
			set.Accounts = slices.DeleteFunc(set.Accounts, func(a seeds.Account) bool { return a.Person == "zhicheng-guzhang" })
		}, "wenchang-jia"},
		"to nobody: the next level":                 {false, func(set *seeds.Set) { leaves(set, "zhicheng-guzhang") }, "ju-juzhang"},
		"to nobody, with a stand-in":                {true, func(set *seeds.Set) { leaves(set, "zhicheng-guzhang") }, "wenchang-jia"},
		"to a successor, the former had a stand-in": {true, takes, "wenchang-jia"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, setup{now: "2025-09-15T18:00:00+08:00"}, func(w *world) {
				if c.delegates {
					w.delegate("zhicheng-guzhang", "wenchang-jia", calendar.Of(2025, 9, 15), calendar.Of(2025, 9, 19))
				}
				w.until("2025-09-16 07:30")
				w.take()
				waiting := w.query("SELECT COUNT(*) FROM notices WHERE state = 'pending' AND post_id = 'd-zhicheng-fuze'")
				if waiting == "0" {
					t.Fatal("nothing waits for the post")
				}
				w.reseed(c.change)
				w.until("2025-09-16 08:30")
				all := w.take()
				if got := to(all, "zhicheng-guzhang"); len(got) > 0 {
					t.Errorf("the former holder was told:\n%s", got)
				}
				if got := to(all, c.told); len(got) != 1 || !strings.Contains(got[0], overdueSchool) {
					t.Errorf("%s was not told once:\n%s", c.told, list(all))
				}
				w.same("told by", w.query("SELECT COUNT(*) FROM notices WHERE state = 'taken' AND post_id = 'd-zhicheng-fuze'"), waiting)
			})
		})
	}
}

// TestWorkAndHistoryGoWithThePost lets the successor go on where the former holder
// stopped.
func TestWorkAndHistoryGoWithThePost(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.wecom("wenchang-xz", "22-3 40%")
		w.settle()
		w.take()
		w.reseed(func(set *seeds.Set) {
			leaves(set, "wenchang-xz")
			set.Holdings = append(set.Holdings, seeds.Holding{Person: "wenchang-jia", Post: "s-wenchang-fuze", From: calendar.Of(2025, 9, 10)})
		})
		if got := w.wecom("wenchang-jia", "22-3"); !strings.Contains(got, "进度 40%") {
			t.Errorf("the successor does not see the work:\n%s", got)
		}
		if got := w.wecom("wenchang-jia", "22-3 60%"); !strings.HasPrefix(got, "已记下：22-3") {
			t.Errorf("the successor cannot report:\n%s", got)
		}
		w.same("history", w.query("SELECT COUNT(DISTINCT actor) FROM journal WHERE action = 'report' AND subject_kind = 'assignment'"), "2")
		w.settle()
		w.take()
	})
}

// TestADelegationThatBeginsOrEndsMovesWhatWaits tells what was put off overnight to
// who answers for the post on the day, in that person's one message.
func TestADelegationThatBeginsOrEndsMovesWhatWaits(t *testing.T) {
	each(t, setup{now: "2025-09-15T18:00:00+08:00"}, func(w *world) {
		w.delegate("zhicheng-guzhang", "ban-ducha", calendar.Of(2025, 9, 17), calendar.Of(2025, 9, 17))
		w.until("2025-09-16 20:00")
		w.take()
		for day, c := range map[string]struct{ before, after string }{"17": {"zhicheng-guzhang", "ban-ducha"}, "18": {"ban-ducha", "zhicheng-guzhang"}} {
			at, err := time.Parse(time.RFC3339, "2025-09-"+day+"T08:30:00+08:00")
			w.ok(err)
			w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
				_, err := tx.AddNotices(w.ctx, []notice.Notice{{Kind: notice.WorkUpdate, Urgency: notice.Merged, PersonID: c.before, PostID: "d-zhicheng-fuze",
					NotBefore: at, CreatedAt: w.clock.Now(), Key: "waits:" + day, Text: "等到" + day + "日的一件事", Subject: notice.Subject{Kind: notice.PersonSubj}}})
				return err
			}))
		}
		for _, day := range []string{"17", "18"} {
			w.until("2025-09-" + day + " 08:30")
			all, reader := w.take(), map[string]string{"17": "ban-ducha", "18": "zhicheng-guzhang"}[day]
			if got := to(all, reader); len(got) != 1 || !strings.Contains(got[0], "等到"+day+"日的一件事") {
				t.Errorf("on the %sth %s was not told once:\n%s", day, reader, list(all))
			}
			if strings.Count(list(all), "等到"+day+"日") != 1 {
				t.Errorf("on the %sth somebody else was told:\n%s", day, list(all))
			}
			w.until("2025-09-" + day + " 20:00")
			w.take()
		}
	})
}
