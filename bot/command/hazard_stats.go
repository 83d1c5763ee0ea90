package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/org"
)

// hazardStats answers with figures of hazards: how many, how many are open and late,
// how long mending took, and the same by unit, category or grade if asked for.
func (s *session) hazardStats(units []string) (bot.Reply, error) {
	from, to, when := s.span()
	f := hazard.Filter{Units: units, Category: s.intent.Slots.Category, Today: s.today}
	if !from.IsZero() {
		f.Since, f.Before = from.At(0, 0, s.Loc), to.Add(1).At(0, 0, s.Loc)
	}
	if org.Can(s.actor, org.ViewHazard, s.hazardSubject(hazard.Hazard{UnitID: "?"})) != nil && len(units) == 0 {
		f.Units = s.actor.Units() // figures of other schools are for those who handle hazards
	}
	by := s.hazardsBy()
	tally, err := s.tx.HazardTally(s.ctx, by, f)
	if err != nil {
		return bot.Reply{}, err
	}
	_, ahead := s.now.In(s.Loc).Zone()
	times, err := s.tx.FixTimes(s.ctx, by, f, time.Duration(ahead)*time.Second)
	if err != nil {
		return bot.Reply{}, err
	}
	sum, all := hazard.Tally{}, hazard.FixTimes{}
	var lines []string
	for _, k := range s.groupOrder(by, tally) {
		sum = sum.Add(tally[k])
		all.Add(times[k])
		lines = append(lines, s.hazardLine(by, k, tally[k], times[k]))
	}
	if sum.Total == 0 {
		return text("%s没有统计范围内的隐患。", when)
	}
	subject := "隐患"
	if f.Category != "" {
		subject = f.Category + "隐患"
	}
	body := s.whose(nil, f.Units) + fmt.Sprintf("%s（%s）：共 %d 条，已整改 %d 条（整改率 %s），已销号 %d 条，其中重大 %d 条。\n未整改 %d 条，其中超期 %d 条。",
		subject, when, sum.Total, sum.Fixed, rate(sum.Fixed, sum.Total), sum.Closed, sum.Major, sum.Open(), sum.Overdue) + tookWords(all)
	return s.groupedBy(by, body, lines, len(f.Units) != 1)
}

// hazardsBy is what the figures are to be split by; the parser knows units and
// categories, the grade is read here.
func (s *session) hazardsBy() string {
	switch {
	case s.intent.Slots.GroupBy == "category":
		return "category"
	case byLevel(s.m.Text):
		return "level"
	}
	return "unit"
}

func byLevel(words string) bool {
	for _, part := range []string{"按级别", "按等级", "按隐患级别", "按隐患等级", "分级别", "分等级", "各级别", "各等级"} {
		if strings.Contains(words, part) {
			return true
		}
	}
	return false
}

func (s *session) hazardLine(by, key string, t hazard.Tally, times hazard.FixTimes) string {
	name := key
	switch {
	case by == "unit":
		name = s.dir.Label(key)
	case by == "level" && key == string(hazard.Ungraded):
		name = "未定级"
	}
	line := fmt.Sprintf("· %s：%d 条，已整改 %d 条，已销号 %d 条", name, t.Total, t.Fixed, t.Closed)
	if t.Overdue > 0 {
		line += fmt.Sprintf("，超期 %d 条", t.Overdue)
	}
	if times.Count() > 0 {
		line += "，整改用时中位数 " + daysWords(times.Median())
	}
	return line
}

// tookWords tells how long mending took; days of the calendar, the day of the report
// being the first.
func tookWords(t hazard.FixTimes) string {
	if t.Count() == 0 {
		return ""
	}
	least, most := t.Range()
	if least == most {
		return fmt.Sprintf("\n整改用时（从上报到报整改完成）：%s。", daysWords(float64(least)))
	}
	return fmt.Sprintf("\n整改用时（从上报到报整改完成）：中位数 %s，最短 %s，最长 %s。", daysWords(t.Median()), daysWords(float64(least)), daysWords(float64(most)))
}

func daysWords(days float64) string {
	if days == 0 {
		return "当天"
	}
	return duty.Number(days) + " 天"
}

// groupedBy adds the lines of the groups that were asked for, and names them to whoever
// asked for nothing in particular.
func (s *session) groupedBy(by, body string, lines []string, several bool) (bot.Reply, error) {
	switch {
	case by == "category":
		body += "\n" + strings.Join(lines, "\n") + "\n按类别名称列出，不排名。"
	case by == "level":
		body += "\n" + strings.Join(lines, "\n") + "\n从轻到重列出，不排名。"
	case s.intent.Slots.GroupBy != "" || !strings.Contains(s.m.Text, "统计"):
		return s.grouped(body, lines)
	case several:
		body += "\n看明细请发“隐患按类别统计”“隐患按级别统计”“各校隐患统计”，前面可以加时间。"
	default:
		body += "\n看明细请发“隐患按类别统计”“隐患按级别统计”，前面可以加时间。"
	}
	return bot.Reply{Title: "统计", Text: body}, nil
}

// groupOrder is the order of the directory for units, from light to grave for grades,
// and that of the alphabet for categories: never that of the figures.
func (s *session) groupOrder(by string, tally map[string]hazard.Tally) []string {
	var keys []string
	switch by {
	case "unit":
		for _, u := range s.dir.Units() {
			keys = append(keys, u.ID)
		}
	case "level":
		keys = []string{string(hazard.Ungraded), string(hazard.Ordinary), string(hazard.Major)}
	default:
		keys = slices.Sorted(maps.Keys(tally))
	}
	return slices.DeleteFunc(keys, func(k string) bool { return tally[k].Total == 0 })
}
