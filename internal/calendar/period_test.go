package calendar

import (
	"fmt"
	"testing"
)

func TestPeriodOf(t *testing.T) {
	for _, c := range []struct {
		unit           Unit
		day            string
		key, from, end string
	}{
		{Week, "2025-09-10", "2025-W37", "2025-09-08", "2025-09-14"},
		{Week, "2025-09-14", "2025-W37", "2025-09-08", "2025-09-14"},
		{Week, "2025-12-29", "2026-W01", "2025-12-29", "2026-01-04"},
		{Week, "2026-01-04", "2026-W01", "2025-12-29", "2026-01-04"},
		{Week, "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03"},
		{TenDay, "2025-09-10", "2025-09-T1", "2025-09-01", "2025-09-10"},
		{TenDay, "2025-09-11", "2025-09-T2", "2025-09-11", "2025-09-20"},
		{TenDay, "2025-08-31", "2025-08-T3", "2025-08-21", "2025-08-31"},
		{Month, "2025-02-28", "2025-02", "2025-02-01", "2025-02-28"},
		{Quarter, "2025-09-30", "2025-Q3", "2025-07-01", "2025-09-30"},
		{Quarter, "2025-12-31", "2025-Q4", "2025-10-01", "2025-12-31"},
		{HalfYear, "2025-07-01", "2025-H2", "2025-07-01", "2025-12-31"},
		{Year, "2025-07-01", "2025", "2025-01-01", "2025-12-31"},
	} {
		p := PeriodOf(c.unit, d(c.day))
		if got, want := fmt.Sprint(p.Key, p.From, p.To), fmt.Sprint(c.key, d(c.from), d(c.end)); got != want {
			t.Errorf("PeriodOf(%s, %s) = %s, want %s", c.unit, c.day, got, want)
		}
	}
	if p := PeriodOf("fortnight", d("2025-09-10")); p != (Period{}) {
		t.Errorf("unknown unit: %+v, want the zero period", p)
	}
}

func TestPeriodsTileTheYears(t *testing.T) {
	for _, unit := range []Unit{Week, TenDay, Month, Quarter, HalfYear, Year} {
		p := PeriodOf(unit, d("2025-01-01"))
		for p.From < d("2027-01-01") {
			for day := p.From; day <= p.To; day = day.Add(1) {
				if PeriodOf(unit, day) != p || !p.Contains(day) {
					t.Fatalf("%s is not in %s", day, p.Key)
				}
			}
			n := p.Next()
			if n.From != p.To.Add(1) || n.Key <= p.Key {
				t.Fatalf("%s is followed by %s from %s", p.Key, n.Key, n.From)
			}
			p = n
		}
	}
}
