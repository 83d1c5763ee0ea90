package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"duban/internal/store"
)

func TestLeases(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		hold := func(owner string, at time.Time) (mine bool) {
			t.Helper()
			do(t, s, func(tx *store.Tx) (err error) {
				mine, err = tx.HoldLease(ctx, "bot", owner, at, at.Add(30*time.Second))
				return err
			})
			return mine
		}
		same(t, "first", hold("a", noon), true)
		same(t, "another", hold("b", noon.Add(time.Second)), false)
		same(t, "renewed", hold("a", noon.Add(20*time.Second)), true)
		same(t, "renewed in time", hold("b", noon.Add(49*time.Second)), false)
		same(t, "run out", hold("b", noon.Add(50*time.Second)), true)
		same(t, "lost", hold("a", noon.Add(51*time.Second)), false)
		do(t, s, func(tx *store.Tx) error { return tx.ReleaseLease(ctx, "bot", "a") })
		same(t, "released by another", hold("a", noon.Add(52*time.Second)), false)
		do(t, s, func(tx *store.Tx) error { return tx.ReleaseLease(ctx, "bot", "b") })
		same(t, "released", hold("a", noon.Add(53*time.Second)), true)
	})
}

// Several that ask at once: one gets it.
func TestOneGetsTheLease(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var got atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				mine := false
				err := s.Within(ctx, func(tx *store.Tx) (err error) {
					mine, err = tx.HoldLease(ctx, "bot", fmt.Sprint(i), noon, noon.Add(time.Minute))
					return err
				})
				if err != nil {
					t.Errorf("%v", err)
				} else if mine {
					got.Add(1)
				}
			})
		}
		all.Wait()
		same(t, "owners", got.Load(), int32(1))
	})
}
