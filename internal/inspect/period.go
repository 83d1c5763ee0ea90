package inspect

import (
	"fmt"
	"time"

	"duban/internal/calendar"
)

// Rhythm is how often a list is gone through.
type Rhythm string

// The rhythms. A list that is gone through when something happens has no period:
// each answer stands for itself.
const (
	Daily   Rhythm = "daily"
	Weekly  Rhythm = "weekly"
	Monthly Rhythm = "monthly"
	Term    Rhythm = "term"
	Holiday Rhythm = "holiday" // before each holiday
	Event   Rhythm = "event"
)

// Say names the rhythm for people.
func (r Rhythm) Say() string {
	return map[Rhythm]string{Daily: "每天", Weekly: "每周", Monthly: "每月", Term: "每学期", Holiday: "每次放假前", Event: "每次"}[r]
}

// Period is one stretch in which a unit goes through a list once.
type Period struct {
	Key      string // stable within a list and a unit's kind
	From, To calendar.Date
	Name     string // as people read it
}

// Calendars is what periods depend on.
type Calendars struct {
	Days   *calendar.Workdays
	TermOf func(kind string, d calendar.Date) (calendar.Term, bool)
	Loc    *time.Location
}

// PeriodAt returns the period of a rhythm that holds a moment, for units that follow
// the terms of a kind. Names of days are absolute, seen from today.
func (c Calendars) PeriodAt(r Rhythm, at time.Time, kind string, today calendar.Date) Period {
	day := calendar.In(at, c.Loc)
	switch r {
	case Daily:
		return Period{day.String(), day, day, day.Say(today)}
	case Weekly, Monthly:
		p := calendar.PeriodOf(map[Rhythm]calendar.Unit{Weekly: calendar.Week, Monthly: calendar.Month}[r], day)
		return Period{p.Key, p.From, p.To, p.From.Say(today) + " 到 " + p.To.Say(today)}
	case Term:
		return c.term(day, kind, today)
	case Holiday:
		return c.beforeHoliday(day, today)
	}
	clock := at.In(c.Loc).Format("15:04")
	return Period{day.String() + "T" + clock, day, day, day.Say(today) + " " + clock}
}

// termAhead is how long before a term begins people prepare for it.
const termAhead = 60

// term is the term of the day, in the holidays the one to come.
func (c Calendars) term(day calendar.Date, kind string, today calendar.Date) Period {
	for d := day; d <= day.Add(termAhead) && c.TermOf != nil; d = d.Add(1) {
		if t, ok := c.TermOf(kind, d); ok {
			return Period{t.Key, t.From, t.To, t.Name}
		}
	}
	p := calendar.PeriodOf(calendar.HalfYear, day)
	return Period{p.Key, p.From, p.To, p.From.Say(today) + " 到 " + p.To.Say(today)}
}

// A holiday is at least so many days off in a row; one further away than holidayAhead
// is not prepared for yet.
const (
	holidayDays  = 3
	holidayAhead = 120
)

// beforeHoliday reaches from the end of the last holiday to the eve of the next one.
func (c Calendars) beforeHoliday(day calendar.Date, today calendar.Date) Period {
	first := day
	for d := day; d <= day.Add(holidayAhead); d = d.Add(1) {
		if c.off(d) {
			first = d
			break
		}
	}
	from := day
	for from > first.Add(-holidayAhead) && !c.within(from.Add(-1)) {
		from = from.Add(-1)
	}
	return Period{"before-" + first.String(), from, max(day, first.Add(-1)), first.Say(today) + "放假前"}
}

// off reports whether a holiday begins on d or goes on for some days more.
func (c Calendars) off(d calendar.Date) bool {
	for i := range holidayDays {
		if c.Days.IsWorkday(d.Add(i)) {
			return false
		}
	}
	return true
}

// within reports whether d is one of the days of a holiday.
func (c Calendars) within(d calendar.Date) bool {
	for i := range holidayDays {
		if c.off(d.Add(-i)) {
			return true
		}
	}
	return false
}

// Before returns the moment that lies one period earlier.
func (r Rhythm) Before(at time.Time) time.Time {
	switch r {
	case Weekly:
		return at.AddDate(0, 0, -7)
	case Monthly:
		y, m, _ := at.Date()
		return time.Date(y, m, 1, 12, 0, 0, 0, at.Location()).AddDate(0, 0, -1)
	}
	return at.AddDate(0, 0, -1)
}

// String is the key with its days, for logs and tests.
func (p Period) String() string { return fmt.Sprintf("%s %s..%s %s", p.Key, p.From, p.To, p.Name) }
