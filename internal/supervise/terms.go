package supervise

import "duban/internal/calendar"

// TermOf returns the term of a kind of school that contains a day.
func (d *Desk) TermOf(kind string, day calendar.Date) (calendar.Term, bool) {
	return d.Cal.Terms.TermOf(kind, day)
}
