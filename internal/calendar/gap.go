package calendar

import (
	"slices"
	"time"
)

// Gap is something the calendars do not know although it is needed, today or
// soon. Until it is filled, Monday to Friday counts as working days and every day
// as term. That is never to happen in silence: each gap is an alarm.
type Gap struct {
	Year  int    // whose working days are missing; 0 for school terms
	Kind  string // of school, whose terms are missing; "" for working days
	Since Date   // the first day without data, today at the earliest
}

// termsAhead is how many days before the known terms of a kind of school end the
// next ones are asked for.
const termsAhead = 30

// Gaps lists the years without working days that matter today: this year and,
// from the first of December, the next. The State Council decides on the next year
// in November, so that earlier nobody could do anything about it.
func (w *Workdays) Gaps(today Date) []Gap {
	y, m, _ := today.YMD()
	until := Of(y, time.December, 31)
	if m == time.December {
		until = Of(y+1, time.December, 31)
	}
	var gaps []Gap
	for _, year := range w.Missing(today, until) {
		gaps = append(gaps, Gap{Year: year, Since: max(today, Of(year, time.January, 1))})
	}
	return gaps
}

// Gaps lists the kinds of school whose terms are not known today or end to be known
// within the next 30 days.
func (t *Terms) Gaps(kinds []string, today Date) []Gap {
	var gaps []Gap
	kinds = slices.Sorted(slices.Values(kinds))
	for _, kind := range slices.Compact(kinds) {
		for d := today; d <= today.Add(termsAhead); d = d.Add(1) {
			if !t.Known(kind, d) {
				gaps = append(gaps, Gap{Kind: kind, Since: d})
				break
			}
		}
	}
	return gaps
}
