package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
)

// onlyVoice reports whether a message is nothing but recordings.
func onlyVoice(m bot.Message) bool {
	return len(m.Attachments) > 0 && !slices.ContainsFunc(m.Attachments, func(a bot.Attachment) bool { return a.Kind != bot.Voice })
}

// amendable are the acts that a correction (“不对，是…”) does again.
var amendable = []understand.Command{understand.ReportProgress, understand.Ack, understand.ReportHazard, understand.HazardFix, understand.Extend}

// echoed tells who spoke what the platform heard, and how to put it right: nothing is
// done silently on words that may have been heard wrongly. What must not be repeated
// (danger, harm) is not, nor is anything in a group.
func (s *session) echoed(reply bot.Reply, heard string) bot.Reply {
	if !s.m.Spoken || reply.Text == "" || s.m.Guard != "" || s.command == understand.Emergency || s.command == understand.Sensitive ||
		s.inGroup() && s.specs[s.command].Public == "" {
		return reply
	}
	right := ""
	switch {
	case s.memory.asked != nil:
		right = "不对请回复“取消”再说一次。"
	case s.act == nil || s.act.Final != "":
	case slices.Contains(amendable, s.command) && len(s.act.Many) == 0:
		right = "不对请回复“不对，是…”，或回复“撤回”再说一次。"
	default:
		right = "不对请回复“撤回”再说一次。"
	}
	reply.Text += fmt.Sprintf("\n听到的是：“%s”。%s", render.Cut(strings.TrimRight(heard, "。."), 80), right)
	return reply
}
