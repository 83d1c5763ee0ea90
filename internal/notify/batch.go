package notify

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"duban/bot"
	"duban/internal/notice"
)

// batchOf is what messages share that may leave with one call: kind, platform and
// words. The numbered list is not among the words; it stays each person's own.
// Answers have a road of their own and documents are made for one person.
func batchOf(m notice.Message) string {
	if m.PersonID == "" || m.GroupID != "" || strings.HasPrefix(m.Address, chatAddress) || m.Kind == notice.Answer || m.Kind == notice.Document {
		return ""
	}
	words, _ := json.Marshal([]string{string(m.Kind), m.Platform, m.Title, m.Text, m.Buttons}) // plain data, cannot fail
	sum := sha256.Sum256(words)
	return hex.EncodeToString(sum[:16])
}

// room is how many people may get the words of a message with one call.
func (m *Mailer) room(msg notice.Message) int {
	if s, ok := m.Senders[msg.Platform].(bot.BatchSender); ok && msg.Batch != "" {
		return s.MaxBatch(wordsOf(msg))
	}
	return 1
}

// alike claims others with the words of those just claimed, as far as a call has
// room for them. Most words are somebody's own, so it asks first.
func (m *Mailer) alike(ctx context.Context, tx Tx, claimed []notice.Message, now time.Time) (more []notice.Message, err error) {
	count, first := map[string]int{}, map[string]notice.Message{}
	for _, msg := range claimed {
		if count[msg.Batch]++; msg.Batch != "" && count[msg.Batch] == 1 && m.room(msg) > 1 {
			first[msg.Batch] = msg
		}
	}
	if len(first) == 0 {
		return nil, nil
	}
	waiting, err := tx.Waiting(ctx, now, slices.Sorted(maps.Keys(first))...)
	for _, batch := range waiting {
		list, err := tx.ClaimAlike(ctx, first[batch], now, now.Add(claimFor), m.room(first[batch])-count[batch])
		if err != nil {
			return nil, err
		}
		more = append(more, list...)
	}
	return more, err
}

// posts puts together what leaves with one call: the same words, as far along, to
// different people. They are in the order of their ids, so that the same letters
// make the same call when they are tried again.
func (m *Mailer) posts(letters []letter) [][]letter {
	slices.SortFunc(letters, func(a, b letter) int { return cmp.Compare(a.msg.ID, b.msg.ID) })
	type words struct {
		batch string
		tries int
	}
	var out [][]letter
	open := map[words]int{} // where in out there may be room
	for _, l := range letters {
		w := words{l.msg.Batch, l.msg.Attempts}
		at, found := open[w]
		if found && l.msg.Batch != "" && len(out[at]) < m.room(l.msg) && !addressed(out[at], l.to) {
			out[at] = append(out[at], l)
			continue
		}
		open[w] = len(out)
		out = append(out, []letter{l})
	}
	return out
}

func addressed(post []letter, to bot.Target) bool {
	return slices.ContainsFunc(post, func(l letter) bool { return l.to == to })
}

// callsAtOnce bounds the calls that one task has under way. The clients' own limits
// hold beside it.
const callsAtOnce = 8

// deliverAll hands posts over, some at the same time, and returns what became of
// each letter.
func (m *Mailer) deliverAll(ctx context.Context, posts [][]letter) (done []notice.Message, failures []error) {
	type fates struct {
		done     []notice.Message
		failures []error
	}
	all := make([]fates, len(posts))
	var calls errgroup.Group
	calls.SetLimit(callsAtOnce)
	for i, post := range posts {
		calls.Go(func() error {
			all[i].done, all[i].failures = m.deliver(ctx, post)
			return nil
		})
	}
	_ = calls.Wait() // what failed is in the fates
	for _, f := range all {
		done, failures = append(done, f.done...), append(failures, f.failures...)
	}
	return done, failures
}

// deliver hands letters of the same words to the platform and returns what became
// of each. One goes by itself, more with one call.
func (m *Mailer) deliver(ctx context.Context, letters []letter) (done []notice.Message, failures []error) {
	if len(letters) == 1 {
		l := letters[0]
		receipt, instead, err := m.hand(ctx, l.msg, l.to)
		m.Metrics.PlatformCall(l.msg.Platform, "send", called(err))
		msg := m.outcome(ctx, l.msg, receipt, err)
		if err == nil {
			msg.Reason = instead
		}
		return []notice.Message{msg}, []error{err}
	}
	for i, f := range m.handAll(ctx, letters) {
		done, failures = append(done, m.outcome(ctx, letters[i].msg, f.Receipt, f.Err)), append(failures, f.Err)
	}
	return done, failures
}

// handAll gives letters of the same words to the platform with one call, under the
// first one's key.
func (m *Mailer) handAll(ctx context.Context, letters []letter) []bot.Fate {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	first := letters[0].msg
	users := make([]string, 0, len(letters))
	for _, l := range letters {
		users = append(users, l.to.UserID)
	}
	fates := m.Senders[first.Platform].(bot.BatchSender).SendAll(ctx, users, wordsOf(first), first.Key)
	for _, class := range classesOf(fates) {
		m.Metrics.PlatformCall(first.Platform, "send", class)
	}
	return fates
}

// classesOf names how a call ended, once each.
func classesOf(fates []bot.Fate) []string {
	var out []string
	for _, f := range fates {
		if class := called(f.Err); !slices.Contains(out, class) {
			out = append(out, class)
		}
	}
	return out
}
