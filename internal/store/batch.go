package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"duban/internal/errs"
)

// Waiting returns those of the batches in which a message waits to be sent by now.
func (t *Tx) Waiting(_ context.Context, now time.Time, batches ...string) (found []string, err error) {
	err = t.db.Model(&messageRow{}).Where("batch IN ? AND state = ? AND next_at <= ?", batches, MsgQueued, millis(now)).Distinct().Pluck("batch", &found).Error
	return found, errs.At("find batches", err)
}

// ClaimAlike claims messages that say the same as m to others and have come as far
// as m had before it was claimed, at most limit. Those that another worker has
// in hand are passed over, and so is a second one to the same address, which the
// platform would take for the first. The caller holds m, as read.
func (t *Tx) ClaimAlike(_ context.Context, m Message, now, until time.Time, limit int) ([]Message, error) {
	if m.Batch == "" || limit < 1 {
		return nil, nil
	}
	q := t.db.Where("batch = ? AND state = ? AND next_at <= ? AND attempts = ? AND id <> ?", m.Batch, m.State, millis(now), m.Attempts, m.ID)
	if t.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"})
	}
	var rows []messageRow
	if err := q.Order("next_at, id").Limit(limit).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, errs.At("find messages alike", err)
	}
	addressed := map[string]bool{m.Address: true}
	rows = slices.DeleteFunc(rows, func(r messageRow) bool {
		was := addressed[r.Address]
		addressed[r.Address] = true
		return was
	})
	return t.claim(rows, until)
}

// ClaimMessages gives this worker those of the messages that are due, until a time,
// and returns them as they were before. What another worker has in hand is passed
// over.
func (t *Tx) ClaimMessages(_ context.Context, now, until time.Time, ids ...int64) ([]Message, error) {
	q := t.db.Where("id IN ? AND state IN ? AND next_at <= ?", ids, []string{MsgQueued, MsgSending}, millis(now))
	if t.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"})
	}
	var rows []messageRow
	if err := q.Order("id").Find(&rows).Error; err != nil {
		return nil, errs.At("claim messages", err)
	}
	return t.claim(rows, until)
}

// claim takes messages just read, and locked where the database locks rows.
func (t *Tx) claim(rows []messageRow, until time.Time) ([]Message, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids, out := make([]int64, 0, len(rows)), make([]Message, 0, len(rows))
	for _, r := range rows {
		ids, out = append(ids, r.ID), append(out, r.message())
	}
	res := t.db.Model(&messageRow{}).Where("id IN ?", ids).
		Updates(map[string]any{"state": MsgSending, "attempts": gorm.Expr("attempts + 1"), "next_at": millis(until), "claimed_until": millis(until)})
	if res.Error == nil && int(res.RowsAffected) != len(rows) {
		return nil, errStale
	}
	return out, errs.At("claim messages", res.Error)
}

// MessagesDone is MessageDone for several, with one statement for all that ended
// alike. It returns those whose outcome this call wrote down; the claims of the
// others were lost.
func (t *Tx) MessagesDone(_ context.Context, ms []Message) (recorded []Message, err error) {
	type fate struct {
		state, reason, code string
		attempts            int
		next, sent          int64
	}
	var order []fate
	alike := map[fate][]Message{}
	for _, m := range ms {
		f := fate{m.State, m.Reason, m.Code, m.Attempts, millis(m.NextAt), millis(m.Sent)}
		if alike[f] == nil {
			order = append(order, f)
		}
		alike[f] = append(alike[f], m)
	}
	for _, f := range order {
		list := alike[f]
		res := t.db.Model(&messageRow{}).Where("id IN ? AND state = ? AND attempts = ?", idsOf(list), MsgSending, f.attempts).
			Updates(map[string]any{"state": f.state, "reason": f.reason, "code": f.code, "platform_id": platformIDs(list), "next_at": f.next, "sent_at": f.sent})
		if res.Error != nil {
			return nil, errs.At("save messages", res.Error)
		}
		switch n := int(res.RowsAffected); {
		case n == 0: // also when an earlier commit did it, of which the answer was lost
			continue
		case n < len(list):
			if list, err = t.stillAt(list, f.state, f.attempts); err != nil {
				return nil, err
			}
		}
		recorded = append(recorded, list...)
	}
	return recorded, nil
}

// platformIDs gives each message its own.
func platformIDs(list []Message) any {
	if len(list) == 1 {
		return list[0].PlatformID
	}
	var whole strings.Builder
	args := make([]any, 0, 2*len(list))
	for _, m := range list {
		whole.WriteString(" WHEN ? THEN ?")
		args = append(args, m.ID, m.PlatformID)
	}
	return gorm.Expr("CASE id"+whole.String()+" END", args...)
}

// stillAt returns those of ms that are in the state after as many tries. Tries are
// never counted down, so that nobody but the owner of that claim can have put them
// there.
func (t *Tx) stillAt(ms []Message, state string, attempts int) (out []Message, err error) {
	var ids []int64
	err = t.db.Model(&messageRow{}).Where("id IN ? AND state = ? AND attempts = ?", idsOf(ms), state, attempts).Pluck("id", &ids).Error
	for _, m := range ms {
		if slices.Contains(ids, m.ID) {
			out = append(out, m)
		}
	}
	return out, errs.At("find saved messages", err)
}

func idsOf(ms []Message) []int64 {
	ids := make([]int64, 0, len(ms))
	for _, m := range ms {
		ids = append(ids, m.ID)
	}
	return ids
}
