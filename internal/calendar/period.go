package calendar

import (
	"fmt"
	"time"
)

// Unit is a length of calendar time that recurring duties are counted in.
type Unit string

// The units. A week is an ISO week from Monday to Sunday; a ten-day (旬) ends on
// the 10th, the 20th and the last day of the month.
const (
	Week     Unit = "week"
	TenDay   Unit = "ten_day"
	Month    Unit = "month"
	Quarter  Unit = "quarter"
	HalfYear Unit = "half_year"
	Year     Unit = "year"
)

// Period is one stretch of a unit, both days included. Key is stable and sorts
// by time within its unit: 2025-W37, 2025-09-T1, 2025-09, 2025-Q3, 2025-H2, 2025.
type Period struct {
	Unit     Unit
	Key      string
	From, To Date
}

// PeriodOf returns the period of unit that contains d. The zero Period is
// returned for an unknown unit.
func PeriodOf(unit Unit, d Date) Period {
	y, m, _ := d.YMD()
	switch unit {
	case Week:
		return weekOf(d)
	case TenDay:
		return tenDayOf(d)
	case Month:
		return months(unit, fmt.Sprintf("%04d-%02d", y, int(m)), y, m, 1)
	case Quarter:
		q := (int(m) - 1) / 3
		return months(unit, fmt.Sprintf("%04d-Q%d", y, q+1), y, time.Month(3*q+1), 3)
	case HalfYear:
		h := (int(m) - 1) / 6
		return months(unit, fmt.Sprintf("%04d-H%d", y, h+1), y, time.Month(6*h+1), 6)
	case Year:
		return months(unit, fmt.Sprintf("%04d", y), y, time.January, 12)
	}
	return Period{}
}

// Next returns the period that follows p.
func (p Period) Next() Period { return PeriodOf(p.Unit, p.To.Add(1)) }

// Contains reports whether d lies in the period.
func (p Period) Contains(d Date) bool { return p.From <= d && d <= p.To }

func months(unit Unit, key string, y int, first time.Month, n int) Period {
	return Period{unit, key, Of(y, first, 1), Of(y, first+time.Month(n), 0)}
}

func weekOf(d Date) Period {
	monday := d.Add(-(int(d.Weekday()+6) % 7))
	y, w := monday.Add(3).utc().ISOWeek()
	return Period{Week, fmt.Sprintf("%04d-W%02d", y, w), monday, monday.Add(6)}
}

func tenDayOf(d Date) Period {
	y, m, day := d.YMD()
	n := min((day-1)/10, 2)
	from, to := Of(y, m, 10*n+1), Of(y, m, 10*n+10)
	if n == 2 {
		to = d.MonthEnd()
	}
	return Period{TenDay, fmt.Sprintf("%04d-%02d-T%d", y, int(m), n+1), from, to}
}
