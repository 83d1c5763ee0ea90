package notice

import (
	"slices"
	"time"
)

// Fate is what became of a notice, as far as anybody can know: that a platform
// took it does not mean that its reader saw it.
type Fate string

// The fates.
const (
	Arrived  Fate = "arrived"  // the platform took it
	InDoubt  Fate = "in_doubt" // it left the house, and the platform did not say more
	ToCome   Fate = "waiting"  // it is still to be told
	Failed   Fate = "failed"   // it will not arrive
	Needless Fate = "needless" // it was not told: by then there was nothing to tell
)

// Delivery is a notice with the messages that told it, one for each platform that
// was tried.
type Delivery struct {
	Notice
	Messages []Message // without their words
}

// Outcome says what became of it, the named reason, and for what waits since when
// or until when.
func (d Delivery) Outcome() (f Fate, reason string, at time.Time) {
	switch d.State {
	case Pending:
		return ToCome, d.Reason, d.NotBefore
	case Dropped:
		if d.Reason == "no_account" || d.Reason == "left" {
			return Failed, d.Reason, time.Time{}
		}
		return Needless, d.Reason, time.Time{}
	}
	best := InDoubt
	for i, m := range d.Messages {
		if f := m.Fate(); i == 0 || rank(f) < rank(best) {
			best, reason, at = f, m.Reason, m.NextAt
		}
	}
	return best, reason, at
}

// rank orders the fates of messages that carry the same: one that arrived is enough.
func rank(f Fate) int { return slices.Index([]Fate{Arrived, ToCome, InDoubt, Failed}, f) }

// Fate says what became of one message.
func (m Message) Fate() Fate {
	switch m.State {
	case MsgSent:
		return Arrived
	case MsgFailed, MsgRecalled:
		return Failed
	case MsgUnknown:
		return InDoubt
	}
	return ToCome
}

// DeliveryQuery asks what became of notices; zero fields do not narrow. Persons or
// Items make it quick over a long time.
type DeliveryQuery struct {
	Persons  []string
	Subjects []int64 // assignments
	Kinds    []Kind
	Since    time.Time // to be told at or after
	Before   time.Time // asked for before
	Limit    int
}
