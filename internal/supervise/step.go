package supervise

import (
	"context"
	"fmt"
	"strings"
	"time"

	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
)

// Step takes the due step of a round: it writes the notices, the history and the
// next time at once. A generation that has passed, a round that is stopped and
// one that another node holds are left alone without error.
func (d *Desk) Step(ctx context.Context, tx StepTx, dir *org.Directory, id int64, generation int) error {
	c, ok, err := tx.LockChase(ctx, id, generation)
	now := d.Clock.Now()
	if err != nil || !ok || c.NextAt.After(now) {
		return errs.At("take step", err)
	}
	policies, err := d.Book.Version(ctx, c.Policy)
	if err != nil {
		return err
	}
	sub, ok, err := d.load(ctx, tx, dir, c.Subject)
	if err != nil {
		return err
	}
	if !ok {
		c.State, c.NextAt, c.Reason = notice.ChaseDone, time.Time{}, "gone"
		return tx.SaveChase(ctx, c, now)
	}
	profile, _ := policies.Profile(c.Profile)
	steps, after := remind.Due(profile, sub.facts, d.Cal, position(c), now)
	c.Position = pack(after)
	for _, s := range steps {
		if err := d.tell(ctx, tx, dir, sub, s, policies.Hours, now); err != nil {
			return err
		}
	}
	d.plan(&c, policies, sub)
	return errs.At("take step", tx.SaveChase(ctx, c, now))
}

// tell writes one notice per recipient of a step.
func (d *Desk) tell(ctx context.Context, tx StepTx, dir *org.Directory, sub subject, s remind.Step, hours remind.Hours, now time.Time) error {
	people, level := recipients(dir, sub, s.To)
	n := notice.Notice{
		Kind: kindOf(s), Urgency: notice.Merged, Subject: sub.of, Step: rung(s), Weight: weight(s), CreatedAt: now,
		NotBefore: remind.NextMorning(now, hours, d.Cal),
	}
	if s.Urgent {
		n.Urgency, n.NotBefore = notice.Immediate, now
	}
	var list []notice.Notice
	for _, p := range people {
		n.PersonID = p.PersonID
		n.Key = fmt.Sprintf("chase:%s:%d:%s:%s", sub.of.Kind, sub.of.ID, s.Key(), p.PersonID)
		list = append(list, n)
	}
	if _, err := tx.AddNotices(ctx, list); err != nil {
		return err
	}
	if s.Kind != remind.Escalation {
		return nil
	}
	return tx.Append(ctx, journal.Entry{At: now, Actor: "system", Channel: "system", Subject: sub.of, Action: "escalate",
		After: string(s.To), Note: fmt.Sprintf("step=%s told=%d level=%s", s.Key(), len(people), level)})
}

// rung tells a notice which step of the policy it comes from, short enough for
// its column.
func rung(s remind.Step) string {
	moved := ""
	if s.MovedBy != remind.NotMoved {
		moved = string(s.MovedBy) + ":" + strings.ReplaceAll(s.MovedFrom.String(), "-", "")
	}
	return notice.RungOf(string(s.Why), string(s.Slip), moved)
}

func kindOf(s remind.Step) notice.Kind {
	if s.Kind == remind.Escalation {
		return notice.Escalation
	}
	return notice.Reminder
}

// weight orders the entries of a merged message, the most urgent first.
func weight(s remind.Step) int {
	switch {
	case s.Urgent:
		return 100
	case s.Slip == remind.Red:
		return 90
	case s.Slip == remind.Yellow:
		return 80
	case s.Why == remind.WhyOverdue:
		return 70
	case s.Why == remind.WhyDueToday:
		return 60
	case s.Why == remind.WhyMissed:
		return 55
	case s.Why == remind.WhyDueSoon, s.Why == remind.WhyCollect, s.Why == remind.WhyPromised:
		return 40
	}
	return 30
}

// recipients finds who a level is. A level that nobody holds passes to the next
// one at once; the highest one ends at the bureau office, never in silence.
func recipients(dir *org.Directory, sub subject, to remind.Role) ([]org.Holder, remind.Role) {
	for level, ok := to, true; ok; level, ok = level.Above() {
		if people := holders(dir, sub, level); len(people) > 0 {
			return people, level
		}
	}
	if people := dir.Admins(); len(people) > 0 {
		return people, "admin"
	}
	return nil, ""
}

func holders(dir *org.Directory, sub subject, level remind.Role) []org.Holder {
	isHazard := sub.of.Kind == notice.HazardSubj
	switch level {
	case remind.Holder:
		if isHazard {
			return dir.Safety(sub.unit)
		}
		return first(dir.HoldersOf(sub.unit), 2)
	case remind.SectionChief:
		if isHazard {
			return dir.SafetySection()
		}
		return first(dir.HoldersOf(sub.section), 1)
	case remind.Deputy:
		if isHazard {
			return deputiesOfSafety(dir)
		}
		return dir.Deputies(sub.section)
	case remind.LeaderOffice:
		return append(dir.Director(), dir.Office()...)
	}
	return nil
}

func deputiesOfSafety(dir *org.Directory) []org.Holder {
	for _, s := range dir.SafetySection() {
		if people := dir.Deputies(s.Post.UnitID); len(people) > 0 {
			return people
		}
	}
	return nil
}

func first(people []org.Holder, n int) []org.Holder {
	if len(people) > n {
		return people[:n]
	}
	return people
}
