package duty

import (
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// Review returns the assignment after the supervising side looked at what was
// reported as done. A return moves no deadline: the lamp goes on as if nothing
// had been reported.
func (a Assignment) Review(pass bool, now time.Time) (Assignment, error) {
	switch {
	case a.State == Closed && pass:
		return a, errs.New(errs.Conflict, "这一项已经办结了，不用再审核。")
	case a.State == Closed:
		return a, errs.New(errs.Conflict, "这一项已经办结，不能再退回。需要重办请联系局办公室。")
	case a.State != Submitted:
		return a, errs.New(errs.Conflict, "这一项还没有报结，现在不用审核。要催一下可以发“催办”加编号。")
	}
	if pass {
		a.State, a.Evidence, a.ClosedAt = Closed, Reviewed, now
		return a, nil
	}
	a.State, a.Status = Returned, Working
	return a, nil
}

// Extension is a wish for a later deadline (延期) and what became of it.
type Extension struct {
	ID           int64
	AssignmentID int64
	AskedBy      string
	AskedAt      time.Time
	OldDue       calendar.Date
	NewDue       calendar.Date
	Reason       string
	Late         bool // asked after the deadline: the red lamp stays
	State        ExtensionState
	DecidedBy    string
	DecidedAt    time.Time
	Note         string
}

// ExtensionState is where a wish stands.
type ExtensionState string

// The states of a wish.
const (
	ExtensionOpen     ExtensionState = "open"
	ExtensionApproved ExtensionState = "approved"
	ExtensionRejected ExtensionState = "rejected"
	ExtensionReplaced ExtensionState = "replaced" // by a later wish
	ExtensionTaken    ExtensionState = "withdrawn"
)

// AskExtension checks a wish and returns it. One asked after the deadline is
// taken, marked late.
func (a Assignment) AskExtension(to calendar.Date, reason, by string, now time.Time, today calendar.Date) (Extension, error) {
	switch {
	case !a.State.Open():
		return Extension{}, closedError(a.State)
	case a.Part == Assist:
		return Extension{}, errs.New(errs.Conflict, "协办不考核期限，不用申请延期。")
	case a.Due.IsZero():
		return Extension{}, errs.New(errs.Invalid, "这一项没有规定期限，不用申请延期。")
	case to <= a.Due:
		return Extension{}, errs.Newf(errs.Invalid, "新的期限要晚于现在的期限 %s，请改一下日期再发。", a.Due.Say(today))
	case to < today:
		return Extension{}, errs.Newf(errs.Invalid, "%s 已经过去了，请写一个今天以后的日期。", to.Say(today))
	case reason == "":
		return Extension{}, errs.New(errs.Invalid, "申请延期要写原因，请再发一次。")
	}
	return Extension{AssignmentID: a.ID, AskedBy: by, AskedAt: now, OldDue: a.Due, NewDue: to, Reason: reason, Late: a.Due < today, State: ExtensionOpen}, nil
}

// Decide returns the wish and the assignment after the supervising side decided.
// Approving a late wish does not whiten the red lamp that was shown: the deadline
// stays and the new date becomes the promised one.
func (e Extension) Decide(a Assignment, approve bool, by, note string, now time.Time) (Extension, Assignment, error) {
	if e.State != ExtensionOpen {
		return e, a, errs.New(errs.Conflict, "这条延期申请已经处理过了。")
	}
	e.DecidedBy, e.DecidedAt, e.Note, e.State = by, now, note, ExtensionRejected
	if !approve {
		return e, a, nil
	}
	e.State = ExtensionApproved
	a.ETA = e.NewDue
	if !e.Late {
		a.Due, a.ETA = e.NewDue, 0
	}
	return e, a, nil
}
