package render

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/ledger"
	"duban/internal/org"
	"duban/internal/remind"
)

// The ledgers as people call them.
const (
	workLedger   = "督办台账"
	hazardLedger = "隐患台账"
)

// LedgerTitle names what is exported: 督办台账, 隐患台账 or both.
func LedgerTitle(q ledger.Query) string {
	switch {
	case !q.HasHazards():
		return workLedger
	case !q.HasWork():
		return hazardLedger
	}
	return workLedger + "和" + hazardLedger
}

// LedgerFile is the name of the file: it sorts by time and tells nothing that
// others may not read on a screen.
func (c Context) LedgerFile(b ledger.Book) string {
	span := calendar.In(b.Made, c.Loc).String()
	if !b.From.IsZero() {
		span = b.From.String() + "至" + b.To.String()
	}
	ext := "xlsx"
	if b.Format == ledger.CSV {
		ext = "zip"
	}
	return LedgerTitle(b.Query) + "_" + span + "." + ext
}

// Tables words the sheets of a book, whose hazards come one after the other.
func (c Context) Tables(b ledger.Book, hazards iter.Seq2[ledger.HazardLine, error]) []ledger.Table {
	var out []ledger.Table
	if b.HasWork() {
		out = append(out, c.workTable(b))
	}
	if b.HasHazards() {
		out = append(out, c.hazardTable(b, hazards))
	}
	return out
}

// LedgerLines tells, a line for each sheet, what a book holds.
func (c Context) LedgerLines(b ledger.Book) []string {
	var out []string
	if b.HasWork() {
		out = append(out, fmt.Sprintf("%s（%s）：%s", workLedger, c.workSpan(b), counted(len(b.Work), b.MoreWork)))
	}
	if b.HasHazards() {
		out = append(out, fmt.Sprintf("%s（%s）：%s", hazardLedger, c.hazardSpan(b), counted(len(b.HazardIDs), b.MoreHazards)))
	}
	return out
}

func counted(n int, more bool) string {
	if more {
		return fmt.Sprintf("%d 条（太多了，更早的没有列出）", n)
	}
	return fmt.Sprintf("%d 条", n)
}

// workSpan and hazardSpan say whose lines these are, of which time and of which
// sort.
func (c Context) workSpan(b ledger.Book) string {
	return c.span(b, c.whose(b.Whose), "期限", map[string]string{"overdue": "逾期", "open": "未办结", "due": "七天内到期", "red": "红灯", "yellow": "黄灯",
		"blue": "蓝灯", "green": "绿灯", "stale": "没有进展", "unsigned": "未签收", "review": "待审核"})
}

func (c Context) hazardSpan(b ledger.Book) string {
	return c.span(b, c.whose(b.WhoseHazard), "上报时间", map[string]string{"overdue": "超期未整改", "red": "超期未整改", "open": "未销号", "due": "未销号",
		"yellow": "未销号", "blue": "未销号", "green": "未销号", "stale": "未销号", "unsigned": "未签收", "review": "待复查"})
}

