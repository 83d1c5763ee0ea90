package store_test

import (
	"sync/atomic"
	"testing"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/inspect"
	"duban/internal/store"
)

func TestInspections(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		monday := calendar.Of(2025, 9, 8)
		first := inspect.Record{List: "canteen", Period: "2025-09-08", Unit: "u1", From: monday, To: monday, Person: "p", Platform: "wecom", At: noon,
			Entries: 8, Found: []inspect.Found{{Entry: 3, Words: "油垢", Hazard: 7}}, Fine: true}
		add := func(r inspect.Record) (out inspect.Record) {
			do(t, s, func(tx *store.Tx) (err error) { out, err = tx.AddInspection(ctx, r); return err })
			return out
		}
		first = add(first)
		other := first
		other.ID, other.Unit = 0, "u2"
		other = add(other)
		tx := s.Read(ctx)
		got, found, err := tx.InspectionByID(ctx, first.ID)
		ok(t, err)
		same(t, "by id", []any{got, found}, []any{first, true})
		first.Fine, first.Found = false, nil
		do(t, s, func(tx *store.Tx) error { return tx.SaveInspection(ctx, first) })
		first.Version++
		list := func(f inspect.Filter) []inspect.Record {
			t.Helper()
			out, err := s.Read(ctx).Inspections(ctx, f)
			ok(t, err)
			return out
		}
		same(t, "of a list", list(inspect.Filter{Lists: []string{"canteen"}, Periods: []string{"2025-09-08", "2025-09-09"}}), []inspect.Record{first, other})
		same(t, "of a unit in a week", list(inspect.Filter{Units: []string{"u1"}, Since: monday, Before: monday.Add(6)}), []inspect.Record{first})
		same(t, "of a unit later", len(list(inspect.Filter{Units: []string{"u1"}, Since: monday.Add(1)})), 0)
		do(t, s, func(tx *store.Tx) error { return tx.DropInspection(ctx, first.ID) })
		same(t, "dropped", list(inspect.Filter{Units: []string{"u1"}}), []inspect.Record{})
	})
}

// Of two people who answer at once for one unit, the second finds what the first said.
func TestInspectionsOfOnePeriod(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var stored atomic.Int64
		ok(t, race(5, func(int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				known, err := tx.Inspections(ctx, inspect.Filter{Lists: []string{"l"}, Periods: []string{"2025-09-08"}, Units: []string{"u"}})
				if err != nil || len(known) > 0 {
					return err
				}
				if _, err := tx.AddInspection(ctx, inspect.Record{List: "l", Period: "2025-09-08", Unit: "u"}); err != nil {
					return err
				}
				stored.Add(1)
				return nil
			})
		}))
		list, err := s.Read(ctx).Inspections(ctx, inspect.Filter{Lists: []string{"l"}})
		ok(t, err)
		same(t, "stored", len(list), 1)
	})
}

func TestDrills(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		d := duty.Drill{Report: 3, Assignment: 7, Held: calendar.Of(2025, 9, 12), People: 120, Seconds: 200}
		do(t, s, func(tx *store.Tx) error { return tx.AddDrill(ctx, d) })
		got, err := s.Read(ctx).Drills(ctx, 7, 8)
		ok(t, err)
		same(t, "drills", got, []duty.Drill{d})
		do(t, s, func(tx *store.Tx) error { return tx.DropReport(ctx, 3) })
		got, err = s.Read(ctx).Drills(ctx, 7)
		ok(t, err)
		same(t, "taken back with its report", len(got), 0)
	})
}
