// Package calendar knows days: civil dates, working days with make-up days, and
// school terms. It is pure; nothing here asks what day it is.
package calendar

import (
	"fmt"
	"time"
)

// Date is a civil date without time zone, stored as days since 1970-01-01 plus
// one, so that the zero value means "no date". Dates compare with < and ==.
type Date int32

// Of returns the date of y-m-d; out-of-range days roll over as in time.Date.
func Of(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400) + 1
}

// In returns the date that t shows in loc.
func In(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return Of(y, m, d)
}

// Parse reads 2006-01-02; the empty string is no date.
func Parse(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return Of(t.Date()), nil
}

// MustParse is Parse for literals in tests and tables; it panics on bad input.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (d Date) utc() time.Time { return time.Unix(int64(d-1)*86400, 0).UTC() }

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == 0 }

// YMD returns year, month and day.
func (d Date) YMD() (int, time.Month, int) { return d.utc().Date() }

// Year returns the year.
func (d Date) Year() int { return d.utc().Year() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Add returns the date n days later (earlier when negative).
func (d Date) Add(n int) Date { return d + Date(n) }

// Sub returns the days from e to d.
func (d Date) Sub(e Date) int { return int(d - e) }

// At returns the instant of hour:minute on d in loc.
func (d Date) At(hour, minute int, loc *time.Location) time.Time {
	y, m, day := d.YMD()
	return time.Date(y, m, day, hour, minute, 0, 0, loc)
}

// MonthEnd returns the last day of d's month.
func (d Date) MonthEnd() Date {
	y, m, _ := d.YMD()
	return Of(y, m+1, 0)
}

// String returns 2006-01-02, or "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Say returns the date as people read it, absolute with the weekday:
// "9月19日 周五"; with the year in front when it differs from today's.
func (d Date) Say(today Date) string {
	if d == 0 {
		return "未定"
	}
	y, m, day := d.YMD()
	s := fmt.Sprintf("%d月%d日 %s", int(m), day, WeekdayName(d.Weekday()))
	if y != today.Year() {
		s = fmt.Sprintf("%d年%s", y, s)
	}
	return s
}

// WeekdayName returns 周一 … 周日.
func WeekdayName(w time.Weekday) string {
	names := [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}
	return names[w]
}
