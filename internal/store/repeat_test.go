package store_test

import (
	"testing"

	"duban/internal/calendar"
	"duban/internal/store"
)

// TestCollections holds what counts as asked lately, and that repeats are counted
// for the schools that got the work.
func TestCollections(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO items (id, year, code, descr, figures, assist_ids, state, privacy, due) VALUES "+
			"(1, 2025, '1', '', '', '[]', 'confirmed', '', '2025-09-01'), (2, 2025, '2', '', '', '[]', 'closed', '', '2025-08-01'), (3, 2025, '3', '', '', '[]', 'confirmed', '', '2025-07-31'), "+
			"(4, 2025, '4', '', '', '[]', 'draft', '', '2025-09-01'), (5, 2025, '5', '', '', '[]', 'confirmed', 'high', '2025-09-01'), (6, 2024, '6', '', '', '[]', 'archived', '', '2025-12-31'), "+
			"(7, 2025, '7', '', '', '[]', 'void', '', '2025-09-01')")
		list, err := s.Read(ctx).Collections(ctx, calendar.Of(2025, 8, 1))
		ok(t, err)
		got := map[string]bool{}
		for _, i := range list {
			got[i.Code] = true
		}
		same(t, "collections", got, map[string]bool{"1": true, "2": true, "6": true})

		exec(t, s, "INSERT INTO assignments (item_id, unit_id, period, opens, state, note) VALUES (1, 'a', '', '2025-09-01', 'assigned', ''), (1, 'b', '', '2025-09-01', 'void', ''), "+
			"(1, 'c', '', '2025-09-02', 'closed', ''), (2, 'a', '', '2025-09-01', 'closed', ''), (6, 'a', '', '2025-09-01', 'closed', '')")
		work, err := s.Read(ctx).AskedFor(ctx, calendar.Of(2025, 9, 1), 1, 2)
		ok(t, err)
		same(t, "asked", len(work), 2)

		for _, of := range []int64{2, 6} { // what was decided first stays
			do(t, s, func(tx *store.Tx) error { return tx.AddRepeat(ctx, 1, of, "p", noon) })
		}
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM repeats WHERE repeats_id = 2"), 1)
		counts, err := s.Read(ctx).RepeatedByUnit(ctx, []string{"a", "b", "c"}, calendar.Of(2025, 9, 1), calendar.Of(2025, 9, 30))
		ok(t, err)
		same(t, "repeated", counts, map[string]int{"a": 1, "c": 1})
		counts, err = s.Read(ctx).RepeatedByUnit(ctx, []string{"a"}, calendar.Of(2025, 9, 1), calendar.Of(2025, 9, 1))
		ok(t, err)
		same(t, "repeated that day", counts, map[string]int{"a": 1})
	})
}
