package store_test

import (
	"testing"
	"time"

	"duban/internal/errs"
	"duban/internal/store"
)

func TestPolicyVersions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if _, err := s.Read(ctx).Policies(ctx, 0); !errs.Is(err, errs.NotFound) || errs.Say(err) != "催办规则还没有存入，请先运行 duban seed。" {
			t.Errorf("none yet: %v", err)
		}
		type saved struct {
			Version int
			Fresh   bool
		}
		for i, c := range []struct {
			body string
			want saved
		}{
			{"version: 1 # 假定\n", saved{1, true}},
			{"version: 1 # 假定\n", saved{1, false}},
			{"version: 2\n", saved{2, true}},
			{"version: 2\n", saved{2, false}},
			{"version: 1 # 假定\n", saved{3, true}}, // the newest is what counts
		} {
			var got saved
			do(t, s, func(tx *store.Tx) (err error) {
				got.Version, got.Fresh, err = tx.SavePolicies(ctx, []byte(c.body), noon.Add(time.Duration(i)*time.Hour))
				return err
			})
			same(t, c.body, got, c.want)
		}
		for version, want := range map[int]store.Policy{
			0: {Version: 3, Body: []byte("version: 1 # 假定\n")},
			1: {Version: 1, Body: []byte("version: 1 # 假定\n")},
			2: {Version: 2, Body: []byte("version: 2\n")},
		} {
			got, err := s.Read(ctx).Policies(ctx, version)
			ok(t, err)
			same(t, "policies", got, want)
		}
		if _, err := s.Read(ctx).Policies(ctx, 4); !errs.Is(err, errs.NotFound) {
			t.Errorf("version 4: %v", err)
		}
		list, err := s.Read(ctx).PolicyVersions(ctx)
		ok(t, err)
		same(t, "versions", list, []int{1, 2, 3})
		same(t, "times", count(t, s, "SELECT COUNT(*) FROM policies WHERE (version = 1 AND created_at = ?) OR (version = 2 AND created_at = ?)",
			noon.UnixMilli(), noon.Add(2*time.Hour).UnixMilli()), 2)
	})
}

func TestPoliciesSavedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		versions := make([]int, 4)
		ok(t, race(len(versions), func(i int) error {
			return s.Within(ctx, func(tx *store.Tx) (err error) {
				versions[i], _, err = tx.SavePolicies(ctx, []byte("version: 1\n"), noon)
				return err
			})
		}))
		same(t, "versions", versions, []int{1, 1, 1, 1})
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM policies"), 1)
	})
}
