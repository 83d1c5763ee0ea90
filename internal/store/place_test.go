package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"duban/internal/link"
	"duban/internal/place"
	"duban/internal/store"
)

func TestPlaces(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		add := func(p place.Place) (fresh bool) {
			do(t, s, func(tx *store.Tx) (err error) { _, fresh, err = tx.AddPlace(ctx, p); return err })
			return fresh
		}
		first := place.Place{UnitID: "u1", Name: "实验楼二楼走廊", Code: "D7K2", Token: "t1", CreatedBy: "p", CreatedAt: noon}
		same(t, "fresh", fmt.Sprint(add(first), add(place.Place{UnitID: "u2", Code: "D7K2", Token: "t2"}), add(place.Place{UnitID: "u2", Code: "E7K2", Token: "t1"}),
			add(place.Place{UnitID: "u2", Code: "E7K2", Token: "t2"})), "true false false true")
		tx := s.Read(ctx)
		got, found, err := tx.PlaceByCode(ctx, "D7K2")
		ok(t, err)
		first.ID = got.ID
		same(t, "by code", []any{got, found}, []any{first, true})
		_, found, err = tx.PlaceByCode(ctx, "d7k2")
		ok(t, err)
		same(t, "codes are compared as they are", found, false)
		first.StoppedAt = noon
		do(t, s, func(tx *store.Tx) error { return tx.SavePlace(ctx, first) })
		got, _, err = tx.PlaceByToken(ctx, "t1")
		ok(t, err)
		same(t, "stopped", got, first)
		list, err := tx.Places(ctx, "u1", "u3")
		ok(t, err)
		same(t, "of units", list, []place.Place{first})
	})
}

// TestAFormSentTwice holds that of two that are sent at once one files.
func TestAFormSentTwice(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var filed atomic.Int64
		err := race(6, func(i int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				_, found, err := tx.ScanOnce(ctx, "form")
				if err != nil || found {
					return err
				}
				if err := tx.AddScan(ctx, place.Scan{Once: "form", PlaceID: 7, HazardID: int64(i + 1), Outcome: place.Filed, Name: "张三", CreatedAt: noon}); err != nil {
					return err
				}
				filed.Add(1)
				return nil
			})
		})
		ok(t, err)
		same(t, "filed", filed.Load(), int64(1))
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM scans"), 1)
	})
}

func TestLinks(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		l := link.New(link.View, "token", "p1", 7, noon, time.Hour)
		do(t, s, func(tx *store.Tx) error { return tx.AddLink(ctx, l) })
		find := func(at time.Time) (link.Link, bool) {
			l, found, err := s.Read(ctx).LinkByHash(ctx, link.Hash("token"), at)
			ok(t, err)
			return l, found
		}
		got, found := find(noon.Add(59 * time.Minute))
		l.ID = got.ID
		same(t, "stored", []any{got, found}, []any{l, true})
		_, found = find(noon.Add(time.Hour))
		same(t, "expired", found, false)
		var bound []bool
		for _, browser := range []string{"b1", "b2"} {
			do(t, s, func(tx *store.Tx) error {
				done, err := tx.BindLink(ctx, l.ID, browser)
				bound = append(bound, done)
				return err
			})
		}
		got, _ = find(noon)
		same(t, "bound once", []any{bound, got.Browser}, []any{[]bool{true, false}, "b1"})
		do(t, s, func(tx *store.Tx) error {
			return tx.AddLink(ctx, link.New(link.View, "later", "p1", 8, noon.Add(2*time.Hour), time.Hour))
		})
		same(t, "expired ones go", count(t, s, "SELECT COUNT(*) FROM links"), 1)
	})
}

// TestAppKeyIsOne holds that all nodes sign with the key of the first.
func TestAppKeyIsOne(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		keys := make([]string, 4)
		ok(t, race(4, func(i int) error {
			return s.Within(ctx, func(tx *store.Tx) (err error) {
				keys[i], err = tx.AppKey(ctx, "form", fmt.Sprint("key", i), noon)
				return err
			})
		}))
		for _, k := range keys {
			same(t, "key", k, keys[0])
		}
	})
}
