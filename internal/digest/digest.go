// Package digest decides what a group is told: at most one message a day, and
// nothing when there is nothing to say. It names no person and blames no unit:
// what is late is counted, what is ahead is named.
package digest

import (
	"sort"

	"duban/internal/calendar"
	"duban/internal/remind"
)

// Progress is how far the units are with one item, or one period of it.
type Progress struct {
	Code   string
	Desc   string
	Lead   string // section id
	Period string
	Due    calendar.Date
	Units  int // that have to report
	Done   int // that have reported it done, reviewed or not
}

// Complete reports whether nobody has anything left to do.
func (p Progress) Complete() bool { return p.Units > 0 && p.Done >= p.Units }

// Count is a number of hazards of one category.
type Count struct {
	Category string
	N        int
}

// Snapshot is what a group's digest is made from, narrowed to the group's scope
// already. Sensitive matters and items of high privacy are not in it.
type Snapshot struct {
	Kind  remind.DigestKind
	Today calendar.Date

	Ahead    []Progress // due from today on, within the span of the digest
	Overdue  int        // items (periods) past their date with somebody still open
	Finished int        // reports of completion since the span began

	NewHazards  []Count // filed since the span began
	OpenHazards int
	MajorOpen   int

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
	More int // items ahead that are not listed
}

// maxAhead bounds the list: details are for private chat.
const maxAhead = 6

// Build chooses what is worth a group's attention. ok is false when there is
// nothing to say.
func Build(s Snapshot) (c Content, ok bool) {
	ahead := make([]Progress, 0, len(s.Ahead))
	for _, p := range s.Ahead {
		if !p.Complete() {
			ahead = append(ahead, p)
		}
	}
	sort.SliceStable(ahead, func(i, j int) bool { return ahead[i].Due < ahead[j].Due })
	c = Content{Snapshot: s}
	if len(ahead) > maxAhead {
		ahead, c.More = ahead[:maxAhead], len(ahead)-maxAhead
	}
	c.Ahead = ahead
	moved := len(ahead) > 0 || s.Finished > 0 || len(s.NewHazards) > 0
	// What merely stays as it was is said once a week, not every day.
	standing := s.Kind == remind.WeeklyDigest && (s.Overdue > 0 || s.OpenHazards > 0)
	return c, moved || standing
}

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
