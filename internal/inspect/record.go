package inspect

import (
	"slices"
	"strings"
	"time"

	"duban/internal/calendar"
)

// Found is an exception that was put down, with the hazard it became.
type Found struct {
	Entry  int    `json:"entry"` // from 1; 0 for what is on no list
	Words  string `json:"words,omitempty"`
	Hazard int64  `json:"hazard,omitempty"`
}

// Record is one inspection (一次检查): what a unit said about a list in a period.
type Record struct {
	ID       int64
	List     string
	Period   string
	Unit     string
	From, To calendar.Date
	Person   string
	Platform string
	At       time.Time
	Entries  int // how many the list had
	Found    []Found
	Fine     bool // the rest was said to be in order
	Version  int
}

// Has reports whether an exception was put down before: the same words about the
// same entry.
func (r Record) Has(e Exception) bool {
	return slices.ContainsFunc(r.Found, func(f Found) bool { return f.Entry == e.Entry && alike(f.Words, e.Words) })
}

func alike(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }

// Rest counts the entries nothing was found at.
func (r Record) Rest() int {
	at := map[int]bool{}
	for _, f := range r.Found {
		if f.Entry > 0 {
			at[f.Entry] = true
		}
	}
	return max(0, r.Entries-len(at))
}

// News are the exceptions of an answer that a record does not have.
func (r Record) News(a Answer) []Exception {
	return slices.DeleteFunc(slices.Clone(a.Exceptions), r.Has)
}

// Filter narrows a list of records. One of Unit and Lists is given.
type Filter struct {
	Units   []string
	Lists   []string
	Periods []string
	Since   calendar.Date // whose period ends on that day or later
	Before  calendar.Date // whose period begins on that day or earlier
}
