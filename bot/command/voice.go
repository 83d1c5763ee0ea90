package command

import (
	"slices"

	"duban/bot"
)

// onlyVoice reports whether a message is nothing but recordings.
func onlyVoice(m bot.Message) bool {
	return len(m.Attachments) > 0 && !slices.ContainsFunc(m.Attachments, func(a bot.Attachment) bool { return a.Kind != bot.Voice })
}
