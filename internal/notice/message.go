package notice

import "time"

// Message is one outgoing message to one target, with its fate.
type Message struct {
	ID         int64
	Key        string // unique for ever
	Kind       Kind
	PersonID   string
	GroupID    string
	Platform   string
	Address    string // user id or conversation; webhooks are looked up when sending
	Title      string
	Text       string // of a Document what was asked for: it is made when it is sent
	Buttons    string // JSON
	List       string // JSON of the numbered entries it shows
	State      string
	Reason     string
	Code       string // the platform's own, at most MaxCode long
	PlatformID string
	Attempts   int
	NextAt     time.Time
	Claimed    time.Time
	Created    time.Time
	Sent       time.Time
	Batch      string // equal for messages that may leave with one call; empty: alone
}

// MaxCode bounds the platform's code that is kept with a message.
const MaxCode = 64

// The states of a message.
const (
	MsgQueued   = "queued"
	MsgSending  = "sending" // claimed by a worker until Claimed
	MsgSent     = "sent"
	MsgFailed   = "failed"
	MsgUnknown  = "unknown"  // it may have arrived; not repeated
	MsgRecalled = "recalled" // it was sent, and an operator took it back
	MsgDropped  = "dropped"  // nothing it tells was true any more when it could leave
)

// MessageQuery asks for outgoing messages; zero fields do not narrow.
type MessageQuery struct {
	State    string
	PersonID string
	Since    time.Time // made at or after
	Limit    int
}
