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

// ack signs for an item or a hazard.
func (s *session) ack() (bot.Reply, error) {
	slots := s.intent.Slots
	if slots.Hazard != nil && slots.Hazard.ID > 0 {
		return s.signHazard(slots.Hazard.ID)
	}
	if slots.Task == nil && len(s.memory.list) == 1 && s.memory.list[0].Hazard > 0 {
		return s.signHazard(s.memory.list[0].Hazard)
	}
	w, reply, err := s.ownWork(org.SignItem, slots.Task, "要签收哪一项？")
	if err != nil || w == nil {
		return reply, err
	}
	if err := org.Can(s.actor, org.SignItem, org.Subject{Unit: w.UnitID}); err != nil {
		return bot.Reply{}, err
	}
	after, err := w.Assignment.Sign(s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if !slots.ETA.IsZero() {
		after.ETA = slots.ETA
	}
	if err := s.tx.SaveAssignment(s.ctx, after); err != nil {
		return bot.Reply{}, err
	}
	subject := notice.Subject{Kind: notice.Assignment, ID: w.ID}
	if err := s.note(subject, "sign", string(w.State), string(after.State), ""); err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "签收 " + w.Item.Code, Work: &w.Assignment, Text: s.m.Text}
	signed := *w
	signed.Assignment = after
	if err := s.Supervise.ReplanWork(s.ctx, s.tx, signed); err != nil {
		return bot.Reply{}, err
	}
	lines := []string{"已签收：" + s.titled(*w), "期限：" + s.view().DueText(w.Due)}
	if !slots.ETA.IsZero() {
		lines = append(lines, "您说的完成日："+slots.ETA.Say(s.today))
	}
	lines = append(lines, fmt.Sprintf("有进展请发“%s 60%%”。", w.Item.Code))
	return bot.Reply{Title: "已签收 " + w.Item.Code, Text: strings.Join(lines, "\n")}, nil
}

// signHazard takes a hazard on for its unit.
func (s *session) signHazard(seq int) (bot.Reply, error) {
	h, err := s.hazardNumbered(seq)
	if err != nil {
		return bot.Reply{}, err
	}
	if !s.handles(*h) {
		return bot.Reply{}, errNotFound("%s 要由%s的安全专干或负责人签收，请转告他们。", h.Number(), s.dir.Label(h.UnitID))
	}
	after, err := h.Sign(s.actor.PersonID, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.tx.SaveHazard(s.ctx, after); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "签收 " + h.Number(), Hazard: h, Text: s.m.Text}
	subject := notice.Subject{Kind: notice.HazardSubj, ID: h.ID}
	if err := s.note(subject, "sign", string(h.State), string(after.State), ""); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tellReporter(after); err != nil {
		return bot.Reply{}, err
	}
	if err := s.Supervise.Replan(s.ctx, s.tx, subject); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已签收 " + h.Number(), Text: fmt.Sprintf("已签收 %s：%s\n整改期限：%s", h.Number(),
		render.Placed(*h, 40), s.view().DueText(after.FixDue))}, nil
}

// handles reports whether the asker answers for the hazard's unit, also by standing in.
func (s *session) handles(h hazard.Hazard) bool {
	return s.actor.IsSafety(h.UnitID) || org.Can(s.actor, org.FixHazard, s.hazardSubject(h)) == nil
}

// tellReporter lets who filed a hazard know that somebody has taken it on.
func (s *session) tellReporter(h hazard.Hazard) error {
	if h.Reporter == "" || h.Reporter == s.actor.PersonID {
		return nil
	}
	if muted, err := s.mutedBy(h, []string{h.Reporter}); err != nil || muted != "" {
		return err
	}
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return err
	}
	return s.notify(notice.Notice{Kind: notice.HazardUpdate, Urgency: notice.Prompt, PersonID: h.Reporter, NotBefore: at, CreatedAt: s.now, Weight: 35,
		Subject: notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, Key: fmt.Sprintf("signed:%d:%d", h.ID, h.Version),
		Text: fmt.Sprintf("您报的 %s 已有人接办：%s签收，整改期限 %s。", h.Number(), s.dir.Label(h.UnitID), h.FixDue.Say(s.today))})
}
