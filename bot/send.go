package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Target is where an outgoing message goes: one person or one group.
type Target struct {
	UserID  string // a person on the platform
	ChatID  string // a group by conversation id
	Webhook string // a group by webhook key: a credential, never logged
}

// Outgoing is one message to one target.
type Outgoing struct {
	To    Target
	Reply Reply
	// Document is sent instead of the Reply, to one person: what is made for one
	// pair of eyes has no road into a group.
	Document *Document
	// Key is the same for every try of the same message. Platforms that swallow
	// duplicates get a body that is equal for equal keys.
	Key string
}

// MaxDocument bounds a document in bytes; both platforms take that much.
const MaxDocument = 20 << 20

// Document is a file for somebody. Its name tells the type by its ending, and
// shows in lists and on locked screens.
type Document struct {
	Name    string
	Content []byte
	Words   string // instead of a file: what must not be kept as a message's words are
}

// Receipt is what the platform said about a message it took.
type Receipt struct {
	PlatformID string // message id or query key; may be empty
}

// Sender hands messages to a platform. Send returns a *SendError (wrapped or
// not) when the platform did not take the message, or when that is unknown.
// Partial failures (invalid users) are errors here, since there is one target.
type Sender interface {
	Send(ctx context.Context, m Outgoing) (Receipt, error)
}

// Fate is what became of one person's copy of a message.
type Fate struct {
	Receipt Receipt
	Err     error // as of Send
}

// BatchSender is a Sender that can give the same words to several people with
// one call.
type BatchSender interface {
	Sender
	// MaxBatch is how many people one call may name for this reply; 1 says that it
	// has to go to each of them alone.
	MaxBatch(r Reply) int
	// SendAll sends the reply to people that differ, at most MaxBatch of them. The
	// fates are in their order: some may have got it and others not. Equal people
	// in equal order with an equal key make an equal message.
	SendAll(ctx context.Context, users []string, r Reply, key string) []Fate
}

// SameFate is the fate of n people whom one event hit alike.
func SameFate(n int, f Fate) []Fate {
	out := make([]Fate, n)
	for i := range out {
		out[i] = f
	}
	return out
}

// Fetcher opens the content of an attachment. The reader is bounded by the
// adapter; the caller closes it.
type Fetcher interface {
	Fetch(ctx context.Context, a Attachment) (io.ReadCloser, error)
}

// SendClass says what to do about a failed send.
type SendClass string

// The classes of send errors.
const (
	Permanent SendClass = "permanent" // this target or message will never work: stop, show
	Temporary SendClass = "temporary" // not taken: try again with back-off
	RateLimit SendClass = "rate"      // not taken: wait for the window (After), then try again
	Config    SendClass = "config"    // credentials, permissions: alarm the operator, keep queued
	Ambiguous SendClass = "ambiguous" // it may have been taken (time-out after the write)
)

// SendError is a classified failure. Reason is a short stable word for logs and
// metrics (such as "invalid_user"); neither it nor Err contains secrets.
type SendError struct {
	Class  SendClass
	Reason string
	Code   string        // the platform's error code, if any
	After  time.Duration // RateLimit: not before this
	Advice string        // Chinese, for the operator: what is wrong and where to click; may be ""
	Err    error
}

// Error returns the operator's text.
func (e *SendError) Error() string {
	return fmt.Sprintf("send %s (%s %s): %v", e.Class, e.Reason, e.Code, e.Err)
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// ClassOf returns the class of err; an unclassified error is Ambiguous, the
// careful reading. nil gives "".
func ClassOf(err error) SendClass {
	if err == nil {
		return ""
	}
	var e *SendError
	if errors.As(err, &e) {
		return e.Class
	}
	return Ambiguous
}

// AdviceOf returns the operator's text about a failure, "" if it has none.
func AdviceOf(err error) string {
	var e *SendError
	if errors.As(err, &e) {
		return e.Advice
	}
	return ""
}

// CodeOf returns the platform's code of a failure, "" if it has none.
func CodeOf(err error) string {
	var e *SendError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Harmless turns an unknown outcome into a retry, for calls that may be repeated
// without anybody noticing.
func Harmless(err error) error {
	var e *SendError
	if errors.As(err, &e) && e.Class == Ambiguous {
		again := *e
		again.Class = Temporary
		return &again
	}
	return err
}

// Meter hears of each thing that a platform counts by the month: an API call, or a
// push, which is a message it brought us or one sent through a group robot. It must
// not wait.
type Meter struct {
	Call func()
	Push func()
}

// Called counts an API call.
func (m Meter) Called() {
	if m.Call != nil {
		m.Call()
	}
}

// Pushed counts a push.
func (m Meter) Pushed() {
	if m.Push != nil {
		m.Push()
	}
}
