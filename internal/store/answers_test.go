package store_test

import (
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/hazard"
	"duban/internal/inspect"
	"duban/internal/store"
	"duban/internal/supervise"
)

// What units told in a week answers a periodical zero report; what they told before or
// took back does not.
func TestAnswers(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		loc := time.FixedZone("CST", 8*3600)
		monday := calendar.Of(2025, 9, 8)
		friday := monday.Add(4)
		file := func(unit string, at time.Time, state hazard.State, category string) {
			do(t, s, func(tx *store.Tx) error {
				_, err := tx.AddHazard(ctx, hazard.Hazard{Year: 2025, UnitID: unit, State: state, Category: category, Desc: "d", CreatedAt: at})
				return err
			})
		}
		file("found", monday.At(0, 1, loc), hazard.Reported, "消防")
		file("found", friday.At(23, 59, loc), hazard.Closed, "消防")
		file("before", monday.Add(-1).At(23, 59, loc), hazard.Reported, "消防")
		file("taken-back", friday.At(9, 0, loc), hazard.Void, "消防")
		file("untold", friday.At(9, 0, loc), hazard.Reported, hazard.Untold)
		do(t, s, func(tx *store.Tx) error {
			for _, span := range [][2]calendar.Date{{monday, monday.Add(6)}, {monday, monday}} {
				unit := map[bool]string{true: "zero-day", false: "zero-week"}[span[0] == span[1]]
				if _, err := tx.Once(ctx, supervise.ZeroKey(unit, span[0], span[1]), "p", noon); err != nil {
					return err
				}
			}
			_, err := tx.AddInspection(ctx, inspect.Record{List: "l", Period: "2025-09-09", Unit: "looked", From: monday.Add(1), To: monday.Add(1), At: monday.Add(1).At(8, 0, loc)})
			return err
		})
		got, err := s.Read(ctx).Answers(ctx, []string{"found", "before", "taken-back", "untold", "zero-day", "zero-week", "looked", "silent"}, monday, friday, loc)
		ok(t, err)
		same(t, "answers", got, supervise.Answers{Hazards: map[string]int{"found": 2}, Zero: map[string]bool{"zero-week": true}, Looked: map[string]bool{"looked": true}})
	})
}
