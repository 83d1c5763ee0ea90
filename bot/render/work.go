// Package render words what duban says. Plain Chinese text with line breaks;
// the platforms' adapters dress it up. Dates are absolute and carry the weekday.
package render

import (
	"fmt"
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/org"
	"duban/internal/remind"
)

// Context is what all wording depends on.
type Context struct {
	Dir   *org.Directory
	Today calendar.Date
	Days  *calendar.Workdays
	Loc   *time.Location
}

// Cut shortens text to n runes and marks the cut.
func Cut(text string, n int) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

// LampIcon returns the sign of a lamp, "" for none.
func LampIcon(l remind.Lamp) string {
	icons := map[remind.Lamp]string{remind.GreenLamp: "🟢", remind.BlueLamp: "🔵", remind.YellowLamp: "🟡", remind.RedLamp: "🔴"}
	return icons[l]
}

// Entry is one line of a numbered list of work.
type Entry struct {
	Work  duty.Work
	Lamp  remind.Lamp
	First *duty.ReportLine // the first report of its figure; nil if it is not to be shown
}

// WorkTitle names a piece of work: code, short description, period, and whether
// the unit only assists.
func WorkTitle(w duty.Work) string {
	title := w.Item.Code + " " + Cut(w.Item.Desc, 22)
	if w.Period != "" {
		title += "（" + PeriodName(w.Period) + "）"
	}
	if w.Part == duty.Assist {
		title += "（协办）"
	}
	return title
}

// PeriodName words the key of a period: 2025-09 → 9月, 2025-W37 → 第37周.
func PeriodName(key string) string {
	var y, y2, n int
	switch {
	case strings.Contains(key, "-W"):
		if _, err := fmt.Sscanf(key, "%d-W%d", &y, &n); err == nil {
			return fmt.Sprintf("第%d周", n)
		}
	case strings.Contains(key, "-Q"):
		if _, err := fmt.Sscanf(key, "%d-Q%d", &y, &n); err == nil {
			return fmt.Sprintf("第%d季度", n)
		}
	case strings.Contains(key, "-H"):
		if _, err := fmt.Sscanf(key, "%d-H%d", &y, &n); err == nil {
			return []string{"上半年", "下半年"}[min(max(n, 1), 2)-1]
		}
	case strings.Count(key, "-") == 2:
		if _, err := fmt.Sscanf(key, "%d-%d-%d", &y, &y2, &n); err == nil {
			return fmt.Sprintf("%d—%d学年第%d学期", y, y2, n)
		}
	case len(key) == len("2025-09"):
		if _, err := fmt.Sscanf(key, "%d-%d", &y, &n); err == nil {
			return fmt.Sprintf("%d月", n)
		}
	}
	return key
}

// DueText says when something is due, seen from today.
func (c Context) DueText(due calendar.Date) string {
	if due.IsZero() {
		return "未定期限"
	}
	switch left := due.Sub(c.Today); {
	case left < 0:
		late := c.Days.Between(due, c.Today)
		if late == 0 {
			return due.Say(c.Today) + "到期，已过期"
		}
		return fmt.Sprintf("%s到期，已超期 %d 个工作日", due.Say(c.Today), late)
	case left == 0:
		return "今天（" + due.Say(c.Today) + "）到期"
	default:
		text := due.Say(c.Today) + "到期"
		if n := c.Days.Between(c.Today, due); n > 0 && n <= 10 {
			text += fmt.Sprintf("，还有 %d 个工作日", n)
		}
		if !c.Days.IsWorkday(due) {
			text += "（到期日休息，请提前办）"
		}
		return text
	}
}

// workDue is DueText of a piece of work; who only assists is never late.
func (c Context) workDue(w duty.Work) string {
	if w.Part == duty.Assist && !w.Due.IsZero() && w.Due < c.Today {
		return w.Due.Say(c.Today) + "到期"
	}
	return c.DueText(w.Due)
}

