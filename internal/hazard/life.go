package hazard

import (
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// Life is what happens to a hazard between signing and closing. A former fix and
// its review stay in the history when the hazard is opened again.
type Life struct {
	GradedAt     time.Time
	GradedBy     string
	Control      string // temporary control (临时管控), in the fixer's words
	ControlledAt time.Time
	Blocked      string    // why it cannot be mended by the unit itself
	HelpedAt     time.Time // when it was handed up to the bureau (提请局里协调)
	ETA          calendar.Date
	FixedAt      time.Time
	FixedBy      string
	FixDay       calendar.Date // the day on which it was mended, as told
	FixNote      string
	ReviewedAt   time.Time
	ReviewedBy   string
	ReviewNote   string
	SelfReviewed bool // reviewed by the school itself: on the spot-check list
	ClosedAt     time.Time
	ClosedBy     string
	MergedInto   int64     // id of the hazard that went on
	ListedAt     time.Time // publicly supervised (挂牌) since
	Reopened     int       // how often
}

// Grade returns the hazard after the safety section decided how serious it is, and
// within how many days it is to be fixed (0: the default; the policy bounds them). The
// limits count from now on. What is found to be major is not being fixed any more
// until the five fixings are settled.
func (h Hazard) Grade(level Level, days int, by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToGrade)
	if err != nil {
		return h, err
	}
	if level != Ordinary && level != Major {
		return h, errs.Newf(errs.Invalid, "请写定为“一般”还是“重大”，例如“%s 定为重大”。", h.Number())
	}
	switch {
	case h.Level == level && (days == 0 || days == h.FixDays):
		return h, errs.Newf(errs.Conflict, "%s 已经定为%s隐患了。", h.Number(), level)
	case h.Level == level: // another time to fix, counted from the same day
		h.GradedAt, h.GradedBy, h.FixDays = now, by, days
		return h, nil
	}
	h.Level, h.GradedAt, h.GradedBy, h.LimitFrom, h.FixDays = level, now, by, now, days
	if h.State = next; next == Fixing && h.unsettled() {
		h.State = Signed
	}
	return h, nil
}

// take signs on the way: who works on a hazard has plainly taken note.
func (h *Hazard) take(by string, now time.Time) {
	if h.SignedAt.IsZero() {
		h.SignedAt, h.SignedBy = now, by
	}
}

// Contain returns the hazard after it was put under temporary control. That is no
// fix: the time limit goes on.
func (h Hazard) Contain(how, by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToContain)
	if err != nil {
		return h, err
	}
	h.take(by, now)
	h.Control, h.ControlledAt, h.ReportedAt, h.State = words(how), now, now, next
	return h, nil
}

// Progress returns the hazard while it is being mended. Eta may be zero.
func (h Hazard) Progress(eta calendar.Date, by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToProgress)
	if err == nil {
		err = h.settled()
	}
	if err != nil {
		return h, err
	}
	h.take(by, now)
	h.State, h.ReportedAt = next, now
	if !eta.IsZero() {
		h.ETA = eta
	}
	return h, nil
}

// Stuck returns the hazard that the unit cannot mend by itself. It is handed up
// to the bureau, and the unit's own time limits stand still.
func (h Hazard) Stuck(why, by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToHandUp)
	if err != nil {
		return h, err
	}
	h.take(by, now)
	h.Blocked, h.ReportedAt, h.State = words(why), now, next
	if h.HelpedAt.IsZero() {
		h.HelpedAt = now
	}
	return h, nil
}

// Fix returns the hazard that waits for its review. Day is when it was mended.
func (h Hazard) Fix(note string, day calendar.Date, by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToFix)
	if err == nil {
		err = h.settled()
	}
	if err != nil {
		return h, err
	}
	h.take(by, now)
	h.ReportedAt = now
	h.State, h.FixedAt, h.FixedBy, h.FixDay, h.FixNote = next, now, by, day, words(note)
	h.Blocked, h.HelpedAt = "", time.Time{}
	return h, nil
}

