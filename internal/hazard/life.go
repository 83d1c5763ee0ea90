package hazard

import (
	"time"
	"unicode/utf8"

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

// maxWords bounds the free text of one step, in runes.
const maxWords = 400

// words bounds a free text; what is longer is cut, since the history keeps the
// beginning and photos tell the rest.
func words(s string) string {
	if utf8.RuneCountInString(s) <= maxWords {
		return s
	}
	return string([]rune(s)[:maxWords])
}

// live refuses a step on what has ended.
func (h Hazard) live() error {
	if h.State.Open() {
		return nil
	}
	if h.State == MergedInto {
		return errs.Newf(errs.Conflict, "%s 已并入另一条隐患，不用再办。发“查隐患%d”看详情。", h.Number(), h.Seq)
	}
	return errs.Newf(errs.Conflict, "%s %s，不用再办。确实没解决的，请发“%s 又出现了”重新打开。", h.Number(), h.State.Say(), h.Number())
}

// Grade returns the hazard after the safety section decided how serious it is.
func (h Hazard) Grade(level Level, by string, now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
		return h, err
	}
	if level != Ordinary && level != Major {
		return h, errs.Newf(errs.Invalid, "请写定为“一般”还是“重大”，例如“%s 定为重大”。", h.Number())
	}
	if h.Level == level {
		return h, errs.Newf(errs.Conflict, "%s 已经定为%s隐患了。", h.Number(), level)
	}
	h.Level, h.GradedAt, h.GradedBy = level, now, by
	if h.State == Reported || h.State == Registered {
		h.State = Graded
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
	if err := h.live(); err != nil {
		return h, err
	}
	h.take(by, now)
	h.Control, h.ControlledAt, h.State = words(how), now, Fixing
	return h, nil
}

// Progress returns the hazard while it is being mended. Eta may be zero.
func (h Hazard) Progress(eta calendar.Date, by string, now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
		return h, err
	}
	h.take(by, now)
	h.State = Fixing
	if !eta.IsZero() {
		h.ETA = eta
	}
	return h, nil
}

// Stuck returns the hazard that the unit cannot mend by itself. It is handed up
// to the bureau, and the unit's own time limits stand still.
func (h Hazard) Stuck(why, by string, now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
		return h, err
	}
	h.take(by, now)
	h.Blocked, h.State = words(why), Fixing
	if h.HelpedAt.IsZero() {
		h.HelpedAt = now
	}
	return h, nil
}

// Fix returns the hazard that waits for its review. Day is when it was mended.
func (h Hazard) Fix(note string, day calendar.Date, by string, now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
		return h, err
	}
	if h.State == Verified {
		return h, errs.Newf(errs.Conflict, "%s 已经复查通过，等着销号，不用再报。", h.Number())
	}
	h.take(by, now)
	h.State, h.FixedAt, h.FixedBy, h.FixDay, h.FixNote = Fixed, now, by, day, words(note)
	h.Blocked, h.HelpedAt = "", time.Time{}
	return h, nil
}

// Review returns the hazard after somebody else looked at the fix. The reviewer is
// never the fixer. Self says that the school reviews its own fix.
func (h Hazard) Review(pass bool, note, by string, self bool, now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
		return h, err
	}
	switch {
	case h.State == Verified && pass:
		return h, errs.Newf(errs.Conflict, "%s 已经复查通过，可以发“%s 销号”。", h.Number(), h.Number())
	case h.State != Fixed && h.State != Verified:
		return h, errs.Newf(errs.Conflict, "%s 现在是“%s”，还没有报整改完成，不能复查。", h.Number(), h.State.Say())
	case h.FixedBy == by:
		return h, errs.Newf(errs.Forbidden, "%s 的整改是您报的，要请别人复查：本单位另一位负责人，或安全法规股。", h.Number())
	}
	h.ReviewedAt, h.ReviewedBy, h.ReviewNote, h.SelfReviewed = now, by, words(note), self && pass
	h.State = Verified
	if !pass {
		h.State, h.FixedAt, h.FixDay = Fixing, time.Time{}, 0
	}
	return h, nil
}

// Close returns the hazard after 销号. Only what was reviewed can be closed.
func (h Hazard) Close(by string, now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
		return h, err
	}
	if h.State != Verified {
		return h, errs.Newf(errs.Conflict, "%s 现在是“%s”，要先复查通过才能销号。复查过了请发“%s 复查通过”。", h.Number(), h.State.Say(), h.Number())
	}
	h.State, h.ClosedAt, h.ClosedBy = Closed, now, by
	return h, nil
}

// Reopen returns the hazard that turned out not to be solved. The number stays,
// and what was told before stays in the history.
func (h Hazard) Reopen(now time.Time) (Hazard, error) {
	if h.State != Closed && h.State != Verified && h.State != Fixed && h.State != Void {
		return h, errs.Newf(errs.Conflict, "%s 现在是“%s”，本来就没有结束，不用重开。", h.Number(), h.State.Say())
	}
	h.State, h.Reopened = Reopened, h.Reopened+1
	h.SignedAt, h.SignedBy = time.Time{}, ""
	h.Life = Life{GradedAt: h.GradedAt, GradedBy: h.GradedBy, ListedAt: h.ListedAt, Reopened: h.Reopened}
	return h, nil
}

// Cancel returns the hazard that was none (作废).
func (h Hazard) Cancel(by string, now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
		return h, err
	}
	h.State, h.ClosedAt, h.ClosedBy = Void, now, by
	return h, nil
}

// MergeInto returns the hazard that another one carries on.
func (h Hazard) MergeInto(other Hazard, by string, now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
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
	h.State, h.MergedInto, h.ClosedAt, h.ClosedBy = MergedInto, other.ID, now, by
	return h, nil
}

// List returns the hazard under public supervision (挂牌督办).
func (h Hazard) List(now time.Time) (Hazard, error) {
	if err := h.live(); err != nil {
		return h, err
	}
	if !h.ListedAt.IsZero() {
		return h, errs.Newf(errs.Conflict, "%s 已经挂牌了。", h.Number())
	}
	h.ListedAt = now
	return h, nil
}
