package render

import (
	"fmt"
	"math"

	"duban/internal/calendar"
	"duban/internal/duty"
)

// Gap says how far a value is from its target.
func Gap(m duty.Metric, v float64) string {
	gap := math.Abs(m.Target - v)
	switch {
	case m.Met(v):
		return "已达标"
	case gap == 0: // “低于10%” is not reached by 10%
		return "刚到线，还没有达标"
	case m.Unit == "%":
		return "还差 " + duty.Number(gap) + " 个百分点"
	}
	return "还差 " + duty.Number(gap) + m.Unit
}

// figures tells of a numeric target what is missing and where it began; its value
// is told with the progress.
func (c Context) figures(e Entry) []string {
	m, w := e.Work.Item.Metric, e.Work
	if m.IsZero() {
		return nil
	}
	if w.Value == nil {
		return []string{"目标：" + m.String() + "（还没有报现值）"}
	}
	line := "差距：" + Gap(m, *w.Value)
	if first := e.First; first != nil && first.Value != nil && !first.At.Equal(w.ReportedAt) {
		line += fmt.Sprintf("（起点 %s%s，%s首次填报）", duty.Number(*first.Value), m.Unit, calendar.In(first.At, c.Loc).Say(c.Today))
	}
	return []string{line}
}

// EvidenceName says how well a report is supported.
func EvidenceName(e duty.Evidence) string {
	return map[duty.Evidence]string{duty.Said: "自述", duty.Attached: "有附件", duty.Reviewed: "已复查"}[e]
}
