// Package journal describes the append-only history: who changed what, when,
// through which channel, from what to what.
package journal

import (
	"context"
	"time"

	"duban/internal/notice"
)

// Entry is one line of history. Before and After hold the changed values as
// short text or JSON; they never hold what a sensitive message said.
type Entry struct {
	ID      int64
	At      time.Time
	Actor   string // person id, or "system"
	Channel string // wecom, dingtalk, system, seed
	Subject notice.Subject
	Action  string
	Before  string
	After   string
	Note    string
}

// Writer appends within the caller's transaction.
type Writer interface {
	Append(ctx context.Context, list ...Entry) error
}

// Incident records that an emergency or sensitive message came in: unit and
// time, for a sensitive one nothing else.
type Incident struct {
	ID       int64
	Kind     string // emergency, sensitive
	Type     string // fire, gas …; empty for sensitive
	UnitID   string
	PersonID string // empty for sensitive
	Location string
	At       time.Time
	Told     int // how many people were told
	AckedAt  time.Time
	AckedBy  string // who answered first
}
