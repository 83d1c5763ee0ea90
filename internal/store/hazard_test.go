package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/store"
)

func addHazards(t *testing.T, s *store.Store, list ...hazard.Hazard) []hazard.Hazard {
	t.Helper()
	var added []hazard.Hazard
	do(t, s, func(tx *store.Tx) error {
		added = nil
		for _, h := range list {
			h, err := tx.AddHazard(ctx, h)
			if err != nil {
				return err
			}
			added = append(added, h)
		}
		return nil
	})
	return added
}

func TestHazard(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		want := fill[hazard.Hazard](t)
		want.ID, want.Version = 0, 0
		got := addHazards(t, s, want)[0]
		if got.ID == 0 {
			t.Error("no id")
		}
		want.ID, want.Seq, want.Version = got.ID, 1, 1 // a life was filed with it, and is read with it
		same(t, "added", got, want)
		stored, known, err := s.Read(ctx).HazardByID(ctx, got.ID)
		ok(t, err)
		same(t, "known", known, true)
		same(t, "stored", stored, want)
		_, known, err = s.Read(ctx).HazardByID(ctx, 4711)
		ok(t, err)
		same(t, "unknown", known, false)

		bare := hazard.Hazard{ID: want.ID, Year: want.Year, Seq: 1, Version: 1}
		do(t, s, func(tx *store.Tx) error { return tx.SaveHazard(ctx, bare) })
		bare.Version = 2
		stored, _, err = s.Read(ctx).HazardByID(ctx, got.ID)
		ok(t, err)
		same(t, "saved with emptied fields", stored, bare)

		tries := 0
		err = s.Within(ctx, func(tx *store.Tx) error { tries++; return tx.SaveHazard(ctx, want) })
		if !errs.Is(err, errs.Conflict) {
			t.Errorf("stale: %v, want a conflict", err)
		}
		same(t, "tries until giving up", tries, store.MaxTries)
	})
}

// Twenty people file at the same moment, the first of the year: each gets a
// number, none is left out.
func TestHazardNumbers(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var mu sync.Mutex
		var numbers []int
		ok(t, race(20, func(int) error {
			var h hazard.Hazard
			err := s.Within(ctx, func(tx *store.Tx) (err error) {
				h, err = tx.AddHazard(ctx, hazard.Hazard{Year: 2025})
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			numbers = append(numbers, h.Seq)
			return err
		}))
		slices.Sort(numbers)
		want := make([]int, 20)
		for i := range want {
			want[i] = i + 1
		}
		same(t, "numbers", numbers, want)
	})
}

func TestHazardNumberAfterRollback(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		changed := errors.New("changed my mind")
		for range 2 {
			err := s.Within(ctx, func(tx *store.Tx) error {
				_, err := tx.AddHazard(ctx, hazard.Hazard{Year: 2025})
				return errors.Join(err, changed)
			})
			if !errors.Is(err, changed) {
				t.Fatal(err)
			}
		}
		got := addHazards(t, s, hazard.Hazard{Year: 2025}, hazard.Hazard{Year: 2026}, hazard.Hazard{Year: 2025})
		same(t, "numbers", []string{got[0].Number(), got[1].Number(), got[2].Number()}, []string{"YH-2025-0001", "YH-2026-0001", "YH-2025-0002"})
	})
}

