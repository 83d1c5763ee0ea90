package store

import (
	"context"

	"duban/internal/errs"
	"duban/internal/notice"
)

// SentTogether returns the messages that one call brought, this one included: the
// platform knows them by one id.
func (t *Tx) SentTogether(_ context.Context, m Message) ([]Message, error) {
	if m.Batch == "" {
		return []Message{m}, nil
	}
	var rows []messageRow
	err := t.db.Where("batch = ? AND state = ? AND platform_id = ?", m.Batch, MsgSent, m.PlatformID).Order("id").Find(&rows).Error
	return messagesOf(rows), errs.At("list messages sent together", err)
}

// MessagesRecalled notes that messages were taken back.
func (t *Tx) MessagesRecalled(_ context.Context, ids ...int64) error {
	return errs.At("note recalled messages", t.db.Model(&messageRow{}).Where("id IN ? AND state = ?", ids, MsgSent).
		Updates(map[string]any{"state": notice.MsgRecalled, "reason": notice.MsgRecalled}).Error)
}
