package duty

import (
	"duban/internal/calendar"
	"duban/internal/errs"
)

// Verb is what may be done about an item as a whole, as opposed to one unit's
// work on it.
type Verb string

// The verbs of the office and of the leader in charge.
const (
	ToConfirm Verb = "confirm" // 确认立项
	ToRefuse  Verb = "refuse"  // 不予立项
	ToChange  Verb = "change"  // date, owner, wording
	ToSuspend Verb = "suspend" // 中止
	ToResume  Verb = "resume"  // 恢复办理
	ToVoid    Verb = "void"    // 作废
	ToArchive Verb = "archive" // 归档
)

// Verbs lists every verb once.
func Verbs() []Verb {
	return []Verb{ToConfirm, ToRefuse, ToChange, ToSuspend, ToResume, ToVoid, ToArchive}
}

// ItemStates lists every state of an item once, in the order of its life.
func ItemStates() []ItemState {
	return []ItemState{Draft, Confirmed, Suspended, ClosedIt, Archived, VoidItem}
}

// After returns the state after a verb, or a Conflict whose sentence says what to
// do instead. The work of the units is left as it is: an item that is suspended
// and resumed goes on with the same deadlines, the same submitted reports and the
// same red lamps.
func (s ItemState) After(v Verb) (ItemState, error) {
	allowed := map[ItemState]map[Verb]ItemState{
		Draft:     {ToConfirm: Confirmed, ToRefuse: VoidItem, ToChange: Draft, ToVoid: VoidItem},
		Confirmed: {ToChange: Confirmed, ToSuspend: Suspended, ToVoid: VoidItem, ToArchive: Archived},
		Suspended: {ToResume: Confirmed, ToVoid: VoidItem},
		ClosedIt:  {ToArchive: Archived},
	}
	if next, ok := allowed[s][v]; ok {
		return next, nil
	}
	return s, errs.New(errs.Conflict, s.refusal(v))
}

func (s ItemState) refusal(v Verb) string {
	switch {
	case s == VoidItem:
		return "这一项已经作废或没有立项，不能再办。需要的话请重新立项。"
	case s == Archived:
		return "这一项已经归档，不能再改。需要的话请重新立项。"
	case s == ClosedIt:
		return "这一项已经办结，只能归档。需要重办的话请重新立项。"
	case s == Draft && v == ToArchive:
		return "这一项还没有立项，不用归档。不办了请发“不予立项”加编号。"
	case s == Draft:
		return "这一项还没有立项，本来就不提醒、不催办。要立项请发“确认立项”加编号。"
	case s == Suspended && v == ToSuspend:
		return "这一项已经中止了。要接着办请发编号加“恢复办理”。"
	case s == Suspended:
		return "这一项已中止，请先发编号加“恢复办理”，再办这件事。"
	case v == ToResume:
		return "这一项正在办理，没有中止，不用恢复。"
	case v == ToRefuse:
		return "这一项已经立项，不能再不予立项。不办了请发编号加“作废，原因…”。"
	default:
		return "这一项已经立项了，不用再确认。要改请发编号加“期限改为…”“牵头改为…”或“事项改为…”。"
	}
}

// Change returns the work after the office moved the item's deadline. Work that
// is past its deadline keeps it, and so its red lamp: the new date is only what is
// now expected. So is that of a period, whose date comes from the rules.
func (a Assignment) Change(due, today calendar.Date) Assignment {
	switch {
	case a.Period != "" || !a.State.Open() && a.State != Submitted:
	case a.State == Submitted && !a.Due.IsZero(): // what was said in time, or late, stays so
	case !a.Due.IsZero() && a.Due < today:
		a.ETA = due
	default:
		a.Due = due
	}
	return a
}
