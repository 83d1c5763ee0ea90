// Package duty is the life of a supervised item (督办事项): what has to be done,
// which unit does which part of it, and how far it is. Rules only; storage and
// wording live elsewhere.
package duty

import (
	"fmt"
	"strings"
	"time"

	"duban/internal/calendar"
)

// ItemState is where an item stands in its life before and after the work.
type ItemState string

// The states of an item. Draft items are silent: not chased, not shown with a
// lamp, not in a digest.
const (
	Draft     ItemState = "draft"
	Confirmed ItemState = "confirmed"
	Suspended ItemState = "suspended"
	ClosedIt  ItemState = "closed"
	Archived  ItemState = "archived"
	VoidItem  ItemState = "void"
)

// Source tells whether the document states a fact, we inferred it, or somebody
// decided it. Empty is inferred.
type Source string

// The sources.
const (
	Stated   Source = "stated"
	Inferred Source = "inferred"
	Decided  Source = "decided" // the office has set it
)

// Metric is a numeric target: value Op Target, as in "≥ 91 %".
type Metric struct {
	Op     string  `json:"op,omitempty"` // ">=", "<=", "<", ">", "="
	Target float64 `json:"target,omitempty"`
	Unit   string  `json:"unit,omitempty"`
}

// IsZero reports whether there is no numeric target.
func (m Metric) IsZero() bool { return m.Op == "" }

// Met reports whether v reaches the target.
func (m Metric) Met(v float64) bool {
	switch m.Op {
	case ">=":
		return v >= m.Target
	case ">":
		return v > m.Target
	case "<=":
		return v <= m.Target
	case "<":
		return v < m.Target
	case "=":
		return v == m.Target
	}
	return false
}

// String returns the target as people read it: "≥91%".
func (m Metric) String() string {
	signs := map[string]string{">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
	return fmt.Sprintf("%s%s%s", signs[m.Op], Number(m.Target), m.Unit)
}

// Item is one supervised matter out of a year's document.
type Item struct {
	ID          int64
	Year        int
	Code        string // 9-1
	Point       int    // 9
	PointTitle  string
	Desc        string
	Kind        string // target, recurring, register, mechanism, project, event, program
	Figures     string // figures quoted from the document, joined by "；"
	Metric      Metric
	Every       string // stated or assumed period, as in the document
	Due         calendar.Date
	DueSource   Source
	DueText     string
	Lead        string // section unit id
	LeadSource  Source
	Assist      []string // section unit ids
	Audience    string   // who reports, a key of the audiences
	DoersSource Source   // where the audience comes from
	Profile     string   // reminder profile
	ByKind      []string // other profiles for kinds of unit, as kindergarten=quarterly
	Privacy     string   // "high": never named outside the unit
	State       ItemState
	ConfirmedAt time.Time
	ConfirmedBy string
}

// AdHocPoint is the point under which items stand that no document names: 99-1,
// 99-2 … in the order of their filing (临时交办).
const AdHocPoint = 99

// ProfileFor returns the reminder profile for units of a kind: some report in
// other rounds than the rest.
func (i Item) ProfileFor(kind string) string {
	for _, other := range i.ByKind {
		if k, profile, _ := strings.Cut(other, "="); k == kind {
			return profile
		}
	}
	return i.Profile
}

// AssistProfile is the reminder profile of those who assist (协办). A policy
// without it tells them nothing.
const AssistProfile = "assist"

// Part is what a unit does for an item.
type Part string

// The parts.
const (
	Lead   Part = "lead"
	Assist Part = "assist"
	Report Part = "report"
)

// State is where one unit's work on an item stands.
type State string

// The states of an assignment.
const (
	Assigned   State = "assigned"
	Signed     State = "signed"
	InProgress State = "in_progress"
	Submitted  State = "submitted"
	Closed     State = "closed"
	Returned   State = "returned"
	Paused     State = "suspended"
	Void       State = "void"
)

// Open reports whether the unit still has to do something.
func (s State) Open() bool {
	switch s {
	case Assigned, Signed, InProgress, Returned:
		return true
	}
	return false
}

// Status is what a report says about the work itself.
type Status string

// The statuses of a report.
const (
	NotStarted Status = "not_started"
	Working    Status = "in_progress"
	Blocked    Status = "blocked"
	Done       Status = "done"
)

// Evidence is how well a report is supported.
type Evidence string

// The kinds of evidence. Photos are never compulsory for progress.
const (
	Said     Evidence = "said"
	Attached Evidence = "attached"
	Reviewed Evidence = "reviewed"
)

// Assignment is one unit's part of an item, for one period of a recurring one.
type Assignment struct {
	ID       int64
	ItemID   int64
	UnitID   string
	Part     Part
	Period   string // "" or the instance key, 2025-09
	Opens    calendar.Date
	Due      calendar.Date
	State    State
	Status   Status
	Percent  float64
	Value    *float64 // current value of the metric
	Note     string   // the holder's last words
	ETA      calendar.Date
	Evidence Evidence

	AssignedAt time.Time
	SignedAt   time.Time
	ReportedAt time.Time
	ClosedAt   time.Time
	Version    int
}

// Work is an assignment with its item, as lists and answers need it.
type Work struct {
	Assignment
	Item Item
}

// ProfileFor returns the reminder profile of the work for a unit of the kind.
func (w Work) ProfileFor(kind string) string {
	if w.Part == Assist {
		return AssistProfile
	}
	return w.Item.ProfileFor(kind)
}

// Number prints a figure without superfluous zeros.
func Number(v float64) string {
	s := fmt.Sprintf("%.2f", v)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}
