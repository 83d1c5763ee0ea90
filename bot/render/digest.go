package render

import (
	"fmt"
	"strings"

	"duban/internal/digest"
	"duban/internal/remind"
)

// Digest words what a group is told.
func (c Context) Digest(d digest.Content) (title, text string) {
	title, since, ahead := "督办日报", "今天", "近期到期"
	if d.Kind == remind.WeeklyDigest {
		title, since, ahead = "督办周报", "本周", "今天到下周末到期"
	}
	lines := []string{fmt.Sprintf("📋 %s　%s", title, d.Today.Say(d.Today))}
	if len(d.Ahead) > 0 {
		lines = append(lines, ahead+"：")
		for _, p := range d.Ahead {
			lines = append(lines, "· "+c.ahead(p))
		}
		if d.More > 0 {
			lines = append(lines, fmt.Sprintf("· 另有 %d 项", d.More))
		}
	}
	if line := states(d, since); line != "" {
		lines = append(lines, line)
	}
	if line := hazards(d, since); line != "" {
		lines = append(lines, line)
	}
	if line := tomorrow(d); line != "" {
		lines = append(lines, line)
	}
	return title, strings.Join(append(lines, "明细请私聊我，发“本周到期”。"), "\n")
}

func (c Context) ahead(p digest.Progress) string {
	name := p.Code + " " + Cut(p.Desc, 18)
	if p.Period != "" {
		name += "（" + PeriodName(p.Period) + "）"
	}
	due := p.Due.Say(c.Today)
	if p.Due == c.Today {
		due = "今天"
	}
	return fmt.Sprintf("%s　%s · %s牵头 · 已报 %d/%d", due, name, c.Dir.Label(p.Lead), p.Done, p.Units)
}

func states(d digest.Content, since string) string {
	var parts []string
	if d.Finished > 0 {
		parts = append(parts, fmt.Sprintf("%s报结 %d 件", since, d.Finished))
	}
	if d.Overdue > 0 {
		parts = append(parts, fmt.Sprintf("已过期限未办结 %d 项，相关单位已单独提醒", d.Overdue))
	}
	return strings.Join(parts, "；")
}

func hazards(d digest.Content, since string) string {
	var parts []string
	total := 0
	var kinds []string
	for _, n := range d.NewHazards {
		total += n.N
		kinds = append(kinds, fmt.Sprintf("%s %d", n.Category, n.N))
	}
	if total > 0 {
		parts = append(parts, fmt.Sprintf("%s新报 %d 条（%s）", since, total, strings.Join(kinds, "、")))
	}
	if d.OpenHazards > 0 && len(parts) > 0 || d.OpenHazards > 0 && d.Kind == remind.WeeklyDigest {
		open := fmt.Sprintf("整改中 %d 条", d.OpenHazards)
		if d.MajorOpen > 0 {
			open += fmt.Sprintf("，其中重大 %d 条", d.MajorOpen)
		}
		parts = append(parts, open)
	}
	if len(parts) == 0 {
		return ""
	}
	return "隐患：" + strings.Join(parts, "；")
}

func tomorrow(d digest.Content) string {
	day := d.Tomorrow
	switch {
	case day.MakeUp:
		return fmt.Sprintf("提醒：明天（%s）调休补班。", day.Date.Say(d.Today))
	case day.Off:
		return fmt.Sprintf("提醒：明天（%s）放假。", day.Date.Say(d.Today))
	}
	return ""
}
