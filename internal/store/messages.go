package store

import (
	"context"
	"time"

	"duban/internal/errs"
	"duban/internal/notice"
)

// MessagesBy returns the messages asked for, newest first.
func (t *Tx) MessagesBy(_ context.Context, f notice.MessageQuery) ([]Message, error) {
	q := t.db.Order("id DESC").Limit(f.Limit)
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.PersonID != "" {
		q = q.Where("person_id = ?", f.PersonID)
	}
	if !f.Since.IsZero() {
		q = q.Where("created_at >= ?", millis(f.Since))
	}
	var rows []messageRow
	err := q.Find(&rows).Error
	return messagesOf(rows), errs.At("list messages", err)
}

// MessagesByKey returns the messages that have one of the keys.
func (t *Tx) MessagesByKey(_ context.Context, keys ...string) ([]Message, error) {
	var rows []messageRow
	err := t.db.Where("dedupe_key IN ?", keys).Order("id").Find(&rows).Error
	return messagesOf(rows), errs.At("find messages", err)
}

func messagesOf(rows []messageRow) []Message {
	out := make([]Message, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.message())
	}
	return out
}

// RequeueMessage lets a message that has come to its end be sent again. Its tries
// stay counted, so that one which had used them up gets one more. ok is false if it
// has moved on since m was read.
func (t *Tx) RequeueMessage(_ context.Context, m Message, now time.Time) (ok bool, err error) {
	if m.State != MsgFailed && m.State != MsgUnknown {
		return false, nil
	}
	res := t.db.Model(&messageRow{}).Where("id = ? AND state = ? AND attempts = ?", m.ID, m.State, m.Attempts).
		Updates(map[string]any{"state": MsgQueued, "reason": "replay", "code": "", "next_at": millis(now), "claimed_until": 0})
	return res.RowsAffected == 1, errs.At("requeue message", res.Error)
}

// OpenStates counts the messages that have not gone out, by state.
func (t *Tx) OpenStates(context.Context) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := t.db.Model(&messageRow{}).Select("state, COUNT(*) AS n").
		Where("state IN ?", []string{MsgQueued, MsgSending, MsgFailed, MsgUnknown}).Group("state").Scan(&rows).Error
	out := map[string]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, errs.At("count messages", err)
}
