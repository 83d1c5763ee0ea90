package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"duban/internal/store"
)

func addMessages(t *testing.T, s *store.Store, list ...store.Message) {
	t.Helper()
	do(t, s, func(tx *store.Tx) error {
		for i, m := range list {
			m.Key = fmt.Sprint("key", i)
			if _, err := tx.AddMessage(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func claimAlike(t *testing.T, s *store.Store, id int64, limit int) (ids []int64) {
	t.Helper()
	do(t, s, func(tx *store.Tx) error {
		ids = nil
		claimed, err := tx.ClaimMessages(ctx, noon, noon.Add(time.Minute), id)
		if err != nil || len(claimed) == 0 {
			return err
		}
		list, err := tx.ClaimAlike(ctx, claimed[0], noon, noon.Add(time.Minute), limit)
		for _, m := range list {
			ids = append(ids, m.ID)
		}
		return err
	})
	return ids
}

func TestMessagesThatLeaveTogether(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		queued := func(batch, address string, at time.Time) store.Message {
			return store.Message{Batch: batch, Address: address, State: store.MsgQueued, NextAt: at}
		}
		addMessages(t, s, queued("b", "a1", noon), queued("b", "a2", noon), queued("b", "a1", noon), queued("c", "a3", noon), queued("b", "a4", noon.Add(time.Second)),
			queued("b", "a5", noon), queued("b", "a6", noon), queued("", "a7", noon), queued("", "a8", noon))
		waiting, err := s.Read(ctx).Waiting(ctx, noon, "b", "c", "d")
		ok(t, err)
		slices.Sort(waiting)
		same(t, "batches", waiting, []string{"b", "c"})
		same(t, "alike, due, once an address, no more than asked for", claimAlike(t, s, 1, 3), []int64{2, 6})
		same(t, "claimed", count(t, s, "SELECT COUNT(*) FROM messages WHERE state='sending' AND attempts=1 AND id IN (1,2,6)"), 3)
		same(t, "what is claimed is nobody else's", claimAlike(t, s, 2, 10), []int64(nil))
		same(t, "the rest", claimAlike(t, s, 3, 10), []int64{7})
		same(t, "without a batch", claimAlike(t, s, 8, 10), []int64(nil))

		var recorded []int64
		finish := func(list ...store.Message) {
			do(t, s, func(tx *store.Tx) error {
				done, err := tx.MessagesDone(ctx, list)
				recorded = nil
				for _, m := range done {
					recorded = append(recorded, m.ID)
				}
				return err
			})
		}
		sent := store.Message{Attempts: 1, State: store.MsgSent, PlatformID: "m1", Sent: noon}
		one, six, lost := sent, sent, sent
		one.ID, six.ID, lost.ID = 1, 6, 8 // the last one is another worker's by now
		six.PlatformID = "m6"
		do(t, s, func(tx *store.Tx) error {
			_, err := tx.ClaimMessages(ctx, noon.Add(time.Minute), noon.Add(time.Hour), lost.ID)
			return err
		})
		finish(one, store.Message{ID: 2, Attempts: 1, State: store.MsgFailed, Reason: "invalid_user", Code: "60111"}, six, lost, store.Message{ID: 7, Attempts: 5, State: store.MsgSent})
		same(t, "recorded", recorded, []int64{1, 6, 2})
		same(t, "the platform's code", count(t, s, "SELECT COUNT(*) FROM messages WHERE id=2 AND code='60111' AND reason='invalid_user'"), 1)
		same(t, "sent", count(t, s, "SELECT COUNT(*) FROM messages WHERE state='sent' AND next_at=0 AND (id=1 AND platform_id='m1' OR id=6 AND platform_id='m6')"), 2)
		same(t, "failed", count(t, s, "SELECT COUNT(*) FROM messages WHERE state='failed' AND reason='invalid_user' AND id=2"), 1)
		same(t, "a lost claim changes nothing", count(t, s, "SELECT COUNT(*) FROM messages WHERE state='sending' AND id IN (7,8)"), 2)
		finish(store.Message{ID: 2, Attempts: 1, State: store.MsgQueued})
		same(t, "recorded of what has ended", recorded, []int64(nil))
		finish(one)
		same(t, "recorded of what was recorded before", recorded, []int64(nil))
		finish()
		same(t, "recorded of none", recorded, []int64(nil))
	})
}

// Workers that begin with different messages of one batch share it out.
func TestMessagesAreClaimedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var list []store.Message
		for i := range 40 {
			list = append(list, store.Message{Batch: "b", Address: fmt.Sprint("a", i), State: store.MsgQueued, NextAt: noon})
		}
		addMessages(t, s, list...)
		claimed := make([]int, 4)
		ok(t, race(4, func(i int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				claimed[i] = 0
				mine, err := tx.ClaimMessages(ctx, noon, noon.Add(time.Minute), int64(10*i+1))
				if err != nil || len(mine) == 0 {
					return err
				}
				alike, err := tx.ClaimAlike(ctx, mine[0], noon, noon.Add(time.Minute), 9)
				claimed[i] = 1 + len(alike)
				return err
			})
		}))
		same(t, "claims and rows", claimed[0]+claimed[1]+claimed[2]+claimed[3], count(t, s, "SELECT COUNT(*) FROM messages WHERE state='sending' AND attempts=1"))
	})
}
