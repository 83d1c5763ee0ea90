package command

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/notice"
)

// emergencyAck is the answer of somebody who was told of an emergency.
const emergencyAck understand.Command = "emergency_ack"

// ackLife is how long an emergency can be answered by one word.
const ackLife = 12 * time.Hour

// answering are the words of somebody who takes an emergency on. Longer words that
// begin so are passed on.
var answering = regexp.MustCompile(`^(?:收到|已?知悉|知道了|我(?:马上|这就|来|去)|马上(?:到|来|去|处理)|正在(?:处理|赶|路上|去)|已(?:到场|到现场|赶到))`)

// otherMatter are words about work that goes on beside an emergency.
var otherMatter = regexp.MustCompile(`\d+-\d+|隐患|(?i:YH)|回执|签收`)

// answersEmergency reports whether the words answer an emergency that the person was
// told of and has not answered. It goes before any open question, and what people say
// to each other in a group is no answer.
func (s *session) answersEmergency() (bool, error) {
	if s.actor.PersonID == "" || s.inGroup() || !answering.MatchString(s.m.Text) || otherMatter.MatchString(s.m.Text) {
		return false, nil
	}
	_, told, err := s.tx.ToldIncident(s.ctx, s.actor.PersonID, s.now.Add(-ackLife))
	return told, err
}

// ackEmergency records who answered first and tells everybody who was told, and the
// reporter, whatever the hour. Everybody answers an emergency once.
func (s *session) ackEmergency() (bot.Reply, error) {
	i, ok, err := s.tx.ToldIncident(s.ctx, s.actor.PersonID, s.now.Add(-ackLife))
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok {
		return text("现在没有等您回应的紧急情况。")
	}
	first, err := s.tx.AckIncident(s.ctx, i.ID, s.actor.PersonID, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	subject := notice.Subject{Kind: "incident", ID: i.ID}
	if err := s.note(subject, "ack", "told", "acknowledged", ""); err != nil { // never the words
		return bot.Reply{}, err
	}
	people, err := s.tx.PeopleTold(s.ctx, i.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	told, err := s.tellAnswered(i.ID, i.Type, append(people, i.PersonID))
	if err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "回应紧急情况", Final: "已经告诉大家了，要更正请直接打电话。"}
	if !first {
		return text("已有人先回应了，您的回应也已告诉另外 %d 人。", told)
	}
	return text("已记下您收到，已告诉另外 %d 人，包括报告的人。请按预案处置，情况紧急请先拨打 110、119 或 120。", told)
}

// tellAnswered passes the answer on; about self-harm the words stay out.
func (s *session) tellAnswered(incident int64, kind string, people []string) (int, error) {
	words := "：" + render.Cut(s.m.Text, 60)
	if kind == "self_harm" {
		words = "，正在处理。"
	}
	var list []notice.Notice
	for n, p := range people {
		if p == "" || p == s.actor.PersonID || slices.Index(people, p) != n {
			continue
		}
		list = append(list, notice.Notice{Kind: notice.Emergency, Urgency: notice.Immediate, PersonID: p, NotBefore: s.now, CreatedAt: s.now, Weight: 190,
			Subject: notice.Subject{Kind: "incident", ID: incident}, Key: fmt.Sprintf("emergency-ack:%d:%s:%s", incident, s.actor.PersonID, p),
			Text: fmt.Sprintf("🆘 %s %s 已回应%s", s.who(), s.now.In(s.Loc).Format("15:04"), words)})
	}
	return len(list), s.notify(list...)
}
