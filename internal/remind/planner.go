package remind

import (
	"time"

	"duban/internal/calendar"
)

// planner carries what all the small rules of one Schedule call look at.
type planner struct {
	Profile
	Facts
	cal Calendars
}

// ticking is one clock that runs: its stage and its deadline.
type ticking struct {
	stage Stage
	due   calendar.Date
	at    time.Time // deadline by the clock; set for ladders that use hours
}

// clocks returns the clocks that tick, given what has happened.
func (pl planner) clocks() []ticking {
	var out []ticking
	add := func(stage Stage, start time.Time, open bool) {
		if l, ok := pl.Ladders[stage]; ok && open && !start.IsZero() {
			out = append(out, pl.limit(stage, l.Limit, start))
		}
	}
	if !pl.SubmittedAt.IsZero() {
		add(StageReview, pl.SubmittedAt, true)
		return out
	}
	unseen := pl.SignedAt.IsZero() && pl.LastReportAt.IsZero()
	add(StageReport, pl.Assigned, unseen && !pl.Planned)
	add(StageControl, pl.Assigned, pl.ControlAt.IsZero())
	add(StageFive, pl.Assigned, pl.FiveAt.IsZero())
	add(StageSign, pl.Assigned, unseen && !pl.Recurring)
	due := pl.dueDate(pl.cal)
	switch {
	case due.IsZero():
	case pl.Recurring && !pl.answered(pl.cal):
		out = append(out, ticking{stage: StageCollect, due: due})
	case pl.atTheEnd():
		out = append(out, ticking{stage: StageCollect, due: due})
	case !pl.Recurring:
		out = append(out, ticking{StageDue, due, pl.deadline(due)})
		out = append(out, pl.rounds(due)...)
	}
	return out
}

// atTheEnd reports whether a duty whose first collection would come after its end
// waits for one report, at the end.
func (pl planner) atTheEnd() bool {
	_, deadline := pl.Ladders[StageDue]
	return pl.HasCollect() && !deadline && !pl.Recurring && pl.LastReportAt.IsZero()
}

// rounds returns the collections on the way to a deadline (a project's monthly
// word) that no report answers yet: one in a period answers for it and ends those
// before.
func (pl planner) rounds(due calendar.Date) []ticking {
	if _, ok := pl.Ladders[StageCollect]; !ok || !pl.HasCollect() || pl.Assigned.IsZero() {
		return nil
	}
	var out []ticking
	said := pl.cal.date(pl.LastReportAt)
	for _, in := range Instances(pl.Profile, pl.cal.date(pl.Assigned), due.Add(-1), pl.cal, Who{pl.School && !pl.InHolidays, pl.TermKind}) {
		if pl.LastReportAt.IsZero() || said < in.Opens {
			out = append(out, ticking{stage: StageCollect, due: in.Due})
		}
	}
	return out
}

// limit turns a limit and its start into a deadline.
func (pl planner) limit(stage Stage, limit Offset, start time.Time) ticking {
	if limit.Hours {
		at := start.Add(time.Duration(limit.N) * time.Hour)
		return ticking{stage, pl.cal.date(at), at}
	}
	due := pl.cal.Days.Add(pl.cal.date(start), limit.N)
	return ticking{stage, due, due.Add(1).At(0, 0, pl.cal.Loc)}
}

// deadline is the instant of the deadline: the end of the day unless the facts
// say more.
func (pl planner) deadline(due calendar.Date) time.Time {
	if !pl.DueTime.IsZero() {
		return pl.DueTime
	}
	return due.Add(1).At(0, 0, pl.cal.Loc)
}

// run turns the ladder of a clock into steps.
func (pl planner) run(c ticking) []Step {
	var steps []Step
	for _, r := range pl.Ladders[c.stage].Rules {
		if r.Kind == Escalation && pl.Assisting {
			continue
		}
		s := Step{Stage: c.stage, To: r.To, Kind: r.Kind, Slip: r.Slip, Offset: r.At, Due: c.due, Why: why(c.stage, r.At)}
		if r.At.Hours || !pl.DueTime.IsZero() && c.stage == StageDue {
			s.DueAt = c.at
		}
		if r.At.Hours {
			s.Urgent = true
			s.At = c.at.Add(time.Duration(r.At.N) * time.Hour)
		} else {
			pl.place(&s, c)
		}
		steps = append(steps, s)
	}
	if c.stage == StageDue {
		return pl.halt(steps)
	}
	return steps
}

