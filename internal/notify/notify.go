// Package notify takes what the domain wants told and brings it to people in
// small stages: still true, recipient, merged per person and day, quiet hours,
// channel, wording, sending, recording. The stage that stops something leaves a
// named reason in the row.
package notify

import (
	"context"
	"time"

	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/inbox"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/supervise"
)

// Notices reads and settles what waits to be told.
type Notices interface {
	notice.Writer
	LockPending(ctx context.Context, now time.Time, people ...string) ([]notice.Notice, error)
	SettleNotices(ctx context.Context, ids []int64, state notice.State, reason string, messageID int64) error
	DelayNotices(ctx context.Context, ids []int64, until time.Time, reason string) error
	ReaddressNotices(ctx context.Context, ids []int64, personID string) error
}

// People reads who is told and where.
type People interface {
	Directory(ctx context.Context) (*org.Directory, error)
	ActorByPerson(ctx context.Context, personID string) (org.Actor, bool, error)
	QuietUntil(ctx context.Context, personID string) (time.Time, error)
	AccountsOf(ctx context.Context, personIDs ...string) (map[string][]org.Account, error)
	PostByID(ctx context.Context, id string) (org.Post, bool, error)
}

// Plans tells whether today's steps are complete, and keeps what runs once.
type Plans interface {
	AnyChaseDue(ctx context.Context, now time.Time) (bool, error)
	Once(ctx context.Context, name, result string, now time.Time) (bool, error)
	Ran(ctx context.Context, name string) (bool, error)
}

// Outbox stores outgoing messages.
type Outbox interface {
	AddMessage(ctx context.Context, m notice.Message) (int64, error)
}

// Crowd reads and writes what several people are told with few statements.
type Crowd interface {
	ActorsByPerson(ctx context.Context, personIDs ...string) (map[string]org.Actor, error)
	QuietOf(ctx context.Context, personIDs ...string) (map[string]time.Time, error)
	RanOf(ctx context.Context, names ...string) (map[string]bool, error)
	OnceEach(ctx context.Context, results map[string]string, now time.Time) error
	AddMessages(ctx context.Context, list []notice.Message) ([]int64, error)
	TakeNotices(ctx context.Context, into map[int64]int64) error
}

// Standings counts how things are for a leader's morning.
type Standings interface {
	Lights(ctx context.Context, sc digest.Scope, today calendar.Date, days *calendar.Workdays) (digest.Lights, error)
	OpenHazards(ctx context.Context, sc digest.Scope) (digest.Open, error)
	LastRun(ctx context.Context, prefix, before string) (name, result string, err error)
}

// Waiting reads what waits for somebody's decision.
type Waiting interface {
	OpenExtensions(ctx context.Context, assignments ...int64) ([]duty.Extension, error)
	HandedUp(ctx context.Context) ([]hazard.Hazard, error)
}

// TellTx is what telling a person needs of a transaction.
type TellTx interface {
	Notices
	supervise.SlipMatterTx
	supervise.RespondTx
	People
	Plans
	Outbox
	Standings
	Waiting
}

// Claims takes messages for sending and records how it went.
type Claims interface {
	ClaimMessages(ctx context.Context, now, until time.Time, ids ...int64) ([]notice.Message, error)
	Waiting(ctx context.Context, now time.Time, batches ...string) ([]string, error)
	ClaimAlike(ctx context.Context, m notice.Message, now, until time.Time, limit int) ([]notice.Message, error)
	MessageDone(ctx context.Context, m notice.Message) error
	MessagesDone(ctx context.Context, ms []notice.Message) (recorded []notice.Message, err error)
}

// Lists leaves the numbered lists of messages in the conversations.
type Lists interface {
	LeaveLists(ctx context.Context, lists map[inbox.DialogueKey]inbox.Left) error
}

// SendTx is what sending a message needs of a transaction.
type SendTx interface {
	Claims
	Lists
	Outbox
	notice.Writer
	AccountsOf(ctx context.Context, personIDs ...string) (map[string][]org.Account, error)
	Directory(ctx context.Context) (*org.Directory, error)
	GroupByID(ctx context.Context, id string) (org.Group, bool, error)
	ReopenNotices(ctx context.Context, messageID int64, until time.Time, reason string, kinds ...notice.Kind) (int, error)
}

// Rechecks looks at queued messages again before they leave.
type Rechecks interface {
	NoticesOf(ctx context.Context, messageIDs ...int64) (map[int64][]notice.Notice, error)
	MessagesByKey(ctx context.Context, keys ...string) ([]notice.Message, error)
	RewordMessage(ctx context.Context, m notice.Message) error
}

// Tx is a transaction as this package sees it.
type Tx interface {
	TellTx
	Crowd
	SendTx
	Rechecks
}

// UnitOfWork opens transactions. fn may run more than once.
type UnitOfWork interface {
	Within(ctx context.Context, fn func(Tx) error) error
}

// Times knows when people may be told something, and the lamps.
type Times interface {
	Quiet(ctx context.Context, t time.Time) (time.Time, error)
	Morning(ctx context.Context, t time.Time) (time.Time, error)
	Lamp(ctx context.Context, w duty.Work, dir *org.Directory) remind.Lamp
}
