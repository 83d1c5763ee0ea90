package wecom

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"duban/bot"
)

// MaxText is the platform's limit for a text message in bytes, for app messages,
// passive replies and webhook texts alike; it cuts what is longer (documents
// 90236, 90241, 99110).
const MaxText = 2048

// maxHints bounds the typed equivalents listed under a message.
const maxHints = 6

// Parts turns a reply into the texts that go out, each within MaxText. Buttons
// become one line of typed equivalents, since plain text has none. The title is
// left out: a WeCom text has no place for one. An empty reply has no parts.
func Parts(r bot.Reply) []string {
	text := Words(r)
	if text == "" {
		return nil
	}
	return SplitText(text, MaxText)
}

// Words is a reply as plain text of any length, its buttons as a line of what may be
// typed instead; "" for an empty one.
func Words(r bot.Reply) string {
	text := strings.TrimSpace(legible(r.Text))
	if hint := buttonHint(r.Buttons); text != "" && hint != "" {
		text += "\n" + hint
	}
	return text
}

// buttonHint lists what may be typed: 可回复：“签收 22-3” / “第二项”.
func buttonHint(buttons []bot.Button) string {
	var words []string
	for _, b := range buttons {
		send := strings.TrimSpace(legible(b.Send))
		if send != "" && len(words) < maxHints {
			words = append(words, "“"+send+"”")
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "可回复：" + strings.Join(words, " / ")
}

// SplitText cuts text into parts of at most max bytes (at least 32), on line
// breaks or ends of sentences where there is one, never inside a character. More
// than one part are numbered "(1/3)" on a line of their own. Only line breaks at
// the cuts are lost.
func SplitText(text string, max int) []string {
	const least = 32
	if max < least {
		max = least
	}
	if len(text) <= max {
		return []string{text}
	}
	for digits := 1; ; digits++ {
		chunks := chop(text, max-len("(/)\n")-2*digits)
		if len(strconv.Itoa(len(chunks))) <= digits || digits == 6 {
			return number(chunks)
		}
	}
}

func number(chunks []string) []string {
	if len(chunks) == 1 { // the rest was blank lines
		return chunks
	}
	for i := range chunks {
		chunks[i] = fmt.Sprintf("(%d/%d)\n%s", i+1, len(chunks), chunks[i])
	}
	return chunks
}

func chop(text string, room int) []string {
	var out []string
	for len(text) > room {
		n := cutPoint(text, room)
		if chunk := strings.Trim(text[:n], "\n"); chunk != "" {
			out = append(out, chunk)
		}
		text = strings.TrimLeft(text[n:], "\n")
	}
	if text != "" {
		out = append(out, text)
	}
	return out
}

// cutPoint looks in the second half of the room for a line break, then for the
// end of a sentence, and else takes the last character that fits.
func cutPoint(text string, room int) int {
	head := text[:runeFloor(text, room)]
	for _, mark := range []string{"\n", "。", "；"} {
		if i := strings.LastIndex(head, mark); i >= room/2 {
			return i + len(mark)
		}
	}
	return len(head)
}

// runeFloor returns the largest character boundary not beyond n, and at least
// one character.
func runeFloor(text string, n int) int {
	if n >= len(text) {
		return len(text)
	}
	at := n
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	if at == 0 {
		_, size := utf8.DecodeRuneInString(text)
		return size
	}
	return at
}

// clip cuts text to max bytes and marks the cut with an ellipsis.
func clip(text string, max int) string {
	if len(text) <= max {
		return text
	}
	const mark = "…"
	return text[:runeFloor(text, max-len(mark))] + mark
}
