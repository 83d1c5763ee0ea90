// Package digest decides what a group is told: at most one message a day, and
// nothing when there is nothing to say. It names no person and blames no unit:
// what is late is counted, what is ahead is named.
package digest

import (
	"cmp"
	"slices"

	"duban/internal/calendar"
	"duban/internal/remind"
)

// Progress is how far the units are with one item, or one period of it.
type Progress struct {
	Code    string
	Desc    string
	Lead    string // section id
	Period  string
	Due     calendar.Date
	Units   int  // that have to report
	Done    int  // that have reported it done, reviewed or not
	Unnamed bool // its words are not for a group
}

// Complete reports whether nobody has anything left to do.
func (p Progress) Complete() bool { return p.Units > 0 && p.Done >= p.Units }

// Count is a number of hazards of one category.
type Count struct {
	Category string
	N        int
}

// Lights counts items by the weightiest lamp that any unit has on them.
type Lights struct{ Red, Yellow int }

// Open counts hazards that are not settled yet: all, the major ones, and those under
// public supervision (挂牌督办).
type Open struct{ All, Major, Listed int }

// Snapshot is what a group's digest is made from, narrowed to the group's scope
// already. Sensitive matters and items of high privacy are not in it.
type Snapshot struct {
	Kind  remind.DigestKind
	Today calendar.Date
	To    calendar.Date // what is due up to here is named
	Soon  calendar.Date // what is due up to here is asked about
	Own   bool          // the group is one school's own

	Works    []Progress // due lately, today and ahead
	Lights   Lights
	Finished int // reports of completion since the span began

	NewHazards    []Count // filed since the span began
	ClosedHazards int     // closed since then
	Open          Open

	Tomorrow Day
}

// Day is a remarkable next day: a day off within the week or a make-up working
// day (调休补班).
type Day struct {
	Date   calendar.Date
	Off    bool
	MakeUp bool
}

// Content is what the group is told.
type Content struct {
	Snapshot
	Ahead             []Progress // due from today on
	More              int        // items ahead that are not listed
	DueToday, DueWeek int        // not complete; the week ends on Sunday

	Missing  []Progress // fallen due or about to, with units that have not reported
	Unlisted int        // more of those
}

const (
	maxAhead   = 6 // details are for private chat
	maxMissing = 2 // one line
	// fewest is how many units must have to report before it is told how many have
	// not: of one or two everybody knows who that is.
	fewest = 3

	soon, recent = 2, 5 // working days ahead and back that are asked about
)

// Build chooses what is worth a group's attention. ok is false when there is
// nothing to say.
func Build(s Snapshot) (c Content, ok bool) {
	c = Content{Snapshot: s}
	open := make([]Progress, 0, len(s.Works))
	for _, p := range s.Works {
		if !p.Complete() {
			open = append(open, p)
		}
	}
	slices.SortStableFunc(open, func(a, b Progress) int { return cmp.Compare(a.Due, b.Due) })
	for _, p := range open {
		c.sort(p)
	}
	if s.Own { // the school is asked in private, by its own messages
		c.Missing, c.Unlisted = nil, 0
	}
	moved := len(c.Ahead)+c.More > 0 || s.Finished > 0 || len(s.NewHazards) > 0 || s.ClosedHazards > 0
	// What merely stays as it was is said once a week, not every day.
	standing := s.Kind == remind.WeeklyDigest && (s.Lights != Lights{} || s.Open.All > 0)
	return c, moved || standing
}

// sort puts open work where it is told: what is ahead by its name, what has fallen
// due or is about to by how many have not reported.
func (c *Content) sort(p Progress) {
	if p.Due >= c.Today && p.Due <= c.To {
		if p.Unnamed || len(c.Ahead) == maxAhead {
			c.More++
		} else {
			c.Ahead = append(c.Ahead, p)
		}
	}
	if p.Due == c.Today {
		c.DueToday++
	}
	if p.Due >= c.Today && p.Due <= endOfWeek(c.Today) {
		c.DueWeek++
	}
	switch {
	case p.Due > c.Soon:
	case p.Unnamed || p.Units < fewest || len(c.Missing) == maxMissing:
		c.Unlisted++
	default:
		c.Missing = append(c.Missing, p)
	}
}

func endOfWeek(today calendar.Date) calendar.Date { return calendar.PeriodOf(calendar.Week, today).To }

// Span returns the days a digest looks back on (from, included) and ahead to
// (to, included): a daily one today and the next three working days, a weekly
// one since the last weekly and to the end of next week.
func Span(kind remind.DigestKind, today calendar.Date, days *calendar.Workdays) (from, to calendar.Date) {
	if kind == remind.WeeklyDigest {
		week := calendar.PeriodOf(calendar.Week, today)
		return week.From, week.Next().To
	}
	return today, days.Add(today, 3)
}

// Next tells whether the day after today is remarkable.
func Next(today calendar.Date, days *calendar.Workdays) Day {
	d := today.Add(1)
	weekend := d.Weekday() == 0 || d.Weekday() == 6
	return Day{Date: d, Off: !weekend && !days.IsWorkday(d), MakeUp: weekend && days.IsWorkday(d)}
}

// behindBy is how many points progress may lag behind before the lamp is yellow,
// as the policies have it by default.
const behindBy = 20

// Behind reports whether progress lags too far behind the share of working days
// gone by.
func Behind(opens, due, today calendar.Date, percent int, days *calendar.Workdays) bool {
	if opens.IsZero() || today <= opens {
		return false
	}
	all := days.Between(opens, due)
	return all > 0 && 100*days.Between(opens, min(today, due)) > all*(percent+behindBy)
}
