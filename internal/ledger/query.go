// Package ledger chooses what stands in an exported ledger (台账): who may have
// which lines of it, and which of them were asked for. It neither words nor
// writes them.
package ledger

import (
	"encoding/json"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// The ledgers.
const (
	Work   = "task"
	Hazard = "hazard"
	Both   = "all"
)

// The forms of a file.
const (
	XLSX = "xlsx"
	CSV  = "csv"
)

// Query is what was asked for. It is stored instead of the lines, which are read
// when the file is made, by the rights the person has then.
type Query struct {
	What     string        `json:"what"`
	Unit     string        `json:"unit,omitempty"` // one section or school only
	Own      bool          `json:"own,omitempty"`  // the asker's own units only
	From     calendar.Date `json:"from,omitzero"`  // due, or reported, from …
	To       calendar.Date `json:"to,omitzero"`    // … to, both included
	Filter   []string      `json:"filter,omitempty"`
	Stale    int           `json:"stale,omitempty"` // days without a report
	Category string        `json:"category,omitempty"`
	Level    string        `json:"level,omitempty"` // of hazards
	Point    int           `json:"point,omitempty"` // one work point of the document only
	Code     string        `json:"code,omitempty"`  // one item only
	Format   string        `json:"format"`
}

// Pack writes the query for keeping.
func (q Query) Pack() string {
	b, _ := json.Marshal(q) // plain data, cannot fail
	return string(b)
}

// Unpack reads a kept query.
func Unpack(packed string) (Query, error) {
	var q Query
	err := json.Unmarshal([]byte(packed), &q)
	return q, errs.At("read export query", err)
}

// wants reports whether one of the filters was asked for.
func (q Query) wants(names ...string) bool {
	for _, f := range q.Filter {
		for _, n := range names {
			if f == n {
				return true
			}
		}
	}
	return false
}

// HasWork reports whether the ledger of work is wanted.
func (q Query) HasWork() bool { return (q.What == Work || q.What == Both) && q.Level == "" }

// HasHazards is HasWork for the other ledger. Lamps and silence are properties of
// work, so they leave the hazards out unless those were named; a grade leaves the work out.
func (q Query) HasHazards() bool {
	return q.What == Hazard || q.What == Both && q.Point == 0 && q.Code == "" && !q.wants("red", "yellow", "blue", "green", "stale")
}
