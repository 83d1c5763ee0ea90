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
			for i, f := range []hazard.Follower{{HazardID: 7, PersonID: "a", Interest: hazard.Follows}, {HazardID: 7, PersonID: "b", Interest: hazard.Mutes}, {HazardID: 8, PersonID: "a", Interest: hazard.Follows}, {HazardID: 7, PersonID: "a", Interest: hazard.NoWish}} {
				if err := tx.Follow(ctx, f, instant(int64(i))); err != nil {
					return err
				}
			}
			return nil
		})
		tx := s.Read(ctx)
		list, err := tx.Followers(ctx, 7)
		if want := []hazard.Follower{{HazardID: 7, PersonID: "a", Interest: hazard.NoWish}, {HazardID: 7, PersonID: "b", Interest: hazard.Mutes}}; err != nil || !reflect.DeepEqual(list, want) {
			t.Errorf("%+v, %v", list, err)
		}
		mine, err := tx.FollowedBy(ctx, "a", 5)
		if want := []hazard.Follower{{HazardID: 7, PersonID: "a", Interest: hazard.NoWish}, {HazardID: 8, PersonID: "a", Interest: hazard.Follows}}; err != nil || !reflect.DeepEqual(mine, want) {
			t.Errorf("%+v, %v", mine, err)
		}
	})
}
