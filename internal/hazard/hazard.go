// Package hazard is the life of a safety hazard (隐患), from the report to 销号.
// Rules only; storage and wording live elsewhere.
package hazard

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// State is where a hazard stands.
type State string

// The states, in the order of an ordinary life.
const (
	Reported   State = "reported"
	Registered State = "registered"
	Graded     State = "graded"
	Assigned   State = "assigned"
	Signed     State = "signed"
	Fixing     State = "fixing"
	Fixed      State = "fixed"
	Verified   State = "verified"
	Closed     State = "closed"
	Reopened   State = "reopened"
	MergedInto State = "merged"
	Void       State = "void"
)

// Open reports whether the hazard still has to be dealt with.
func (s State) Open() bool { return s != Closed && s != MergedInto && s != Void }

// States lists every state once.
func States() []State {
	return []State{Reported, Registered, Graded, Assigned, Signed, Fixing, Fixed, Verified, Closed, Reopened, MergedInto, Void}
}

// OpenStates lists the states in which a hazard still has to be dealt with.
func OpenStates() []State {
	return slices.DeleteFunc(States(), func(s State) bool { return !s.Open() })
}

// Untold is the category (欺凌暴力) that shows in no ledger, digest or figure.
const Untold = "欺凌暴力"

// Say returns the state as people read it.
func (s State) Say() string {
	names := map[State]string{
		Reported: "已上报", Registered: "已登记", Graded: "已定级", Assigned: "已交办", Signed: "已签收",
		Fixing: "整改中", Fixed: "待复查", Verified: "复查通过", Closed: "已销号", Reopened: "重新打开",
		MergedInto: "已合并", Void: "已作废",
	}
	return names[s]
}

// Level is the grade of a hazard. A person of the safety section decides it; the
// bot may only hint.
type Level string

// The levels.
const (
	Ungraded Level = ""
	Ordinary Level = "一般"
	Major    Level = "重大"
)

// Origin is how a hazard came to be known, where nobody just wrote it to the robot.
type Origin string

// The origins.
const (
	FromChat  Origin = ""
	FromCheck Origin = "check" // an exception of an inspection
	FromCode  Origin = "code"  // the page behind a code at a place
)

// Hazard is one entry of the ledger.
type Hazard struct {
	ID        int64
	Year      int
	Seq       int // number within the year, over both platforms
	UnitID    string
	Category  string
	Location  string
	Desc      string
	Level     Level
	LevelHint Level // what the reporter said
	Urgent    bool
	Anonymous bool
	Reporter  string // person id; kept for answers, hidden from others when Anonymous
	State     State
	SignDue   calendar.Date
	FixDue    calendar.Date
	SignedAt  time.Time
	SignedBy  string
	CreatedAt time.Time
	Origin    Origin
	Version   int
	Life
	Course
}

// Number is the ledger number people read: YH-2025-0056.
func (h Hazard) Number() string { return fmt.Sprintf("YH-%d-%04d", h.Year, h.Seq) }

// Draft is what a report of a hazard says.
type Draft struct {
	UnitID    string
	Category  string
	Location  string
	Desc      string
	Level     Level
	Urgent    bool
	Anonymous bool
}

// Other is the category of what fits none.
const Other = "其他"

// limits of the free texts, in runes
const (
	maxLocation = 100
	maxDesc     = 2000
)

// Missing names what has to be asked for: "desc", "location", in that order.
func (d Draft) Missing() []string {
	var missing []string
	if d.Desc == "" {
		missing = append(missing, "desc")
	}
	if d.Location == "" {
		missing = append(missing, "location")
	}
	return missing
}

// File returns the hazard that a draft becomes. Location may be missing when it
// was asked for and skipped; a description is required. Number and id are given
// by the store.
func File(d Draft, reporter string, now time.Time, today calendar.Date) (Hazard, error) {
	if d.Desc == "" {
		return Hazard{}, errs.New(errs.Invalid, "请写一句是什么隐患，例如“上报隐患 食堂后厨燃气软管老化”。")
	}
	if utf8.RuneCountInString(d.Desc) > maxDesc || utf8.RuneCountInString(d.Location) > maxLocation {
		return Hazard{}, errs.Newf(errs.Invalid, "描述太长了（最多 %d 字），没有登记。请用一两句话说明，细节可以补照片。", maxDesc)
	}
	if d.Category == "" {
		d.Category = Other
	}
	return Hazard{
		Year: today.Year(), UnitID: d.UnitID, Category: d.Category, Location: d.Location, Desc: d.Desc,
		LevelHint: d.Level, Urgent: d.Urgent, Anonymous: d.Anonymous, Reporter: reporter,
		State: Reported, CreatedAt: now,
	}, nil
}

// Sign returns the hazard after somebody responsible took it on.
func (h Hazard) Sign(by string, now time.Time) (Hazard, error) {
	next, err := h.After(ToSign)
	if err != nil {
		return h, err
	}
	h.SignedAt, h.SignedBy, h.State = now, by, next
	return h, nil
}
