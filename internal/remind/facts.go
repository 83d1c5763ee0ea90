package remind

import (
	"time"

	"duban/internal/calendar"
)

// Facts is what the planner must know about one subject. The zero value of a
// field means it did not happen or is not known.
type Facts struct {
	Confirmed bool // only confirmed subjects are chased and have a lamp (立项确认)
	Closed    bool // also void and archived
	Suspended bool // by the bureau: not chased, no lamp
	HandedUp  bool // 提请局里协调: not chased, the lamp stays

	Planned   bool          // work out of the year's document: nothing has happened that would have to be told at once
	Recurring bool          // one instance of a recurring duty
	Opens     calendar.Date // first day of the period, or of the work
	Due       calendar.Date
	DueTime   time.Time // deadline by the clock (major hazards); Due is its day

	Assigned    time.Time // also when a hazard was registered; nothing goes out before
	SignedAt    time.Time
	SubmittedAt time.Time // 报结; the caller clears it when the work is returned
	ControlAt   time.Time // temporary control reported
	FiveAt      time.Time // the five fixings reported

	LastReportAt time.Time
	ETA          calendar.Date // promised with the last report
	Percent      int
	HasPercent   bool // progress is measured in percent or against a metric
	MissedNode   bool // a node or an earlier period was missed

	StoppedAt   time.Time // escalation stopped otherwise than by a report (suspended, handed up)
	RestartedAt time.Time // somebody set the stopped escalation going again
	RedShown    bool      // red was shown and must not be erased (extension asked too late)

	School    bool   // the holder is at a school
	TermKind  string // kind of school, as in calendar.Terms
	Assisting bool   // 协办: reminded, never escalated
}

// chased reports whether anybody is told anything about the subject.
func (f Facts) chased() bool {
	return f.Confirmed && !f.Closed && !f.Suspended && !f.HandedUp
}

// dueDate returns the day of the deadline.
func (f Facts) dueDate(cal Calendars) calendar.Date {
	if f.Due.IsZero() && !f.DueTime.IsZero() {
		return cal.date(f.DueTime)
	}
	return f.Due
}

// answered reports whether the period has been reported on.
func (f Facts) answered(cal Calendars) bool {
	return f.Recurring && !f.LastReportAt.IsZero() && cal.date(f.LastReportAt) >= f.Opens
}

// overtaken reports whether a level that was to be told before the round came to
// a halt must not be told any more. Either it had been told by then, or an
// earlier report, which Facts does not remember, stopped it: the next report must
// not wake it up.
func (f Facts) overtaken(s Step, p Profile, cal Calendars) bool {
	if s.Stage != StageDue || s.Kind != Escalation || s.MovedBy == MovedRestart {
		return false
	}
	at, stopped := f.stopped(p, cal)
	return stopped && !s.At.After(at)
}

// stopped returns when the escalation round past the deadline came to a halt,
// and false if it did not. What happened before the deadline stops nothing.
func (f Facts) stopped(p Profile, cal Calendars) (time.Time, bool) {
	due := f.dueDate(cal)
	var at time.Time
	if cal.date(f.StoppedAt) > due {
		at = f.StoppedAt
	}
	if !p.Persistent && cal.date(f.LastReportAt) > due && f.LastReportAt.After(at) {
		at = f.LastReportAt
	}
	return at, !at.IsZero()
}
