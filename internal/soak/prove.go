package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duban/internal/notice"
)

// flaw is something wrong, planted in good records to see that it is found. plant
// returns false when the records have no place for it.
type flaw struct {
	name    string
	promise promise
	plant   func(r *records) bool
}

// flaws are planted after every run: a run that found nothing must have been able
// to.
func flaws() []flaw {
	return []flaw{
		{"a reminder that did not arrive", sentArrives, func(r *records) bool { return r.take(r.telling(notice.Reminder)) }},
		{"a reminder twice", ordinaryOnce, func(r *records) bool { return r.repeat(r.telling(notice.Reminder)) }},
		{"a reminder in two messages", ordinaryOnce, (*records).tellTwice},
		{"a digest twice", ordinaryOnce, func(r *records) bool { return r.repeat(r.messageOf(notice.DigestKind)) }},
		{"an answer twice", replyOnce, (*records).answerTwice},
		{"an escalation that did not arrive", urgentArrives, (*records).loseEscalation},
		{"an intent without a message", noIntentLost, (*records).forgetMessage},
		{"an intent dropped in silence", noIntentLost, func(r *records) bool {
			r.intents[0].state, r.intents[0].reason = string(notice.Dropped), ""
			return true
		}},
		{"a message of which nothing is known", nothingUnknown, func(r *records) bool {
			r.letters = append(r.letters, letter{platform: "wecom", to: "nobody", text: "早上好"})
			return true
		}},
	}
}

// prove plants every flaw in the records of the last check and one in the journal,
// and returns those that were found. It is the last thing done to the database.
func (w *world) prove(ctx context.Context) (found []string, err error) {
	for _, f := range flaws() {
		r := w.last.clone()
		if !f.plant(&r) {
			return nil, fmt.Errorf("nothing happened in which %s could be planted", f.name)
		}
		if !slices.ContainsFunc(judge(r).broken, func(b finding) bool { return b.promise == f.promise }) {
			return nil, fmt.Errorf("the check is blind: %s was planted and not found", f.name)
		}
		found = append(found, f.name)
	}
	if _, err := w.db.ExecContext(ctx, "UPDATE journal SET after_value = CONCAT(after_value, '.') ORDER BY id DESC LIMIT 1"); err != nil {
		return nil, err
	}
	broken, err := w.journal(ctx)
	if err == nil && len(broken) == 0 {
		err = fmt.Errorf("the check is blind: a changed line of the journal was not found")
	}
	return append(found, "a changed line of the journal"), err
}

func (r records) clone() records {
	r.intents, r.messages, r.tellings = slices.Clone(r.intents), slices.Clone(r.messages), slices.Clone(r.tellings)
	r.letters, r.heard = slices.Clone(r.letters), slices.Clone(r.heard)
	return r
}

// telling finds a sent message that arrived once, tells an intent of the kind and
// is worded like no other.
func (r *records) telling(kind notice.Kind) *message {
	told := map[int64]bool{}
	for _, n := range r.intents {
		told[n.message] = told[n.message] || n.kind == string(kind)
	}
	return r.sent(func(m message) bool { return told[m.id] && !mayRepeat(m.kind) })
}

func (r *records) messageOf(kind notice.Kind) *message {
	return r.sent(func(m message) bool { return m.kind == string(kind) })
}

func (r *records) sent(fits func(message) bool) *message {
	came, _ := arrivals(r.messages, r.letters)
	for i, m := range r.messages {
		if m.state == notice.MsgSent && came[m.id] == 1 && fits(m) && r.lettersOf(m) == 1 {
			return &r.messages[i]
		}
	}
	return nil
}

// is says that a letter has the words and the receiver of a message.
func (m message) is(l letter) bool {
	text, _ := whole(l.text)
	return !l.answer && l.platform == m.platform && l.to == m.to && (strings.HasPrefix(text, begin(m.text)) || strings.HasPrefix(text, begin(m.title+m.text)))
}

func (r *records) lettersOf(m message) (n int) {
	for _, l := range r.letters {
		if m.is(l) {
			n++
		}
	}
	return n
}

// take removes the letter of a message.
func (r *records) take(m *message) bool {
	if m != nil {
		r.letters = slices.DeleteFunc(r.letters, m.is)
	}
	return m != nil
}

// repeat doubles the letter of a message.
func (r *records) repeat(m *message) bool {
	if m == nil {
		return false
	}
	i := slices.IndexFunc(r.letters, m.is)
	r.letters = append(r.letters, r.letters[i])
	return true
}

// tellTwice lets a second message that arrived have told a reminder, too.
func (r *records) tellTwice() bool {
	first, second := r.telling(notice.Reminder), r.messageOf(notice.DigestKind)
	if first == nil || second == nil {
		return false
	}
	i := slices.IndexFunc(r.intents, func(n intent) bool { return n.message == first.id && n.kind == string(notice.Reminder) })
	r.tellings = append(r.tellings, telling{r.intents[i].id, second.id})
	return true
}

// answerTwice shows an answer in the call once more.
func (r *records) answerTwice() bool {
	i := slices.IndexFunc(r.heard, func(e entry) bool { return e.shown == 1 })
	if i < 0 {
		return false
	}
	r.heard[i].shown++
	return true
}

// loseEscalation lets all messages that told an escalation be of unknown fate and
// not have arrived.
func (r *records) loseEscalation() bool {
	i := slices.IndexFunc(r.intents, func(n intent) bool { return n.kind == string(notice.Escalation) && n.state == string(notice.Taken) })
	if i < 0 {
		return false
	}
	for _, t := range r.tellings {
		if t.intent != r.intents[i].id {
			continue
		}
		k := slices.IndexFunc(r.messages, func(m message) bool { return m.id == t.message })
		r.messages[k].state, r.messages[k].reason = notice.MsgUnknown, "crash"
		r.take(&r.messages[k])
	}
	return true
}

// forgetMessage removes the message that told an intent.
func (r *records) forgetMessage() bool {
	i := slices.IndexFunc(r.intents, func(n intent) bool { return n.state == string(notice.Taken) })
	if i < 0 {
		return false
	}
	id := r.intents[i].message
	r.messages = slices.DeleteFunc(r.messages, func(m message) bool { return m.id == id })
	return true
}
