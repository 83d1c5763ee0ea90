package store_test

import (
	"testing"

	"duban/internal/calendar"
	"duban/internal/org"
	"duban/internal/store"
)

// The roster follows the files: what they drop stands for nobody.
func TestRoster(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		monday := calendar.Of(2025, 9, 8)
		seed := store.Seed{
			Units: []org.Unit{{ID: "d", Kind: org.KindSection}}, Posts: []org.Post{{ID: "chief", UnitID: "d", Role: org.SectionChief}},
			Persons: []store.Person{{ID: "a", Name: "甲", UnitID: "d"}, {ID: "b", Name: "乙", UnitID: "d"}}, Holdings: []store.Holding{{PostID: "chief", PersonID: "a", Since: noon}},
			Roster: []org.Shift{{Weekday: 1, Place: 1, PostID: "chief"}, {Weekday: 1, Place: 2, PersonID: "b"}, {Day: monday.Add(7), Place: 1, PersonID: "b"}},
		}
		onDuty := func(day calendar.Date) (out []string) {
			t.Helper()
			dir, err := s.Read(ctx).Directory(ctx)
			ok(t, err)
			for _, h := range dir.OnDuty(day) {
				out = append(out, h.PersonID+" "+h.Name)
			}
			return out
		}
		apply := func() {
			t.Helper()
			do(t, s, func(tx *store.Tx) error { _, err := tx.Seed(ctx, seed, noon); return err })
		}
		apply()
		same(t, "by weekday", onDuty(monday), []string{"a 甲", "b 乙"})
		same(t, "by date", onDuty(monday.Add(7)), []string{"b 乙"})
		seed.Roster = seed.Roster[:1]
		apply()
		same(t, "taken out", onDuty(monday), []string{"a 甲"})
		same(t, "the day is like others again", onDuty(monday.Add(7)), []string{"a 甲"})
		seed.Roster = nil
		apply()
		same(t, "none", len(onDuty(monday)), 0)
	})
}