// Review returns the hazard after somebody else looked at the fix. The reviewer is
// never the fixer. Self says that the school reviews its own fix.
func (h Hazard) Review(pass bool, note, by string, self bool, now time.Time) (Hazard, error) {
	step := ToReturn
	if pass {
		step = ToPass
	}
	next, err := h.After(step)
	if err == nil && pass {
		err = h.settled()
	}
	if err != nil {
		return h, err
	}
	if h.FixedBy == by {
		return h, errs.Newf(errs.Forbidden, "%s 的整改是您报的，要请别人复查：本单位另一位负责人，或安全法规股。", h.Number())
	}
	h.ReviewedAt, h.ReviewedBy, h.ReviewNote, h.SelfReviewed = now, by, words(note), self && pass
	if h.State = next; !pass {
		h.FixedAt, h.FixDay = time.Time{}, 0
	}
	return h, nil
}

// Close returns the hazard after 销号. Only what was reviewed can be closed.
func (h Hazard) Close(by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToClose)
	if err != nil {
		return h, err
	}
	h.State, h.ClosedAt, h.ClosedBy = next, now, by
	return h, nil
}

// Reopen returns the hazard that turned out not to be solved. The number stays,
// and what was told before stays in the history.
func (h Hazard) Reopen(now time.Time) (Hazard, error) {
	next, err := h.After(ToReopen)
	if err != nil {
		return h, err
	}
	h.State, h.Reopened, h.LimitFrom = next, h.Reopened+1, now
	h.ReportedAt = time.Time{}
	h.SignedAt, h.SignedBy = time.Time{}, ""
	h.Life = Life{GradedAt: h.GradedAt, GradedBy: h.GradedBy, ListedAt: h.ListedAt, Reopened: h.Reopened}
	return h, nil
}

// Cancel returns the hazard that was none (作废).
func (h Hazard) Cancel(by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToVoid)
	if err != nil {
		return h, err
	}
	h.State, h.ClosedAt, h.ClosedBy = next, now, by
	return h, nil
}

// MergeInto returns the hazard that another one carries on.
func (h Hazard) MergeInto(other Hazard, by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToMerge)
	if err != nil {
		return h, err
	}
	if h.ID == other.ID {
		return h, errs.New(errs.Invalid, "同一条隐患不用合并。")
	}
	if !other.State.Open() {
		return h, errs.Newf(errs.Conflict, "%s %s，不能并到它下面。请换一条还没结束的。", other.Number(), other.State.Say())
	}
	if h.UnitID != other.UnitID {
		return h, errs.Newf(errs.Invalid, "%s 和 %s 不是同一个单位的，不能合并。", h.Number(), other.Number())
	}
	if h.Listed() && !other.Listed() || h.Level == Major && other.Level != Major { // the graver one goes on
		why := "正在挂牌督办"
		if h.Level == Major {
			why = "是重大隐患"
		}
		return h, errs.Newf(errs.Conflict, "%s %s，请保留这一条：“%s 和 %s 重复，保留 %s”。", h.Number(), why, h.Number(), other.Number(), h.Number())
	}
	h.State, h.MergedInto, h.ClosedAt, h.ClosedBy = next, other.ID, now, by
	return h, nil
}

// Listed reports whether the hazard is under public supervision (挂牌督办) now. Closing
// ends it; when it began stays on record.
func (h Hazard) Listed() bool { return h.State.Open() && !h.ListedAt.IsZero() }

// Unlist returns the hazard out of public supervision (摘牌) though it is not closed.
func (h Hazard) Unlist() (Hazard, error) {
	if _, err := h.After(ToList); err != nil {
		return h, err
	}
	if h.ListedAt.IsZero() {
		return h, errs.Newf(errs.Conflict, "%s 没有挂牌，不用摘牌。", h.Number())
	}
	h.ListedAt = time.Time{}
	return h, nil
}

// List returns the hazard under public supervision (挂牌督办).
func (h Hazard) List(now time.Time) (Hazard, error) {
	if _, err := h.After(ToList); err != nil {
		return h, err
	}
	if !h.ListedAt.IsZero() {
		return h, errs.Newf(errs.Conflict, "%s 已经挂牌了。", h.Number())
	}
	h.ListedAt = now
	return h, nil
}
