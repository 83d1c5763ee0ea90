// Package inbox describes what is remembered of messages that came in and of the
// conversations they belong to.
package inbox

import (
	"errors"
	"time"
)

// ErrSeen says that a message was dealt with before.
var ErrSeen = errors.New("message was dealt with before")

// Inbound is the memory of one message that was dealt with: enough to answer a
// repeated delivery like the first. It never holds what the person wrote.
type Inbound struct {
	ID         int64
	Platform   string
	Robot      string
	MsgID      string
	UserID     string
	ChatID     string
	Command    string
	Outcome    string
	ReplyTitle string
	Reply      string
	Buttons    string // JSON
	ReceivedAt time.Time
	Took       time.Duration
}

// DialogueKey is one person's side of one conversation.
type DialogueKey struct{ Platform, Corp, UserID, ChatID string }

// Dialogue is what a conversation remembers: the open question and the last
// numbered list, both as JSON of the command layer.
type Dialogue struct {
	Pending string
	List    string
	Expires time.Time // of Pending
	Updated time.Time
}

// Left is a numbered list that a message left in a conversation, and when.
type Left struct {
	List string
	At   time.Time
}