// Progress says how far a piece of work is.
func Progress(w duty.Work) string {
	var parts []string
	switch w.State {
	case duty.Submitted:
		parts = append(parts, "已报结，待审核")
	case duty.Closed:
		parts = append(parts, "已办结")
	case duty.Assigned:
		if w.Part != duty.Assist { // they need not
			parts = append(parts, "未签收")
		}
	case duty.Returned:
		parts = append(parts, "退回重办")
	case duty.Signed:
		parts = append(parts, "已签收")
	case duty.InProgress:
		if w.Status != duty.Blocked && w.Percent == 0 && w.Value == nil {
			parts = append(parts, "推进中")
		}
	}
	if w.Status == duty.Blocked {
		parts = append(parts, "遇到困难")
	}
	if w.Value != nil && !w.Item.Metric.IsZero() {
		parts = append(parts, fmt.Sprintf("现值 %s%s（目标%s）", duty.Number(*w.Value), w.Item.Metric.Unit, w.Item.Metric))
	} else if w.Percent > 0 && w.State.Open() {
		parts = append(parts, fmt.Sprintf("进度 %s%%", duty.Number(w.Percent)))
	}
	if !w.ETA.IsZero() && w.State.Open() {
		parts = append(parts, "预计 "+w.ETA.Say(w.ETA))
	}
	return strings.Join(parts, "，")
}

// WorkList numbers pieces of work from first on, one to two lines each. showUnit
// adds whose work it is.
func (c Context) WorkList(entries []Entry, first int, showUnit bool) string {
	var b strings.Builder
	for i, e := range entries {
		fmt.Fprintf(&b, "%d. %s\n", first+i, strings.TrimSpace(LampIcon(e.Lamp)+" "+WorkTitle(e.Work)))
		detail := []string{c.workDue(e.Work)}
		if showUnit {
			detail = append([]string{c.Dir.Label(e.Work.UnitID)}, detail...)
		}
		if p := Progress(e.Work); p != "" {
			detail = append(detail, p)
		}
		fmt.Fprintf(&b, "   %s\n", strings.Join(detail, " · "))
	}
	return strings.TrimRight(b.String(), "\n")
}

// WorkDetail tells everything about one piece of work.
func (c Context) WorkDetail(e Entry) string {
	w := e.Work
	lines := []string{
		strings.TrimSpace(LampIcon(e.Lamp) + " " + WorkTitle(w)),
		source(w.Item),
		c.performer(w) + "牵头股室：" + c.Dir.Label(w.Item.Lead),
	}
	if names := c.helpers(w); names != "" {
		lines = append(lines, "协办："+names)
	}
	lines = append(lines, "期限："+c.workDue(w)+c.dueSource(w))
	if p := Progress(w); p != "" {
		lines = append(lines, "进展："+p)
	}
	lines = append(lines, c.figures(e)...)
	if name := EvidenceName(w.Evidence); name != "" {
		lines = append(lines, "佐证："+name)
	}
	if w.Note != "" {
		lines = append(lines, "最近说明："+Cut(w.Note, 80))
	}
	return strings.Join(lines, "\n")
}

// performer names who does the work; an assistant's own name says nothing new.
func (c Context) performer(w duty.Work) string {
	if w.Part == duty.Assist {
		return ""
	}
	return "承办：" + c.Dir.Label(w.UnitID) + "　"
}

// helpers names the units that assist with an item.
func (c Context) helpers(w duty.Work) string {
	var names []string
	for _, u := range w.Item.Assist {
		names = append(names, c.Dir.Label(u))
	}
	return strings.Join(names, "、")
}

// source names the work point an item comes from. What was filed by itself has none.
func source(i duty.Item) string {
	if i.Point == duty.AdHocPoint {
		return "来源：" + i.PointTitle
	}
	return fmt.Sprintf("来源：第%d条 %s", i.Point, i.PointTitle)
}

func (c Context) dueSource(w duty.Work) string {
	if w.Item.DueSource == duty.Stated && w.Item.Point != duty.AdHocPoint {
		return "（文件写明）"
	}
	return "（由局里立项时确定）"
}
