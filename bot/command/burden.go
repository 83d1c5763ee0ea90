package command

import (
	"fmt"
	"regexp"
	"strings"

	"duban/bot"
	"duban/internal/burden"
	"duban/internal/calendar"
	"duban/internal/org"
)

// burdenWords ask for the burden table: 负担表, 上个月各校收了多少消息.
var burdenWords = regexp.MustCompile(`^\s*(?:请?(?:查|看|发)?(?:一下|看)?)?(本月|这个月|上个?月|本周|这周|上个?周)?的?(?:负担表|各(?:学)?校(?:都)?(?:收到?|发)了多少(?:条)?(?:消息|提醒))[？?。]?\s*$`)

// maxBurden bounds the schools named in a chat; the command line shows all.
const maxBurden = 40

// burden shows the office what duban asks of the schools. It is no command of the
// help, because nobody else may ask for it.
func (s *session) burden() (bot.Reply, bool, error) {
	g := burdenWords.FindStringSubmatch(s.m.Text)
	if g == nil {
		return bot.Reply{}, false, nil
	}
	s.command = "burden"
	if err := org.Can(s.actor, org.ViewBurden, org.Subject{}); err != nil {
		return bot.Reply{}, true, err
	}
	if s.inGroup() {
		reply, err := text("负担表请私聊我看，发“负担表”。")
		return reply, true, err
	}
	from, to := s.burdenSpan(g[1])
	t, err := burden.Collect(s.ctx, s.tx, s.dir, from, to, s.Loc)
	if err != nil || t.Total() == (burden.Line{}) {
		return bot.Reply{Title: "负担表", Text: s.burdenText(t, nil)}, true, err
	}
	weeks, err := s.burdenByWeek(from, to)
	return bot.Reply{Title: "负担表", Text: s.burdenText(t, weeks)}, true, err
}

// burdenSpan is the month or week named, else this month; never beyond today.
func (s *session) burdenSpan(words string) (from, to calendar.Date) {
	unit := calendar.Month
	if strings.Contains(words, "周") {
		unit = calendar.Week
	}
	p := calendar.PeriodOf(unit, s.today)
	if strings.HasPrefix(words, "上") {
		p = calendar.PeriodOf(unit, p.From.Add(-1))
	}
	return p.From, min(p.To, s.today)
}

// burdenByWeek is a line a week of what spans more than one.
func (s *session) burdenByWeek(from, to calendar.Date) (lines []string, err error) {
	weeks := burden.Parts(calendar.Week, from, to)
	if len(weeks) < 2 {
		return nil, nil
	}
	for _, w := range weeks {
		t, err := burden.Collect(s.ctx, s.tx, s.dir, w.From, w.To, s.Loc)
		if err != nil {
			return nil, err
		}
		sum := t.Total()
		lines = append(lines, fmt.Sprintf("%s 到 %s：消息 %d 条，要求填报 %d 次%s", w.From.Say(s.today), w.To.Say(s.today), sum.Messages, sum.Asked, repeatedPart(sum)))
	}
	return lines, nil
}

// burdenText names the schools that had any burden.
func (s *session) burdenText(t burden.Table, weeks []string) string {
	sum, idle := t.Total(), 0
	var lines []string
	for _, l := range t.Lines {
		if l.Messages == 0 && l.Asked == 0 {
			idle++
			continue
		}
		lines = append(lines, fmt.Sprintf("· %s：消息 %d 条，要求填报 %d 次%s", l.Name, l.Messages, l.Asked, repeatedPart(l)))
	}
	body := fmt.Sprintf("%s 到 %s，%d 个学校和幼儿园：消息共 %d 条，要求填报共 %d 次%s。", t.From.Say(s.today), t.To.Say(s.today), len(t.Lines), sum.Messages, sum.Asked, repeatedPart(sum))
	if len(weeks) > 0 {
		body += "\n按周：\n" + strings.Join(weeks, "\n") + "\n按单位："
	}
	if len(lines) > 0 {
		body += "\n" + strings.Join(lines[:min(len(lines), maxBurden)], "\n")
	}
	if more := len(lines) - maxBurden; more > 0 {
		body += fmt.Sprintf("\n另有 %d 个没有列出，全表请管理员用 duban burden 导出。", more)
	}
	if idle > 0 && len(lines) > 0 {
		body += fmt.Sprintf("\n其余 %d 个没有收到消息，也没有要求填报。", idle)
	}
	return body + "\n早间合并的一条算 1 条，自己要的回答不算。按机构顺序列出，不排名。"
}

// repeatedPart says how much of it had been asked already.
func repeatedPart(l burden.Line) string {
	if l.Repeated == 0 {
		return ""
	}
	return fmt.Sprintf("（重复收集 %d 次）", l.Repeated)
}
