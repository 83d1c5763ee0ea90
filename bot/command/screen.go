package command

import (
	"cmp"
	"path"
	"strings"

	"duban/bot"
	"duban/bot/understand"
)

// The guards a message may carry instead of its words.
const (
	guardSensitive = "sensitive"
	guardSelfHarm  = "self_harm"
)

// Screen takes the words out of a sensitive message before anything can keep
// them. See bot.Screener.
func (e *Engine) Screen(m bot.Message) bot.Message {
	m.Text = bounded(legible(m.Text))
	if m.Quote != nil && e.grave(m, m.Quote.Text) != "" {
		// Somebody else's words, or our own: they go, and what is said of them stays.
		m.Quote = nil
	}
	guard := ""
	for _, words := range said(m) {
		guard = graver(guard, e.grave(m, words))
	}
	if m.Text != "" || m.Quote != nil {
		guard = graver(guard, graveness(e.Parser.Parse(e.input(m, nil))))
	}
	if guard != "" {
		m.Guard, m.Text, m.Attachments, m.Quote, m.Location = guard, "", nil, nil, nil
	}
	return m
}

// grave is the guard that some words of a message need by themselves.
func (e *Engine) grave(m bot.Message, words string) string {
	if words = legible(words); words == "" {
		return ""
	}
	alone := bot.Message{Platform: m.Platform, Text: words, Chat: m.Chat}
	return graveness(e.Parser.Parse(e.input(alone, nil)))
}

func graveness(in understand.Intent) string {
	switch {
	case in.Command == understand.Emergency && in.Slots.Type == selfHarm:
		return guardSelfHarm
	case in.Command == understand.Sensitive:
		return guardSensitive
	}
	return ""
}

// graver is the guard that asks for more: where somebody may die, people are called.
func graver(a, b string) string {
	if a == guardSelfHarm || b == guardSelfHarm {
		return guardSelfHarm
	}
	return cmp.Or(a, b)
}

// The parser looks at the beginning of a text only. Of a longer one it is asked piece by
// piece; they overlap, so that no sentence is cut in all of them.
const (
	pieceRunes = 1000
	pieceStep  = 800
	maxPieces  = 30
)

// bounded cuts off what no piece would hold: nobody types that much.
func bounded(text string) string {
	const most = maxPieces * pieceStep
	if len(text) <= most { // bytes are never fewer than signs
		return text
	}
	runes := []rune(text)
	return string(runes[:min(most, len(runes))])
}

// said are the words of a message besides those the parser is given as a whole: the rest
// of a long text, the names of files, the label of a position.
func said(m bot.Message) []string {
	var out []string
	runes := []rune(m.Text)
	for from := pieceStep; from+pieceRunes-pieceStep < len(runes) && len(out) < maxPieces; from += pieceStep {
		out = append(out, string(runes[from:min(from+pieceRunes, len(runes))]))
	}
	for _, a := range m.Attachments {
		out = append(out, strings.TrimSuffix(a.Name, path.Ext(a.Name)))
	}
	if m.Location != nil {
		out = append(out, m.Location.Label)
	}
	return out
}
