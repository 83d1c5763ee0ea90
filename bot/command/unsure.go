package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
)

// askCommand is missing when it is open what a message is for.
const askCommand = "command"

// Below sureEnough a message is not carried out but asked about; a meaning below
// worthAsking is not offered. An emergency is asked about before it is likely.
const (
	sureEnough  = 0.5
	worthAsking = 0.08
	maybeDanger = 0.2
)

// unsure asks what a message is for when it can be several things and none is likely
// enough.
func (s *session) unsure() (bot.Reply, bool, error) {
	danger := s.intent.Chance(understand.Emergency) >= maybeDanger
	if s.intent.Confidence >= sureEnough && !danger || len(s.intent.Guesses) == 0 || s.memory.asked != nil {
		return bot.Reply{}, false, nil
	}
	if s.intent.Chance(understand.Sensitive) >= maybeDanger/2 || s.memory.draft != nil && !danger { // a question would keep the words, or push what was put aside out of the way
		s.command = understand.None
		reply, err := s.unserved()
		return reply, true, err
	}
	var choices []Listed
	if danger {
		choices = append(choices, Listed{Code: string(understand.Emergency), Name: "有人受伤或正有危险，马上通知负责人"})
	}
	for _, g := range s.intent.Guesses {
		spec, ok := s.specs[g.Command]
		if ok && g.Chance >= worthAsking && len(choices) < maxChoices && s.may(spec) && !conversational(g.Command) {
			choices = append(choices, Listed{Code: string(g.Command), Name: spec.Name})
		}
	}
	if len(choices) == 0 || s.inGroup() && s.command == understand.None {
		return bot.Reply{}, false, nil
	}
	reply, err := s.askWhich(choices)
	return reply, true, err
}

// conversational are commands about the talk itself, which are never what a long
// sentence was meant for.
func conversational(c understand.Command) bool {
	return slices.Contains([]understand.Command{understand.Help, understand.Undo, understand.Cancel, understand.Confirm, understand.Deny, understand.Select}, c)
}

func (s *session) askWhich(choices []Listed) (bot.Reply, error) {
	ids, err := s.keepFiles(noSubject)
	if err != nil {
		return bot.Reply{}, err
	}
	s.command = understand.Clarify
	if err := s.ask([]string{askCommand}, choices, ids); err != nil {
		return bot.Reply{}, err
	}
	var b strings.Builder
	if choices[0].Code == string(understand.Emergency) { // first of all
		b.WriteString("如果现在有人受伤或有危险，请马上拨打 120、119 或 110。\n")
	}
	b.WriteString("没太看明白，您是想：\n")
	var buttons []bot.Button
	for i, c := range choices {
		fmt.Fprintf(&b, "%d. %s\n", i+1, c.Name)
		buttons = append(buttons, bot.Button{Label: render.Cut(c.Name, 8), Send: fmt.Sprint(i + 1)})
	}
	if len(choices) == 1 {
		b.WriteString("是就回复 1；不是请换个说法再发。")
	} else {
		b.WriteString("请回复数字；都不是请换个说法再发。")
	}
	return bot.Reply{Text: b.String(), Buttons: buttons}, nil
}

// meantAs reads the message that was asked about as the command that was chosen.
func (s *session) meantAs(q *question, choice Listed) (bot.Reply, error) {
	m := s.m
	m.Text, m.Attachments = q.Text, nil
	s.command, s.m.Text = understand.Command(choice.Code), q.Text
	s.intent = s.Parser.Read(s.seen(m, nil), s.command)
	q.Command = s.command // what was kept with the question goes along
	if s.command == understand.Emergency {
		if err := s.settled(); err != nil {
			return bot.Reply{}, err
		}
		return s.emergency(s.intent.Slots.Type, s.intent.Slots.Location, q.Text)
	}
	return s.run()
}
