package command

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/slip"
)

// receipted is what a receipt changed, as it was before.
type receipted struct {
	Slips  []slip.Slip      `json:"slips"`
	Work   *duty.Assignment `json:"work,omitempty"`
	Hazard *hazard.Hazard   `json:"hazard,omitempty"`
	Report int64            `json:"report,omitempty"`
}

// answerSlip takes a unit's receipt: why, and done by when. It stands on the work
// like the words of a report, and stops nothing but the asking for it.
func (s *session) answerSlip() (bot.Reply, error) {
	given, _ := readReceipt(s.m.Text)
	if org.ScopeOf(s.actor, org.AnswerSlip) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, org.AnswerSlip, org.Subject{Unit: "?"})
	}
	own, err := s.papers(slip.Filter{Units: s.actor.Units()}, org.AnswerSlip)
	if err != nil {
		return bot.Reply{}, err
	}
	meant, err := s.meantSlips(own, given.Ref)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(meant) == 0 {
		return s.whichSlip(own)
	}
	reason, eta := because(given.Words), s.dayIn(given.Words)
	was := receipted{}
	var after []slip.Slip
	for _, p := range meant {
		is, err := p.Answer(reason, eta, s.actor.PersonID, s.now, s.today)
		if err != nil {
			return bot.Reply{}, err
		}
		was.Slips, after = append(was.Slips, p.Slip), append(after, is)
	}
	if err := s.explain(meant[0], reason, eta, &was); err != nil {
		return bot.Reply{}, err
	}
	return s.receiptGiven(meant[0], after, was)
}

// dayIn reads the day in the words as a day to come.
func (s *session) dayIn(words string) calendar.Date {
	m := s.m
	m.Text = "立项：检查 " + words
	return s.parse(m, nil).Slots.Due
}

// meantSlips finds the slips of one piece of work that a receipt answers: those
// that wait, else the last one, whose receipt is corrected. It returns none when it
// is open which work is meant.
func (s *session) meantSlips(own []paper, ref slipRef) ([]paper, error) {
	fits := slices.DeleteFunc(slices.Clone(own), func(p paper) bool { return !s.fitsSlip(p, ref) })
	live := slices.DeleteFunc(slices.Clone(fits), paper.over)
	waiting := slices.DeleteFunc(slices.Clone(live), func(p paper) bool { return p.State != slip.Open })
	switch {
	case ref == (slipRef{}) && len(waiting) == 0:
		return nil, errNotFound("您单位没有等回执的督办单。发“督办单”看全部。")
	case ref == (slipRef{}):
		live = waiting
	case len(fits) == 0:
		return nil, errNotFound("没有找到这张督办单，可能不是发给您单位的。发“督办单”看编号。")
	case len(live) == 0 && fits[0].State == slip.Withdrawn:
		return nil, errs.Newf(errs.Conflict, "%s 已经撤回，不用回执。", fits[0].Number())
	case len(live) == 0:
		return nil, errs.Newf(errs.Conflict, "%s 已销（事情已经办结或停办），不用回执。", fits[0].Number())
	case len(waiting) > 0:
		live = waiting
	default:
		live = live[:1]
	}
	if slices.ContainsFunc(live, func(p paper) bool { return p.Subject != live[0].Subject }) {
		return nil, nil
	}
	return live, nil
}

// fitsSlip reports whether a reference means a slip. A number is first of all that
// of the entry shown last; without such an entry it is the slip's own.
func (s *session) fitsSlip(p paper, ref slipRef) bool {
	if e, ok := s.memory.entry(fmt.Sprint(ref.Entry)); ref.Entry > 0 && ok && e != (Listed{}) {
		return e.Hazard > 0 && p.hazard != nil && p.hazard.Seq == e.Hazard || e.Hazard == 0 && p.work != nil && p.work.ID == e.ID
	}
	switch {
	case ref.Code != "":
		return p.work != nil && p.work.Item.Code == ref.Code
	case ref.Hazard > 0:
		return p.hazard != nil && p.hazard.Seq == ref.Hazard
	case ref.Seq+ref.Entry > 0:
		return p.Seq == max(ref.Seq, ref.Entry) && p.Year == cmp.Or(ref.Year, s.today.Year())
	}
	return true
}

// whichSlip lists what waits, to be answered by number.
func (s *session) whichSlip(own []paper) (bot.Reply, error) {
	own = slices.DeleteFunc(own, func(p paper) bool { return p.rank() > 0 })
	reply, err := s.showSlips(slipAsk{State: slip.Open}, own)
	reply.Text = "是哪一张？没有保存，请写上前面的数字再发一次。\n" + reply.Text
	return reply, err
}