func TestHazards(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		day := 24 * time.Hour
		addHazards(t, s,
			hazard.Hazard{Desc: "a", Year: 2024, UnitID: "s1", Reporter: "p1", Category: "消防", State: hazard.Reported, CreatedAt: noon.Add(-day)},
			hazard.Hazard{Desc: "b", Year: 2025, UnitID: "s1", Reporter: "p2", Category: "食品", State: hazard.Closed, CreatedAt: noon, Level: hazard.Major},
			hazard.Hazard{Desc: "c", Year: 2025, UnitID: "s2", Reporter: "p1", Category: "消防", State: hazard.Fixing, CreatedAt: noon.Add(day)},
			hazard.Hazard{Desc: "d", Year: 2025, UnitID: "s3", Reporter: "p3", Category: "其他", State: hazard.MergedInto, CreatedAt: noon},
			hazard.Hazard{Desc: "e", Year: 2025, UnitID: "s3", Reporter: "p3", Category: "其他", State: hazard.Void, CreatedAt: noon.Add(2 * day)},
		)
		for _, c := range []struct {
			name string
			f    hazard.Filter
			want string
		}{
			{"all, the newest first", hazard.Filter{}, "ecdba"},
			{"number", hazard.Filter{Seq: 1}, "ba"},
			{"number of a year", hazard.Filter{Seq: 1, Year: 2024}, "a"},
			{"year", hazard.Filter{Year: 2025}, "ecdb"},
			{"units", hazard.Filter{Units: []string{"s1", "s2"}}, "cba"},
			{"reporter", hazard.Filter{Reporter: "p1"}, "ca"},
			{"units and not a reporter", hazard.Filter{Units: []string{"s2"}, Reporter: "p3"}, "c"},
			{"units or reporter", hazard.Filter{Units: []string{"s2"}, Reporter: "p3", EitherOwn: true}, "ecd"},
			{"reporter without a unit", hazard.Filter{Reporter: "p3", EitherOwn: true}, "ed"},
			{"category", hazard.Filter{Category: "消防"}, "ca"},
			{"level", hazard.Filter{Level: hazard.Major}, "b"},
			{"open", hazard.Filter{OpenOnly: true}, "ca"},
			{"since, included", hazard.Filter{Since: noon}, "ecdb"},
			{"before, not included", hazard.Filter{Before: noon}, "a"},
			{"limit", hazard.Filter{Limit: 2}, "ec"},
			{"nothing", hazard.Filter{Units: []string{"x"}}, ""},
		} {
			list, err := s.Read(ctx).Hazards(ctx, c.f)
			ok(t, err)
			got := ""
			for _, h := range list {
				got += h.Desc
			}
			same(t, c.name, got, c.want)
		}
	})
}

// The state machine and the query must agree on what is open.
func TestOpenHazards(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for _, state := range []hazard.State{hazard.Reported, hazard.Registered, hazard.Graded, hazard.Assigned, hazard.Signed, hazard.Fixing,
			hazard.Fixed, hazard.Verified, hazard.Closed, hazard.Reopened, hazard.MergedInto, hazard.Void} {
			addHazards(t, s, hazard.Hazard{UnitID: string(state), State: state})
			list, err := s.Read(ctx).Hazards(ctx, hazard.Filter{Units: []string{string(state)}, OpenOnly: true})
			ok(t, err)
			same(t, fmt.Sprintf("%s is open", state), len(list) == 1, state.Open())
		}
	})
}

// Words are found wherever they stand, signs of a pattern are plain characters, and the
// filter narrows as ever.
func TestHazardsByWords(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		do(t, s, func(tx *store.Tx) error {
			for i, h := range []hazard.Hazard{{UnitID: "a", Location: "食堂后厨", Desc: "燃气软管老化", Category: "用电燃气"}, {UnitID: "b", Location: "食堂", Desc: "软管100%破损", Category: "其他"},
				{UnitID: "a", Desc: "LED_灯!不亮", Category: "消防"}, {UnitID: "a", Desc: "1000处", Category: "其他"}} {
				h.Year, h.State, h.CreatedAt = 2025, hazard.Reported, instant(int64(i+1))
				if _, err := tx.AddHazard(ctx, h); err != nil {
					return err
				}
			}
			return nil
		})
		for want, f := range map[string]hazard.Filter{
			"[2 1]": {Words: []string{"食堂", "软管"}}, "[1]": {Units: []string{"a"}, Words: []string{"软管"}}, "[2]": {Words: []string{"100%"}},
			"[3]": {Words: []string{"led_", "!"}}, "[]": {Words: []string{"食堂", "灭火器"}}, "[2]x": {Words: []string{"食堂", "软管"}, Limit: 1},
		} {
			list, err := s.Read(ctx).Hazards(ctx, f)
			var got []int
			for _, h := range list {
				got = append(got, h.Seq)
			}
			if err != nil || fmt.Sprint(got) != strings.TrimSuffix(want, "x") {
				t.Errorf("%v: %v, want %s, %v", f.Words, got, want, err)
			}
		}
	})
}
