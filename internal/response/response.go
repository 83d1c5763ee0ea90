// Package response knows what is done about an incident: who was called, who has
// answered, whether it is over. For a sensitive matter it knows nothing but that
// somebody wishes to be called by an officer.
package response

import (
	"slices"
	"time"
)

// Kind is what an incident is.
type Kind string

// The kinds, as journal.Incident writes them.
const (
	Emergency Kind = "emergency"
	Sensitive Kind = "sensitive"
)

// State is where a response stands.
type State string

// The states. Calling goes on until somebody answers, or until all calls were made.
const (
	Offered    State = "offered"    // sensitive: a private talk was offered, not asked for
	Calling    State = "calling"    // nobody has answered so far
	Answered   State = "answered"   // somebody is at it
	Unanswered State = "unanswered" // all were called and nobody answered: an alarm until somebody does
	Ended      State = "ended"
)

// Open lists the states in which there is something to do.
func Open() []State { return []State{Calling, Answered, Unanswered} }

// The results of one that ended.
const (
	Over       = "over"        // 警报解除
	FalseAlarm = "false_alarm" // 误报
	Closed     = "closed"      // sensitive: the officer has called
)

// Response is the round for one incident. Generation makes tasks of an earlier plan
// harmless. Alert is what was told first: of self-harm and of sensitive matters it
// holds nothing that was written.
type Response struct {
	Incident   int64
	Kind       Kind
	Type       string // fire, gas …; empty for sensitive
	UnitID     string
	State      State
	Step       int // the next one to take
	Level      int // how many levels of people were called so far
	Generation int
	Policy     int // version of the policies it started with
	Started    time.Time
	Heard      time.Time // the last word from the spot
	Next       time.Time // when the next step is due; zero: none
	Alert      string
	Ended      time.Time
	EndedBy    string
	Result     string
}

// Live reports whether there is something to do about it.
func (r Response) Live() bool { return slices.Contains(Open(), r.State) }

// Part is what somebody has to do with an incident.
type Part string

// The parts.
const (
	Told     Part = "told"     // was called
	Reporter Part = "reporter" // reported it, or added to it
)

// Member is somebody with a part in it. Of a stranger PersonID is the account, see
// Stranger.
type Member struct {
	Incident int64
	Part     Part
	PersonID string
	Step     int // the level by which he was called, counted from 0
	At       time.Time
	Answered time.Time
	Failed   time.Time // the first message could not be brought
}

// Stranger names somebody who is not bound: only a platform's account is known.
func Stranger(platform, user string) string { return strangerMark + platform + "/" + user }

const strangerMark = "account:"

// Known reports whether the member can be written to.
func (m Member) Known() bool {
	return m.PersonID != "" && (len(m.PersonID) < len(strangerMark) || m.PersonID[:len(strangerMark)] != strangerMark)
}

// Who are the people of a part, in the order in which they came to it.
func Who(list []Member, part Part) []string {
	var out []string
	for _, m := range list {
		if m.Part == part && m.Known() && !slices.Contains(out, m.PersonID) {
			out = append(out, m.PersonID)
		}
	}
	return out
}

// First is who answered first; false if nobody has.
func First(list []Member) (Member, bool) {
	var first Member
	for _, m := range list {
		if !m.Answered.IsZero() && (first.Answered.IsZero() || m.Answered.Before(first.Answered)) {
			first = m
		}
	}
	return first, !first.Answered.IsZero()
}
