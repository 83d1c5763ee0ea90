package bot

import "strings"

// askedMarker begins the key of a button that answers a question, before the question's
// id.
const askedMarker = "q-"

// Key is what a card carries for the button and what comes back when it is pressed.
func (b Button) Key() string {
	send := strings.TrimSpace(b.Send)
	if b.Asked == "" || send == "" {
		return send
	}
	return askedMarker + b.Asked + "|" + send
}

// PressedKey reads a key that came back: the words of the button, and the question it
// answers, "" for none.
func PressedKey(key string) (words, asked string) {
	if rest, marked := strings.CutPrefix(key, askedMarker); marked {
		if asked, words, ok := strings.Cut(rest, "|"); ok && asked != "" && words != "" {
			return words, asked
		}
	}
	return key, ""
}
