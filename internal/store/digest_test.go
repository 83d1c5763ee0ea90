package store_test

import (
	"testing"

	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/store"
)

// TestDigestQueries holds the scopes, what counts as done, and that items of high
// privacy and hazards of bullying are not even counted.
func TestDigestQueries(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		day := calendar.MustParse("2025-09-10")
		for _, sql := range []string{
			"INSERT INTO items (id, year, code, point, descr, figures, assist_ids, lead_id, state, privacy) VALUES (1, 2025, '1-1', 1, 'one', '', '[]', 'sec', 'confirmed', ''), (2, 2025, '1-2', 1, 'two', '', '[]', 'other', 'confirmed', ''), (3, 2025, '1-3', 1, 'secret', '', '[]', 'sec', 'confirmed', 'high'), (4, 2025, '1-4', 1, 'draft', '', '[]', 'sec', 'draft', ''), (5, 2025, '1-5', 1, 'slow', '', '[]', 'sec', 'confirmed', '')",
			"INSERT INTO assignments (item_id, unit_id, state, opens, due, reported_at, note) VALUES " +
				"(1, 'a', 'submitted', '2025-09-01', '2025-09-12', 100, ''), (1, 'b', 'assigned', '2025-09-01', '2025-09-12', 0, ''), (1, 'c', 'void', '2025-09-01', '2025-09-12', 0, ''), " +
				"(5, 'a', 'in_progress', '2025-09-01', '2025-09-16', 0, ''), (2, 'a', 'assigned', '2025-09-01', '2025-09-09', 0, ''), (2, 'b', 'assigned', '2025-09-01', '2025-09-09', 0, ''), " +
				"(3, 'a', 'submitted', '2025-09-01', '2025-09-12', 100, ''), (4, 'a', 'assigned', '2025-09-01', '2025-09-12', 0, '')",
			"INSERT INTO hazards (year, seq, unit_id, category, descr, level, state, created_at) VALUES (2025, 1, 'a', '消防', '', '重大', 'reported', 200), (2025, 2, 'a', '欺凌暴力', '', '', 'reported', 200), (2025, 3, 'b', '消防', '', '', 'closed', 200), (2025, 4, 'b', '食品', '', '', 'void', 200), (2025, 5, 'b', '食品', '', '', 'reported', 50)",
			"INSERT INTO hazard_lives (hazard_id, closed_at, listed_at) SELECT id, 150, 140 FROM hazards WHERE seq = 3",
			"INSERT INTO hazard_lives (hazard_id, listed_at) SELECT id, 160 FROM hazards WHERE seq = 5",
		} {
			exec(t, s, sql)
		}
		exec(t, s, "UPDATE assignments SET percent = 5 WHERE item_id = 5")
		tx := s.Read(ctx)
		one := digest.Progress{Code: "1-1", Desc: "one", Lead: "sec", Due: calendar.MustParse("2025-09-12"), Units: 2, Done: 1}
		for name, c := range map[string]struct {
			scope  store.Scope
			ahead  []digest.Progress
			lights digest.Lights
			done   int
			fresh  []digest.Count
			open   digest.Open
			closed int
		}{
			"everything": {store.Scope{}, []digest.Progress{one}, digest.Lights{Red: 1, Yellow: 1}, 1, []digest.Count{{Category: "消防", N: 2}}, digest.Open{All: 2, Major: 1, Listed: 1}, 1},
			"a section":  {store.Scope{Section: "sec"}, []digest.Progress{one}, digest.Lights{Yellow: 1}, 1, []digest.Count{{Category: "消防", N: 2}}, digest.Open{All: 2, Major: 1, Listed: 1}, 1},
			"a school": {store.Scope{Unit: "b"}, []digest.Progress{{Code: "1-1", Desc: "one", Lead: "sec", Due: one.Due, Units: 1}}, digest.Lights{Red: 1}, 0,
				[]digest.Count{{Category: "消防", N: 1}}, digest.Open{All: 1, Listed: 1}, 1},
			"a leader": {store.Scope{Charge: []string{"other", "b"}}, []digest.Progress{{Code: "1-1", Desc: "one", Lead: "sec", Due: one.Due, Units: 1}}, digest.Lights{Red: 1}, 0,
				[]digest.Count{{Category: "消防", N: 1}}, digest.Open{All: 1, Listed: 1}, 1},
		} {
			ahead, err := tx.Ahead(ctx, c.scope, day, day.Add(5))
			ok(t, err)
			same(t, name+": ahead", ahead, c.ahead)
			lights, err := tx.Lights(ctx, c.scope, day, calendar.DefaultWorkdays())
			ok(t, err)
			same(t, name+": lamps", lights, c.lights)
			done, err := tx.Finished(ctx, c.scope, instant(60))
			ok(t, err)
			same(t, name+": finished", done, c.done)
			fresh, err := tx.NewHazards(ctx, c.scope, instant(100))
			ok(t, err)
			same(t, name+": new hazards", fresh, c.fresh)
			open, err := tx.OpenHazards(ctx, c.scope)
			ok(t, err)
			same(t, name+": open hazards", open, c.open)
			closed, err := tx.ClosedHazards(ctx, c.scope, instant(120))
			ok(t, err)
			same(t, name+": closed hazards", closed, c.closed)
		}
	})
}

// TestCopyInto holds that a copy answers like the original and leaves what people
// wrote behind.
func TestCopyInto(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		crowd(t, s)
		to, err := store.Open(ctx, "sqlite::memory:")
		ok(t, err)
		defer to.Close()
		_, err = to.Migrate(ctx)
		ok(t, err)
		ok(t, s.CopyInto(ctx, to))
		for table, copied := range map[string]bool{"assignments": true, "hazards": true, "chases": true, "notices": true, "persons": true,
			"inbox": false, "files": false, "dialogues": false} {
			want := 0
			if copied {
				want = count(t, s, "SELECT COUNT(*) FROM "+table)
			}
			same(t, table, count(t, to, "SELECT COUNT(*) FROM "+table), want)
		}
		a, err := s.Read(ctx).DueChases(ctx, instant(100000), 50)
		ok(t, err)
		b, err := to.Read(ctx).DueChases(ctx, instant(100000), 50)
		ok(t, err)
		same(t, "due chases", b, a)
	})
}
