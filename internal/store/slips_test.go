package store_test

import (
	"fmt"
	"testing"

	"duban/internal/calendar"
	"duban/internal/notice"
	"duban/internal/slip"
	"duban/internal/store"
)

// TestSlips holds that a step issues one slip, that numbers count by the year and
// which slips are found.
func TestSlips(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		add := func(year int, once, unit, section string) (slip.Slip, bool) {
			sl := slip.Slip{Year: year, Once: once, UnitID: unit, Section: section, Colour: slip.Yellow, Level: "deputy", IssuedAt: noon, State: slip.Open,
				ReceiptDue: calendar.Of(2025, 9, 26), Subject: notice.Subject{Kind: notice.Assignment, ID: 7}}
			fresh := false
			do(t, s, func(tx *store.Tx) (err error) { sl, fresh, err = tx.AddSlip(ctx, sl); return err })
			return sl, fresh
		}
		first, fresh := add(2025, "a", "u1", "d1")
		same(t, "the first", fmt.Sprint(first.Number(), " ", fresh), "HD-2025-001 true")
		again, fresh := add(2025, "a", "u1", "d1")
		same(t, "the same step", fmt.Sprint(again == first, fresh), "true false")
		second, _ := add(2025, "b", "u2", "d1")
		same(t, "the second", second.Number(), "HD-2025-002")
		other, _ := add(2026, "c", "d1", "d2")
		same(t, "another year", other.Number(), "HD-2026-001")

		answered, err := first.Answer("设备没到", calendar.Of(2025, 10, 15), "p", noon, calendar.Of(2025, 9, 24))
		ok(t, err)
		do(t, s, func(tx *store.Tx) error { return tx.SaveSlip(ctx, answered) })
		tx := s.Read(ctx)
		list, err := tx.SlipsByID(ctx, first.ID)
		ok(t, err)
		answered.Version++
		same(t, "stored", list, []slip.Slip{answered})

		numbers := func(f slip.Filter) string {
			f.Year, f.Limit = 2026, 10
			list, err := tx.Slips(ctx, f)
			ok(t, err)
			out := ""
			for _, sl := range list {
				out += sl.Number() + " "
			}
			return out
		}
		same(t, "all", numbers(slip.Filter{}), "HD-2026-001 HD-2025-002 HD-2025-001 ")
		same(t, "of a unit", numbers(slip.Filter{Units: []string{"u1"}}), "HD-2025-001 ")
		same(t, "of a section and what it does itself", numbers(slip.Filter{Units: []string{"d1"}, Sections: []string{"d1"}}), "HD-2026-001 HD-2025-002 HD-2025-001 ")
	})
}
