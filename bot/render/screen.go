package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"duban/internal/calendar"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/remind"
	"duban/internal/supervise"
)

// MaxDecisions bounds what a leader is asked in one morning.
const MaxDecisions = 3

// Standing counts how things are in what a leader answers for.
type Standing struct {
	Red, Yellow, Major int
	Hazards            bool // hazards are this reader's business
}

// Screen is a leader's morning (领导早报): how things stand, what this reader has to
// decide, and how much else there is.
type Screen struct {
	Now       Standing
	Before    Standing      // of the last morning that was told …
	On        calendar.Date // … on this day; zero if there was none
	Decisions []Told
	Waiting   int // further decisions
	Own       int // the reader's own work
	Others    int // what the sections are working on
}

// Fill takes the entries, the most urgent first: a few decisions are shown, the rest
// is counted.
func (p *Screen) Fill(entries []Told) {
	for _, e := range entries {
		switch {
		case shown(e) && len(p.Decisions) < MaxDecisions:
			p.Decisions = append(p.Decisions, e)
		case shown(e):
			p.Waiting++
		case e.Own:
			p.Own++
		default:
			p.Others++
		}
	}
}

// Waiting is what waits for a leader without having been told by a notice.
type Waiting struct {
	Wishes   []supervise.Wish
	HandedUp []hazard.Hazard
}

// Has reports whether what an entry is about is among it.
func (w Waiting) Has(e Told) bool {
	return e.Work != nil && slices.ContainsFunc(w.Wishes, func(o supervise.Wish) bool { return o.Work.ID == e.Work.ID }) ||
		e.Hazard != nil && slices.ContainsFunc(w.HandedUp, func(o hazard.Hazard) bool { return o.ID == e.Hazard.ID })
}

// Urgent puts what was told and what waits into one list, what the reader has to
// decide first. What is about the same work or hazard becomes one entry.
func Urgent(told []Told, waiting Waiting) []Told {
	list := slices.Clone(told)
	for _, w := range waiting.Wishes {
		if i := slices.IndexFunc(list, func(e Told) bool { return e.Work != nil && e.Work.ID == w.Work.ID && decides(e) }); i >= 0 {
			list[i].Wish = &w.Extension
			continue
		}
		list = append(list, Told{Work: &w.Work, Wish: &w.Extension})
	}
	for _, h := range waiting.HandedUp {
		if !slices.ContainsFunc(list, func(e Told) bool { return e.Hazard != nil && e.Hazard.ID == h.ID && decides(e) }) {
			list = append(list, Told{Hazard: &h})
		}
	}
	slices.SortStableFunc(list, func(a, b Told) int { return cmp.Compare(urgency(b), urgency(a)) })
	return list
}

// decides reports whether an entry asks its reader for a decision.
func decides(e Told) bool {
	switch e.Notice.Kind {
	case notice.Escalation, notice.WorkUpdate, notice.Waiting, notice.BindRequest, notice.Alarm:
		return true
	case "": // no notice: it waits
		return true
	}
	why, _, _ := e.Notice.Rung()
	return remind.Reason(why) == remind.WhyReview && !e.Own
}

// shown reports whether an entry is worth one of the few places: what is to be
// decided, what became of a slip, which this reader had to press for, and what the
// reader follows.
func shown(e Told) bool { return decides(e) || e.Slip != nil || isNews(e) }

// urgency orders entries; what is not to be decided comes last.
func urgency(e Told) int {
	_, slip, _ := e.Notice.Rung()
	switch {
	case e.Slip != nil:
		return 40
	case !decides(e):
		return 0
	case e.Notice.Kind == notice.Alarm:
		return 95
	case e.Notice.Kind == notice.Escalation && e.Hazard != nil:
		return 100
	case remind.Slip(slip) == remind.Red:
		return 90
	case e.Hazard != nil:
		return 85 // handed up to the bureau
	case remind.Slip(slip) == remind.Yellow:
		return 80
	case e.Wish != nil:
		return 70
	case e.Notice.Kind == notice.Escalation:
		return 50
	}
	return 60
}

// TodayWords ask for all entries of a leader's morning.
const TodayWords = "今天"

// Screen words it.
func (c Context) Screen(p Screen) (title, text string) {
	title = "今天的督办情况"
	lines := []string{"早上好！" + c.Today.Say(c.Today) + "，" + p.standing(c.Today)}
	if n := len(p.Decisions); n > 0 {
		title = fmt.Sprintf("请您定 %d 件事", n)
		if !slices.ContainsFunc(p.Decisions, decides) {
			title = fmt.Sprintf("请您看 %d 件事", n)
		}
		lines = append(lines, title+"：")
	}
	for i, e := range p.Decisions {
		line := fmt.Sprintf("%d. %s", i+1, clip(c.decision(i+1, e), maxDecision))
		if words := answers(e, i+1); words != "" {
			line += "\n   回复" + words
		}
		lines = append(lines, line)
	}
	return title, strings.Join(append(lines, p.rest()), "\n")
}

// maxDecision bounds one decision in characters, so that three of them are one
// message also on WeCom; the whole of it comes with “今天”.
const maxDecision = 140

