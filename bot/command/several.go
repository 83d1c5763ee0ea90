package command

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/errs"
)

// several are the reports of a message that speaks of more than one thing.
func (s *session) several() []understand.Intent {
	if s.command != understand.ReportProgress && s.command != understand.Ack && s.command != understand.HazardFix &&
		s.command != understand.HazardClose && s.command != understand.HazardReview && s.command != understand.Clarify && s.command != understand.None ||
		len(s.memory.list) > 0 && s.named != (Listed{}) {
		return nil
	}
	m := s.m
	m.Text = s.memory.expandLines(s.m.Text)
	parts := s.Parser.Several(s.seen(m, nil))
	if len(parts) < 2 && s.command == understand.Ack {
		return signatures(m.Text)
	}
	return parts
}

var itemCode = regexp.MustCompile(`\b\d{1,2}-\d{1,3}\b`)

// signatures are those of a message that signs for several items at once.
func signatures(text string) []understand.Intent {
	var parts []understand.Intent
	codes := itemCode.FindAllString(text, -1)
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		parts = append(parts, understand.Intent{Command: understand.Ack, Confidence: 1, Slots: understand.Slots{Task: &understand.TaskRef{Code: code}, Text: "签收 " + code}})
	}
	return parts
}

// each carries out the parts one after the other. A part that cannot be done says
// so in its place; the others are done nevertheless.
func (s *session) each(parts []understand.Intent) (bot.Reply, error) {
	var lines []string
	whole, done := s.m.Text, 0
	var acts []act
	for _, part := range parts {
		s.intent, s.command, s.named, s.m.Text = part, part.Command, Listed{}, part.Slots.Text
		asked := s.memory.asked
		reply, err := s.run()
		var said *errs.Error
		switch {
		case errors.As(err, &said) && said.Code != errs.Unavailable && said.Code != errs.Internal:
			lines = append(lines, "✗ "+said.Say)
		case err != nil:
			return bot.Reply{}, err
		case s.memory.asked != asked: // it asked back: that would have to wait for the others
			s.memory.asked = asked
			if err := s.save(); err != nil {
				return bot.Reply{}, err
			}
			lines = append(lines, "✗ 没认准是哪一项，请单独发：“"+part.Slots.Text+"”")
		default:
			done++
			if s.act != nil {
				acts, s.act = append(acts, *s.act), nil
			}
			lines = append(lines, "✓ "+strings.ReplaceAll(firstLines(reply.Text, 2), "\n", "；"))
		}
	}
	s.m.Text = whole
	if slices.Reverse(acts); len(acts) > 0 { // taken back in the opposite order
		s.act = &act{Label: fmt.Sprintf("刚才的 %d 条", len(acts)), Many: acts}
	}
	reply, err := text("收到 %d 条，办好 %d 条：\n%s", len(parts), done, strings.Join(lines, "\n"))
	reply.Title = "已记下"
	return reply, err
}

func firstLines(t string, n int) string {
	lines := strings.SplitN(t, "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], "\n")
}