func (c Context) span(b ledger.Book, whose, date string, sorts map[string]string) string {
	parts := []string{whose}
	if !b.From.IsZero() {
		parts = append(parts, date+" "+b.From.Say(c.Today)+" 到 "+b.To.Say(c.Today))
	}
	switch {
	case b.Code != "":
		parts = append(parts, b.Code)
	case b.Point > 0:
		parts = append(parts, fmt.Sprintf("第%d条", b.Point))
	}
	if b.Level != "" {
		parts = append(parts, b.Level+"隐患")
	}
	if b.Category != "" {
		parts = append(parts, b.Category)
	}
	for _, f := range b.Filter {
		if name := sorts[f]; name != "" {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, "，")
}

// whose names at most three units.
func (c Context) whose(r org.Reach) string {
	units, part := r.Units, ""
	if len(r.Sections) > 0 {
		units, part = r.Sections, "牵头、协办"
	}
	if r.All || len(units) == 0 {
		return "全区"
	}
	var names []string
	for _, id := range units[:min(len(units), 3)] {
		names = append(names, c.Dir.Label(id))
	}
	if len(units) > len(names) {
		part = "等" + part
	}
	return strings.Join(names, "、") + part
}

func (c Context) note(b ledger.Book, n int) string {
	return fmt.Sprintf("共 %d 条，生成于 %s", n, c.instant(b.Made))
}

func tail(more bool, most int) string {
	if !more {
		return ""
	}
	return fmt.Sprintf("只列出最近的 %d 条，更早的没有列出。请缩小范围再导出，例如“导出9月台账”。", most)
}

func (c Context) workTable(b ledger.Book) ledger.Table {
	t := ledger.Table{Name: workLedger, Title: workLedger + "（" + c.workSpan(b) + "）", Note: c.note(b, len(b.Work)), Tail: tail(b.MoreWork, ledger.MaxLines),
		Columns: []ledger.Column{{Name: "序号", Width: 6}, {Name: "编号", Width: 8}, {Name: "来源工作要点", Width: 28}, {Name: "事项", Width: 44},
			{Name: "承办单位", Width: 16}, {Name: "主办/协办", Width: 10}, {Name: "牵头股室", Width: 12}, {Name: "期限", Width: 16}, {Name: "状态", Width: 12},
			{Name: "进度/现值", Width: 20}, {Name: "灯色", Width: 6}, {Name: "最近汇报时间", Width: 22}, {Name: "最近情况", Width: 50}}}
	var rows [][]any
	for i, l := range b.Work {
		rows = append(rows, c.workRow(i+1, l))
	}
	t.Rows = ledger.Listed(rows...)
	return t
}

func (c Context) workRow(n int, l ledger.Line) []any {
	what := l.Item.Desc
	if l.Period != "" {
		what += "（" + PeriodName(l.Period) + "）"
	}
	words := l.Note
	if l.Quiet && words != "" {
		words = "（内容只在本单位查看）"
	}
	lamp := lampName(l.Lamp)
	if l.Opens > c.Today {
		lamp = ""
	}
	return []any{n, l.Item.Code, fmt.Sprintf("第%d条 %s", l.Item.Point, l.Item.PointTitle), what, c.Dir.Label(l.UnitID), partName(l.Part), c.Dir.Label(l.Item.Lead),
		day(l.Due), c.stateName(l.Work), figure(l.Work), lamp, c.instant(l.ReportedAt), words}
}

// day is a date of a table: it sorts as text, and shows the weekday like all
// dates that duban writes.
func day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String() + " " + calendar.WeekdayName(d.Weekday())
}

func (c Context) instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(c.Loc)
	return day(calendar.In(t, c.Loc)) + t.Format(" 15:04")
}

func partName(p duty.Part) string {
	return map[duty.Part]string{duty.Lead: "主办", duty.Assist: "协办", duty.Report: "报送"}[p]
}

func lampName(l remind.Lamp) string {
	return map[remind.Lamp]string{remind.GreenLamp: "绿", remind.BlueLamp: "蓝", remind.YellowLamp: "黄", remind.RedLamp: "红"}[l]
}

// stateName tells a period that has not begun from one that nobody has signed for.
func (c Context) stateName(w duty.Work) string {
	if w.Opens > c.Today && w.State == duty.Assigned {
		return "未到时间"
	}
	names := map[duty.State]string{duty.Assigned: "未签收", duty.Signed: "已签收", duty.InProgress: "办理中", duty.Submitted: "报结待审核",
		duty.Closed: "已办结", duty.Returned: "退回重办", duty.Paused: "中止", duty.Void: "作废"}
	return names[w.State]
}

// figure is the value against its target, or the percentage, and whether it is
// stuck.
func figure(w duty.Work) string {
	var parts []string
	if w.Value != nil && !w.Item.Metric.IsZero() {
		parts = append(parts, fmt.Sprintf("%s%s（目标%s）", duty.Number(*w.Value), w.Item.Metric.Unit, w.Item.Metric))
	} else if w.Percent > 0 {
		parts = append(parts, duty.Number(w.Percent)+"%")
	}
	if w.Status == duty.Blocked {
		parts = append(parts, "遇到困难")
	}
	return strings.Join(parts, "，")
}
