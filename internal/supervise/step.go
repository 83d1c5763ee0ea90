package supervise

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/slip"
)

// Step takes the due steps of rounds: it writes the notices, the history and the
// next times at once. A generation that has passed, a round that is stopped and
// one that another node holds are left alone without error.
func (d *Desk) Step(ctx context.Context, tx StepTx, dir *org.Directory, rounds ...notice.Round) error {
	held, err := tx.LockChases(ctx, rounds...)
	now := d.Clock.Now()
	due := slices.DeleteFunc(held, func(c notice.Chase) bool { return c.NextAt.After(now) })
	if err != nil || len(due) == 0 {
		return errs.At("take step", err)
	}
	of := make([]notice.Subject, 0, len(due))
	for _, c := range due {
		of = append(of, c.Subject)
	}
	subjects, err := d.loadAll(ctx, tx, dir, of...)
	if err != nil {
		return errs.At("take step", err)
	}
	silent, err := d.answered(ctx, tx, dir, subjects)
	if err != nil {
		return errs.At("take step", err)
	}
	t := taken{silent: silent, dir: dir, now: now, today: calendar.In(now, d.Cal.Loc)}
	for i, c := range due {
		sub, ok := subjects[c.Subject]
		if !ok {
			due[i].State, due[i].NextAt, due[i].Reason = notice.ChaseDone, time.Time{}, "gone"
			continue
		}
		if due[i], err = d.step(ctx, &t, c, sub); err != nil {
			return errs.At("take step", err)
		}
	}
	if err := d.issue(ctx, tx, &t); err != nil {
		return errs.At("issue slips", err)
	}
	return errs.At("take step", t.write(ctx, tx, due))
}

// step works out one round's due steps and when it goes on.
func (d *Desk) step(ctx context.Context, t *taken, c notice.Chase, sub subject) (notice.Chase, error) {
	policies, err := d.Book.Version(ctx, c.Policy)
	if err != nil {
		return c, err
	}
	profile, _ := policies.Profile(c.Profile)
	steps, after := remind.Due(profile, sub.facts, d.Cal, position(c), t.now)
	c.Position = pack(after)
	if t.silent[sub.of] {
		steps = nil
	}
	for _, s := range steps {
		// The morning the step belongs to. A server that was down or slow until after
		// it tells on the same day: "due today" would be wrong tomorrow.
		t.tell(sub, s, remind.NextMorning(s.At, policies.Hours, d.Cal))
		if s.Slip != remind.NoSlip {
			sl := slip.Slip{Colour: slip.Colour(s.Slip), Level: string(s.To)}
			t.slips = append(t.slips, slipping{sub: sub, slip: sl, key: s.Key(), from: s.At, policies: policies, profile: profile})
		}
	}
	d.plan(&c, policies, sub)
	return c, nil
}

// taken gathers what steps say, so that it is written with few statements.
type taken struct {
	silent  map[notice.Subject]bool // need not be asked for
	dir     *org.Directory
	now     time.Time
	today   calendar.Date
	notices []notice.Notice
	lines   []journal.Entry
	slips   []slipping
}

// tell adds one notice per recipient of a step.
func (t *taken) tell(sub subject, s remind.Step, morning time.Time) {
	people, level := recipients(t.dir, sub, s.To)
	n := notice.Notice{
		Kind: kindOf(s), Urgency: notice.Merged, Subject: sub.of, Step: rung(s), Weight: weight(s), CreatedAt: t.now, NotBefore: morning,
	}
	if s.Urgent {
		n.Urgency, n.NotBefore = notice.Immediate, t.now
	}
	for _, p := range people {
		n.PostID, n.PersonID = p.Post.ID, t.dir.Reader(p.PersonID, t.today)
		n.Key = fmt.Sprintf("chase:%s:%d:%s:%s", sub.of.Kind, sub.of.ID, s.Key(), p.PersonID)
		t.notices = append(t.notices, n)
	}
	if s.Kind == remind.Escalation {
		t.lines = append(t.lines, journal.Entry{At: t.now, Actor: "system", Channel: "system", Subject: sub.of, Action: "escalate",
			After: string(s.To), Note: fmt.Sprintf("step=%s told=%d level=%s", s.Key(), len(people), level)})
	}
}

func (t *taken) write(ctx context.Context, tx StepTx, rounds []notice.Chase) error {
	if _, err := tx.AddNotices(ctx, t.notices); err != nil {
		return err
	}
	if err := tx.Append(ctx, t.lines...); err != nil {
		return err
	}
	return tx.SaveChases(ctx, rounds, t.now)
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
			return withGiven(dir, sub.given, dir.Safety(sub.unit))
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

// withGiven adds who was given a hazard by name to those who answer for it: they are
// reminded together, so that nothing rests with one person alone.
func withGiven(dir *org.Directory, person string, people []org.Holder) []org.Holder {
	if person == "" || slices.ContainsFunc(people, func(h org.Holder) bool { return h.PersonID == person }) {
		return people
	}
	h, ok := dir.HolderNamed(person)
	if !ok {
		h = org.Holder{PersonID: person} // a teacher without a post
	}
	return append(slices.Clone(people), h)
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
