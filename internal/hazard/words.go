package hazard

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxWords bounds the free text of one step, in runes.
const maxWords = 400

// words bounds a free text; what is longer is cut, since the history keeps the
// beginning and photos tell the rest.
func words(s string) string {
	if utf8.RuneCountInString(s) <= maxWords {
		return s
	}
	return string([]rune(s)[:maxWords])
}

// fill puts number, state and sequence into a sentence.
func fill(sentence, number, state string, seq ...int) string {
	pairs := []string{"{n}", number, "{s}", state}
	for _, q := range seq {
		pairs = append(pairs, "{q}", strconv.Itoa(q))
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}
