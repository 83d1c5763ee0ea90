package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/duty"
	"duban/internal/org"
	"duban/internal/remind"
)

// maxGroups bounds the lines of a grouped answer.
const maxGroups = 25

// reach is what the asker's figures may cover: sections, units, or everything.
func (s *session) reach(action org.Action) (sections, units []string, err error) {
	switch scope := org.ScopeOf(s.actor, action); {
	case scope == org.Nothing:
		return nil, nil, org.Can(org.Actor{}, action, org.Subject{Unit: "?"})
	case scope == org.All || s.isDirector():
		return nil, nil, nil
	case scope == org.OwnUnit:
		return nil, s.actor.Units(), nil
	case scope == org.InCharge:
		return append(s.actor.Charge(), s.ownSections()...), nil, nil
	}
	return s.ownSections(), nil, nil
}

func (s *session) isDirector() bool {
	for _, p := range s.actor.Posts {
		if p.Role == org.Leader && len(p.Charge) == 0 {
			return true
		}
	}
	return false
}

// stats answers with figures, never as a ranking: groups stand in the order of the
// directory, and nobody is called best or worst.
func (s *session) stats() (bot.Reply, error) {
	sections, units, err := s.reach(org.ViewStats)
	if err != nil {
		return bot.Reply{}, err
	}
	slots := s.intent.Slots
	named := slots.ScopeDept
	if units := s.mentioned(s.m.Text); named == "" && len(units) == 1 {
		named = units[0].Name
	}
	if named != "" {
		u, ok := s.unitNamed(named)
		if !ok {
			return bot.Reply{}, errNotFound("没有找到“%s”，请写股室或学校全名再发一次。", named)
		}
		if err := org.Can(s.actor, org.ViewStats, org.Subject{Unit: u.ID, Sections: []string{u.ID}}); err != nil {
			return bot.Reply{}, err
		}
		sections, units = []string{u.ID}, nil
		if u.IsSchool() {
			sections, units = nil, []string{u.ID}
		}
	}
	if strings.HasPrefix(slots.Statistic, "hazard") {
		return s.hazardStats(units)
	}
	return s.workStats(sections, units)
}

func (s *session) span() (from, to calendar.Date, name string) {
	if r := s.intent.Slots.Range; r != nil {
		return r.From, r.To, r.From.Say(s.today) + " 到 " + r.To.Say(s.today)
	}
	return 0, 0, "到今天为止"
}

func (s *session) workStats(sections, units []string) (bot.Reply, error) {
	from, to, when := s.span()
	by := "lead"
	if g := s.intent.Slots.GroupBy; g == "school" || g == "unit" || len(units) > 0 && g != "dept" {
		by = "unit"
	}
	tally, err := s.tx.WorkTally(s.ctx, by, sections, units, from, to, s.today)
	if err != nil {
		return bot.Reply{}, err
	}
	var sum duty.Tally
	var lines []string
	for _, u := range s.dir.Units() {
		t, ok := tally[u.ID]
		if !ok {
			continue
		}
		sum.Total, sum.Done, sum.Overdue = sum.Total+t.Total, sum.Done+t.Done, sum.Overdue+t.Overdue
		lines = append(lines, fmt.Sprintf("· %s：%d 件，已报结 %d 件（%s），逾期 %d 件", u.Label(), t.Total, t.Done, rate(t.Done, t.Total), t.Overdue))
	}
	if sum.Total == 0 {
		return text("%s没有统计范围内的督办事项。", when)
	}
	body := s.whose(sections, units) + fmt.Sprintf("督办事项（%s）：共 %d 件，已报结 %d 件（%s），逾期未办结 %d 件。", when, sum.Total, sum.Done, rate(sum.Done, sum.Total), sum.Overdue)
	return s.grouped(body, lines)
}

// grouped adds the lines of the groups if they were asked for.
func (s *session) grouped(body string, lines []string) (bot.Reply, error) {
	if s.intent.Slots.GroupBy != "" && len(lines) > 1 {
		shown := lines[:min(len(lines), maxGroups)]
		body += "\n" + strings.Join(shown, "\n")
		if len(lines) > len(shown) {
			body += fmt.Sprintf("\n另有 %d 个，可以写上单位名称单独查。", len(lines)-len(shown))
		}
		body += "\n按机构顺序列出，不排名。"
	}
	return bot.Reply{Title: "统计", Text: body}, nil
}

func rate(part, whole int) string {
	if whole == 0 {
		return "0%"
	}
	return fmt.Sprintf("%.0f%%", 100*float64(part)/float64(whole))
}

// whose says what figures cover, where it is not everything.
func (s *session) whose(sections, units []string) string {
	switch all := append(slices.Clone(sections), units...); len(all) {
	case 0:
		return ""
	case 1:
		return s.dir.Label(all[0]) + "的"
	}
	return "您分管的"
}

// digest shows what a group of the asker's unit would be told now.
func (s *session) digest() (bot.Reply, error) {
	sections, units, err := s.reach(org.ViewDigest)
	if err != nil {
		return bot.Reply{}, err
	}
	var sc digest.Scope
	switch {
	case len(units) > 0:
		sc = digest.ScopeOf(s.dir, units[0])
	case len(sections) > 0:
		sc = digest.Scope{Section: sections[0]}
	}
	kind := remind.DailyDigest
	if r := s.intent.Slots.Range; strings.Contains(s.m.Text, "周") || r != nil && r.To.Sub(r.From) > 1 {
		kind = remind.WeeklyDigest
	}
	snap, err := digest.Collect(s.ctx, s.tx, s.dir, sc, kind, s.today, s.Days, s.Loc)
	if err != nil {
		return bot.Reply{}, err
	}
	content, worth := digest.Build(snap)
	if !worth {
		return text("%s没有要说的：没有新报隐患，也没有临近到期的事项。", s.today.Say(s.today))
	}
	title, body := s.view().Digest(content)
	body = strings.TrimSuffix(body, render.DigestDetails) + "看明细请发“我的任务”或“本周到期”。"
	return bot.Reply{Title: title, Text: body}, nil
}
