package bot

import (
	"context"
	"time"
)

// ContactKind is what became of people in a platform's contacts.
type ContactKind string

// The kinds.
const (
	ContactHere       ContactKind = "here"       // joined the organisation, or entered what the app may see
	ContactHidden     ContactKind = "hidden"     // left what the app may see: moved, disabled or gone
	ContactLeft       ContactKind = "left"       // left the organisation
	ContactRenumbered ContactKind = "renumbered" // has another user id from now on
	ContactNoted      ContactKind = "noted"      // renamed, or departments changed: nothing follows, since the roster is the office's
)

// ContactChange is something a platform told of its contacts. It may come twice, late and
// in any order. (Platform, Robot, ID) identifies it across redeliveries.
type ContactChange struct {
	Platform Platform
	Robot    string // which of ours was told
	ID       string
	Corp     string
	Kind     ContactKind
	Users    []string  // user ids, normalised
	NewUser  string    // of ContactRenumbered
	At       time.Time // when it happened; zero if the platform does not tell
}

// MemberTeller asks a platform about one of its members.
type MemberTeller interface {
	// Member reports whether the user id is a member whom the app may see. An error
	// means that the platform did not say.
	Member(ctx context.Context, userID string) (known bool, err error)
}
