package command

import (
	"fmt"
	"strings"

	"duban/bot"
	"duban/internal/duty"
	"duban/internal/notice"
	"duban/internal/slip"
)

// slipFor is what a slip is issued about, and its name.
type slipFor struct {
	of   notice.Subject
	name string
}

func (s *session) matters(works []duty.Work) []slipFor {
	var list []slipFor
	for _, w := range works {
		list = append(list, slipFor{subjectFor(w), s.urgedNames([]duty.Work{w})})
	}
	return list
}

// issueSlips gives out a numbered slip for each matter (发黄单). Its unit reads it
// with the next morning message and is asked for a receipt.
func (s *session) issueSlips(about []slipFor, colour slip.Colour) (bot.Reply, error) {
	var list []notice.Notice
	var lines []string
	s.act = &act{}
	for _, m := range about {
		sl, ns, err := s.Supervise.IssueSlip(s.ctx, s.tx, s.dir, m.of, colour, s.actor.PersonID)
		if err != nil {
			return bot.Reply{}, err
		}
		if len(ns) == 0 {
			continue
		}
		if err := s.note(sl.Subject, "slip", "", sl.Number()+" "+string(colour), ""); err != nil {
			return bot.Reply{}, err
		}
		list = append(list, ns...)
		s.act.Slips = append(s.act.Slips, sl.ID)
		lines = append(lines, fmt.Sprintf("· %s %s：%s 随早间消息告知，请在 %s前回执", sl.Number(), m.name, s.moment(ns[0].NotBefore), sl.ReceiptDue.Say(s.today)))
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	if len(lines) == 0 {
		s.act = nil
		return text("今天已经发过%s，一天只发一次，免得打扰。发“督办单”看编号和回执。", colour.Say())
	}
	if err := s.notify(list...); err != nil {
		return bot.Reply{}, err
	}
	s.act.Label = fmt.Sprintf("发%s %d 张", colour.Say(), len(lines))
	more := ""
	if len(lines) > maxUndelivered {
		more = fmt.Sprintf("\n还有 %d 张，发“督办单”查看。", len(lines)-maxUndelivered)
	}
	return text("已发%s %d 张：\n%s%s", colour.Say(), len(lines), strings.Join(lines[:min(len(lines), maxUndelivered)], "\n"), more)
}

// withdrawSlips takes issued slips back. Their numbers stay used.
func (s *session) withdrawSlips(ids []int64, action string) error {
	list, err := s.tx.SlipsByID(s.ctx, ids...)
	if err != nil {
		return err
	}
	for _, sl := range list {
		if sl.State != slip.Open {
			return errMovedOn
		}
		sl.State, sl.Once = slip.Withdrawn, fmt.Sprintf("withdrawn:%d", sl.ID) // it may be issued anew
		if err := s.tx.SaveSlip(s.ctx, sl); err != nil {
			return err
		}
		if err := s.note(sl.Subject, action, sl.Number(), string(slip.Withdrawn), ""); err != nil {
			return err
		}
	}
	return nil
}
