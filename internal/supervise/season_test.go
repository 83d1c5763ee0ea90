package supervise

import (
	"testing"

	"duban/internal/calendar"
)

func TestInSeason(t *testing.T) {
	for _, c := range []struct {
		every, day string
		want       bool
	}{
		{"假定每周，5–9月", "2025-04-30", false},
		{"假定每周，5–9月", "2025-05-01", true},
		{"假定每周，5–9月", "2025-09-30", true},
		{"假定每周，5–9月", "2025-10-01", false},
		{"定期（假定每月，10-12月）", "2025-11-25", true},
		{"定期（假定每月，10-12月）", "2025-09-25", false},
		{"每月5日", "2025-02-05", true},
		{"每周", "2025-01-03", true},
		{"", "2025-01-03", true},
	} {
		if got := inSeason(c.every, calendar.MustParse(c.day)); got != c.want {
			t.Errorf("%q on %s: %v", c.every, c.day, got)
		}
	}
}
