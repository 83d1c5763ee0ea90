package command

import (
	"slices"

	"duban/bot"
	"duban/bot/understand"
)

// Commands whose sentences are few and fixed. The parser does not know them: they
// are read here, before anything else is made of the words.
const (
	delivery understand.Command = "delivery" // did it arrive?
)

// fixedSpecs describes them like specs does the others.
func fixedSpecs() []Spec {
	return []Spec{
		{Command: delivery, Chapter: ofMe, Name: "查送达", Usage: "送到了吗 / 编号 的通知都送到了吗 / 谁没收到", Public: "已私聊回复您。",
			Examples: []string{"昨天的提醒送到了吗", "22-3 的通知都送到了吗", "谁没收到"}, run: (*session).delivered},
	}
}

// inChapters puts specs of one chapter together, the chapters in their order.
func inChapters(list []Spec) []Spec {
	chapters := []string{ofWork, ofHazards, ofOffice, ofFigures, ofMe}
	slices.SortStableFunc(list, func(a, b Spec) int {
		return slices.Index(chapters, a.Chapter) - slices.Index(chapters, b.Chapter)
	})
	return list
}

// fixed serves the fixed sentences.
func (s *session) fixed() (bot.Reply, bool, error) {
	command, ok := s.readFixed()
	if !ok {
		return bot.Reply{}, false, nil
	}
	s.command, s.intent.Command, s.intent.Slots = command, command, understand.Slots{}
	reply, err := s.run()
	return reply, true, err
}

func (s *session) readFixed() (understand.Command, bool) {
	if _, ok := s.readDelivery(s.m.Text); ok {
		return delivery, true
	}
	return understand.None, false
}