// place puts a step that counts in working days on its date.
func (pl planner) place(s *Step, c ticking) {
	n, days := s.Offset.N, pl.cal.Days
	if n > 0 {
		s.At = pl.prepare(days.Add(pl.overdueFrom(c), n))
		return
	}
	anchor := days.PrevOnOrBefore(c.due)
	s.At = pl.prepare(days.Add(anchor, n))
	if anchor != c.due {
		s.MovedBy, s.MovedFrom = MovedDayOff, days.Add(c.due, n)
	}
}

// overdueFrom is the day escalation counts from: the deadline, or the later day
// on which something overdue was handed to a new holder or woke up from a
// suspension that began before the deadline.
func (pl planner) overdueFrom(c ticking) calendar.Date {
	if c.stage != StageDue {
		return c.due
	}
	from := max(c.due, pl.cal.date(pl.Assigned))
	if !pl.StoppedAt.IsZero() && pl.cal.date(pl.StoppedAt) <= c.due && pl.RestartedAt.After(pl.StoppedAt) {
		from = max(from, pl.cal.date(pl.RestartedAt))
	}
	return from
}

func (pl planner) prepare(d calendar.Date) time.Time {
	return pl.Hours.Prepare.On(d, pl.cal.Loc)
}

// halt takes out the escalation that a report stopped and, if somebody set it
// going again, appends the levels not yet told, counted from then with the same
// distances.
func (pl planner) halt(steps []Step) []Step {
	at, stopped := pl.stopped(pl.Profile, pl.cal)
	if !stopped {
		return steps
	}
	var kept []Step
	var told Offset // last rung before the halt
	for _, s := range steps {
		switch {
		case s.Kind == Reminder && s.Offset.N <= 0 || !s.At.After(at):
			kept = append(kept, s)
			if s.Kind == Escalation {
				told = s.Offset
			}
		case pl.RestartedAt.After(at):
			kept = append(kept, pl.resume(s, told))
		}
	}
	return kept
}

// resume moves a rung so that it follows the restart as it followed the last
// rung told.
func (pl planner) resume(s Step, told Offset) Step {
	s.MovedBy, s.MovedFrom = MovedRestart, pl.cal.date(s.At)
	if s.Offset.Hours {
		s.At = pl.RestartedAt.Add(time.Duration(s.Offset.hours()-told.hours()) * time.Hour)
		return s
	}
	n := max(1, s.Offset.N-told.hours()/24)
	s.At = pl.prepare(pl.cal.Days.Add(pl.cal.date(pl.RestartedAt), n))
	return s
}

// words returns the weekly words asked for between assignment and deadline; a
// report in the same week answers for it.
func (pl planner) words() []Step {
	due := pl.dueDate(pl.cal)
	if !pl.Word || pl.Assigned.IsZero() || due.IsZero() || !pl.SubmittedAt.IsZero() {
		return nil
	}
	var steps []Step
	for w := calendar.PeriodOf(calendar.Week, pl.cal.date(pl.Assigned)); w.From <= due; w = w.Next() {
		friday := weekdayOf(w.From, pl.Hours.Weekly)
		day := pl.cal.Days.PrevOnOrBefore(friday)
		if day < w.From || !pl.LastReportAt.IsZero() && w.Contains(pl.cal.date(pl.LastReportAt)) {
			continue
		}
		s := Step{Stage: StageWord, At: pl.prepare(day), To: Holder, Kind: Reminder, Due: day, Why: WhyWord}
		if day != friday {
			s.MovedBy, s.MovedFrom = MovedDayOff, friday
		}
		steps = append(steps, s)
	}
	return steps
}

func why(stage Stage, o Offset) Reason {
	switch stage {
	case StageReport:
		return WhyReport
	case StageControl:
		return WhyControl
	case StageFive:
		return WhyFive
	case StageSign:
		return WhySign
	case StageReview:
		return WhyReview
	case StageCollect:
		if o.N > 0 {
			return WhyMissed
		}
		return WhyCollect
	}
	switch {
	case o.N > 0:
		return WhyOverdue
	case o.N == 0:
		return WhyDueToday
	}
	return WhyDueSoon
}
