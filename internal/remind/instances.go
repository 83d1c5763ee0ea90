package remind

import (
	"fmt"
	"time"

	"duban/internal/calendar"
)

// Instance is one period of a recurring duty. Nominal is the collection date
// before it was moved off a day off; it equals Due when nothing was moved.
type Instance struct {
	Key     string // 2025-W37, 2025-09, 2025-Q3, 2025-H2, 2025, 2025-2026-1
	Opens   calendar.Date
	Due     calendar.Date
	Nominal calendar.Date
}

// Who says whose instances are asked for. Schools have none that would be
// collected in their holidays; the bureau's own sections have all.
type Who struct {
	School   bool
	TermKind string
}

// Period returns the instance of the period that contains d, false if the
// profile has none there (not recurring, no working day, school holidays).
func Period(p Profile, d calendar.Date, cal Calendars, who Who) (Instance, bool) {
	if p.Collect.Every == Term {
		for _, in := range p.termInstances(d.Year(), d.Year()+1, cal, who) {
			if in.Opens <= d && d <= in.Due {
				return in, true
			}
		}
		return Instance{}, false
	}
	return p.instance(calendar.PeriodOf(p.Collect.Every, d), cal, who)
}

// Instances returns the instances collected from..to, both included, in order.
func Instances(p Profile, from, to calendar.Date, cal Calendars, who Who) []Instance {
	var out []Instance
	add := func(in Instance, ok bool) {
		if ok && from <= in.Due && in.Due <= to {
			out = append(out, in)
		}
	}
	switch {
	case !p.HasCollect():
	case p.Collect.Every == Term:
		for _, in := range p.termInstances(from.Year(), to.Year(), cal, who) {
			add(in, true)
		}
	default:
		for per := calendar.PeriodOf(p.Collect.Every, from); per.From <= to; per = per.Next() {
			add(p.instance(per, cal, who))
		}
	}
	return out
}

// instance returns the instance of a calendar period.
func (p Profile) instance(per calendar.Period, cal Calendars, who Who) (Instance, bool) {
	if per == (calendar.Period{}) {
		return Instance{}, false
	}
	in := Instance{Key: per.Key, Opens: per.From, Nominal: p.nominal(per, cal)}
	in.Due = cal.Days.PrevOnOrBefore(in.Nominal)
	return in, in.Due >= in.Opens && who.collected(in.Due, cal)
}

// nominal is the collection date of a period before days off are looked at.
func (p Profile) nominal(per calendar.Period, cal Calendars) calendar.Date {
	switch {
	case per.Unit == calendar.Week:
		return weekdayOf(per.From, p.Collect.Weekday)
	case p.Collect.Day == 0:
		return cal.Days.PrevOnOrBefore(per.To)
	}
	y, m, _ := per.To.YMD()
	return calendar.Of(y, m, p.Collect.Day)
}

// termInstances returns the collections of the years. A term is named and begins
// as the school's own calendar says; where that says nothing, by the date:
// collections up to July belong to the second term of the school year, and the
// period begins after the collection before.
func (p Profile) termInstances(first, last int, cal Calendars, who Who) []Instance {
	var out []Instance
	dates := p.Collect.Dates
	y, m := first-1, dates[len(dates)-1]
	before := calendar.Of(y, monthOf(m), m%100)
	for y := first; y <= last; y++ {
		for _, md := range dates {
			in := Instance{Nominal: calendar.Of(y, monthOf(md), md%100)}
			in.Due = cal.Days.PrevOnOrBefore(in.Nominal)
			in.Key, in.Opens = termKey(y, md), before.Add(1)
			if t, ok := cal.Terms.TermOf(who.TermKind, in.Due); ok {
				in.Key, in.Opens = t.Key, t.From
			}
			before = in.Nominal
			if who.collected(in.Due, cal) {
				out = append(out, in)
			}
		}
	}
	return out
}

func (w Who) collected(due calendar.Date, cal Calendars) bool {
	return !w.School || cal.Terms.InTerm(w.TermKind, due)
}

func termKey(year, monthDay int) string {
	if monthDay >= 801 {
		return fmt.Sprintf("%d-%d-1", year, year+1)
	}
	return fmt.Sprintf("%d-%d-2", year-1, year)
}

func monthOf(monthDay int) time.Month { return time.Month(monthDay / 100) }
