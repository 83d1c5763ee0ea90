package command

import (
	"fmt"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
)

// delegate lets somebody stand in for the asker for some days (委托): what the
// posts are told goes to the stand-in, who may act for them.
func (s *session) delegate() (bot.Reply, error) {
	slots := s.intent.Slots
	if slots.To.Person == "" {
		return s.missing("to", "委托给谁？请写姓名，例如“王强”。")
	}
	people, err := s.tx.PersonsNamed(s.ctx, slots.To.Person, "")
	if err != nil {
		return bot.Reply{}, err
	}
	to, reply, err := s.stand(people)
	if err != nil || to == nil {
		return reply, err
	}
	if slots.Range == nil {
		return s.missing("range", "委托从哪天到哪天？例如“9月10日到9月12日”或“到周五”。")
	}
	d := org.Delegation{From: s.actor.PersonID, To: to.PersonID, First: max(slots.Range.From, s.today), Last: slots.Range.To, By: s.actor.PersonID}
	others, err := s.tx.Delegations(s.ctx, s.today)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.Check(others, s.today); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tx.AddDelegation(s.ctx, d, s.now); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(notice.Subject{Kind: notice.PersonSubj}, "delegate", s.actor.PersonID, to.PersonID, d.First.String()+"/"+d.Last.String()); err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "委托" + to.Name + "代办", Mine: &mine{Ends: true}}
	span := d.First.Say(s.today) + " 到 " + d.Last.Say(s.today)
	if err := s.tellPerson(to.PersonID, "delegated", "%s委托您代办：%s。这段时间的督办提醒会发给您，您可以代为签收、汇报和处理。", s.who(), span); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已委托", Text: fmt.Sprintf("已委托%s（%s）代办：%s（含当天）。\n这段时间的提醒发给%s，您仍可以自己办。提前结束请发“取消委托”。", to.Name, s.dir.Label(to.UnitID), span, to.Name)}, nil
}

// stand picks the person of that name: of the own unit if there are several.
func (s *session) stand(people []org.Actor) (*org.Actor, bot.Reply, error) {
	name := s.intent.Slots.To.Person
	if len(s.actor.Posts) == 0 {
		return nil, bot.Reply{}, errs.New(errs.Forbidden, "您没有需要委托的岗位职责。要请别人代报，请本单位同事直接发给我就行。")
	}
	var own []org.Actor
	for _, p := range people {
		for _, u := range s.actor.Units() {
			if p.UnitID == u {
				own = append(own, p)
			}
		}
	}
	switch {
	case len(people) == 1:
		return &people[0], bot.Reply{}, nil
	case len(own) == 1:
		return &own[0], bot.Reply{}, nil
	case len(people) == 0:
		return nil, bot.Reply{}, errNotFound("没有找到叫“%s”的同事。请核对姓名；对方还没绑定的，请先请他绑定。", render.Cut(name, 12))
	}
	return nil, bot.Reply{}, errNotFound("叫“%s”的有好几位，没法确定是谁。请联系局办公室代为设置。", render.Cut(name, 12))
}

// tellPerson tells one person something that concerns them, outside quiet hours.
func (s *session) tellPerson(person, what, format string, args ...any) error {
	if person == s.actor.PersonID {
		return nil
	}
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return err
	}
	return s.notify(notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Prompt, PersonID: person, NotBefore: at, CreatedAt: s.now, Weight: 60,
		Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("%s:%s:%s:%s", what, s.m.Platform, short(s.m.ID), person), Text: fmt.Sprintf(format, args...)})
}

// delegateCancel ends what the asker delegated.
func (s *session) delegateCancel() (bot.Reply, error) {
	others, err := s.tx.Delegations(s.ctx, s.today)
	if err != nil {
		return bot.Reply{}, err
	}
	n, err := s.tx.EndDelegations(s.ctx, s.actor.PersonID)
	if err != nil {
		return bot.Reply{}, err
	}
	if n == 0 {
		return text("您现在没有委托给别人的事。")
	}
	if err := s.note(notice.Subject{Kind: notice.PersonSubj}, "delegate_cancel", s.actor.PersonID, "", ""); err != nil {
		return bot.Reply{}, err
	}
	for _, d := range others {
		if d.From == s.actor.PersonID {
			s.act = &act{Label: "取消委托", Mine: &mine{Stood: &d}}
			if err := s.tellPerson(d.To, "undelegated", "%s已收回委托，之后的提醒不再发给您。谢谢。", s.who()); err != nil {
				return bot.Reply{}, err
			}
		}
	}
	return text("已取消委托，提醒从现在起重新发给您本人。")
}
