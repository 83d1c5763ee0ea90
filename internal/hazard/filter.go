package hazard

import (
	"time"

	"duban/internal/calendar"
)

// Filter narrows a list of hazards. Zero fields do not narrow.
type Filter struct {
	Seq       int
	Year      int
	Units     []string
	Reporter  string
	Category  string
	Level     Level
	OpenOnly  bool
	States    []State
	Since     time.Time // filed at or after
	Before    time.Time // filed before
	Overdue   bool      // to be fixed before Today, and not fixed
	Today     calendar.Date
	FixFrom   calendar.Date // to be fixed on this day or later …
	FixTo     calendar.Date // … and by this one
	EitherOwn bool          // Units or Reporter, not both
	Words     []string      // each stands in the place, the matter or the category
	Limit     int           // default 50
	Told      bool          // without the category that is never told
	Unsigned  bool
}

// Tally counts hazards; Fixed includes those that were reviewed or closed. Overdue
// ones are not fixed and their limit is over.
type Tally struct{ Total, Fixed, Closed, Major, Overdue int }

// Open is how many are not fixed yet.
func (t Tally) Open() int { return t.Total - t.Fixed }

// Add sums two tallies.
func (t Tally) Add(u Tally) Tally {
	return Tally{t.Total + u.Total, t.Fixed + u.Fixed, t.Closed + u.Closed, t.Major + u.Major, t.Overdue + u.Overdue}
}
