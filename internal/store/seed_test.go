package store_test

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/org"
	"duban/internal/store"
)

// dump returns every row of every table as text, in the order of its columns.
func dump(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(schemaOf(t, s))) {
		for _, row := range query(t, s, "SELECT * FROM `"+name+"`") {
			out[name] = append(out[name], strings.Join(row, "|"))
		}
		slices.Sort(out[name])
	}
	return out
}

// rowsOf returns chosen columns of a table.
func rowsOf(t *testing.T, s *store.Store, text string) []string {
	t.Helper()
	out := []string{}
	for _, row := range query(t, s, text) {
		out = append(out, strings.Join(row, "|"))
	}
	return out
}

// plant seeds and returns what happened to each table that was not left alone,
// such as "items +2 ~1 -1 kept 2025/1-1".
func plant(t *testing.T, s *store.Store, seed store.Seed, now time.Time) []string {
	t.Helper()
	var changes []store.Change
	do(t, s, func(tx *store.Tx) (err error) { changes, err = tx.Seed(ctx, seed, now); return err })
	return brief(changes)
}

func brief(changes []store.Change) []string {
	out := []string{}
	for _, c := range changes {
		line := c.Table
		for _, part := range []struct {
			sign string
			n    int
		}{{"+", c.Created}, {"~", c.Changed}, {"-", c.Ended}} {
			if part.n > 0 {
				line += fmt.Sprintf(" %s%d", part.sign, part.n)
			}
		}
		if len(c.Kept) > 0 {
			line += " kept " + strings.Join(c.Kept, ",")
		}
		if line != c.Table {
			out = append(out, line)
		}
	}
	return out
}

var since = time.Date(2025, 2, 16, 16, 0, 0, 0, time.UTC)

// bureau is a small whole.
func bureau() store.Seed {
	return store.Seed{
		Units: []org.Unit{
			{ID: "ju", Name: "教育局", Kind: "bureau"},
			{ID: "d-a", Name: "甲股", Short: "甲", Aliases: []string{"老甲", "甲处"}, Kind: "section", Parent: "ju"},
			{ID: "s-x", Name: "某小学", Kind: "primary", Parent: "ju", TermKind: "primary_middle"},
		},
		Audiences: []store.Audience{{ID: "各校", Label: "各校", Kinds: []string{"primary"}, Units: []string{"s-x"}}},
		Posts: []org.Post{
			{ID: "p-ju", UnitID: "ju", Title: "副局长", Role: org.Leader, Charge: []string{"d-a"}, OnCall: true, Rank: 2},
			{ID: "p-x", UnitID: "s-x", Title: "校长", Role: org.UnitHead, Safety: true, Rank: 1},
		},
		Persons: []store.Person{{ID: "jia", Name: "甲", UnitID: "s-x"}, {ID: "yi", Name: "乙", UnitID: "s-x"}},
		Holdings: []store.Holding{
			{PostID: "p-x", PersonID: "jia", Since: since},
			{PostID: "p-ju", PersonID: "yi", Since: since, Until: since.Add(24 * time.Hour)},
		},
		Accounts: []org.Account{{Platform: "wecom", Corp: "c", UserID: "u-jia", PersonID: "jia"}, {Platform: "wecom", Corp: "c", UserID: "u-yi", PersonID: "yi"}},
		Groups:   []org.Group{{ID: "g", Platform: "wecom", Webhook: "robot", Title: "群", UnitID: "ju", Digest: true}},
		Terms:    []store.Term{{ID: "“四亮”", Words: "四亮", Codes: []string{"2025/1-1"}}},
		Items: []duty.Item{
			{Year: 2025, Code: "1-1", Point: 1, PointTitle: "责任", Desc: "覆盖率", Kind: "target", Figures: "91%以上；年底", Metric: duty.Metric{Op: ">=", Target: 91, Unit: "%"},
				Every: "每周", Due: calendar.MustParse("2025-12-31"), DueSource: duty.Stated, DueText: "年底", Lead: "d-a", Assist: []string{"ju"},
				Audience: "各校", Profile: "deadline", ByKind: []string{"primary=term"}, Privacy: "high"},
			{Year: 2025, Code: "1-2", Point: 1, PointTitle: "责任", Desc: "清单", Kind: "register", Due: calendar.MustParse("2025-06-30"),
				DueSource: duty.Inferred, Lead: "d-a", Profile: "quiet"},
		},
	}
}

