package dingtalk

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"duban/bot"
)

// Lengths. The platform allows 15 000 bytes of msgParam and 20 000 bytes of
// webhook body; clients show about 3 500 characters well, which is what other
// robots keep to. Button addresses take up to 3 500 bytes of the rest.
const (
	maxPartRunes = 3500
	maxPartBytes = 10800
	maxButtons   = 5
	maxSendRunes = 60
	maxLabel     = 20
	maxTitle     = 60
)

const cutNotice = "\n（内容太长，后面的没有显示。请缩小范围再查一次。）"

// Parts cuts a reply into messages within DingTalk's limits, numbered if there
// are several. Buttons come with the last one; those that do not fit are named
// in the text as what to type. An empty reply has no parts.
func Parts(r bot.Reply) []bot.Reply {
	r = fitButtons(r)
	if r.Text == "" {
		return nil
	}
	chunks := split(r.Text)
	parts := make([]bot.Reply, len(chunks))
	for i, chunk := range chunks {
		parts[i] = bot.Reply{Title: r.Title, Text: chunk}
		if len(chunks) > 1 {
			parts[i].Text = fmt.Sprintf("（%d/%d）\n%s", i+1, len(chunks), chunk)
		}
	}
	parts[len(parts)-1].Buttons = r.Buttons
	return parts
}

// cut makes one message of a reply where no second one can follow.
func cut(r bot.Reply) bot.Reply {
	r = fitButtons(r)
	if chunks := split(r.Text); len(chunks) > 1 {
		r.Text = chunks[0] + cutNotice
	}
	return r
}

// split cuts text before the limits, at a line break if one is near enough.
func split(text string) []string {
	var chunks []string
	for text != "" {
		end := prefix(text)
		if end < len(text) {
			if i := strings.LastIndexByte(text[:end], '\n'); i > end/2 {
				end = i
			}
		}
		chunks = append(chunks, strings.TrimRight(text[:end], "\n"))
		text = strings.TrimLeft(text[end:], "\n")
	}
	return chunks
}

// prefix returns the number of bytes of text that fit one part.
func prefix(text string) int {
	runes, bytes := 0, 0
	for i, r := range text {
		runes++
		bytes += cost(r)
		if runes > maxPartRunes || bytes > maxPartBytes {
			return i
		}
	}
	return len(text)
}

// cost is the most bytes a character takes once it is escaped and encoded.
func cost(r rune) int {
	if r == '\n' {
		return len(`  \n  `)
	}
	return max(utf8.RuneLen(r), len("＊"))
}

// fitButtons cleans the reply and moves buttons the platform would not take
// into the text.
func fitButtons(r bot.Reply) bot.Reply {
	out := bot.Reply{Title: shorten(oneLine(clean(r.Title)), maxTitle), Text: strings.TrimSpace(clean(r.Text))}
	var typed []bot.Button
	for _, b := range usable(r.Buttons) {
		if len(out.Buttons) < maxButtons && utf8.RuneCountInString(b.Send) <= maxSendRunes {
			out.Buttons = append(out.Buttons, b)
		} else {
			typed = append(typed, b)
		}
	}
	if out.Text != "" && len(typed) > 0 {
		out.Text += "\n\n还可以回复：" + spell(typed)
	}
	return out
}

func usable(buttons []bot.Button) []bot.Button {
	var kept []bot.Button
	for _, b := range buttons {
		b.Send = oneLine(clean(b.Send))
		b.Label = shorten(oneLine(clean(b.Label)), maxLabel)
		if b.Label == "" {
			b.Label = shorten(b.Send, maxLabel)
		}
		if b.Send != "" {
			kept = append(kept, b)
		}
	}
	return kept
}

// TypedButtons replaces buttons by a line that says what to type. In groups a
// pressed button sends its text without mentioning the robot, so that the
// robot may never see it; use this for every group reply.
func TypedButtons(r bot.Reply) bot.Reply {
	if typed := usable(r.Buttons); len(typed) > 0 && r.Text != "" {
		r.Text = strings.TrimRight(r.Text, "\n") + "\n\n可以@我回复：" + spell(typed)
	}
	r.Buttons = nil
	return r
}

// spell lists what to type: “延期 22-3”（申请延期）、“帮助”.
func spell(buttons []bot.Button) string {
	words := make([]string, len(buttons))
	for i, b := range buttons {
		words[i] = "“" + b.Send + "”"
		if b.Label != b.Send && !strings.HasPrefix(b.Send, b.Label) {
			words[i] += "（" + b.Label + "）"
		}
	}
	return strings.Join(words, "、")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}
