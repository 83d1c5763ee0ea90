package store_test

import (
	"testing"

	"duban/internal/store"
)

// Several processes add to the same counters and lose nothing.
func TestAddUses(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ok(t, race(8, func(int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				_, err := tx.AddUses(ctx, map[string]int64{"use:a": 2, "use:b": 1, "use:c": 0})
				return err
			})
		}))
		var got map[string]int64
		do(t, s, func(tx *store.Tx) (err error) {
			got, err = tx.AddUses(ctx, map[string]int64{"use:a": 1, "use:b": 0, "use:c": 0})
			return err
		})
		same(t, "totals", got, map[string]int64{"use:a": 17, "use:b": 8})
	})
}
