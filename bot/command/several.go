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
	if !reports(s.command) && s.command != understand.Clarify && s.command != understand.None || len(s.memory.list) > 0 && s.named != (Listed{}) {
		return nil
	}
	m := s.m
	m.Text = s.memory.expandLines(s.m.Text)
	parts := s.Parser.Several(s.seen(m, nil))
	switch {
	case len(parts) > 1:
		return parts
	case strings.Contains(strings.TrimSpace(m.Text), "\n"):
		if parts = s.byLine(m.Text); len(parts) > 1 {
			return parts
		}
	}
	if s.command == understand.Ack {
		return signatures(m.Text)
	}
	return nil
}

var bullet = regexp.MustCompile(`^\s*(?:\d{1,2}[.、．)）]|[-·•*])\s*`)

// byLine reads a pasted list line by line when at least two lines name what they are
// about. A line that says nothing is kept, so that its writer hears of it.
func (s *session) byLine(list string) []understand.Intent {
	var parts []understand.Intent
	named := 0
	for i, line := range strings.Split(list, "\n") {
		m := s.m
		m.Text = strings.TrimSpace(bullet.ReplaceAllString(line, ""))
		if m.Text == "" || i == 0 && strings.HasSuffix(m.Text, "：") {
			continue
		}
		it := s.parse(m, nil)
		if ref := it.Slots; ref.Task != nil && ref.Task.Code != "" || ref.Hazard != nil && ref.Hazard.ID > 0 {
			named++
		}
		if !reports(it.Command) {
			it = understand.Intent{Command: understand.None}
		}
		it.Slots.Text = m.Text
		parts = append(parts, it)
	}
	if named < 2 {
		return nil
	}
	return parts
}

// reports are the commands that may stand beside each other in one message.
func reports(c understand.Command) bool {
	switch c {
	case understand.ReportProgress, understand.Ack, understand.HazardFix, understand.HazardClose, understand.HazardReview:
		return true
	}
	return false
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
		if part.Command == understand.None {
			lines = append(lines, "✗ 没看懂，请单独发：“"+part.Slots.Text+"”")
			continue
		}
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
