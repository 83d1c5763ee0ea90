package notify

import (
	"cmp"
	"context"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/inbox"
	"duban/internal/notice"
	"duban/internal/supervise"
)

// trusted is how long after it was made a message that was never tried is taken to
// be true. Looking at each would cost every message two statements more.
const trusted = time.Minute

// waited reports whether a message is old enough for what it tells to have changed.
func waited(msg notice.Message, now time.Time) bool {
	kind := msg.Kind != notice.Answer && msg.Kind != notice.Document && msg.PersonID != ""
	return kind && (msg.Attempts > 0 || now.Sub(msg.Created) > trusted)
}

// recheck looks once more, just before sending, whether what a claimed message tells
// is still true and still concerns its reader. ok is false if it may not leave as it
// is: a merged message without its dead entries waits for the next look, and one
// that holds nothing else ends with the first entry's reason.
func (m *Mailer) recheck(ctx context.Context, tx Tx, msg notice.Message, now time.Time) (ok bool, err error) {
	told, err := toldBy(ctx, tx, msg)
	if err != nil || len(told) == 0 {
		return true, err
	}
	s := &telling{Teller: m.Teller, ctx: ctx, tx: tx, person: msg.PersonID, now: now}
	stay, err := s.recall(told)
	if err != nil {
		return false, err
	}
	entries, err := s.load(stay)
	switch {
	case err != nil:
		return false, err
	case len(entries) == len(told):
		return true, nil
	case len(entries) == 0:
		msg.State, msg.Reason, msg.NextAt = notice.MsgDropped, s.firstReason(), time.Time{}
		m.Metrics.Outgoing(msg.Platform, string(msg.Kind), msg.State, msg.Reason)
		m.Log.InfoContext(ctx, "message dropped", "message", msg.ID, "kind", msg.Kind, "reason", msg.Reason)
		return false, tx.MessageDone(ctx, msg)
	}
	p, err := s.page(entries)
	if err != nil {
		return false, err
	}
	msg.Title, msg.Text, msg.List = p.title, p.text, inbox.PackList(p.listed, now)
	msg.Batch, msg.State, msg.NextAt = batchOf(msg), notice.MsgQueued, now
	return false, tx.RewordMessage(ctx, msg)
}

// toldBy is what a message tells, in the order in which it is told. One that took
// another platform's place tells what that one did.
func toldBy(ctx context.Context, tx Tx, msg notice.Message) ([]notice.Notice, error) {
	own, err := tx.NoticesOf(ctx, msg.ID)
	if err != nil {
		return nil, err
	}
	told := own[msg.ID]
	if len(told) == 0 {
		if told, err = toldByTwins(ctx, tx, msg); err != nil {
			return nil, err
		}
	}
	told = slices.DeleteFunc(told, func(n notice.Notice) bool { return n.State != notice.Taken })
	slices.SortStableFunc(told, func(a, b notice.Notice) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Subject.Kind, b.Subject.Kind), cmp.Compare(a.Subject.ID, b.Subject.ID), cmp.Compare(a.ID, b.ID))
	})
	return told, nil
}

func toldByTwins(ctx context.Context, tx Tx, msg notice.Message) (told []notice.Notice, err error) {
	twins, err := tx.MessagesByKey(ctx, keysOf(msg.Key)...)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(twins))
	for _, t := range twins {
		ids = append(ids, t.ID)
	}
	all, err := tx.NoticesOf(ctx, ids...)
	for _, id := range ids {
		told = append(told, all[id]...)
	}
	return told, err
}

// recall takes out of a message what belongs to a post that its reader does not
// answer for any more. It waits again, for whoever does.
func (s *telling) recall(told []notice.Notice) (stay []notice.Notice, err error) {
	if s.dir, err = s.tx.Directory(s.ctx); err != nil {
		return nil, err
	}
	today := calendar.In(s.now, s.Loc)
	var moved []notice.Notice
	for _, n := range told {
		to, err := supervise.ReaderOf(s.ctx, s.tx, s.dir, today, n)
		if err != nil {
			return nil, err
		}
		if to == n.PersonID {
			stay = append(stay, n)
			continue
		}
		moved = append(moved, n)
		s.stopped = append(s.stopped, stop{n.ID, n.Kind, "handed_over"})
	}
	if len(moved) > 0 {
		if err := s.tx.SettleNotices(s.ctx, ids(moved), notice.Pending, "handed_over", 0); err != nil {
			return nil, err
		}
		if _, err := supervise.HandOver(s.ctx, s.tx, s.dir, today, moved); err != nil {
			return nil, err
		}
	}
	if len(stay) > 0 {
		_, err = s.recipient()
	}
	return stay, err
}

func (s *telling) firstReason() string {
	if len(s.stopped) == 0 {
		return "over"
	}
	return s.stopped[0].reason
}
