package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
)

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
	ids, out := make([]int64, 0, len(rows)), make([]Message, 0, len(rows))
	addressed := map[string]bool{m.Address: true}
	for _, r := range rows {
		if !addressed[r.Address] {
			ids, out = append(ids, r.ID), append(out, r.message())
		}
		addressed[r.Address] = true
	}
	if len(ids) == 0 {
		return nil, nil
	}
	err := t.db.Model(&messageRow{}).Where("id IN ?", ids).
		Updates(map[string]any{"state": MsgSending, "attempts": m.Attempts + 1, "next_at": millis(until), "claimed_until": millis(until)}).Error
	return out, errs.At("claim messages alike", err)
}

// MessagesDone is MessageDone for several, with one statement for all that ended
// alike.
func (t *Tx) MessagesDone(_ context.Context, ms []Message) error {
	type fate struct {
		state, reason, platformID string
		attempts                  int
		next, sent                int64
	}
	var order []fate
	ids := map[fate][]int64{}
	for _, m := range ms {
		f := fate{m.State, m.Reason, m.PlatformID, m.Attempts, millis(m.NextAt), millis(m.Sent)}
		if ids[f] == nil {
			order = append(order, f)
		}
		ids[f] = append(ids[f], m.ID)
	}
	for _, f := range order {
		err := t.db.Model(&messageRow{}).Where("id IN ? AND state = ? AND attempts = ?", ids[f], MsgSending, f.attempts).
			Updates(map[string]any{"state": f.state, "reason": f.reason, "platform_id": f.platformID, "next_at": f.next, "sent_at": f.sent}).Error
		if err != nil {
			return errs.At("save messages", err)
		}
	}
	return nil
}
