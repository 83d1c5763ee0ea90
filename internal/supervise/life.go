package supervise

import (
	"context"
	"time"

	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
)

// Outlook is what a confirmation would set going.
type Outlook struct {
	Units int       // how many have to do it
	Tasks int       // pieces of work: units times periods
	First time.Time // the first reminder; zero if there is none
}

// Outlook looks ahead without changing anything.
func (d *Desk) Outlook(ctx context.Context, dir *org.Directory, c Confirmation) (Outlook, error) {
	policies, err := d.Book.Version(ctx, 0)
	if err != nil {
		return Outlook{}, err
	}
	item := c.confirmed()
	profile, _ := policies.Profile(item.Profile)
	start := remind.Position{At: c.At.Add(-time.Millisecond)}
	out := Outlook{Units: max(len(c.Units), 1)}
	for _, a := range d.open(item, c, policies, dir) {
		out.Tasks++
		step, ok := remind.Next(profile, workSubject(duty.Work{Assignment: a, Item: item}, dir).facts, d.Cal, start)
		if ok && (out.First.IsZero() || step.At.Before(out.First)) {
			out.First = step.At
		}
	}
	return out, nil
}

// Wake sets the rounds of resumed work going again, from now on: what fell due
// while it rested is not told afterwards. What was told stays told.
func (d *Desk) Wake(ctx context.Context, tx Tx, works []duty.Work) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	for _, w := range works {
		if err := d.wake(ctx, tx, workSubject(w, dir)); err != nil {
			return errs.At("wake round", err)
		}
	}
	return nil
}

func (d *Desk) wake(ctx context.Context, tx Tx, sub subject) error {
	c, ok, err := tx.ChaseOf(ctx, sub.of)
	if err != nil || !ok || c.State == notice.ChaseDone {
		return err
	}
	policies, err := d.Book.Version(ctx, c.Policy)
	if err != nil {
		return err
	}
	now, p := d.Clock.Now(), position(c)
	p.At = now
	c.Position = pack(p)
	d.plan(&c, policies, sub)
	return tx.SaveChase(ctx, c, now)
}
