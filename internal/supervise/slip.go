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

// slipping is a slip to be issued, with what decides when it is told.
type slipping struct {
	sub      subject
	slip     slip.Slip
	key      string // what makes it one, beside its subject
	from     time.Time
	policies remind.Policies
	profile  remind.Profile
}

// issue writes the slips that go with escalations just taken.
func (d *Desk) issue(ctx context.Context, tx SlipBook, t *taken) error {
	for _, i := range t.slips {
		sl, list, err := d.number(ctx, tx, t.dir, i)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			t.notices = append(t.notices, list...)
			t.lines = append(t.lines, journal.Entry{At: t.now, Actor: "system", Channel: "system", Subject: i.sub.of, Action: "slip", After: sl.Number() + " " + string(sl.Colour),
				Note: "receipt_due=" + sl.ReceiptDue.String()})
		}
	}
	return nil
}

// SlipTx is what issuing a slip needs of a transaction.
type SlipTx interface {
	Tx
	SlipBook
}

// IssueSlip numbers a slip that a person issues, once a day and colour for each
// subject. The notices are for the caller to write; there are none when it exists
// already or the subject does not.
func (d *Desk) IssueSlip(ctx context.Context, tx SlipTx, dir *org.Directory, of notice.Subject, colour slip.Colour, by string) (slip.Slip, []notice.Notice, error) {
	p, err := d.Book.Version(ctx, 0)
	if err != nil {
		return slip.Slip{}, nil, err
	}
	sub, ok, err := d.load(ctx, tx, dir, of)
	if err != nil || !ok {
		return slip.Slip{}, nil, err
	}
	profile, _ := p.Profile(sub.profile)
	now := d.Clock.Now()
	return d.number(ctx, tx, dir, slipping{sub: sub, slip: slip.Slip{Colour: colour, IssuedBy: by}, from: now, policies: p, profile: profile,
		key: fmt.Sprintf("hand:%s:%s", colour, calendar.In(now, d.Cal.Loc))})
}

// number stores a new slip and makes its notices. Its unit hears of it, with the
// wish for a receipt, in the morning message of the day, else of the next; a school
// not in its holidays. What the supervising section is to hear when no receipt has
// come waits as a notice from the start; it is dropped when there is one by then.
func (d *Desk) number(ctx context.Context, tx SlipBook, dir *org.Directory, i slipping) (slip.Slip, []notice.Notice, error) {
	now := d.Clock.Now()
	today := calendar.In(now, d.Cal.Loc)
	from := i.from // a step taken late is told as of today
	if midnight := today.At(0, 0, d.Cal.Loc); from.Before(midnight) {
		from = midnight
	}
	told := remind.HolderMorning(from, i.profile, i.sub.facts, d.Cal)
	due := d.Cal.Days.Add(calendar.In(told, d.Cal.Loc), i.policies.Receipt)
	sl := i.slip
	sl.Once = fmt.Sprintf("%s:%d:%s", i.sub.of.Kind, i.sub.of.ID, i.key)
	sl.Year, sl.Subject, sl.UnitID, sl.Section = today.Year(), i.sub.of, i.sub.unit, supervising(dir, i.sub)
	sl.IssuedAt, sl.ReceiptDue, sl.State = now, due, slip.Open
	sl, fresh, err := tx.AddSlip(ctx, sl)
	if err != nil || !fresh {
		return sl, nil, err
	}
	late := remind.MorningAt(d.Cal.Days.Add(due, 1), i.policies.Hours, d.Cal)
	list := slipNotices(dir, i.sub, sl, i.key, notice.Slip, remind.Holder, told, today)
	return sl, append(list, slipNotices(dir, i.sub, sl, i.key, notice.SlipLate, overseer(i.sub), late, today)...), nil
}

func slipNotices(dir *org.Directory, sub subject, sl slip.Slip, key string, kind notice.Kind, to remind.Role, at time.Time, today calendar.Date) []notice.Notice {
	weight := weightYellow
	switch {
	case kind == notice.SlipLate:
		weight = weightLate
	case sl.Colour == slip.Red:
		weight = weightRed
	}
	var list []notice.Notice
	people, _ := recipients(dir, sub, to)
	for _, p := range people {
		list = append(list, notice.Notice{Kind: kind, Urgency: notice.Merged, Subject: notice.Subject{Kind: notice.SlipSubj, ID: sl.ID}, PersonID: dir.Reader(p.PersonID, today), PostID: p.Post.ID,
			Step: notice.RungOf("slip", string(sl.Colour), ""), Weight: weight, CreatedAt: sl.IssuedAt, NotBefore: at,
			Key: fmt.Sprintf("%s:%d:%s:%s", kind, sl.ID, key, p.PersonID)})
	}
	return list
}

// overseer is the level that looks after the unit's answers: the supervising section,
// of what that does itself the deputy.
func overseer(sub subject) remind.Role {
	if sub.unit == sub.section {
		return remind.Deputy
	}
	return remind.SectionChief
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

// Receipted lists what tells those whom the escalation reached, who issued the slip,
// and the supervising section, that the unit has answered. It comes with their next morning message.
func (d *Desk) Receipted(ctx context.Context, dir *org.Directory, sl slip.Slip) ([]notice.Notice, error) {
	now := d.Clock.Now()
	at, err := d.Morning(ctx, now)
	if err != nil {
		return nil, err
	}
	sub := subject{of: sl.Subject, unit: sl.UnitID, section: sl.Section}
	var people []org.Holder
	if sl.Level != "" {
		people, _ = recipients(dir, sub, remind.Role(sl.Level))
	}
	if sl.IssuedBy != "" {
		people = append(people, org.Holder{PersonID: sl.IssuedBy})
	}
	chiefs, _ := recipients(dir, sub, overseer(sub))
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