// clip cuts a text of several lines at a character.
func clip(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return strings.TrimRight(string(r[:n-1]), "\n ") + "…"
	}
	return text
}

// standing is one line.
func (p Screen) standing(today calendar.Date) string {
	parts := []string{fmt.Sprintf("红灯 %d 项", p.Now.Red), fmt.Sprintf("黄灯 %d 项", p.Now.Yellow)}
	if p.Now.Hazards {
		parts = append(parts, fmt.Sprintf("重大隐患 %d 条", p.Now.Major))
	}
	line := strings.Join(parts, "，")
	if p.On.IsZero() {
		return line + "。"
	}
	var moved []string
	for _, m := range []struct {
		name string
		by   int
	}{{"红灯", p.Now.Red - p.Before.Red}, {"黄灯", p.Now.Yellow - p.Before.Yellow}, {"重大隐患", p.Now.Major - p.Before.Major}} {
		if m.by != 0 {
			moved = append(moved, fmt.Sprintf("%s%+d", m.name, m.by))
		}
	}
	if len(moved) == 0 {
		return fmt.Sprintf("%s（与 %s相同）。", line, p.On.Say(today))
	}
	return fmt.Sprintf("%s（比 %s：%s）。", line, p.On.Say(today), strings.Join(moved, "，"))
}

// rest counts what is not shown.
func (p Screen) rest() string {
	var parts []string
	for _, m := range []struct {
		n    int
		what string
	}{{p.Waiting, "也等您定"}, {p.Own, "您单位承办"}, {p.Others, "股室在办"}} {
		if m.n > 0 {
			parts = append(parts, fmt.Sprintf("%d 件%s", m.n, m.what))
		}
	}
	all := p.Waiting + p.Own + p.Others
	switch {
	case all == 0:
		return "其他没有要您过问的。"
	case len(parts) == 1:
		return fmt.Sprintf("另有 %s，回复“%s”看全部。", parts[0], TodayWords)
	}
	return fmt.Sprintf("另有 %d 件：%s。回复“%s”看全部。", all, strings.Join(parts, "，"), TodayWords)
}

// decision words one of the things to decide, with the holder's explanation.
func (c Context) decision(number int, e Told) string {
	switch {
	case e.Slip != nil:
		return c.toldSlip(number, e)
	case e.Wish != nil:
		return c.wish(e)
	case (e.Notice.Kind == "" || e.Notice.Kind == notice.Waiting) && e.Hazard != nil:
		h := *e.Hazard
		return fmt.Sprintf("⚠️ %s %s\n   %s · 提请局里协调：%s", h.Number(), Placed(h, 36), c.Dir.Label(h.UnitID), Cut(h.Blocked, 40))
	case e.Hazard != nil && e.Hazard.Blocked != "":
		return c.toldHazard(e) + " · 学校说明：" + Cut(e.Hazard.Blocked, 40)
	case e.Work == nil && e.Hazard == nil:
		return strings.ReplaceAll(e.Notice.Text, "\n", "\n   ")
	}
	return c.told(number, e)
}

func (c Context) wish(e Told) string {
	_, slip, _ := e.Notice.Rung()
	waited := c.Days.Between(calendar.In(e.Wish.AskedAt, c.Loc), c.Today)
	return fmt.Sprintf("%s申请延期：%s\n   %s · 从 %s 到 %s · 已等 %d 个工作日 · 原因：%s", slipName(slip), WorkTitle(*e.Work), c.Dir.Label(e.Work.UnitID),
		e.Wish.OldDue.Say(c.Today), e.Wish.NewDue.Say(c.Today), waited, Cut(e.Wish.Reason, 40))
}

// The one-word answers that an entry may have.
const (
	AsksWish   = "extension" // 同意, 不同意
	AsksReview = "review"    // 同意, 退回
	AsksUrge   = "urge"      // 催办
	AsksLook   = "look"      // 查
)

// Asks says which one-word answer an entry wants, "" for none.
func Asks(e Told) string {
	why, _, _ := e.Notice.Rung()
	switch {
	case e.Wish != nil:
		return AsksWish
	case e.Slip != nil:
		return AsksLook
	case e.Work != nil && remind.Reason(why) == remind.WhyReview && !e.Own:
		return AsksReview
	case e.Notice.Kind == notice.Escalation:
		return AsksUrge
	case e.Work != nil || e.Hazard != nil:
		return AsksLook
	}
	return ""
}

func answers(e Told, n int) string {
	switch Asks(e) {
	case AsksWish:
		return fmt.Sprintf("“%d 同意”或“%d 不同意”", n, n)
	case AsksReview:
		return fmt.Sprintf("“%d 同意”办结，或“%d 查”看详情", n, n)
	case AsksUrge:
		return fmt.Sprintf("“%d 催办”或“%d 查”", n, n)
	case AsksLook:
		return fmt.Sprintf("“%d 查”", n)
	}
	return ""
}

// ToldList lists entries of a morning in full, numbered from first on.
func (c Context) ToldList(entries []Told, first int) string {
	var lines []string
	for i, e := range entries {
		lines = append(lines, fmt.Sprintf("%d. %s", first+i, c.decision(first+i, e)))
	}
	return strings.Join(lines, "\n")
}
