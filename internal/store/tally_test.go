package store_test

import (
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/hazard"
	"duban/internal/store"
)

// TestHazardFigures holds what is counted, and what is not: what was a mistake, went on
// under another number or is never told.
func TestHazardFigures(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		zone := time.FixedZone("CST", 8*3600)
		at := func(day, hour int) time.Time { return time.Date(2025, 9, day, hour, 0, 0, 0, zone) }
		today := calendar.Of(2025, 9, 10)
		fixed := func(unit string, level hazard.Level, state hazard.State, from, to time.Time) hazard.Hazard {
			return hazard.Hazard{Year: 2025, UnitID: unit, Category: "消防", Level: level, State: state, CreatedAt: from, FixDue: today.Add(-1), Life: hazard.Life{FixedAt: to}}
		}
		addHazards(t, s,
			fixed("a", hazard.Ordinary, hazard.Closed, at(1, 9), at(4, 8)),     // three days, though not three times 24 hours
			fixed("a", hazard.Ordinary, hazard.Fixed, at(1, 1), at(1, 23)),     // the same day, which two days of UTC share
			fixed("a", hazard.Major, hazard.Verified, at(1, 23), at(2, 1)),     // the next day
			fixed("b", hazard.Ordinary, hazard.Reopened, at(1, 9), at(2, 9)),   // open again, and late
			fixed("b", hazard.Ordinary, hazard.Void, at(1, 9), at(2, 9)),       // a mistake
			fixed("b", hazard.Ordinary, hazard.MergedInto, at(1, 9), at(2, 9)), // counted elsewhere
			hazard.Hazard{Year: 2025, UnitID: "b", Category: "食品", State: hazard.Signed, CreatedAt: at(9, 9), FixDue: today},
			hazard.Hazard{Year: 2025, UnitID: "b", Category: hazard.Untold, State: hazard.Reported, CreatedAt: at(9, 9)})
		f := hazard.Filter{Today: today}
		for by, want := range map[string]map[string]hazard.Tally{
			"unit":     {"a": {Total: 3, Fixed: 3, Closed: 1, Major: 1}, "b": {Total: 2, Overdue: 1}},
			"category": {"消防": {Total: 4, Fixed: 3, Closed: 1, Major: 1, Overdue: 1}, "食品": {Total: 1}},
			"level":    {"": {Total: 1}, "一般": {Total: 3, Fixed: 2, Closed: 1, Overdue: 1}, "重大": {Total: 1, Fixed: 1, Major: 1}},
		} {
			got, err := s.Read(ctx).HazardTally(ctx, by, f)
			ok(t, err)
			same(t, "by "+by, got, want)
		}
		times, err := s.Read(ctx).FixTimes(ctx, "level", f, 8*time.Hour)
		ok(t, err)
		same(t, "days to fix", times, map[string]hazard.FixTimes{"一般": {0: 1, 3: 1}, "重大": {1: 1}})
		f.Since, f.Before, f.Units = at(1, 8), at(2, 0), []string{"a"}
		times, err = s.Read(ctx).FixTimes(ctx, "unit", f, 8*time.Hour)
		ok(t, err)
		same(t, "days to fix of a unit and a time", times, map[string]hazard.FixTimes{"a": {1: 1, 3: 1}})
	})
}
