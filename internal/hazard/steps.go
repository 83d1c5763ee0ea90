package hazard

import (
	"duban/internal/errs"
)

// Step is what may be done about a hazard.
type Step string

// The steps, in the order of an ordinary life.
const (
	ToRegister Step = "register" // 登记
	ToGrade    Step = "grade"    // 定级
	ToAssign   Step = "assign"   // 交办
	ToSign     Step = "sign"     // 签收
	ToContain  Step = "contain"  // 临时管控
	ToSettle   Step = "settle"   // 五落实
	ToProgress Step = "progress" // 整改中
	ToHandUp   Step = "hand_up"  // 提请局里协调
	ToAnswer   Step = "answer"   // 协调结果
	ToFix      Step = "fix"      // 报整改完成
	ToPass     Step = "pass"     // 复查通过
	ToReturn   Step = "return"   // 复查不通过
	ToClose    Step = "close"    // 销号
	ToReopen   Step = "reopen"   // 重开
	ToVoid     Step = "void"     // 作废
	ToMerge    Step = "merge"    // 并入
	ToList     Step = "list"     // 挂牌
)

// Steps lists every step once.
func Steps() []Step {
	return []Step{ToRegister, ToGrade, ToAssign, ToSign, ToContain, ToSettle, ToProgress, ToHandUp, ToAnswer, ToFix, ToPass, ToReturn,
		ToClose, ToReopen, ToVoid, ToMerge, ToList}
}

// moves says which state a step leads to from where; what is not there is refused.
// What belongs to the words of a hazard rather than to its state (who fixed it, the
// five fixings) is held by the steps themselves.
func moves() map[Step]map[State]State {
	staying := map[State]State{}
	for _, s := range States() {
		if s.Open() {
			staying[s] = s
		}
	}
	waiting := []State{Reported, Registered, Graded, Assigned, Reopened}
	working := append([]State{Signed, Fixing}, waiting...)
	return map[Step]map[State]State{
		ToRegister: all(Registered, Reported),
		ToGrade:    with(staying, all(Graded, Reported, Registered)),
		ToAssign:   with(all(Assigned, waiting...), map[State]State{Signed: Signed, Fixing: Fixing}),
		ToSign:     all(Signed, waiting...),
		ToContain:  with(staying, all(Fixing, working...)),
		ToSettle:   with(staying, all(Signed, waiting...)),
		ToProgress: all(Fixing, working...),
		ToHandUp:   all(Fixing, working...),
		ToAnswer:   map[State]State{Signed: Signed, Fixing: Fixing},
		ToFix:      all(Fixed, append([]State{Fixed}, working...)...),
		ToPass:     all(Verified, Fixed),
		ToReturn:   all(Fixing, Fixed),
		ToClose:    all(Closed, Verified),
		ToReopen:   all(Reopened, Closed, Verified, Fixed, Void),
		ToVoid:     to(Void, staying),
		ToMerge:    to(MergedInto, staying),
		ToList:     staying,
	}
}

func all(next State, from ...State) map[State]State {
	m := map[State]State{}
	for _, s := range from {
		m[s] = next
	}
	return m
}

func to(next State, from map[State]State) map[State]State {
	m := map[State]State{}
	for s := range from {
		m[s] = next
	}
	return m
}

// with is the first table with the second one's lines in place of its own.
func with(a, b map[State]State) map[State]State {
	m := map[State]State{}
	for _, t := range []map[State]State{a, b} {
		for from, next := range t {
			m[from] = next
		}
	}
	return m
}

// After returns the state after a step, or a Conflict whose sentence says what to do
// instead.
func (h Hazard) After(s Step) (State, error) {
	next, ok := moves()[s][h.State]
	if !ok {
		return h.State, errs.New(errs.Conflict, h.refusal(s))
	}
	if next == Fixing && h.unsettled() {
		return Signed, nil // a major hazard is taken on, but not being fixed before the five are settled
	}
	return next, nil
}

// refusal is the one place that says why a step is not possible from a state.
func (h Hazard) refusal(s Step) string {
	n := h.Number()
	say := func(format string) string { return fill(format, n, h.State.Say()) }
	switch {
	case s == ToReopen && h.State == MergedInto:
		return say("{n} 已并入另一条隐患，请在那一条上办。")
	case s == ToReopen:
		return say("{n} 现在是“{s}”，本来就没有结束，不用重开。")
	case s == ToSign && !h.State.Open():
		return say("{n} {s}，不用再签收。")
	case h.State == MergedInto:
		return fill("{n} 已并入另一条隐患，不用再办。发“查隐患{q}”看详情。", n, h.State.Say(), h.Seq)
	case !h.State.Open():
		return say("{n} {s}，不用再办。确实没解决的，请发“{n} 又出现了”重新打开。")
	}
	return say(h.refusalOpen(s))
}

// refusalOpen is refusal for what has not ended.
func (h Hazard) refusalOpen(s Step) string {
	switch s {
	case ToRegister:
		return "{n} 已经登记过了，现在是“{s}”。"
	case ToSign:
		return "{n} 已经签收过了，不用再签。"
	case ToAnswer:
		return "{n} 现在没有提请局里协调，不用答复。"
	case ToFix:
		return "{n} 已经复查通过，等着销号，不用再报。"
	case ToPass, ToReturn:
		return h.unreviewed(s)
	case ToClose:
		return "{n} 现在是“{s}”，要先复查通过才能销号。复查过了请发“{n} 复查通过”。"
	}
	if h.State == Verified { // assign, progress, hand up
		return "{n} 已经复查通过，等着销号。其实没修好的，请发“{n} 没修好，重开”。"
	}
	return "{n} 已报整改完成，正在等复查。其实还没修好的，请发“{n} 没修好，重开”。"
}

// unreviewed says what became of a hazard that somebody wants to review. When two
// review at once, the second one reads what the first one found.
func (h Hazard) unreviewed(s Step) string {
	switch {
	case h.State == Verified && s == ToPass:
		return "{n} 已经复查通过，可以发“{n} 销号”。"
	case h.State == Verified:
		return "{n} 已经由别人复查通过，您的意见没有记下。确实没整改好的，请发“{n} 没修好，重开”。"
	case (h.State == Fixing || h.State == Signed) && !h.ReviewedAt.IsZero():
		return "{n} 已经复查过，没有通过，退回整改了。等再报整改完成以后才能复查。"
	}
	return "{n} 现在是“{s}”，还没有报整改完成，不能复查。"
}
