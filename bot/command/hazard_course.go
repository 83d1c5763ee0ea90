package command

import (
	"fmt"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
)

// hazardFive records what a unit settled about a major hazard (五落实), in one message
// or several.
func (s *session) hazardFive() (bot.Reply, error) {
	said, _ := s.hazardSays()
	h, err := s.hazardNumbered(said.Hazard)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := org.Can(s.actor, org.FixHazard, s.hazardSubject(*h)); err != nil {
		return bot.Reply{}, err
	}
	after, err := h.Settle(said.Five, s.actor.PersonID, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.change(*h, after, "five", s.m.Text, h.Number()+" 五落实"); err != nil {
		return bot.Reply{}, err
	}
	lines := append([]string{"已记下：" + h.Number() + " " + render.Placed(*h, 40)}, render.FiveLines(after.Five)...)
	if missing := after.Five.Missing(); len(missing) > 0 {
		lines = append(lines, fmt.Sprintf("还缺：%s。请接着发“%s 五落实：%s …”。", strings.Join(missing, "、"), h.Number(), strings.Join(missing, " …；")))
		return bot.Reply{Title: "五落实 " + h.Number(), Text: strings.Join(lines, "\n")}, nil
	}
	lines = append(lines, "五落实已经报全，已告诉安全法规股。整改期限不变："+s.view().DueText(h.FixDue))
	if h.Five.Complete() { // only put in other words
		return bot.Reply{Title: "五落实 " + h.Number(), Text: strings.Join(lines, "\n")}, nil
	}
	return bot.Reply{Title: "五落实 " + h.Number(), Text: strings.Join(lines, "\n")},
		s.tellAbout(after, "five", personsOf(s.dir.SafetySection()), "%s（%s）五落实已报全：%s", h.Number(), s.dir.Label(h.UnitID), strings.Join(render.FiveLines(after.Five), "；"))
}

// hazardAnswer records what the bureau answers to a hazard that was handed up to it.
// The unit's clock goes on, with the time it had left.
func (s *session) hazardAnswer() (bot.Reply, error) {
	said, _ := s.hazardSays()
	h, err := s.hazardNumbered(said.Hazard)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := org.Can(s.actor, org.AnswerHazard, s.hazardSubject(*h)); err != nil {
		return bot.Reply{}, err
	}
	after, err := h.Answered(said.Words, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if after = after.Rest(s.Days, s.Loc); after.Level == hazard.Major && after.LimitFrom != h.LimitFrom {
		if after, err = s.Supervise.Limit(s.ctx, after); err != nil {
			return bot.Reply{}, err
		}
	}
	if err := s.change(*h, after, "answer", said.Words, h.Number()+" 的协调结果"); err != nil {
		return bot.Reply{}, err
	}
	if err := s.Supervise.Resume(s.ctx, s.tx, notice.Subject{Kind: notice.HazardSubj, ID: h.ID}); err != nil {
		return bot.Reply{}, err
	}
	due := s.view().DueText(after.FixDue)
	people := append(personsOf(s.dir.Safety(h.UnitID)), h.Reporter)
	if err := s.tellAbout(after, "answered", people, "%s 局里的协调结果：%s\n整改期限从今天接着算：%s", h.Number(), render.Cut(said.Words, 80), due); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "协调结果 " + h.Number(), Text: fmt.Sprintf("已记下：%s %s\n协调结果：%s\n协调占用的时间已补回，整改期限：%s，已告诉%s。",
		h.Number(), render.Placed(*h, 40), render.Cut(said.Words, 80), due, s.dir.Label(h.UnitID))}, nil
}
