package main

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"duban/internal/notice"
)

// head is how much of a text must agree: a message may go in parts.
const head = 120

// part marks the pieces of a long message; all but the first are left aside.
var part = regexp.MustCompile(`^[(（](\d+)/\d+[)）]\n`)

// arrivals matches letters with the messages they are, by platform, receiver and
// the beginning of the words. Of messages alike those of the letter's day come
// first, then those called sent, then those of unknown fate; what is left over is
// one too many. strangers are letters that no row knows.
func arrivals(messages []message, letters []letter) (came map[int64]int, strangers []letter) {
	came = map[int64]int{}
	shelves := map[string]shelf{}
	for _, m := range messages {
		k := m.platform + "|" + m.to
		if shelves[k] == nil {
			shelves[k] = shelf{}
		}
		shelves[k].put(m)
	}
	for _, l := range letters {
		text, first := whole(l.text)
		if l.answer || !first {
			continue
		}
		if a := shelves[l.platform+"|"+l.to].find(text); a != nil {
			came[a.of(l, came)]++
		} else {
			strangers = append(strangers, l)
		}
	}
	return came, strangers
}

// alike are messages to one receiver that begin alike.
type alike struct{ messages []message }

// shelf holds a receiver's messages by how they begin. DingTalk shows the title
// before some.
type shelf map[string]*alike

func (s shelf) put(m message) {
	words := begin(m.text)
	if s[words] == nil {
		s[words] = &alike{}
	}
	s[words].messages = append(s[words].messages, m)
	if titled := begin(m.title + m.text); s[titled] == nil {
		s[titled] = s[words]
	}
}

// find returns the messages whose longest beginning the text has.
func (s shelf) find(text string) (best *alike) {
	longest := -1
	for words, a := range s {
		if len(words) > longest && strings.HasPrefix(text, words) {
			best, longest = a, len(words)
		}
	}
	return best
}

// of returns the message that a letter is.
func (a *alike) of(l letter, came map[int64]int) int64 {
	list := slices.Clone(a.messages)
	if today := slices.DeleteFunc(slices.Clone(list), func(m message) bool { return m.day != l.day }); len(today) > 0 {
		list = today
	}
	states := []string{notice.MsgSent, notice.MsgUnknown, notice.MsgSending, notice.MsgQueued, notice.MsgFailed}
	slices.SortStableFunc(list, func(a, b message) int {
		return cmp.Or(cmp.Compare(min(came[a.id], 1), min(came[b.id], 1)), cmp.Compare(slices.Index(states, a.state), slices.Index(states, b.state)))
	})
	return list[0].id
}

// whole takes the mark of a part off; first is false for a later part.
func whole(text string) (_ string, first bool) {
	m := part.FindStringSubmatch(text)
	if m == nil {
		return plain(text), true
	}
	return plain(text[len(m[0]):]), m[1] == "1"
}

func begin(text string) string {
	r := []rune(plain(text))
	return string(r[:min(len(r), head)])
}
