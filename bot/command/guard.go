package command

import (
	"fmt"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
)

// handOver is the question that is open after a sensitive message.
const handOver = "hand_over"

// guarded answers messages whose words were taken away, and the wish for a
// private talk that may follow one.
func (s *session) guarded() (bot.Reply, bool, error) {
	switch {
	case s.m.Guard == guardSelfHarm:
		s.command = understand.Emergency
		reply, err := s.emergency("self_harm", "", "")
		return reply, true, err
	case s.m.Guard == guardSensitive:
		s.command = understand.Sensitive
		reply, err := s.sensitive()
		return reply, true, err
	case s.actor.PersonID == "" && s.wishesTalk():
		s.command = understand.Sensitive
		reply, err := text("我还不认识您，没法转告。请直接拨打 110，或联系校长、局安全法规股。")
		return reply, true, err
	case s.wishesTalk():
		s.command = understand.Sensitive
		reply, err := s.handOver()
		return reply, true, err
	}
	return bot.Reply{}, false, nil
}

// wishesTalk recognises the offered words. They stand for themselves even
// without the offer, because after a message in a group the offer was made in
// another conversation.
func (s *session) wishesTalk() bool {
	words := strings.Trim(strings.TrimSpace(s.m.Text), "“”。！")
	if words == "请联系我" {
		return true
	}
	return s.memory.asked != nil && s.memory.asked.wants(handOver) && strings.Contains(words, "联系我")
}

// emergency tells the person what to dial and everybody responsible what
// happened, whatever the hour. The words are passed on to them alone; about
// self-harm nothing is passed on but that it happened.
func (s *session) emergency(kind, location, words string) (bot.Reply, error) {
	unit := s.actor.UnitID
	people := s.responders(unit)
	who := "一位没有绑定的用户"
	if s.actor.Name != "" {
		who = s.actor.Name
	}
	if kind == "self_harm" {
		words = ""
	}
	alert := s.view().EmergencyAlert(kind, unit, location, who, words, s.now)
	id, err := s.tx.AddIncident(s.ctx, journal.Incident{Kind: "emergency", Type: kind, UnitID: unit, PersonID: s.actor.PersonID,
		Location: location, At: s.now, Told: len(people)})
	if err != nil {
		return bot.Reply{}, err
	}
	var notices []notice.Notice
	var names []string
	for _, p := range people {
		names = append(names, s.dir.PostLabel(p.Post))
		notices = append(notices, notice.Notice{Kind: notice.Emergency, Urgency: notice.Immediate, PersonID: p.PersonID, NotBefore: s.now, CreatedAt: s.now,
			Subject: notice.Subject{Kind: "incident", ID: id}, Text: alert, Weight: 200, Key: fmt.Sprintf("emergency:%d:%s", id, p.PersonID)})
	}
	if err := s.notify(notices...); err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Reply{Title: "紧急情况", Text: render.EmergencyReply(kind, names)}
	return s.unechoed(reply, render.EmergencyGroup(s.actor.PersonID != "")), nil
}

// responders are the heads and safety officers of the unit, the bureau's officers
// on call and its safety section, without the reporter. An unknown reporter's
// unit is unknown, so the bureau alone is told.
func (s *session) responders(unit string) []org.Holder {
	all := append(s.dir.HoldersOf(unit), s.dir.Safety(unit)...)
	all = append(all, s.dir.OnCall()...)
	all = append(all, s.dir.SafetySection()...)
	seen := map[string]bool{s.actor.PersonID: true}
	var out []org.Holder
	for _, h := range all {
		if !seen[h.PersonID] {
			seen[h.PersonID] = true
			out = append(out, h)
		}
	}
	return out
}

// unechoed answers privately; in a group only a line that repeats nothing.
func (s *session) unechoed(reply bot.Reply, public string) bot.Reply {
	if !s.inGroup() {
		return reply
	}
	if s.actor.PersonID == "" {
		return bot.Reply{Text: public}
	}
	s.private = &reply
	return bot.Reply{Text: public}
}

// sensitive tells the person what the law asks and offers a private talk. Unit
// and time are kept, nothing else.
func (s *session) sensitive() (bot.Reply, error) {
	_, err := s.tx.AddIncident(s.ctx, journal.Incident{Kind: "sensitive", UnitID: s.actor.UnitID, At: s.now})
	if err != nil {
		return bot.Reply{}, err
	}
	if s.actor.PersonID != "" { // photos sent just before belong to it and go as well
		forget, err := s.tx.ForgetLoose(s.ctx, s.actor.PersonID, s.now.Add(-together))
		if err != nil {
			return bot.Reply{}, err
		}
		s.wakes.Forget = forget
	}
	officer := ""
	if people := s.dir.Officers(); len(people) > 0 && s.actor.PersonID != "" {
		officer = s.dir.PostLabel(people[0].Post)
	}
	if s.actor.PersonID != "" { // also in a group, and when nobody can be offered: photos may follow in private
		s.memory.asked = &question{Command: understand.Sensitive, Missing: []string{handOver}}
		if err := s.save(); err != nil {
			return bot.Reply{}, err
		}
	}
	return s.unechoed(bot.Reply{Text: render.SensitiveReply(officer)}, render.SensitiveGroup(s.actor.PersonID != "")), nil
}

// handOver asks the officer to get in touch, at the person's own wish.
func (s *session) handOver() (bot.Reply, error) {
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	people := s.dir.Officers()
	if len(people) == 0 {
		return text("没有找到可以联系您的人，请直接拨打 110 或联系校长。")
	}
	p := people[0]
	err := s.notify(notice.Notice{Kind: notice.SensitiveTip, Urgency: notice.Immediate, PersonID: p.PersonID, NotBefore: s.now, CreatedAt: s.now, Weight: 150,
		Subject: notice.Subject{Kind: notice.PersonSubj}, Text: s.view().HandOver(s.actor.UnitID, s.actor.Name),
		Key: fmt.Sprintf("handover:%s:%s", s.m.Platform, short(s.m.ID))})
	if err != nil {
		return bot.Reply{}, err
	}
	return text("好的，已请%s私下联系您。情况紧急请先拨打 110。", s.dir.PostLabel(p.Post))
}