func TestSeedWritesEverything(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		same(t, "first", plant(t, s, bureau(), noon), []string{
			"units +3", "audiences +1", "posts +2", "persons +2", "holdings +2", "accounts +2", "chat_groups +1", "terms +1", "items +2",
		})
		at := fmt.Sprint(noon.UnixMilli())
		got := dump(t, s)
		ledger := 0
		for _, line := range got["runs"] {
			if strings.HasPrefix(line, "seed:") {
				ledger++
			}
		}
		same(t, "ledger", ledger, 16)
		delete(got, "runs")
		same(t, "rows", got, map[string][]string{
			"units": {
				`d-a|甲股|甲|["老甲","甲处"]|section|ju||2`,
				`ju|教育局||[]|bureau|||1`,
				`s-x|某小学||[]|primary|ju|primary_middle|3`,
			},
			"audiences":   {`各校|各校|["primary"]|["s-x"]`},
			"posts":       {`p-ju|ju|副局长|leader|["d-a"]|0|1|2|0`, `p-x|s-x|校长|unit_head|[]|1|0|1|0`},
			"persons":     {"jia|甲|s-x|1|" + at, "yi|乙|s-x|1|" + at},
			"holdings":    {"1|p-x|jia|1739721600000|0", "2|p-ju|yi|1739721600000|1739808000000"},
			"accounts":    {"wecom|c|u-jia|jia|" + at + "|0", "wecom|c|u-yi|yi|" + at + "|0"},
			"chat_groups": {"g|wecom||robot|群|ju|1|1"},
			"terms":       {`“四亮”|四亮|["2025/1-1"]||`},
			"items": {
				`1|2025|1-1|1|责任|覆盖率|target|91%以上；年底|>=|91|%|每周|2025-12-31|stated|年底|d-a|["ju"]|各校|deadline|high|draft|0||["primary=term"]||`,
				`2|2025|1-2|1|责任|清单|register|||0|||2025-06-30|inferred||d-a|[]||quiet||draft|0||[]||`,
			},
			"journal": {
				"1|" + at + "|system|seed|holding|1|take_post|||post=p-x person=jia",
				"2|" + at + "|system|seed|holding|2|leave_post||2025-02-17T16:00:00Z|post=p-ju person=yi",
				"3|" + at + "|system|seed|person|0|bind||jia|wecom",
				"4|" + at + "|system|seed|person|0|bind||yi|wecom",
				"5|" + at + "|system|seed|item|1|draft||2025-12-31 覆盖率|",
				"6|" + at + "|system|seed|item|2|draft||2025-06-30 清单|",
			},
		})
	})
}

func TestSeedAgainChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		plant(t, s, bureau(), noon)
		before := dump(t, s)
		var changes []store.Change
		do(t, s, func(tx *store.Tx) (err error) { changes, err = tx.Seed(ctx, bureau(), noon.Add(time.Hour)); return err })
		same(t, "changes", changes, []store.Change{
			{Table: "units", Same: 3}, {Table: "audiences", Same: 1}, {Table: "posts", Same: 2}, {Table: "persons", Same: 2}, {Table: "holdings", Same: 2},
			{Table: "accounts", Same: 2}, {Table: "chat_groups", Same: 1}, {Table: "terms", Same: 1}, {Table: "items", Same: 2}, {Table: "checklists"},
		})
		same(t, "every row", dump(t, s), before)
	})
}

