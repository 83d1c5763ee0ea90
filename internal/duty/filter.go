package duty

import (
	"time"

	"duban/internal/calendar"
)

// Filter narrows a list of work. Zero fields do not narrow.
type Filter struct {
	Units    []string // performing units
	Sections []string // leading or performing section
	Codes    []string // item codes
	Point    int
	DueFrom  calendar.Date
	DueTo    calendar.Date
	States   []State
	OpenOnly bool
	Today    calendar.Date // periods that open later stay hidden; zero shows all
	Limit    int           // default 200
}

// ReportLine is one stored progress report.
type ReportLine struct {
	AssignmentID int64
	PersonID     string
	Platform     string
	At           time.Time
	Progress
}

// Tally counts pieces of work.
type Tally struct{ Total, Done, Overdue int }
