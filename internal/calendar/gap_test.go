package calendar

import (
	"fmt"
	"testing"
)

func TestGapsAreNamedInTime(t *testing.T) {
	days := DefaultWorkdays()
	for day, want := range map[string]string{
		"2025-12-31": "[]",
		"2026-11-30": "[]", // the next year is being decided on
		"2026-12-01": "[{2027  2027-01-01}]",
		"2026-12-31": "[{2027  2027-01-01}]",
		"2027-01-01": "[{2027  2027-01-01}]",
		"2027-11-30": "[{2027  2027-11-30}]",
		"2027-12-01": "[{2027  2027-12-01} {2028  2028-01-01}]",
		"2028-02-29": "[{2028  2028-02-29}]",
	} {
		if got := fmt.Sprint(days.Gaps(d(day))); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
}

func TestKindsWithoutTermsAreNamed(t *testing.T) {
	terms := DefaultTerms() // to 2026-08-31
	for _, c := range []struct {
		day, want string
		kinds     []string
	}{
		{"2026-08-01", "[]", []string{"senior", "kindergarten"}},
		{"2026-08-02", "[{0 kindergarten 2026-09-01} {0 senior 2026-09-01}]", []string{"senior", "kindergarten", "senior"}},
		{"2026-11-25", "[{0 senior 2026-11-25}]", []string{"senior"}},
		{"2025-09-10", "[{0 boarding 2025-09-10}]", []string{"senior", "boarding"}},
		{"2027-01-01", "[]", nil},
	} {
		if got := fmt.Sprint(terms.Gaps(c.kinds, d(c.day))); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.day, c.kinds, got, c.want)
		}
	}
}