func TestSeedAfterEditsChangesThoseRows(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		plant(t, s, bureau(), noon)
		b := bureau()
		b.Units[1].Name, b.Audiences[0].Units, b.Posts[1].Title = "甲甲股", []string{"s-x", "d-a"}, "书记校长"
		b.Persons[0].Name, b.Groups[0].Digest, b.Terms[0].Words = "甲甲", false, "四亮、四亮举措"
		b.Units = append(b.Units, org.Unit{ID: "s-y", Name: "新小学", Kind: "primary", Parent: "ju"})
		same(t, "second", plant(t, s, b, noon.Add(time.Hour)), []string{
			"units +1 ~1", "audiences ~1", "posts ~1", "persons ~1", "chat_groups ~1", "terms ~1",
		})
		got := dump(t, s)
		at := fmt.Sprint(noon.UnixMilli())
		same(t, "units", got["units"], []string{`d-a|甲甲股|甲|["老甲","甲处"]|section|ju||2`, `ju|教育局||[]|bureau|||1`, `s-x|某小学||[]|primary|ju|primary_middle|3`, `s-y|新小学||[]|primary|ju||4`})
		same(t, "audiences", got["audiences"], []string{`各校|各校|["primary"]|["s-x","d-a"]`})
		same(t, "posts", got["posts"], []string{`p-ju|ju|副局长|leader|["d-a"]|0|1|2|0`, `p-x|s-x|书记校长|unit_head|[]|1|0|1|0`})
		same(t, "persons keep when they came", got["persons"], []string{"jia|甲甲|s-x|1|" + at, "yi|乙|s-x|1|" + at})
		same(t, "groups", got["chat_groups"], []string{"g|wecom||robot|群|ju|0|1"})
		same(t, "terms", got["terms"], []string{`“四亮”|四亮、四亮举措|["2025/1-1"]||`})
		same(t, "third", plant(t, s, b, noon.Add(2*time.Hour)), []string{})
	})
}

// What was changed in the system stays as long as the files say what they said.
func TestSeedLeavesWhatTheSystemChanged(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		plant(t, s, bureau(), noon)
		for _, edit := range []string{
			"UPDATE units SET short = '甲办' WHERE id = 'd-a'",
			"UPDATE persons SET active = 0 WHERE id = 'yi'",
			"UPDATE chat_groups SET active = 0",
			"UPDATE terms SET meaning = '亮身份等', source = '某文件'",
			"UPDATE items SET descr = '改写过' WHERE code = '1-2'",
			"DELETE FROM accounts WHERE person_id = 'jia'",
			"UPDATE holdings SET until = 5 WHERE person_id = 'jia'",
			"INSERT INTO persons (id, name, unit_id, active) VALUES ('wx-1', '丙', 's-x', 1)",
			"INSERT INTO holdings (post_id, person_id, since) VALUES ('p-x', 'wx-1', 7)",
			"INSERT INTO accounts (platform, corp, user_id, person_id) VALUES ('wecom', 'c', 'u-bing', 'wx-1')",
			"INSERT INTO items (year, code, descr, figures, assist_ids, state) VALUES (2025, '1-9', '临时交办', '', '[]', 'draft')",
			"INSERT INTO chat_groups (id, active) VALUES ('own', 1)",
		} {
			exec(t, s, edit)
		}
		before := dump(t, s)
		same(t, "nothing", plant(t, s, bureau(), noon.Add(time.Hour)), []string{})
		same(t, "every row", dump(t, s), before)

		b := bureau()
		b.Terms[0].Words = "四亮举措" // a file that says no meaning does not empty one
		same(t, "only the term", plant(t, s, b, noon.Add(time.Hour)), []string{"terms ~1"})
		same(t, "terms", dump(t, s)["terms"], []string{`“四亮”|四亮举措|["2025/1-1"]|亮身份等|某文件`})
	})
}

