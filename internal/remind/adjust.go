package remind

import (
	"slices"

	"duban/internal/calendar"
)

// early reports whether s is a reminder before the deadline that a fresh report
// or a promise makes unnecessary.
func early(s Step) bool {
	return s.Stage == StageDue && s.Kind == Reminder && s.Offset.N < 0 && !s.Urgent
}

// rest takes out the early reminders that would come right after a report:
// nobody is asked again for what was said yesterday.
func (pl planner) rest(steps []Step) []Step {
	if pl.LastReportAt.IsZero() || pl.Rest == 0 {
		return steps
	}
	said := pl.cal.date(pl.LastReportAt)
	return slices.DeleteFunc(steps, func(s Step) bool {
		return early(s) && s.At.After(pl.LastReportAt) && pl.cal.Days.Between(said, pl.cal.date(s.At)) <= pl.Rest
	})
}

// promise moves the next reminder to the working day before the ETA. The ones
// between are dropped with it, except the one on the day of the deadline, which
// does not move. An ETA so near that its eve has passed drops without moving.
func (pl planner) promise(steps []Step) []Step {
	if pl.ETA.IsZero() || pl.LastReportAt.IsZero() || pl.Recurring || !pl.SubmittedAt.IsZero() {
		return steps
	}
	eve := pl.cal.Days.Add(pl.ETA, -1)
	at := pl.prepare(eve)
	next, found := pl.nextReminder(steps)
	steps = slices.DeleteFunc(steps, func(s Step) bool {
		return early(s) && s.At.After(pl.LastReportAt) && s.At.Before(pl.prepare(pl.ETA)) && !s.At.Equal(at)
	})
	if !found || !at.After(pl.LastReportAt) || slices.ContainsFunc(steps, func(s Step) bool { return s.To == Holder && s.At.Equal(at) }) {
		return steps
	}
	if early(next) && next.At.After(pl.LastReportAt) {
		next.MovedFrom = pl.cal.date(next.At)
		steps = slices.DeleteFunc(steps, func(s Step) bool { return early(s) && s.Key() == next.Key() })
	}
	next.At, next.MovedBy, next.Why = at, MovedETA, WhyPromised
	return append(steps, next)
}

// nextReminder returns the first reminder to the holder about the deadline after
// the last report or, past the deadline, the last one there was.
func (pl planner) nextReminder(steps []Step) (Step, bool) {
	var last Step
	for _, s := range steps {
		if s.Stage != StageDue || s.Kind != Reminder || s.To != Holder || s.Urgent {
			continue
		}
		if last = s; s.At.After(pl.LastReportAt) {
			break
		}
	}
	last.MovedFrom = 0
	return last, last.Stage != ""
}

// holidays keeps reminders to a school out of its holidays.
func (pl planner) holidays(steps []Step) []Step {
	if !pl.School || pl.InHolidays {
		return steps
	}
	out := steps[:0]
	for _, s := range steps {
		if s.To == Holder && !s.Urgent && !pl.inTerm(pl.cal.date(s.At)) {
			var ok bool
			if s, ok = pl.moveIntoTerm(s); !ok {
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

func (pl planner) inTerm(d calendar.Date) bool { return pl.cal.Terms.InTerm(pl.TermKind, d) }

// moveIntoTerm moves a reminder forward to the first working day of term. If it
// was to come before the deadline and the deadline is in the holidays too, it
// goes back to the last working day of the term before; false if that was over
// before the assignment.
func (pl planner) moveIntoTerm(s Step) (Step, bool) {
	day := pl.cal.date(s.At)
	to, due := pl.termDay(day, 1), pl.dueDate(pl.cal)
	if !due.IsZero() && day <= due && to > due {
		to = pl.termDay(day, -1)
	}
	s.At = pl.prepare(to)
	if s.MovedFrom.IsZero() {
		s.MovedFrom = day
	}
	if s.MovedBy = MovedHoliday; s.MovedFrom == to {
		s.MovedBy, s.MovedFrom = NotMoved, 0 // two moves that cancel out
	}
	// A promise never goes out before the report that made it.
	return s, s.At.After(pl.Assigned) && (s.Why != WhyPromised || s.At.After(pl.LastReportAt))
}

// termDay is the nearest working day in term from d in the direction of step.
// Beyond the data every day counts as term, so the search ends.
func (pl planner) termDay(d calendar.Date, step int) calendar.Date {
	for !pl.inTerm(d) || !pl.cal.Days.IsWorkday(d) {
		d = d.Add(step)
	}
	return d
}
