// Package slip is the supervision slip (督办单): a numbered paper that goes with an
// escalation, and the unit's receipt (回执) for it. Rules only; storage and wording
// live elsewhere.
package slip

import (
	"fmt"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/notice"
)

// State is where a slip stands by itself. That it is over when the work is closed
// (已销) is not stored: it follows from the work, also when closing is taken back.
type State string

// The states.
const (
	Open      State = "open"      // waits for a receipt
	Answered  State = "answered"  // the unit has given one
	Withdrawn State = "withdrawn" // who issued it took it back; the number stays used
)

// Colour is the weight of a slip.
type Colour string

// The colours.
const (
	Yellow Colour = "yellow"
	Red    Colour = "red"
)

// Say returns the colour as people read it.
func (c Colour) Say() string {
	if c == Red {
		return "红单"
	}
	return "黄单"
}

// Slip is one slip with its receipt.
type Slip struct {
	ID         int64
	Year       int
	Seq        int // number within the year, over all colours
	Subject    notice.Subject
	UnitID     string // who has to answer
	Section    string // the supervising section
	Colour     Colour
	Level      string // whom the escalation went to, a level of the policy; "" when a person issued it
	IssuedBy   string // that person
	IssuedAt   time.Time
	ReceiptDue calendar.Date
	Once       string // the step that issued it; issues no other

	State      State
	AnsweredAt time.Time
	AnsweredBy string
	Reason     string
	ETA        calendar.Date
	Version    int
}

// Number is the ledger number people read: HD-2025-003.
func (s Slip) Number() string { return fmt.Sprintf("HD-%d-%03d", s.Year, s.Seq) }

// maxReason bounds the explanation, in runes.
const maxReason = 500

// Answer returns the slip with the unit's receipt. A later receipt takes the place
// of an earlier one.
func (s Slip) Answer(reason string, eta calendar.Date, by string, now time.Time, today calendar.Date) (Slip, error) {
	switch {
	case reason == "" || eta.IsZero():
		return s, errs.New(errs.Invalid, "回执要写两样：什么原因、哪天完成，例如“回执 "+s.Number()+" 因设备没到，10月15日前完成”。")
	case eta < today:
		return s, errs.Newf(errs.Invalid, "%s 已经过去了，没有保存。请写今天以后的完成日期。", eta.Say(today))
	case len([]rune(reason)) > maxReason:
		return s, errs.Newf(errs.Invalid, "文字太长了（最多 %d 字），没有保存。请精简后再发。", maxReason)
	}
	s.State, s.AnsweredAt, s.AnsweredBy, s.Reason, s.ETA = Answered, now, by, reason, eta
	return s, nil
}

// Filter narrows a list of slips: those of the units or of the sections; when both
// are empty all of the year and the one before. The newest come first.
type Filter struct {
	Year     int
	Units    []string
	Sections []string
	Limit    int
}
