package remind

import (
	"time"

	"duban/internal/calendar"
)

// Lamp is the colour (灯色) of a subject; it is always computed.
type Lamp string

// The lamps. NoLamp is for drafts, closed and suspended subjects.
const (
	NoLamp     Lamp = ""
	GreenLamp  Lamp = "green"
	BlueLamp   Lamp = "blue"
	YellowLamp Lamp = "yellow"
	RedLamp    Lamp = "red"
)

// LampAt returns the lamp at the instant. The weightiest colour wins: red past
// the deadline (or once shown, see Facts.RedShown); yellow for a missed node or
// period or progress too far behind elapsed working time; blue when the deadline
// is near. A period of a recurring duty that was missed is yellow, never red. A
// late signature changes nothing, and neither does waiting for the review of
// what was submitted in time. Who assists has neither yellow nor red.
func LampAt(p Profile, f Facts, now time.Time, cal Calendars) Lamp {
	if !f.Confirmed || f.Closed || f.Suspended {
		return NoLamp
	}
	today, due := cal.date(now), f.dueDate(cal)
	if f.Assisting && today > due {
		return NoLamp
	}
	late := !f.Assisting && (f.RedShown || f.overdue(now, cal))
	slow := !f.Assisting && (f.MissedNode || f.periodMissed(p, today, cal) || f.roundMissed(p, today, cal) || f.behind(p.Lamp.Behind, today, cal))
	switch {
	case late:
		return RedLamp
	case slow:
		return YellowLamp
	case f.waiting(cal) && today <= due && cal.Days.Between(today, due) <= p.blue(f):
		return BlueLamp
	}
	return GreenLamp
}

func (p Profile) blue(f Facts) int {
	if f.Recurring {
		return p.Lamp.BlueRecurring
	}
	return p.Lamp.Blue
}

// waiting reports whether something is still expected before the deadline.
func (f Facts) waiting(cal Calendars) bool {
	return !f.dueDate(cal).IsZero() && f.SubmittedAt.IsZero() && !f.answered(cal)
}

// overdue reports whether a one-off deadline passed before submission.
func (f Facts) overdue(now time.Time, cal Calendars) bool {
	if f.Recurring || f.dueDate(cal).IsZero() {
		return false
	}
	until := now
	if !f.SubmittedAt.IsZero() {
		until = f.SubmittedAt
	}
	if !f.DueTime.IsZero() {
		return until.After(f.DueTime)
	}
	return cal.date(until) > f.Due
}

// periodMissed reports whether a period is late by as much as the profile lets pass.
func (f Facts) periodMissed(p Profile, today calendar.Date, cal Calendars) bool {
	return f.Recurring && f.waiting(cal) && today >= cal.Days.Add(f.Due, max(1, p.Late))
}

// roundMissed is periodMissed for the collections on the way to a deadline (a
// project's monthly word). The next report answers for those before.
func (f Facts) roundMissed(p Profile, today calendar.Date, cal Calendars) bool {
	if f.Recurring || !f.SubmittedAt.IsZero() || f.dueDate(cal).IsZero() {
		return false
	}
	if _, deadline := p.Ladders[StageDue]; !deadline {
		return false
	}
	rounds := planner{p, f, cal}.rounds(f.dueDate(cal))
	return len(rounds) > 0 && today >= cal.Days.Add(rounds[0].due, max(1, p.Late))
}

// behind reports whether measured progress is more than points behind the share
// of working days gone by.
func (f Facts) behind(points int, today calendar.Date, cal Calendars) bool {
	due := f.dueDate(cal)
	if !f.HasPercent || f.Opens.IsZero() || !f.waiting(cal) || today <= f.Opens {
		return false
	}
	all := cal.Days.Between(f.Opens, due)
	if all <= 0 {
		return false
	}
	return 100*cal.Days.Between(f.Opens, min(today, due)) > all*(f.Percent+points)
}
