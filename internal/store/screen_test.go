package store_test

import (
	"testing"

	"duban/internal/notice"
	"duban/internal/store"
)

func TestLastRun(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for name, result := range map[string]string{"morning:p:2025-09-08": "a", "morning:p:2025-09-09": "b", "morning:p:2025-09-10": "c", "morning:p1:2025-09-09": "x"} {
			do(t, s, func(tx *store.Tx) error { _, err := tx.Once(ctx, name, result, noon); return err })
		}
		for before, want := range map[string][2]string{"morning:p:2025-09-10": {"morning:p:2025-09-09", "b"}, "morning:p:2025-09-08": {}, "morning:p:2026": {"morning:p:2025-09-10", "c"}} {
			name, result, err := s.Read(ctx).LastRun(ctx, "morning:p:", before)
			ok(t, err)
			same(t, before, [2]string{name, result}, want)
		}
	})
}

// What schools handed up stays until it is mended or over, the oldest first, and the
// category that is never told is not among it.
func TestHandedUp(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO hazards (id, year, seq, category, descr, state) VALUES (1, 2025, 1, '消防', '', 'fixing'), (2, 2025, 2, '消防', '', 'fixing'), (3, 2025, 3, '消防', '', 'closed'), (4, 2025, 4, '欺凌暴力', '', 'fixing'), (5, 2025, 5, '消防', '', 'fixing')")
		exec(t, s, "INSERT INTO hazard_lives (hazard_id, helped_at) VALUES (1, 200), (2, 100), (3, 100), (4, 100), (5, 0)")
		list, err := s.Read(ctx).HandedUp(ctx)
		ok(t, err)
		var ids []int64
		for _, h := range list {
			ids = append(ids, h.ID)
		}
		same(t, "handed up", ids, []int64{2, 1})
	})
}

func TestMorningOf(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for key, m := range map[string]notice.Message{"a": {Kind: notice.Morning, PersonID: "p", Created: noon}, "b": {Kind: notice.NewHazard, PersonID: "p", Created: noon},
			"c": {Kind: notice.Morning, PersonID: "q", Created: noon}, "d": {Kind: notice.Morning, PersonID: "p", Created: noon.AddDate(0, 0, -1)}} {
			m.Key = key
			do(t, s, func(tx *store.Tx) error {
				if _, err := tx.AddNotices(ctx, []notice.Notice{{Key: key, PersonID: m.PersonID, CreatedAt: noon}}); err != nil {
					return err
				}
				_, err := tx.AddMessage(ctx, m)
				return err
			})
		}
		exec(t, s, "UPDATE notices SET message_id = (SELECT id FROM messages m WHERE m.dedupe_key = notices.dedupe_key)")
		got, err := s.Read(ctx).MorningOf(ctx, "p", noon.AddDate(0, 0, -1).Add(1000000))
		ok(t, err)
		same(t, "notices", len(got), 1)
		same(t, "the morning's", got[0].Key, "a")
	})
}