// explain stores the receipt on the work or the hazard, and what was there before.
func (s *session) explain(p paper, reason string, eta calendar.Date, was *receipted) (err error) {
	if p.hazard != nil {
		before := *p.hazard
		was.Hazard = &before
		after := before
		after.ETA = eta
		return s.tx.SaveHazard(s.ctx, after)
	}
	before := p.work.Assignment
	after, err := before.Receipt(reason, eta)
	if err != nil {
		return err
	}
	was.Work = &before
	if err := s.tx.SaveAssignment(s.ctx, after); err != nil {
		return err
	}
	was.Report, err = s.tx.AddReport(s.ctx, duty.ReportLine{AssignmentID: after.ID, PersonID: s.actor.PersonID, Platform: string(s.m.Platform), At: s.now,
		Progress: duty.Progress{Status: after.Status, Note: reason, ETA: eta}})
	return err
}

// receiptGiven stores the slips, tells those above with their next morning message
// and says what was recorded.
func (s *session) receiptGiven(p paper, after []slip.Slip, was receipted) (bot.Reply, error) {
	var list []notice.Notice
	var names, told []string
	seen := map[string]bool{}
	for _, sl := range after {
		if err := s.tx.SaveSlip(s.ctx, sl); err != nil {
			return bot.Reply{}, err
		}
		if err := s.note(sl.Subject, "receipt", "", fmt.Sprintf("%s %s", sl.Number(), sl.ETA), sl.Reason); err != nil {
			return bot.Reply{}, err
		}
		ns, err := s.Supervise.Receipted(s.ctx, s.dir, sl)
		if err != nil {
			return bot.Reply{}, err
		}
		for _, n := range ns {
			if seen[n.PersonID] {
				continue
			}
			seen[n.PersonID] = true
			list = append(list, n)
			if h, ok := s.dir.HolderNamed(n.PersonID); ok {
				told = append(told, s.dir.PostLabel(h.Post))
			}
		}
		names = append(names, sl.Number()+" "+sl.Colour.Say())
	}
	if err := s.notify(list...); err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "督办单回执 " + after[0].Number(), Receipt: &was, Text: s.m.Text}
	lines := []string{"已记下回执：" + strings.Join(names, "、"), p.title(), "原因：" + after[0].Reason,
		fmt.Sprintf("预计完成：%s（期限不变）", after[0].ETA.Say(s.today))}
	if len(list) > 0 {
		lines = append(lines, fmt.Sprintf("%s 随早间消息告诉%s。办完了请照常报结。", s.moment(list[0].NotBefore), strings.Join(told, "、")))
	}
	return bot.Reply{Title: "已记下回执", Text: strings.Join(lines, "\n")}, nil
}

// restoreReceipt takes a receipt back. The rounds were not touched by it and are
// not touched now.
func (s *session) restoreReceipt(r receipted, action string, fresh bool) error {
	for _, old := range r.Slips {
		now, err := s.tx.SlipsByID(s.ctx, old.ID)
		if err != nil {
			return err
		}
		if len(now) != 1 || now[0].Version != old.Version+1 {
			return errMovedOn
		}
		old.Version = now[0].Version
		if err := s.tx.SaveSlip(s.ctx, old); err != nil {
			return err
		}
		if err := s.note(old.Subject, action, now[0].Number()+" "+now[0].ETA.String(), old.Number(), ""); err != nil {
			return err
		}
	}
	if r.Hazard != nil {
		return s.restoreExplained(*r.Hazard)
	}
	works, err := s.tx.WorkByID(s.ctx, r.Work.ID)
	if err != nil {
		return err
	}
	if len(works) != 1 || works[0].Version != r.Work.Version+1 {
		return errMovedOn
	}
	old := *r.Work
	old.Version = works[0].Version
	if err := s.tx.SaveAssignment(s.ctx, old); err != nil || !fresh {
		return err
	}
	return s.tx.DropReport(s.ctx, r.Report)
}

func (s *session) restoreExplained(old hazard.Hazard) error {
	h, ok, err := s.tx.HazardByID(s.ctx, old.ID)
	if err != nil {
		return err
	}
	if !ok || h.Version != old.Version+1 {
		return errMovedOn
	}
	old.Version = h.Version
	return s.tx.SaveHazard(s.ctx, old)
}
