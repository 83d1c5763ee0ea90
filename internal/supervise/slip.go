package supervise

import (
	"context"
	"fmt"
	"time"

	"duban/internal/calendar"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/slip"
)

// SlipBook numbers slips.
type SlipBook interface {
	AddSlip(ctx context.Context, s slip.Slip) (slip.Slip, bool, error)
}

// The order of what is told about slips within a morning message.
const (
	weightRed     = 92
	weightYellow  = 82
	weightLate    = 72
	weightReceipt = 65
)

// slipping is an escalation that a slip goes with.
type slipping struct {
	sub      subject
	step     remind.Step
	policies remind.Policies
	profile  remind.Profile
}

// issue writes the slips that go with escalations just taken. The unit hears of its
// slip, with the wish for a receipt, in the next morning message, a school not in
// its holidays. What the supervising section is to hear when no receipt has come
// waits as a notice from the start; it is dropped when there is one by then.
func (d *Desk) issue(ctx context.Context, tx SlipBook, t *taken) error {
	for _, i := range t.slips {
		told := remind.HolderMorning(t.now, i.profile, i.sub.facts, d.Cal)
		due := d.Cal.Days.Add(calendar.In(told, d.Cal.Loc), i.policies.Receipt)
		of := i.sub.of
		sl, fresh, err := tx.AddSlip(ctx, slip.Slip{
			Year: t.today.Year(), Subject: of, UnitID: i.sub.unit, Section: supervising(t.dir, i.sub), Colour: slip.Colour(i.step.Slip), Level: string(i.step.To),
			IssuedAt: t.now, ReceiptDue: due, Once: fmt.Sprintf("%s:%d:%s", of.Kind, of.ID, i.step.Key()), State: slip.Open,
		})
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		late := remind.MorningAt(d.Cal.Days.Add(due, 1), i.policies.Hours, d.Cal)
		t.tellSlip(i, sl, notice.Slip, remind.Holder, told)
		t.tellSlip(i, sl, notice.SlipLate, remind.SectionChief, late)
		t.lines = append(t.lines, journal.Entry{At: t.now, Actor: "system", Channel: "system", Subject: of, Action: "slip", After: sl.Number() + " " + string(sl.Colour),
			Note: "receipt_due=" + due.String()})
	}
	return nil
}

func (t *taken) tellSlip(i slipping, sl slip.Slip, kind notice.Kind, to remind.Role, at time.Time) {
	weight := weightYellow
	switch {
	case kind == notice.SlipLate:
		weight = weightLate
	case sl.Colour == slip.Red:
		weight = weightRed
	}
	people, _ := recipients(t.dir, i.sub, to)
	for _, p := range people {
		t.notices = append(t.notices, notice.Notice{Kind: kind, Urgency: notice.Merged, Subject: notice.Subject{Kind: notice.SlipSubj, ID: sl.ID},
			PersonID: t.dir.Reader(p.PersonID, t.today), PostID: p.Post.ID, Step: notice.RungOf("slip", string(sl.Colour), ""), Weight: weight, CreatedAt: t.now, NotBefore: at,
			Key: fmt.Sprintf("%s:%d:%s:%s", kind, sl.ID, i.step.Key(), p.PersonID)})
	}
}

// supervising is the section that looks after the subject.
func supervising(dir *org.Directory, sub subject) string {
	if sub.section != "" {
		return sub.section
	}
	for _, p := range dir.SafetySection() {
		return p.Post.UnitID
	}
	return ""
}

// Receipted lists what tells those whom the escalation reached, and the supervising
// section, that the unit has answered. It comes with their next morning message.
func (d *Desk) Receipted(ctx context.Context, dir *org.Directory, sl slip.Slip) ([]notice.Notice, error) {
	now := d.Clock.Now()
	at, err := d.Morning(ctx, now)
	if err != nil {
		return nil, err
	}
	sub := subject{of: sl.Subject, unit: sl.UnitID, section: sl.Section}
	people, _ := recipients(dir, sub, remind.Role(sl.Level))
	chiefs, _ := recipients(dir, sub, remind.SectionChief)
	var list []notice.Notice
	seen := map[string]bool{sl.AnsweredBy: true}
	for _, p := range append(people, chiefs...) {
		if !seen[p.PersonID] {
			seen[p.PersonID] = true
			list = append(list, notice.Notice{Kind: notice.Receipt, Urgency: notice.Merged, Subject: notice.Subject{Kind: notice.SlipSubj, ID: sl.ID}, PersonID: p.PersonID, PostID: p.Post.ID,
				Step: notice.RungOf("receipt", string(sl.Colour), ""), Weight: weightReceipt, CreatedAt: now, NotBefore: at,
				Key: fmt.Sprintf("receipt:%d:%s:%s", sl.ID, calendar.In(now, d.Cal.Loc), p.PersonID)})
		}
	}
	return list, nil
}
