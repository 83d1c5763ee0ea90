package remind

import (
	"testing"
)

// TestHolderMorning holds when who has to act hears of a slip: on a working day in
// the morning, a school in term.
func TestHolderMorning(t *testing.T) {
	ordinary, _ := policies(t).Profile("deadline")
	major, _ := policies(t).Profile(MajorHazard)
	school := Facts{School: true, TermKind: "primary_middle"}
	for _, c := range []struct {
		now  string
		p    Profile
		f    Facts
		want string
	}{
		{"2025-09-24 07:05", ordinary, school, "2025-09-24 08:30"},
		{"2025-09-24 09:00", ordinary, school, "2025-09-25 08:30"},
		{"2025-09-30 09:00", ordinary, school, "2025-10-09 08:30"}, // the holidays of October
		{"2025-09-27 07:05", ordinary, school, "2025-09-28 08:30"}, // a Sunday to work on
		{"2025-07-09 07:05", ordinary, school, "2025-09-01 08:30"},
		{"2025-07-09 07:05", ordinary, Facts{}, "2025-07-09 08:30"},
		{"2025-07-09 07:05", major, school, "2025-07-09 08:30"},
	} {
		if got := HolderMorning(at(c.now), c.p, c.f, cals()).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.now, c.p.Key, got, c.want)
		}
	}
}