func TestPostChangesHands(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		later := noon.Add(time.Hour)
		plant(t, s, bureau(), noon)
		exec(t, s, "INSERT INTO persons (id, name, unit_id, active) VALUES ('wx-1', '丙', 's-x', 1)")
		exec(t, s, "INSERT INTO holdings (post_id, person_id, since) VALUES ('p-x', 'wx-1', 7)") // not the files'

		b := bureau()
		b.Holdings[0] = store.Holding{PostID: "p-x", PersonID: "yi", Since: noon}
		same(t, "from 甲 to 乙", plant(t, s, b, later), []string{"holdings +1 -1"})
		held := func() []string {
			dir, err := s.Read(ctx).Directory(ctx)
			ok(t, err)
			list := []string{}
			for _, h := range dir.HoldersOf("s-x") {
				list = append(list, h.PersonID)
			}
			return list
		}
		same(t, "holders", held(), []string{"wx-1", "yi"})
		same(t, "holdings", rowsOf(t, s, "SELECT post_id, person_id, since, until FROM holdings ORDER BY id"), []string{
			fmt.Sprintf("p-x|jia|%d|%d", since.UnixMilli(), later.UnixMilli()),
			fmt.Sprintf("p-ju|yi|%d|%d", since.UnixMilli(), since.Add(24*time.Hour).UnixMilli()),
			"p-x|wx-1|7|0",
			fmt.Sprintf("p-x|yi|%d|0", noon.UnixMilli()),
		})
		same(t, "history", rowsOf(t, s, "SELECT subject_id, action, before_value, after_value, note FROM journal WHERE subject_kind = 'holding' AND id > 4 ORDER BY id"), []string{
			"1|leave_post||2025-09-01T05:00:00Z|post=p-x person=jia",
			"4|take_post|||post=p-x person=yi",
		})

		same(t, "back again", plant(t, s, bureau(), later.Add(time.Hour)), []string{"holdings ~1 -1"})
		same(t, "holders after", held(), []string{"jia", "wx-1"})
		b = bureau()
		b.Holdings[0].Until = later
		same(t, "with an end", plant(t, s, b, later), []string{"holdings ~1"})
		same(t, "holders at last", held(), []string{"wx-1"})
	})
}

func TestPersonsAndGroupsThatAreGone(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		plant(t, s, bureau(), noon)
		b := bureau()
		b.Units, b.Posts, b.Audiences, b.Terms = b.Units[:1], nil, nil, nil
		b.Persons, b.Holdings, b.Accounts, b.Groups = b.Persons[1:], b.Holdings[1:], b.Accounts[1:], nil
		same(t, "gone", plant(t, s, b, noon.Add(time.Hour)), []string{"persons -1", "holdings -1", "accounts -1", "chat_groups -1"})
		got := dump(t, s)
		at := fmt.Sprint(noon.UnixMilli())
		same(t, "persons", got["persons"], []string{"jia|甲|s-x|0|" + at, "yi|乙|s-x|1|" + at})
		same(t, "accounts", got["accounts"], []string{"wecom|c|u-yi|yi|" + at + "|0"})
		same(t, "groups", got["chat_groups"], []string{"g|wecom||robot|群|ju|1|0"})
		same(t, "units, posts and terms stay for history", []int{len(got["units"]), len(got["posts"]), len(got["audiences"]), len(got["terms"])}, []int{3, 2, 1, 1})
		same(t, "still gone", plant(t, s, b, noon.Add(time.Hour)), []string{})
		same(t, "back", plant(t, s, bureau(), noon.Add(2*time.Hour)), []string{"persons ~1", "holdings ~1", "accounts +1", "chat_groups ~1"})
		same(t, "persons again", dump(t, s)["persons"], []string{"jia|甲|s-x|1|" + at, "yi|乙|s-x|1|" + at})
	})
}

// A data folder without a staff file is no reason to send everybody away.
func TestNoRosterLeavesPeopleAlone(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		plant(t, s, bureau(), noon)
		before := dump(t, s)
		b := bureau()
		b.Persons, b.Holdings, b.Accounts, b.Groups = nil, nil, nil, nil
		same(t, "without", plant(t, s, b, noon.Add(time.Hour)), []string{})
		same(t, "every row", dump(t, s), before)
		same(t, "with them again", plant(t, s, bureau(), noon.Add(time.Hour)), []string{})
		b.Groups = []org.Group{{ID: "h", Platform: "dingtalk", ChatID: "cid"}}
		same(t, "groups alone", plant(t, s, b, noon.Add(time.Hour)), []string{"chat_groups +1 -1"})
		same(t, "persons", dump(t, s)["persons"], before["persons"])
	})
}

