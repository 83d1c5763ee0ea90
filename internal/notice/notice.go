// Package notice holds intents to tell somebody something. The domain writes
// them in the transaction of the change; package notify decides whether, when
// and how they leave the house.
package notice

import (
	"context"
	"strings"
	"time"
)

// Kind says what a notice is about. It decides urgency and wording.
type Kind string

// The kinds.
const (
	Reminder     Kind = "reminder"      // a due date comes near or has passed, to the holder
	Escalation   Kind = "escalation"    // the same, to the next level
	NewHazard    Kind = "new_hazard"    // a hazard was filed for your unit or section
	HazardUpdate Kind = "hazard_update" // what you filed has moved
	Emergency    Kind = "emergency"     // somebody is in danger
	SensitiveTip Kind = "sensitive"     // a private hand-over is waiting; no content
	WorkUpdate   Kind = "work_update"   // somebody urged, assigned, decided or gave something to you
	Answer       Kind = "answer"        // a reply that was not ready within the callback
	Document     Kind = "document"      // a file somebody asked for; Text is the request, not words
	Waiting      Kind = "waiting"       // something waits for a leader; told in the morning if it still does
	BindRequest  Kind = "bind_request"  // somebody asks to be bound to a post
	DigestKind   Kind = "digest"        // a group's digest
	Morning      Kind = "morning"       // a person's merged message of the day
	Alarm        Kind = "alarm"         // the system needs the administrator
	Slip         Kind = "slip"          // a supervision slip was issued, to the unit: a receipt is asked for
	SlipLate     Kind = "slip_late"     // no receipt has come, to the supervising section
	Receipt      Kind = "receipt"       // the unit's receipt, to those the escalation reached
)

// Urgency decides which rules of quietness apply.
type Urgency string

// The urgencies.
const (
	Merged    Urgency = "merged"    // waits for the person's morning message
	Prompt    Urgency = "prompt"    // goes at once outside quiet hours
	Immediate Urgency = "immediate" // goes at once, always: life and safety, answers asked for
)

// SubjectKind is what a notice or a chase is about.
type SubjectKind string

// The kinds of subject.
const (
	Assignment SubjectKind = "assignment"
	HazardSubj SubjectKind = "hazard"
	GroupSubj  SubjectKind = "group"
	PersonSubj SubjectKind = "person"
	SlipSubj   SubjectKind = "slip"

	IncidentSubj SubjectKind = "incident"
)

// Subject identifies what a notice is about.
type Subject struct {
	Kind SubjectKind
	ID   int64
}

// State is where a notice stands.
type State string

// The states. Only Pending is open.
const (
	Pending State = "pending"
	Taken   State = "taken"   // became (part of) a message
	Dropped State = "dropped" // will never be told; Reason says why
)

// Via begins the Step of an answer that belongs on a certain platform.
const Via = "via/"

// The steps of words about a hazard to who filed it or follows it. News is said with
// the next morning's message, in the state things are in then.
const (
	News     = "news"
	Followed = "followed" // only as long as the reader may see the hazard
)

// Notice is one thing to tell one person. Key is unique for ever: the same thing
// planned by several nodes is told once.
type Notice struct {
	ID        int64
	Kind      Kind
	Urgency   Urgency
	Subject   Subject
	PersonID  string // who is told as things stand
	PostID    string // the post it is meant for; empty: the person's own affair
	GroupID   string
	NotBefore time.Time
	Key       string
	Step      string // the policy step that asked for it, e.g. "holder-3"
	Text      string // ready wording; empty for kinds rendered from the subject; of a Document what was asked for
	Weight    int    // order within a merged message, the higher the earlier
	State     State
	Reason    string
	MessageID int64
	CreatedAt time.Time
}

// Rung takes apart the step of a reminder or an escalation: why it is told, with
// which slip, and what moved it away from the day its rule names, as in
// day_off:20250603 with the day it would have been.
func (n Notice) Rung() (why, slip, moved string) {
	parts := append(strings.SplitN(n.Step, "/", 3), "", "")
	return parts[0], parts[1], parts[2]
}

// RungOf writes what Rung takes apart.
func RungOf(why, slip, moved string) string {
	return strings.TrimRight(why+"/"+slip+"/"+moved, "/")
}

// Writer stores notices within the caller's transaction.
type Writer interface {
	// AddNotices inserts those whose Key is new and returns how many that were.
	AddNotices(ctx context.Context, ns []Notice) (int, error)
}
