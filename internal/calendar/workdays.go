package calendar

import (
	"slices"
	"time"
)

// Workdays knows which days people work on. It holds, for each year with data,
// the days that differ from Monday to Friday; a make-up day (调休补班) is a
// working day. A Workdays never changes once built and is safe to share.
//
// For a year without data IsWorkday falls back to Monday to Friday, because a
// message too many is better than none. That must never be silent: callers ask
// Missing and raise the alarm.
type Workdays struct {
	known  map[int]string // year -> source of its data
	differ map[Date]bool  // true: works on a weekend; false: off on a weekday
}

// IsWorkday reports whether people work on d.
func (w *Workdays) IsWorkday(d Date) bool {
	if works, ok := w.differ[d]; ok {
		return works
	}
	day := d.Weekday()
	return day != time.Saturday && day != time.Sunday
}

// Known reports whether there is data for the year.
func (w *Workdays) Known(year int) bool {
	_, ok := w.known[year]
	return ok
}

// Years returns the years with data in ascending order.
func (w *Workdays) Years() []int {
	years := make([]int, 0, len(w.known))
	for y := range w.known {
		years = append(years, y)
	}
	slices.Sort(years)
	return years
}

// Source returns where the data of the year came from, "" for an unknown year.
func (w *Workdays) Source(year int) string { return w.known[year] }

// Missing returns the years without data that the days from..to touch. A
// non-empty answer is a reason for a loud alarm.
func (w *Workdays) Missing(from, to Date) []int {
	var missing []int
	for y := from.Year(); y <= to.Year(); y++ {
		if !w.Known(y) {
			missing = append(missing, y)
		}
	}
	return missing
}

// Add returns the nth working day after d, or before d when n is negative; d
// itself never counts ("3 个工作日" excludes today). Add(d, 0) is d, whether or
// not people work on it.
func (w *Workdays) Add(d Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.Add(step)
		if w.IsWorkday(d) {
			n--
		}
	}
	return d
}

// Between counts the working days in (a, b]; it is negative, counting (b, a],
// when b is before a.
func (w *Workdays) Between(a, b Date) int {
	if b < a {
		return -w.Between(b, a)
	}
	n := 0
	for d := a.Add(1); d <= b; d = d.Add(1) {
		if w.IsWorkday(d) {
			n++
		}
	}
	return n
}

// NextOnOrAfter returns d if it is a working day, else the next one.
func (w *Workdays) NextOnOrAfter(d Date) Date {
	for !w.IsWorkday(d) {
		d = d.Add(1)
	}
	return d
}

// PrevOnOrBefore returns d if it is a working day, else the one before.
func (w *Workdays) PrevOnOrBefore(d Date) Date {
	for !w.IsWorkday(d) {
		d = d.Add(-1)
	}
	return d
}
