package command

import (
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/journal"
	"duban/internal/response"
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
	id, err := s.tx.AddIncident(s.ctx, journal.Incident{Kind: string(response.Sensitive), UnitID: s.actor.UnitID, At: s.now})
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.noteUnnamed(id, "open"); err != nil {
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
