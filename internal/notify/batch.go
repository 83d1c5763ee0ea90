package notify

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

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

// handAll gives letters of the same words to the platform with one call. They go
// in the order of their ids under the first one's key, so that the same letters
// make the same call when they are tried again.
func (m *Mailer) handAll(ctx context.Context, letters []letter) []bot.Fate {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	slices.SortFunc(letters, func(a, b letter) int { return cmp.Compare(a.msg.ID, b.msg.ID) })
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
