// Package remind decides who is told what about one subject, and when: an item
// assigned to a unit, one period of a recurring duty, or a hazard. It is pure:
// every answer follows from a policy snapshot, the calendars, the facts and a
// given instant, so a whole year can be replayed in a second.
package remind

import (
	"slices"
	"time"

	"duban/internal/calendar"
)

// Role is the level of recipient a step goes to. Who that is, and who stands in
// for a vacant or absent post, is for the caller to find; Above names the level
// to go to when nobody does.
type Role string

// The roles in the order an escalation climbs them.
const (
	Holder       Role = "holder"        // who has to do it
	SectionChief Role = "section_chief" // the supervising section
	Deputy       Role = "deputy"        // the deputy director in charge
	LeaderOffice Role = "leader_office" // the director and the bureau office
)

func roles() []Role { return []Role{Holder, SectionChief, Deputy, LeaderOffice} }

func (r Role) rank() int { return slices.Index(roles(), r) }

// Above returns the next level, false at the top.
func (r Role) Above() (Role, bool) {
	if i := r.rank(); i >= 0 && i+1 < len(roles()) {
		return roles()[i+1], true
	}
	return "", false
}

// Kind tells a reminder (repeated, to who has to act) from an escalation (a
// level that is told once).
type Kind string

// The kinds.
const (
	Reminder   Kind = "reminder"
	Escalation Kind = "escalation"
)

// Slip is the colour of the supervision slip (督办单) that goes with an escalation.
type Slip string

// The slips in the order of their weight.
const (
	NoSlip Slip = ""
	Yellow Slip = "yellow"
	Red    Slip = "red"
)

func (s Slip) rank() int { return slices.Index([]Slip{NoSlip, Yellow, Red}, s) }

// Stage names the clock a step belongs to.
type Stage string

// The stages. A one-off subject has StageDue, an instance of a recurring duty
// StageCollect; the three before signing are those of a major hazard or incident.
const (
	StageReport  Stage = "report"  // tell at once
	StageControl Stage = "control" // temporary control of a major hazard
	StageFive    Stage = "five"    // the five fixings (五落实)
	StageSign    Stage = "sign"
	StageCollect Stage = "collect"
	StageDue     Stage = "due"
	StageWord    Stage = "word" // weekly word on a major hazard
	StageReview  Stage = "review"
)

// Offset is a distance from a deadline: working days, or clock hours that take
// no notice of quiet hours and days off. Negative is before.
type Offset struct {
	N     int
	Hours bool
}

// hours makes offsets of both units comparable.
func (o Offset) hours() int {
	if o.Hours {
		return o.N
	}
	return o.N * 24
}

// Rule is one rung of a ladder.
type Rule struct {
	At   Offset
	To   Role
	Kind Kind
	Slip Slip
}

// Ladder is one clock: a limit counted from its start (working days or hours;
// unused where the facts carry the deadline) and the rungs around the deadline
// in ascending order.
type Ladder struct {
	Limit Offset
	Rules []Rule
}

// Collect says when a recurring duty is collected.
type Collect struct {
	Every calendar.Unit // "" for none; Term for school terms
	// Day is the day of the month: in the month itself, or in the last month of a
	// quarter, half-year or year. 0 means the last working day.
	Day int
	// Weekday is used by weekly duties.
	Weekday time.Weekday
	// Dates are month and day of each collection of a term duty, as 100*month+day.
	Dates []int
}

// Term is the unit of duties collected once a school term.
const Term calendar.Unit = "term"

// Profile is the policy for one sort of subject, complete in itself so that it
// can be kept as a snapshot.
type Profile struct {
	Key        string
	Name       string
	Version    int // of the policy file it came from
	Collect    Collect
	Ladders    map[Stage]Ladder
	Word       bool // weekly word, on the day of the weekly digest
	InHolidays bool // schools are chased in holidays too
	Persistent bool // a report does not stop escalation
	Late       int  // a period turns yellow this many working days after its date
	Rest       int  // no reminder within this many working days after a report
	Hours      Hours
	Lamp       LampRule
}

// HasCollect reports whether the profile describes a recurring duty.
func (p Profile) HasCollect() bool { return p.Collect.Every != "" }

// LampRule holds the thresholds of the lamp.
type LampRule struct {
	Blue          int // working days before the deadline
	BlueRecurring int
	Behind        int // points behind elapsed time
}

// HazardRule holds the time limits of hazards.
type HazardRule struct {
	FixChoices   []int // working days an ordinary hazard may be given
	FixDefault   int
	MajorFixDays int // calendar days at most
	SpotOneIn    int // spot checks (回头看): one in so many closed by review from outside
	SpotMost     int // … and at most so many in a month
}

// Policies is one version of the whole policy file.
type Policies struct {
	Version  int
	Assumed  bool
	Hours    Hours
	Hazard   HazardRule
	Receipt  int // working days a unit has for the receipt of a slip
	Response Response
	profiles map[string]Profile
}

// Profile returns the profile of that key.
func (p Policies) Profile(key string) (Profile, bool) {
	pr, ok := p.profiles[key]
	return pr, ok
}

// Keys returns the keys of all profiles in alphabetical order.
func (p Policies) Keys() []string {
	keys := make([]string, 0, len(p.profiles))
	for k := range p.profiles {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Calendars is what the planner knows about days; all fields are required. Loc is
// the bureau's time zone.
type Calendars struct {
	Days  *calendar.Workdays
	Terms *calendar.Terms
	Loc   *time.Location
}

func (c Calendars) date(t time.Time) calendar.Date { return calendar.In(t, c.Loc) }
