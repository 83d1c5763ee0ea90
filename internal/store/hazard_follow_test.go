package store_test

import (
	"reflect"
	"testing"

	"duban/internal/hazard"
	"duban/internal/store"
)

func TestFollowersContract(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		do(t, s, func(tx *store.Tx) error {
			for i, f := range []hazard.Follower{{7, "a", hazard.Follows}, {7, "b", hazard.Mutes}, {8, "a", hazard.Follows}, {7, "a", hazard.NoWish}} {
				if err := tx.Follow(ctx, f, instant(int64(i))); err != nil {
					return err
				}
			}
			return nil
		})
		tx := s.Read(ctx)
		list, err := tx.Followers(ctx, 7)
		if want := []hazard.Follower{{7, "a", hazard.NoWish}, {7, "b", hazard.Mutes}}; err != nil || !reflect.DeepEqual(list, want) {
			t.Errorf("%+v, %v", list, err)
		}
		mine, err := tx.FollowedBy(ctx, "a", 5)
		if want := []hazard.Follower{{7, "a", hazard.NoWish}, {8, "a", hazard.Follows}}; err != nil || !reflect.DeepEqual(mine, want) {
			t.Errorf("%+v, %v", mine, err)
		}
	})
}
