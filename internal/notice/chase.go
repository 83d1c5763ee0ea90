package notice

import "time"

// Chase is the running round of reminders and escalations for one subject. The
// generation makes tasks of an earlier plan harmless.
type Chase struct {
	ID         int64
	Subject    Subject
	Profile    string
	Policy     int    // version of the policies it started with
	Position   string // JSON of the planner's position
	Generation int
	NextAt     time.Time // zero: nothing to come
	State      string    // one of the Chase states
	Reason     string
}

// The states of a chase.
const (
	ChaseActive  = "active"
	ChaseStopped = "stopped" // somebody acted; a later step may start it again
	ChaseDone    = "done"    // nothing will ever come
)

// Round names a chase as of a generation. When the chase has gone on since, the
// round is over and there is nothing to do for it.
type Round struct {
	ID         int64 `json:"id"`
	Generation int   `json:"generation"`
}
