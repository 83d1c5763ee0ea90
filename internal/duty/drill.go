package duty

import "duban/internal/calendar"

// Drill is what a drill or lesson came to: when it was held, how many took part and
// how long it took. Zero means "not said".
type Drill struct {
	Report     int64 // the report that told of it
	Assignment int64
	Held       calendar.Date
	People     int
	Seconds    int
}

// IsZero reports whether nothing was said about it.
func (d Drill) IsZero() bool { return d.Held.IsZero() && d.People == 0 && d.Seconds == 0 }
