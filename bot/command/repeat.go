package command

import (
	"fmt"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/burden"
	"duban/internal/duty"
	"duban/internal/notice"
	"duban/internal/org"
)

// repeated finds an earlier collection that asks for the same of the same units.
func (s *session) repeated(item duty.Item, units []string, known ...int64) (burden.Asked, bool, error) {
	return burden.Repeats(s.ctx, s.tx, s.dir, item, units, s.today, append(known, item.ID)...)
}

// repeatWarning tells what was asked already, and how to use that instead.
func (s *session) repeatWarning(a burden.Asked) string {
	lead := s.dir.Label(a.Item.Lead)
	when := a.On.Say(s.today) + "刚收过"
	if a.Period != "" {
		when = render.PeriodName(a.Period) + "正在收"
	} else if a.Reported < len(a.Units) && a.Item.Due >= s.today {
		when = a.On.Say(s.today) + "起正在收"
	}
	line := fmt.Sprintf("可能重复：%s %s“%s”（%s，%d 个单位，%d 个已报）。", when, a.Item.Code, render.Cut(a.Item.Desc, 30), lead, len(a.Units), a.Reported)
	if a.Reported == 0 {
		return line + "可以不另收，等那一项报齐。"
	}
	if org.Can(s.actor, org.ExportData, org.Subject{Unit: a.Item.Lead, Sections: append([]string{a.Item.Lead}, a.Item.Assist...)}) == nil {
		return line + fmt.Sprintf("可以直接用已有的数据：发“导出 %s”。", a.Item.Code)
	}
	return line + fmt.Sprintf("可以直接向%s要已有的数据。", lead)
}

// warned is preview for what would ask again for what is known.
func (s *session) warned(body string, a burden.Asked) (bot.Reply, error) {
	reply, err := s.preview("%s\n%s", body, s.repeatWarning(a))
	if err != nil {
		return reply, err
	}
	s.memory.asked.Missing = append(s.memory.asked.Missing, repeats+a.Item.Code)
	err = s.save()
	reply.Text = strings.TrimSuffix(reply.Text, previewEnd) + "仍要收请回复“确认”，不收了回复“取消”。"
	return reply, err
}

// repeats marks an open question that says which collection would be repeated.
const repeats = "repeats:"

// dropRepeat leaves a line of history when a warning was heeded.
func (s *session) dropRepeat(q *question) error {
	for _, what := range q.Missing {
		if code, ok := strings.CutPrefix(what, repeats); ok {
			return s.note(personSubject, "repeat_dropped", code, "", render.Cut(q.slots().Title, 100))
		}
	}
	return nil
}

// keepRepeat records that it was wanted nevertheless: the burden table counts it.
func (s *session) keepRepeat(item duty.Item, a burden.Asked) error {
	if err := s.tx.AddRepeat(s.ctx, item.ID, a.Item.ID, s.actor.PersonID, s.now); err != nil {
		return err
	}
	return s.note(notice.Subject{Kind: "item", ID: item.ID}, "repeat", a.Item.Code, item.Code, "")
}
