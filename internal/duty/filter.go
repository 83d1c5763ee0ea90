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
	Part     Part // this one only
	Without  Part // all but this one
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

// LedgerFilter narrows the ledger. Unlike a list of what is to be done it also
// holds what is over. Zero fields do not narrow.
type LedgerFilter struct {
	Sections []string // leading, assisting or performing section …
	Units    []string // … or performing unit
	DueFrom  calendar.Date
	DueTo    calendar.Date
	OpenOnly bool
	Opened   calendar.Date // periods that open later stay hidden
	Limit    int           // the newest items win
}
