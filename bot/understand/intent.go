// Package understand turns Chinese chat text into an Intent. It is pure: text,
// the conversation's state, the asker's view and a time go in, an Intent with a
// reason comes out. No network, no database, no clock.
package understand

import (
	"time"

	"duban/internal/calendar"
)

// Command names what a message asks for.
type Command string

// The commands, as in the contract.
const (
	ReportProgress  Command = "report_progress"
	ZeroReport      Command = "zero_report"
	QueryTask       Command = "query_task"
	QueryHazard     Command = "query_hazard"
	ReportHazard    Command = "report_hazard"
	HazardFix       Command = "hazard_fix"
	HazardReview    Command = "hazard_review"
	HazardClose     Command = "hazard_close"
	HazardReopen    Command = "hazard_reopen"
	HazardSupervise Command = "hazard_supervise"
	HazardGrade     Command = "hazard_grade"
	HazardVoid      Command = "hazard_void"
	HazardMerge     Command = "hazard_merge"
	Urge            Command = "urge"
	Reassign        Command = "reassign"
	Delegate        Command = "delegate"
	DelegateCancel  Command = "delegate_cancel"
	Extend          Command = "extend"
	ReviewExtend    Command = "review_extend"
	ReviewTask      Command = "review_task"
	CreateTask      Command = "create_task"
	Stats           Command = "stats"
	Digest          Command = "digest"
	Export          Command = "export"
	Ack             Command = "ack"
	Quiet           Command = "quiet"
	QuietOff        Command = "quiet_off"
	Help            Command = "help"
	Bind            Command = "bind"
	Unbind          Command = "unbind"
	Cancel          Command = "cancel"
	Undo            Command = "undo"
	Feedback        Command = "feedback"
	Confirm         Command = "confirm"
	Deny            Command = "deny"
	Select          Command = "select"
	Clarify         Command = "clarify"
	Emergency       Command = "emergency"
	Sensitive       Command = "sensitive_report"
	None            Command = "none"
)

// TaskRef is how a person named a supervised item. At most one of Code, Point
// and Keyword is the primary reference; zero means not named.
type TaskRef struct {
	Code    string `json:"code,omitempty"`  // 22-3
	Point   int    `json:"point,omitempty"` // 第22条
	Keyword string `json:"kw,omitempty"`    // words of the description
}

// HazardRef is how a person named a hazard.
type HazardRef struct {
	ID      int    `json:"id,omitempty"` // the ledger number without year
	Keyword string `json:"kw,omitempty"`
}

// Figure is a number with its unit. Of is the base of "43 of 45", 0 if none.
type Figure struct {
	N    float64 `json:"n"`
	Of   float64 `json:"of,omitempty"`
	Unit string  `json:"unit,omitempty"`
}

// Party is somebody or some unit that a message names.
type Party struct {
	Dept   string `json:"dept,omitempty"`
	School string `json:"school,omitempty"`
	Person string `json:"person,omitempty"`
}

// IsZero reports whether nobody is named.
func (p Party) IsZero() bool { return p == Party{} }

// Slots are the details of a command. The zero value of a field means that the
// message did not say. MarshalJSON gives the contract's form.
type Slots struct {
	Task      *TaskRef
	Hazard    *HazardRef
	HazardIDs []int
	Keep      int // hazard_merge: the number that stays

	Percent    *float64
	Figure     *Figure
	Status     string // not_started in_progress blocked done fixed controlled
	Text       string
	Period     string // 2025-W37 or 2025-09-01/2025-09-10
	Subject    string // zero_report: hazard
	ReportDate calendar.Date
	FixDate    calendar.Date
	ETA        calendar.Date

	Scope     string   // mine, dept_mine, all
	ScopeDept string   // a section by its official name
	Filter    []string // due overdue open red yellow stale all; of hazards also review done unsigned listed
	Range     *DateRange
	Field     string // due, status
	StaleDays int
	GroupBy   string
	Statistic string // completion_rate, hazard_fix_rate, hazard_count
	Form      string // red, yellow, bulletin
	What      string // export: all, hazard
	Format    string // xlsx

	Category  string
	Location  string
	Desc      string
	School    string
	Level     string // 一般, 重大
	Urgent    bool
	Anonymous bool

	Target  Party
	To      Party
	Lead    Party
	Co      []string
	CC      []string
	Result  string // pass fail approve reject
	Reason  string
	NewDue  calendar.Date
	Delta   int // extend by days
	Title   string
	Due     calendar.Date
	Source  string
	Recur   string // monthly:5
	Until   time.Time
	Topic   string
	Name    string
	Phone   string
	Rebind  bool
	Reports string // create_task: who reports

	N          int    // select: the chosen number
	Keyword    string // select by word
	Correction string // deny: what it should be instead
	Type       string // emergency, sensitive_report

	Attachments int
	Guard       []string // role, bulk_confirm
}

// DateRange is inclusive at both ends.
type DateRange struct{ From, To calendar.Date }

// Intent is the result of understanding one message.
type Intent struct {
	Command    Command
	Slots      Slots
	Missing    []string // what must be asked for: task_ref, intent, location, reason …
	Confidence float64  // 0..1
	Guesses    []Guess  // what else it may be, best first; empty where a rule decided alone
	Why        string   // which rule decided, for logs and tests; contains no user text
}

// Chance is how likely the message is meant as c, 0 where a rule decided alone.
func (i Intent) Chance(c Command) float64 {
	for _, g := range i.Guesses {
		if g.Command == c {
			return g.Chance
		}
	}
	return 0
}

// Item is a supervised item as far as understanding needs it.
type Item struct {
	Code  string
	Point int
	Title string
}

// Unit is a section, school or other unit with the names people use.
type Unit struct {
	ID      string
	Name    string
	Aliases []string
	School  bool
}

// Person is somebody who can be named.
type Person struct {
	ID   string
	Name string
	Post string // the post with its unit, 安全法规股股长; names whoever holds it
}

// View is what the asker can be talking about. All of it is optional: without a
// roster only the usual sections and what looks like a school are known, without
// items references by word stay words.
type View struct {
	Items  []Item
	Roster *Roster
}

// Pending is the open question of this conversation, if any.
type Pending struct {
	Command Command
	Missing []string // what was asked for
	Choices int      // how many numbered choices were offered
}

// Input is everything that understanding depends on.
type Input struct {
	Text        string
	Attachments int
	Quote       string // the text this message answers to
	Addressed   bool   // private chat, or the robot was @-mentioned
	Pending     *Pending
	View        View
	Now         time.Time // its location is the one dates are meant in
}
