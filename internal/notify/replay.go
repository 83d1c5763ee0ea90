package notify

import (
	"context"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/calendar"
	"duban/internal/notice"
	"duban/internal/supervise"
)

// Verdict says what became of the wish to send a message again.
type Verdict string

// The verdicts.
const (
	Requeued  Verdict = "requeued"
	Carried   Verdict = "carried"   // an old morning message: what is still true comes with the next one
	Missing   Verdict = "missing"   // there is no such message
	NotEnded  Verdict = "not_ended" // sent, or still on its way
	Doubtful  Verdict = "doubtful"  // it may have arrived, and is not worth telling twice
	Elsewhere Verdict = "elsewhere" // the same went, or goes, by the person's other platform
	Over      Verdict = "over"      // nothing it tells is still true
	Outdated  Verdict = "outdated"  // it belongs to a day that is gone
)

// ReplayTx is what sending a message again needs of a transaction.
type ReplayTx interface {
	supervise.SlipMatterTx
	MessageByID(ctx context.Context, id int64) (notice.Message, bool, error)
	MessagesByKey(ctx context.Context, keys ...string) ([]notice.Message, error)
	NoticesOf(ctx context.Context, messageIDs ...int64) (map[int64][]notice.Notice, error)
	ReopenNotices(ctx context.Context, messageID int64, until time.Time, reason string, kinds ...notice.Kind) (int, error)
	RequeueMessage(ctx context.Context, m notice.Message, now time.Time) (bool, error)
}

// Replayer puts messages that came to nothing back into the queue. It promises
// that nothing is told twice, and nothing that is not true any more.
type Replayer struct {
	EvenIfUnknown bool // also ordinary messages that may have arrived
	Now           time.Time
	Loc           *time.Location
}

// Replay decides about one message and carries it out.
func (r Replayer) Replay(ctx context.Context, tx ReplayTx, id int64) (Verdict, error) {
	m, ok, err := tx.MessageByID(ctx, id)
	if err != nil || !ok {
		return Missing, err
	}
	if v := r.refused(m); v != "" {
		return v, nil
	}
	twins, err := tx.MessagesByKey(ctx, keysOf(m.Key)...)
	if err != nil {
		return "", err
	}
	if r.toldElsewhere(m, twins) {
		return Elsewhere, nil
	}
	if m.Kind == notice.Morning && r.old(m) {
		return r.carry(ctx, tx, twins)
	}
	if over, err := allOver(ctx, tx, twins); err != nil || over {
		return Over, err
	}
	if ok, err = tx.RequeueMessage(ctx, m, r.Now); err != nil || !ok {
		return NotEnded, err
	}
	return Requeued, nil
}

// refused is what the message alone says against it.
func (r Replayer) refused(m notice.Message) Verdict {
	switch {
	case m.State == notice.MsgDropped:
		return Over
	case m.State != notice.MsgFailed && m.State != notice.MsgUnknown:
		return NotEnded
	case m.State == notice.MsgUnknown && !repeatable(m.Kind) && !r.EvenIfUnknown:
		return Doubtful
	case m.Kind == notice.DigestKind && r.old(m):
		return Outdated
	}
	return ""
}

func (r Replayer) old(m notice.Message) bool {
	return calendar.In(m.Created, r.Loc) != calendar.In(r.Now, r.Loc)
}

// keysOf are the keys under which the same may have gone by any platform.
func keysOf(key string) []string {
	base, _, _ := strings.Cut(key, "@")
	return []string{base, onPlatform(base, string(bot.WeCom)), onPlatform(base, string(bot.DingTalk)), onPlatform(base, notice.Work)}
}

func (r Replayer) toldElsewhere(m notice.Message, twins []notice.Message) bool {
	for _, t := range twins {
		if t.ID != m.ID && t.State != notice.MsgFailed && (t.State != notice.MsgUnknown || !r.EvenIfUnknown) {
			return true
		}
	}
	return false
}

// carry lets what an old morning message told wait again, as if the message had
// expired on its day. What was carried over then is not carried twice.
func (r Replayer) carry(ctx context.Context, tx ReplayTx, twins []notice.Message) (Verdict, error) {
	total := 0
	for _, t := range twins {
		n, err := tx.ReopenNotices(ctx, t.ID, r.Now, "unsent")
		if err != nil {
			return "", err
		}
		total += n
	}
	if total == 0 {
		return Outdated, nil
	}
	return Carried, nil
}

// allOver reports whether everything the message told has become pointless. A
// message without notices, such as an answer, is never over.
func allOver(ctx context.Context, tx ReplayTx, twins []notice.Message) (bool, error) {
	ids := make([]int64, 0, len(twins))
	for _, t := range twins {
		ids = append(ids, t.ID)
	}
	all, err := tx.NoticesOf(ctx, ids...)
	if err != nil {
		return false, err
	}
	var told []notice.Notice
	for _, id := range ids {
		told = append(told, all[id]...)
	}
	m, err := supervise.MattersOf(ctx, tx, told)
	if err != nil {
		return false, err
	}
	for _, n := range told {
		if over(m, n) == "" {
			return false, nil
		}
	}
	return len(told) > 0, nil
}
