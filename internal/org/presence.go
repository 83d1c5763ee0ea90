package org

import "time"

// Presence is what a platform told of one user id: the latest time of each kind. Telling
// it again, late or in another order gives the same Presence.
type Presence struct {
	Left   time.Time // the organisation
	Hidden time.Time // from the app: moved out of what it may see, or disabled
	Here   time.Time // joined, or seen by the app again
}

// Standing is what a Presence makes of an account.
type Standing string

// The standings.
const (
	Open    Standing = "open"
	Resting Standing = "resting" // closed until the person is here again
	Gone    Standing = "gone"    // closed for good: who comes back, or has the user id next, is bound anew
)

// Merge joins what was told of a user id with what was told of it before.
func (p Presence) Merge(o Presence) Presence {
	return Presence{Left: later(p.Left, o.Left), Hidden: later(p.Hidden, o.Hidden), Here: later(p.Here, o.Here)}
}

// Of is the standing of an account that was bound at a time. Platforms tell whole seconds;
// what happened within the same one counts against the account.
func (p Presence) Of(bound time.Time) Standing {
	second := bound.Truncate(time.Second)
	since := func(t time.Time) bool { return !t.IsZero() && !t.Before(second) }
	switch {
	case since(p.Left):
		return Gone
	case since(p.Hidden) && !p.Here.After(p.Hidden):
		return Resting
	}
	return Open
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// BoundAccount is an account with its times.
type BoundAccount struct {
	Account
	Bound time.Time
	Seen  time.Time
}
