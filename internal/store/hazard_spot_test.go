package store_test

import (
	"testing"
	"time"

	"duban/internal/hazard"
	"duban/internal/store"
)

func TestSpotChecks(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		full := fill[hazard.SpotCheck](t)
		full.Month = "2025-09"
		drawn := hazard.SpotCheck{HazardID: 3, Month: "2025-09", UnitID: "school", SelfReviewed: true, DrawnAt: noon}
		later := drawn
		later.Month = "2025-10"
		do(t, s, func(tx *store.Tx) error { return tx.SaveSpotChecks(ctx, drawn, full, later) })
		do(t, s, func(tx *store.Tx) error { return tx.SaveSpotChecks(ctx) })
		list, err := s.Read(ctx).SpotChecks(ctx, "2025-09")
		ok(t, err)
		same(t, "of the month", list, []hazard.SpotCheck{full, drawn})
		drawn.Result, drawn.CheckedAt, drawn.CheckedBy, drawn.Note = hazard.Fails, noon.Add(time.Hour), "p", "又松了"
		do(t, s, func(tx *store.Tx) error { return tx.SaveSpotChecks(ctx, drawn) })
		list, err = s.Read(ctx).SpotChecks(ctx, "2025-09")
		ok(t, err)
		same(t, "checked", list, []hazard.SpotCheck{full, drawn})
		list, err = s.Read(ctx).SpotChecks(ctx, "2025-11")
		ok(t, err)
		same(t, "none", len(list), 0)
	})
}

func TestClosedBetween(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		at := func(state hazard.State, closed time.Time) hazard.Hazard {
			return hazard.Hazard{Year: 2025, UnitID: "school", State: state, Life: hazard.Life{ClosedAt: closed, SelfReviewed: true}}
		}
		list := addHazards(t, s, at(hazard.Closed, noon.Add(time.Hour)), at(hazard.Closed, noon), at(hazard.Void, noon), at(hazard.Closed, noon.Add(-time.Second)), at(hazard.Closed, noon.Add(2*time.Hour)))
		got, err := s.Read(ctx).ClosedBetween(ctx, noon, noon.Add(2*time.Hour), 10)
		ok(t, err)
		same(t, "closed, the earliest first", []int64{got[0].ID, got[1].ID}, []int64{list[1].ID, list[0].ID})
		same(t, "with its life", got[0].SelfReviewed, true)
		got, err = s.Read(ctx).ClosedBetween(ctx, noon, noon.Add(2*time.Hour), 1)
		ok(t, err)
		same(t, "no more than", len(got), 1)
	})
}
