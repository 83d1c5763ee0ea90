package render

import (
	"fmt"
	"strings"

	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/inbox"
	"duban/internal/notice"
	"duban/internal/remind"
	"duban/internal/response"
	"duban/internal/slip"
)

// Told is one entry of a merged message: a notice with what it is about. Exactly
// one of Work, Hazard and Text is there.
type Told struct {
	Notice notice.Notice
	Work   *duty.Work
	Lamp   remind.Lamp
	Hazard *hazard.Hazard
	Slip   *slip.Slip      // then Work or Hazard is what it is about
	Own    bool            // the recipient answers for it
	Wish   *duty.Extension // a wish about Work that waits; then there is no notice

	Response *response.Response // of an incident that somebody is called to
}

// Listed names the entry, so that it can be answered by number.
func (e Told) Listed() inbox.Listed {
	switch {
	case e.Work != nil:
		return inbox.Listed{Code: e.Work.Item.Code, ID: e.Work.ID, Name: e.Work.Item.Desc, Asks: Asks(e)}
	case e.Hazard != nil:
		return inbox.Listed{Hazard: e.Hazard.Seq, Name: e.Hazard.Desc, Asks: Asks(e)}
	}
	return inbox.Listed{}
}

// MaxMorning bounds the entries of one message; the rest is counted.
const MaxMorning = 10

// maxMorning bounds the words of one message in bytes, so that it arrives as one:
// WeCom takes 2048, and a message in parts can neither be read at a glance nor be
// tried again without repeating what came.
const maxMorning = 1900

// Morning words the one merged message a person gets a day. The entries are
// numbered so that they can be answered by number; shown is how many there are.
func (c Context) Morning(entries []Told) (title, text string, shown int) {
	title = fmt.Sprintf("今天有 %d 件事", len(entries))
	head := fmt.Sprintf("早上好！%s，有 %d 件事请您留意：\n", c.Today.Say(c.Today), len(entries))
	for shown = 1; ; shown++ { // the first is told whatever its length
		next := c.morning(head, entries, shown)
		if shown > 1 && len(next) > maxMorning {
			return title, text, shown - 1
		}
		if text = next; shown >= min(len(entries), MaxMorning) {
			return title, text, shown
		}
	}
}

// morning is the message with the first n entries.
func (c Context) morning(head string, entries []Told, n int) string {
	shown := entries[:min(n, len(entries))]
	var b strings.Builder
	b.WriteString(head)
	for i, e := range shown {
		fmt.Fprintf(&b, "%d. %s\n", i+1, c.told(i+1, e))
	}
	if rest := len(entries) - len(shown); rest > 0 {
		fmt.Fprintf(&b, "还有 %d 件，回复“%s”查看全部。\n", rest, TodayWords)
	}
	b.WriteString(hint(shown))
	return strings.TrimRight(b.String(), "\n")
}

// hint shows how to answer, with the number of an entry that can be answered so.
func hint(entries []Told) string {
	for i, e := range entries {
		if e.Work != nil && e.Own {
			return fmt.Sprintf("直接回复就行，例如“%d 60%%”报进度、“签收 %d”。", i+1, i+1)
		}
	}
	for i, e := range entries {
		if e.Hazard != nil && !isNews(e) {
			return fmt.Sprintf("回复“签收 %d”表示接办，回复“查 %d”看详情。", i+1, i+1)
		}
	}
	for i := range entries {
		return fmt.Sprintf("回复“查 %d”看详情。", i+1)
	}
	return ""
}

// told words one entry; number is how it can be answered.
func (c Context) told(number int, e Told) string {
	switch {
	case e.Slip != nil:
		return c.toldSlip(number, e)
	case e.Work != nil:
		return c.toldWork(e)
	case e.Hazard != nil && isNews(e):
		return c.news(e)
	case e.Hazard != nil:
		return c.toldHazard(e)
	}
	return e.Notice.Text
}

func (c Context) toldWork(e Told) string {
	w := *e.Work
	head := strings.TrimSpace(LampIcon(e.Lamp) + " " + WorkTitle(w))
	parts := []string{c.DueText(w.Due)}
	why, slip, _ := e.Notice.Rung()
	switch remind.Reason(why) {
	case remind.WhySign:
		parts = append(parts, "还没有签收")
	case remind.WhyReview:
		parts = []string{"已报结，等待审核"}
	case remind.WhyMissed:
		parts = append(parts, "本期还没有报")
	case remind.WhyPromised:
		parts = append(parts, "您说的完成日快到了")
	}
	if e.Notice.Kind == notice.Escalation || !e.Own {
		parts = append([]string{c.Dir.Label(w.UnitID)}, parts...)
		if remind.Reason(why) != remind.WhyReview {
			parts = append(parts, explanation(w))
		}
	} else if p := Progress(w); p != "" && remind.Reason(why) != remind.WhySign && remind.Reason(why) != remind.WhyReview {
		parts = append(parts, p)
	}
	return slipName(slip) + head + "\n   " + strings.Join(parts, " · ")
}

// explanation carries the holder's words to whoever is asked to step in.
func explanation(w duty.Work) string {
	if w.Note == "" {
		return "承办单位还没有说明"
	}
	return "承办单位说明：" + Cut(w.Note, 40)
}

func slipName(slip string) string {
	switch remind.Slip(slip) {
	case remind.Yellow:
		return "【黄单】"
	case remind.Red:
		return "【红单】"
	}
	return ""
}

func (c Context) toldHazard(e Told) string {
	h := *e.Hazard
	state := h.State.Say()
	why, slip, _ := e.Notice.Rung()
	switch remind.Reason(why) {
	case remind.WhySign:
		state = "还没有签收"
	case remind.WhyReview:
		state = "等待复查"
	case remind.WhyDueSoon, remind.WhyDueToday, remind.WhyOverdue:
		state += "，整改" + c.DueText(h.FixDue)
	}
	if e.Notice.Kind == notice.NewHazard {
		state = "新报隐患"
	}
	return fmt.Sprintf("%s⚠️ %s %s\n   %s · %s", slipName(slip), h.Number(), Placed(h, 36), c.Dir.Label(h.UnitID), state)
}
