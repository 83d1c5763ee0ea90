package store

import (
	"context"
	"slices"
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
// alike. It returns those whose outcome was written down; the claims of the
// others were lost.
func (t *Tx) MessagesDone(_ context.Context, ms []Message) (recorded []Message, err error) {
	type fate struct {
		state, reason, platformID string
		attempts                  int
		next, sent                int64
	}
	var order []fate
	alike := map[fate][]Message{}
	for _, m := range ms {
		f := fate{m.State, m.Reason, m.PlatformID, m.Attempts, millis(m.NextAt), millis(m.Sent)}
		if alike[f] == nil {
			order = append(order, f)
		}
		alike[f] = append(alike[f], m)
	}
	for _, f := range order {
		list := alike[f]
		res := t.db.Model(&messageRow{}).Where("id IN ? AND state = ? AND attempts = ?", idsOf(list), MsgSending, f.attempts).
			Updates(map[string]any{"state": f.state, "reason": f.reason, "platform_id": f.platformID, "next_at": f.next, "sent_at": f.sent})
		if res.Error != nil {
			return nil, errs.At("save messages", res.Error)
		}
		if int(res.RowsAffected) < len(list) {
			if list, err = t.stillAt(list, f.state, f.attempts); err != nil {
				return nil, err
			}
		}
		recorded = append(recorded, list...)
	}
	return recorded, nil
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
