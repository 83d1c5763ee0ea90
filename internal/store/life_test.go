package store_test

import (
	"testing"
	"time"

	"duban/internal/duty"
	"duban/internal/notice"
	"duban/internal/store"
)

func TestStopItem(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, `INSERT INTO assignments (id, item_id, unit_id, period, state, due, note) VALUES
			(1, 7, 'a', '', 'assigned', '2025-10-01', ''), (2, 7, 'b', '2025-09', 'submitted', '2025-10-01', ''), (3, 8, 'a', '', 'assigned', '2025-10-01', '')`)
		about := func(id int64) notice.Subject { return notice.Subject{Kind: notice.Assignment, ID: id} }
		addChase(t, s, store.Chase{Subject: about(1), State: store.ChaseActive, NextAt: noon, Position: `{"told":["x"]}`})
		addChase(t, s, store.Chase{Subject: about(2), State: store.ChaseDone, Position: "{}"})
		addChase(t, s, store.Chase{Subject: about(3), State: store.ChaseActive, NextAt: noon, Position: "{}"})
		addChase(t, s, store.Chase{Subject: notice.Subject{Kind: notice.HazardSubj, ID: 1}, State: store.ChaseActive, NextAt: noon, Position: "{}"})
		addNotices(t, s,
			notice.Notice{Key: "due", Kind: notice.Reminder, Subject: about(1)},
			notice.Notice{Key: "put off", Kind: notice.WorkUpdate, Subject: about(2), NotBefore: noon.Add(time.Hour)},
			notice.Notice{Key: "told", Kind: notice.Reminder, Subject: about(2)},
			notice.Notice{Key: "other item", Kind: notice.Reminder, Subject: about(3)},
			notice.Notice{Key: "hazard", Kind: notice.Reminder, Subject: notice.Subject{Kind: notice.HazardSubj, ID: 1}})
		exec(t, s, "UPDATE notices SET state = 'taken' WHERE dedupe_key = 'told'")
		held := chaseOf(t, s, about(1)).Generation

		do(t, s, func(tx *store.Tx) error { return tx.StopItem(ctx, 7, string(duty.Suspended), noon) })

		c := chaseOf(t, s, about(1))
		same(t, "round", []any{c.State, c.Reason, c.NextAt.IsZero(), c.Position}, []any{store.ChaseStopped, "suspended", true, `{"told":["x"]}`})
		do(t, s, func(tx *store.Tx) error {
			taken, err := tx.LockChases(ctx, notice.Round{ID: c.ID, Generation: held})
			same(t, "a step taken at this moment", len(taken), 0)
			return err
		})
		same(t, "what is done stays done", chaseOf(t, s, about(2)).State, store.ChaseDone)
		same(t, "another item", chaseOf(t, s, about(3)).State, store.ChaseActive)
		same(t, "a hazard of the same number", chaseOf(t, s, notice.Subject{Kind: notice.HazardSubj, ID: 1}).State, store.ChaseActive)
		same(t, "dropped", count(t, s, "SELECT COUNT(*) FROM notices WHERE state = 'dropped' AND reason = 'suspended' AND dedupe_key IN ('due', 'put off')"), 2)
		same(t, "left", count(t, s, "SELECT COUNT(*) FROM notices WHERE state <> 'dropped' AND reason = ''"), 3)
		same(t, "the work itself", count(t, s, "SELECT COUNT(*) FROM assignments WHERE state IN ('assigned', 'submitted')"), 3)

		do(t, s, func(tx *store.Tx) error { return tx.StopItem(ctx, 99, "void", noon) })
	})
}