func TestSeededItems(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		b := bureau()
		for _, code := range []string{"2-1", "2-2", "2-3", "2-4"} {
			b.Items = append(b.Items, duty.Item{Year: 2025, Code: code, Point: 2, Desc: "原文", Due: calendar.MustParse("2025-12-19"), Profile: "deadline"})
		}
		b.Items = append(b.Items, duty.Item{Year: 2024, Code: "1-1", Point: 1, Desc: "去年"})
		plant(t, s, b, noon)
		confirm := func(code string) {
			exec(t, s, "UPDATE items SET state = 'confirmed', confirmed_at = 5, confirmed_by = 'ban', due = '2025-10-31', lead_id = 'ju', descr = '局里改过' WHERE year = 2025 AND code = ?", code)
		}
		confirm("2-1")
		confirm("2-2")
		exec(t, s, "UPDATE items SET state = 'void' WHERE code = '2-3'") // by the office

		edited := func() store.Seed {
			e := b
			e.Items = slices.Clone(b.Items)
			e.Items[1].Desc, e.Items[1].Due, e.Items[1].Metric = "清单（新）", calendar.MustParse("2025-07-31"), duty.Metric{Op: "<", Target: 10, Unit: "%"}
			e.Items[2].Desc, e.Items[2].Due, e.Items[2].Lead = "新文", calendar.MustParse("2025-11-28"), "d-a" // 2-1, confirmed
			e.Items[4].Desc = "新文"                                                                           // 2-3, void
			return e
		}
		e := edited()
		e.Items = slices.Delete(e.Items, 5, 7) // 2-4 and all of 2024
		e.Items = slices.Delete(e.Items, 3, 4) // 2-2, confirmed
		same(t, "edited", plant(t, s, e, noon.Add(time.Hour)), []string{"items ~1 -1 kept 2025/2-1,2025/2-3,2025/2-2"})
		const shown = "SELECT year, code, descr, due, metric_op, lead_id, state, confirmed_at FROM items ORDER BY id"
		want := []string{
			"2025|1-1|覆盖率|2025-12-31|>=|d-a|draft|0",
			"2025|1-2|清单（新）|2025-07-31|<|d-a|draft|0",
			"2025|2-1|局里改过|2025-10-31||ju|confirmed|5",
			"2025|2-2|局里改过|2025-10-31||ju|confirmed|5",
			"2025|2-3|原文|2025-12-19|||void|0",
			"2025|2-4|原文|2025-12-19|||void|0",
			"2024|1-1|去年||||draft|0",
		}
		same(t, "items", rowsOf(t, s, shown), want)
		same(t, "history", rowsOf(t, s, "SELECT subject_id, action, before_value, after_value FROM journal WHERE subject_kind = 'item' AND action <> 'draft' ORDER BY id"), []string{
			"2|redraft|2025-06-30 清单|2025-07-31 清单（新）",
			"6|void|draft|void",
		})
		same(t, "told once", plant(t, s, e, noon.Add(time.Hour)), []string{})

		same(t, "named again", plant(t, s, edited(), noon.Add(2*time.Hour)), []string{"items ~1 kept 2025/2-2"})
		want[5] = "2025|2-4|原文|2025-12-19|||draft|0"
		same(t, "items again", rowsOf(t, s, shown), want)
	})
}

// An item that the office is confirming just now is not made a draft again by a
// seeding that began before.
func TestSeedWaitsForAConfirmation(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		plant(t, s, bureau(), noon)
		b := bureau()
		b.Items[0].Desc = "新文"
		const reading = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE '%FROM `items` FOR UPDATE%'"
		done := make(chan error, 1)
		do(t, s, func(tx *store.Tx) error {
			items, err := tx.Items(ctx, 2025, "1-1")
			ok(t, err)
			items[0].State, items[0].ConfirmedAt = duty.Confirmed, noon
			if err := tx.SaveItem(ctx, items[0]); err != nil {
				return err
			}
			go func() {
				done <- s.Within(ctx, func(tx *store.Tx) error { _, err := tx.Seed(ctx, b, noon); return err })
			}()
			for s.Dialect() == store.MySQL && count(t, s, reading) == 0 {
				runtime.Gosched()
			}
			return nil
		})
		ok(t, <-done)
		same(t, "item", rowsOf(t, s, "SELECT descr, state FROM items WHERE code = '1-1'"), []string{"覆盖率|confirmed"})
	})
}

