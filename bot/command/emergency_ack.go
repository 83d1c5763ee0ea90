package command

import (
	"regexp"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/response"
)

// emergencyAck is the answer of somebody who was called to an incident.
const emergencyAck understand.Command = "emergency_ack"

// answering are the words of somebody who takes an incident on. Longer words that
// begin so are passed on.
var answering = regexp.MustCompile(`^(?:收到|已?知悉|知道了|我(?:马上|这就|来|去)|马上(?:到|来|去|处理|联系)|正在(?:处理|赶|路上|去|联系)|在(?:处理|路上)|已(?:到场|到现场|赶到|联系)|这就联系)`)

// otherMatter are words about work that goes on beside an incident.
var otherMatter = regexp.MustCompile(`\d+-\d+|隐患|(?i:YH)|回执|签收`)

// answersEmergency reports whether the words answer an incident that the person was
// called to and has not answered. It goes before any open question, and what people say
// to each other in a group is no answer.
func (s *session) answersEmergency() (bool, error) {
	if s.actor.PersonID == "" || s.inGroup() || !answering.MatchString(s.m.Text) || otherMatter.MatchString(s.m.Text) {
		return false, nil
	}
	open, err := s.tx.ToAnswer(s.ctx, s.actor.PersonID, s.now.Add(-incidentLife))
	return len(open) > 0, err
}

// ackEmergency records who answered: nobody is called any more, and everybody who was
// told and who reported it hears who has it, whatever the hour. Everybody answers once.
func (s *session) ackEmergency() (bot.Reply, error) {
	open, err := s.tx.ToAnswer(s.ctx, s.actor.PersonID, s.now.Add(-incidentLife))
	if err != nil {
		return bot.Reply{}, err
	}
	if len(open) == 0 {
		return text("现在没有等您回应的紧急情况。")
	}
	r := open[0]
	before, first := r.State, r.State != response.Answered
	if err := s.tx.AnswerIncident(s.ctx, r.Incident, s.actor.PersonID, s.now); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(incidentSubject(r.Incident), "ack", string(before), string(response.Answered), ""); err != nil { // never the words
		return bot.Reply{}, err
	}
	if first {
		if err := s.answered(r); err != nil {
			return bot.Reply{}, err
		}
	}
	if r.Kind == response.Sensitive {
		return s.handedOver(r)
	}
	return s.passAnswer(r, first)
}

// answered ends the calls.
func (s *session) answered(r response.Response) error {
	r.State, r.Next = response.Answered, time.Time{}
	if r.Kind == response.Sensitive {
		r.Alert = "" // whom to call is in the officer's hands now
	}
	if err := s.tx.SaveResponse(s.ctx, r); err != nil {
		return err
	}
	return s.tx.SilenceIncident(s.ctx, r.Incident, true, "answered")
}

// passAnswer tells the others; about self-harm the words stay out.
func (s *session) passAnswer(r response.Response, first bool) (bot.Reply, error) {
	told, reporters, err := s.parties(r.Incident)
	if err != nil {
		return bot.Reply{}, err
	}
	words := "：" + render.Cut(s.m.Text, 60)
	if r.Type == selfHarm {
		words = "，正在处理。"
	}
	n, err := s.tellAll(r, "ack/"+s.actor.PersonID, "🆘 "+s.who()+" "+s.now.In(s.Loc).Format("15:04")+" 已回应"+words, append(told, reporters...)...)
	if err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "回应紧急情况", Final: "已经告诉大家了，要更正请直接打电话。"}
	if !first {
		return text("已有人先回应了，您的回应也已告诉另外 %d 人。", n)
	}
	return text("已记下您收到，已告诉另外 %d 人，包括报告的人，不再重复通知。请按预案处置，情况紧急请先拨打 110、119 或 120。结束后请回复“警报解除”。", n)
}
