package hazard

import (
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// Course is what gives a hazard its way: who registered it, to whom it was assigned,
// from when its limits count, what was settled, what the bureau answered, and the
// spot check after closing.
type Course struct {
	RegisteredAt time.Time
	RegisteredBy string
	AssignedAt   time.Time
	AssignedBy   string
	AssignedTo   string    // a person of the unit; empty: its safety officers
	LimitFrom    time.Time // the limits count from here; zero: from the report
	FixDays      int       // chosen time to fix; 0: the default
	ReportedAt   time.Time // the unit's last word
	Five         Five      // 五落实
	FiveAt       time.Time // when the last of the five was told
	HeldFrom     time.Time // the last time the bureau was asked …
	HeldTo       time.Time // … and when it answered
	Coordination string    // what it answered
}

// Since is from when the time limits count.
func (h Hazard) Since() time.Time {
	if h.LimitFrom.IsZero() {
		return h.CreatedAt
	}
	return h.LimitFrom
}

// Five are the five fixings (五落实) of a major hazard, in the unit's words.
type Five struct{ Duty, Measures, Money, Limit, Plan string }

// FiveNames are what the five are called, in their order.
func FiveNames() []string { return []string{"责任", "措施", "资金", "时限", "预案"} }

// Parts are the five in the order of their names.
func (f Five) Parts() []string { return []string{f.Duty, f.Measures, f.Money, f.Limit, f.Plan} }

// Missing names what has not been told.
func (f Five) Missing() []string {
	var names []string
	for i, part := range f.Parts() {
		if part == "" {
			names = append(names, FiveNames()[i])
		}
	}
	return names
}

// Complete reports whether all five are there.
func (f Five) Complete() bool { return len(f.Missing()) == 0 }

// Add takes what is told now and keeps the rest.
func (f Five) Add(g Five) Five {
	was, is := f.Parts(), g.Parts()
	for i, part := range is {
		if part != "" {
			was[i] = words(part)
		}
	}
	return Five{was[0], was[1], was[2], was[3], was[4]}
}

// unsettled reports whether the five fixings are wanted and not complete.
func (h Hazard) unsettled() bool { return h.Level == Major && !h.Five.Complete() }

// settled refuses to call a major hazard being fixed, or fixed, before the five are
// complete. Temporary control is always possible.
func (h Hazard) settled() error {
	if !h.unsettled() {
		return nil
	}
	missing := h.Five.Missing()
	return errs.Newf(errs.Conflict, "%s 是重大隐患，五落实还缺：%s，没有保存。请发“%s 五落实：%s …”补上；临时管控随时可以报，例如“%s 已停用封闭”。",
		h.Number(), strings.Join(missing, "、"), h.Number(), strings.Join(missing, " …；"), h.Number())
}

// Register returns the hazard after it was entered in the ledger.
func (h Hazard) Register(by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToRegister)
	if err != nil {
		return h, err
	}
	h.State, h.RegisteredAt, h.RegisteredBy = next, now, by
	return h, nil
}

// Assign returns the hazard after it was given to somebody of its unit; to is empty
// for the unit's safety officers. Days is the time to fix, 0 leaves it as it is: it
// counts from the grading, so a hazard that is to get one must have been graded.
func (h Hazard) Assign(to string, days int, by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToAssign)
	if err != nil {
		return h, err
	}
	if days > 0 && h.Level == Ungraded {
		return h, errs.Newf(errs.Conflict, "%s 还没有定级，整改时限从定级那天起算。请先发“%s 定为一般”或“%s 定为重大”，再交办。", h.Number(), h.Number(), h.Number())
	}
	if days > 0 {
		h.FixDays = days
	}
	h.State, h.AssignedAt, h.AssignedBy, h.AssignedTo = next, now, by, to
	return h, nil
}

// Settle returns the hazard with what was told of the five fixings.
func (h Hazard) Settle(told Five, by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToSettle)
	if err != nil {
		return h, err
	}
	if h.Level != Major {
		return h, errs.Newf(errs.Conflict, "%s 不是重大隐患，不用报五落实。整改情况请直接发“%s 做了什么”。", h.Number(), h.Number())
	}
	h.take(by, now)
	h.Five = h.Five.Add(told)
	if h.FiveAt.IsZero() && h.Five.Complete() {
		h.FiveAt = now
	}
	h.State, h.ReportedAt = next, now
	return h, nil
}

// Answered returns the hazard after the bureau answered what was handed up to it
// (协调结果). The unit's limits go on from here; Rest gives back the time.
func (h Hazard) Answered(result string, now time.Time) (Hazard, error) {
	next, err := h.After(ToAnswer)
	if err != nil {
		return h, err
	}
	if h.HelpedAt.IsZero() {
		return h, errs.Newf(errs.Conflict, "%s 现在没有提请局里协调，不用答复。", h.Number())
	}
	h.State, h.Coordination = next, words(result)
	h.HeldFrom, h.HeldTo = h.HelpedAt, now
	h.HelpedAt, h.Blocked = time.Time{}, ""
	return h, nil
}

// Rest gives a unit the time that its hazard was with the bureau: an ordinary one as
// many working days, a major one as many hours. What was late before it was handed up
// stays late.
func (h Hazard) Rest(days *calendar.Workdays, loc *time.Location) Hazard {
	from, to := calendar.In(h.HeldFrom, loc), calendar.In(h.HeldTo, loc)
	if h.FixDue.IsZero() || from > h.FixDue {
		return h
	}
	if h.Level == Major {
		h.LimitFrom = h.Since().Add(h.HeldTo.Sub(h.HeldFrom))
		return h
	}
	h.FixDue = days.Add(h.FixDue, days.Between(from, to))
	return h
}

// Former is a fix that did not hold, with its review: kept when a hazard is opened
// again or its fix is sent back.
type Former struct {
	HazardID   int64
	Version    int // of the hazard it was taken from
	Until      time.Time
	Control    string
	FixedAt    time.Time
	FixedBy    string
	FixDay     calendar.Date
	FixNote    string
	ReviewedAt time.Time
	ReviewedBy string
	ReviewNote string
	Passed     bool
	ClosedAt   time.Time
}

// Former is the fix that ends with after, false if there was none.
func (h Hazard) Former(after Hazard, now time.Time) (Former, bool) {
	f := Former{HazardID: h.ID, Version: h.Version, Until: now, Control: h.Control, FixedAt: h.FixedAt, FixedBy: h.FixedBy, FixDay: h.FixDay, FixNote: h.FixNote,
		ReviewedAt: h.ReviewedAt, ReviewedBy: h.ReviewedBy, ReviewNote: h.ReviewNote, Passed: h.State == Verified || h.State == Closed, ClosedAt: h.ClosedAt}
	switch {
	case h.FixedAt.IsZero():
		return Former{}, false
	case after.State == Reopened && h.State != Reopened:
		return f, true
	case h.State == Fixed && after.FixedAt.IsZero(): // sent back
		f.ReviewedAt, f.ReviewedBy, f.ReviewNote = after.ReviewedAt, after.ReviewedBy, after.ReviewNote
		return f, true
	}
	return Former{}, false
}