func TestSeededAccounts(t *testing.T) {
	jia, yi := org.Account{Platform: "wecom", Corp: "c", UserID: "u-jia", PersonID: "jia"}, org.Account{Platform: "wecom", Corp: "c", UserID: "u-yi", PersonID: "yi"}
	other := func(a org.Account, user string) org.Account { a.UserID = user; return a }
	for _, c := range []struct {
		name    string
		between string // what happens in the system
		now     []org.Account
		did     []string
		want    []string
	}{
		{"nothing", "", []org.Account{jia, yi}, nil, []string{"u-jia|jia", "u-yi|yi"}},
		{"another user id", "", []org.Account{other(jia, "u-neu"), yi}, []string{"accounts +1 -1"}, []string{"u-neu|jia", "u-yi|yi"}},
		{"swapped", "", []org.Account{other(jia, "u-yi"), other(yi, "u-jia")}, []string{"accounts ~2"}, []string{"u-jia|yi", "u-yi|jia"}},
		{"gone", "", []org.Account{yi}, []string{"accounts -1"}, []string{"u-yi|yi"}},
		{"gone, but bound to somebody else meanwhile", "UPDATE accounts SET person_id = 'bing' WHERE user_id = 'u-jia'", []org.Account{yi}, nil, []string{"u-jia|bing", "u-yi|yi"}},
		{"unbound by the person", "DELETE FROM accounts WHERE user_id = 'u-jia'", []org.Account{jia, yi}, nil, []string{"u-yi|yi"}},
		{"bound to somebody else in the system", "UPDATE accounts SET person_id = 'bing' WHERE user_id = 'u-jia'",
			[]org.Account{other(yi, "u-jia")}, []string{"accounts -1 kept yi"}, []string{"u-jia|bing"}},
		{"a person with an account of their own choice", "UPDATE accounts SET user_id = 'u-self' WHERE user_id = 'u-jia'",
			[]org.Account{other(jia, "u-neu"), yi}, []string{"accounts kept jia"}, []string{"u-self|jia", "u-yi|yi"}},
		{"bound by the person before the files say so", "UPDATE accounts SET user_id = 'u-neu' WHERE user_id = 'u-jia'",
			[]org.Account{other(jia, "u-neu"), yi}, nil, []string{"u-neu|jia", "u-yi|yi"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, s *store.Store) {
				of := func(list []org.Account) store.Seed {
					return store.Seed{Persons: []store.Person{{ID: "jia"}, {ID: "yi"}}, Accounts: list}
				}
				plant(t, s, of([]org.Account{jia, yi}), noon)
				if c.between != "" {
					exec(t, s, c.between)
				}
				same(t, "did", plant(t, s, of(c.now), noon), append([]string{}, c.did...))
				const shown = "SELECT user_id, person_id FROM accounts ORDER BY user_id"
				same(t, "accounts", rowsOf(t, s, shown), c.want)
				same(t, "again", plant(t, s, of(c.now), noon), []string{})
				same(t, "accounts again", rowsOf(t, s, shown), c.want)
			})
		})
	}
}

// Four nodes seed an empty database at once; one does it, the others find it done.
func TestSeedAtOnce(t *testing.T) {
	var lone map[string][]string
	each(t, func(t *testing.T, s *store.Store) {
		plant(t, s, bureau(), noon)
		lone = dump(t, s)
	})
	each(t, func(t *testing.T, s *store.Store) {
		did := make([][]string, 4)
		ok(t, race(len(did), func(i int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				changes, err := tx.Seed(ctx, bureau(), noon)
				did[i] = brief(changes)
				return err
			})
		}))
		busy := 0
		for _, list := range did {
			if len(list) > 0 {
				busy++
			}
		}
		same(t, "nodes that wrote", busy, 1)
		same(t, "rows", dump(t, s), lone)
	})
}

func TestSeedThatFailsLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		before := dump(t, s)
		b := bureau()
		b.Items = append(b.Items, b.Items[0]) // breaks the unique key
		if err := s.Within(ctx, func(tx *store.Tx) error { _, err := tx.Seed(ctx, b, noon); return err }); err == nil {
			t.Error("seeded an item twice")
		}
		same(t, "rows", dump(t, s), before)
	})
}
