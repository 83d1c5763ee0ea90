package remind

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"duban/internal/calendar"
)

// Reason is a code for why a step is there; the wording is the renderer's.
type Reason string

// The reasons.
const (
	WhyReport   Reason = "report_now"   // just registered: tell at once
	WhyControl  Reason = "control"      // temporary control due
	WhyFive     Reason = "five"         // five fixings due
	WhySign     Reason = "unsigned"     // not signed yet
	WhyCollect  Reason = "collect"      // the period's report is due
	WhyMissed   Reason = "missed"       // the period's report is missing
	WhyDueSoon  Reason = "due_soon"     // the deadline approaches
	WhyDueToday Reason = "due_today"    // the deadline is today
	WhyOverdue  Reason = "overdue"      // the deadline has passed
	WhyWord     Reason = "weekly_word"  // weekly word on a major hazard
	WhyReview   Reason = "review"       // submitted, waiting for review
	WhyPromised Reason = "promised_eta" // moved to the day before the ETA
)

// MoveReason is a code for why a step stands on another date than its rule says.
type MoveReason string

// The reasons for moving.
const (
	NotMoved     MoveReason = ""
	MovedDayOff  MoveReason = "day_off" // the deadline is on a day off, its reminders come earlier
	MovedETA     MoveReason = "eta"     // to the working day before the promised date
	MovedHoliday MoveReason = "holiday" // out of the school holidays
	MovedRestart MoveReason = "restart" // counted from when the stopped escalation was set going again
)

// Step is one thing to tell one level about one subject at one instant.
type Step struct {
	Index     int // place in the schedule, from 0; not stable when facts change
	Stage     Stage
	At        time.Time
	To        Role
	Kind      Kind
	Slip      Slip
	Offset    Offset
	Due       calendar.Date // the date the step is about
	DueAt     time.Time     // the same by the clock, if there is one
	Why       Reason
	MovedFrom calendar.Date // the date the step would have had, zero if not moved
	MovedBy   MoveReason
	Urgent    bool // goes by the clock, past quiet hours and days off
	Missed    int  // how many other steps to the same level this one stands for
}

// Key identifies what a step tells, independent of its time: stage, deadline,
// offset, level and slip. It serves to tell nothing twice.
func (s Step) Key() string {
	k := fmt.Sprintf("%s/%s/%s/%s", s.Stage, s.Due, s.Offset, s.To)
	if s.Slip != NoSlip {
		k += "/" + string(s.Slip)
	}
	if s.Why == WhyPromised { // also when the holidays moved it once more
		k += "/eta:" + s.At.Format(time.DateOnly)
	}
	return k
}

// Schedule returns all steps of the subject in the order of time, from its
// assignment on; what has been told already is Next's business. At one instant
// a level is told at most once. Steps that are not urgent stand at the prepare
// time of a working day. The rules:
//
//   - A deadline on a day off stays; its reminders count from the working day
//     before it and carry MovedFrom.
//   - A report before the deadline rests the reminders for Profile.Rest working
//     days (not that of the day itself); an ETA moves the next one to the working
//     day before the ETA. Neither touches the deadline or the escalation.
//   - A report after the deadline stops the escalation, unless the profile is
//     persistent. Only RestartedAt sets the levels not yet told going again,
//     counted from then.
//   - A reminder to a school in its holidays waits for the first working day of
//     term; when that is past the deadline it goes out on the last one before the
//     holidays instead. Escalation to the bureau goes on.
//   - Signing or reporting ends the signing stage, submitting hands the turn to
//     the reviewer, a report in the period ends an instance.
//   - Closed, suspended, handed up or unconfirmed: nothing.
func Schedule(p Profile, f Facts, cal Calendars) []Step {
	if !f.chased() {
		return nil
	}
	pl := planner{p, f, cal}
	var steps []Step
	for _, c := range pl.clocks() {
		steps = append(steps, pl.run(c)...)
	}
	steps = append(steps, pl.words()...)
	steps = pl.promise(pl.rest(steps))
	steps = pl.holidays(steps)
	steps = slices.DeleteFunc(steps, func(s Step) bool { return s.At.Before(f.Assigned) })
	return order(steps)
}

// order sorts by time and level, leaves one step per level and instant, and
// numbers the result.
func order(steps []Step) []Step {
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.To.rank(), b.To.rank()))
	})
	out := steps[:0]
	for _, s := range steps {
		if n := len(out); n > 0 && out[n-1].At.Equal(s.At) && out[n-1].To == s.To {
			out[n-1] = stronger(out[n-1], s)
			continue
		}
		out = append(out, s)
	}
	for i := range out {
		out[i].Index = i
	}
	return out
}

// stronger merges two steps to one level: the one that weighs more stays and
// stands for the other.
func stronger(a, b Step) Step {
	if weigh(a, b) < 0 {
		a, b = b, a
	}
	a.Missed += b.Missed + 1
	a.Urgent = a.Urgent || b.Urgent
	return a
}

// weigh orders by slip, escalation before reminder, urgency of the stage, then
// the later time and the later rung.
func weigh(a, b Step) int {
	return cmp.Or(
		cmp.Compare(a.Slip.rank(), b.Slip.rank()),
		cmp.Compare(a.kindRank(), b.kindRank()),
		a.At.Compare(b.At),
		cmp.Compare(a.stageRank(), b.stageRank()),
		cmp.Compare(a.Offset.hours(), b.Offset.hours()),
	)
}

func (s Step) kindRank() int {
	if s.Kind == Escalation {
		return 1
	}
	return 0
}

func (s Step) stageRank() int {
	return slices.Index([]Stage{StageWord, StageSign, StageReview, StageCollect, StageDue, StageFive, StageReport, StageControl}, s.Stage)
}
