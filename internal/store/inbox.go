package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/inbox"
)

// Inbound is the memory of one message that was dealt with.
type Inbound = inbox.Inbound

// messageKey keeps platform ids that are longer than the column.
func messageKey(id string) string {
	if len(id) <= 160 {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return id[:64] + "#" + hex.EncodeToString(sum[:])
}

// FindInbound returns the memory of a message, if it was dealt with.
func (t *Tx) FindInbound(_ context.Context, platform, robot, msgID string) (Inbound, bool, error) {
	var rows []inboxRow
	err := t.db.Where("platform = ? AND robot = ? AND msg_id = ?", platform, robot, messageKey(msgID)).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return Inbound{}, false, errs.At("find message", err)
	}
	r := rows[0]
	return Inbound{ID: r.ID, Platform: r.Platform, Robot: r.Robot, MsgID: r.MsgID, UserID: r.UserID, ChatID: r.ChatID, Command: r.Command,
		Outcome: r.Outcome, ReplyTitle: r.ReplyTitle, Reply: r.Reply, Buttons: r.Buttons,
		ReceivedAt: instant(r.ReceivedAt), Took: time.Duration(r.TookMS) * time.Millisecond}, true, nil
}

// AddInbound stores the memory of a message. A message that was dealt with
// before gives inbox.ErrSeen, and with it the whole transaction is undone.
func (t *Tx) AddInbound(_ context.Context, m Inbound) error {
	row := inboxRow{Platform: m.Platform, Robot: m.Robot, MsgID: messageKey(m.MsgID), UserID: m.UserID, ChatID: m.ChatID, Command: m.Command,
		Outcome: m.Outcome, ReplyTitle: m.ReplyTitle, Reply: m.Reply, Buttons: m.Buttons, ReceivedAt: millis(m.ReceivedAt), TookMS: int(m.Took.Milliseconds())}
	err := t.db.Create(&row).Error
	if isDuplicate(err) {
		return fmt.Errorf("%w: %w", inbox.ErrSeen, err)
	}
	return errs.At("remember message", err)
}

// DialogueKey is one person's side of one conversation.
type DialogueKey = inbox.DialogueKey

// Dialogue is what a conversation remembers.
type Dialogue = inbox.Dialogue

// Dialogue returns the state of a conversation; the zero value if there is none.
func (t *Tx) Dialogue(_ context.Context, k DialogueKey) (Dialogue, error) {
	var rows []dialogueRow
	err := t.db.Where("platform = ? AND corp = ? AND user_id = ? AND chat_id = ?", k.Platform, k.Corp, k.UserID, k.ChatID).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return Dialogue{}, errs.At("load dialogue", err)
	}
	r := rows[0]
	return Dialogue{Pending: r.Pending, List: r.List, Expires: instant(r.ExpiresAt), Updated: instant(r.UpdatedAt)}, nil
}

// LeaveLists replaces the numbered list of conversations and leaves the rest of
// them as it is.
func (t *Tx) LeaveLists(_ context.Context, lists map[DialogueKey]inbox.Left) error {
	rows := make([]dialogueRow, 0, len(lists))
	for k, l := range lists {
		rows = append(rows, dialogueRow{Platform: k.Platform, Corp: k.Corp, UserID: k.UserID, ChatID: k.ChatID, List: l.List, UpdatedAt: millis(l.At)})
	}
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b dialogueRow) int { // in one order, so that workers do not wait for each other in a ring
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Corp, b.Corp), cmp.Compare(a.UserID, b.UserID), cmp.Compare(a.ChatID, b.ChatID))
	})
	replace := clause.OnConflict{
		Columns:   []clause.Column{{Name: "platform"}, {Name: "corp"}, {Name: "user_id"}, {Name: "chat_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"list", "updated_at"}),
	}
	return errs.At("leave lists", t.db.Clauses(replace).Create(&rows).Error)
}

// SaveDialogue replaces the state of a conversation.
func (t *Tx) SaveDialogue(_ context.Context, k DialogueKey, d Dialogue) error {
	row := dialogueRow{k.Platform, k.Corp, k.UserID, k.ChatID, d.Pending, d.List, millis(d.Expires), millis(d.Updated)}
	// gorm's Save inserts a second time where a part of the key is empty, as the
	// chat of a private conversation is.
	replace := clause.OnConflict{
		Columns:   []clause.Column{{Name: "platform"}, {Name: "corp"}, {Name: "user_id"}, {Name: "chat_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"pending", "list", "expires_at", "updated_at"}),
	}
	return errs.At("save dialogue", t.db.Clauses(replace).Create(&row).Error)
}
