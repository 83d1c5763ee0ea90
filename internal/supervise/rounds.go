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

// Start opens the round of a subject. A round that exists stays as it is.
func (d *Desk) Start(ctx context.Context, tx Tx, s notice.Subject) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	return d.start(ctx, tx, dir, s)
}

func (d *Desk) start(ctx context.Context, tx Tx, dir *org.Directory, s notice.Subject) error {
	sub, ok, err := d.load(ctx, tx, dir, s)
	if err != nil || !ok {
		return errs.At("start round", err)
	}
	policies, err := d.Book.Version(ctx, 0)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	// What would have been told before the round began stays untold.
	c := notice.Chase{Subject: s, Profile: sub.profile, Policy: policies.Version, Position: pack(remind.Position{At: now.Add(-time.Millisecond)})}
	d.plan(&c, policies, sub)
	_, err = tx.AddChase(ctx, c, now)
	return errs.At("start round", err)
}

// plan sets when the round continues.
func (d *Desk) plan(c *notice.Chase, policies remind.Policies, sub subject) {
	profile, _ := policies.Profile(c.Profile)
	step, ok := remind.Next(profile, sub.facts, d.Cal, position(*c))
	switch {
	case ok:
		c.State, c.NextAt, c.Reason = notice.ChaseActive, step.At, string(step.Why)
	case sub.facts.Closed:
		c.State, c.NextAt, c.Reason = notice.ChaseDone, time.Time{}, "closed"
	default:
		c.State, c.NextAt, c.Reason = notice.ChaseStopped, time.Time{}, "nothing_to_come"
	}
}

// chasing are the kinds of notice that a report or a signature makes pointless.
func chasing() []notice.Kind { return []notice.Kind{notice.Reminder, notice.Escalation} }

// Replan asks the planner again after a subject changed and ends what waits to
// be told about its former state.
func (d *Desk) Replan(ctx context.Context, tx Tx, s notice.Subject) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	sub, ok, err := d.load(ctx, tx, dir, s)
	if err != nil || !ok {
		return errs.At("re-plan", err)
	}
	return d.replan(ctx, tx, sub)
}

// ReplanWork is Replan for work that the caller has just saved and so need not be
// read again.
func (d *Desk) ReplanWork(ctx context.Context, tx Tx, w duty.Work) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	return d.replan(ctx, tx, workSubject(w, dir))
}

func (d *Desk) replan(ctx context.Context, tx Tx, sub subject) error {
	c, ok, err := tx.ChaseOf(ctx, sub.of)
	if err != nil || !ok {
		return errs.At("re-plan", err)
	}
	policies, err := d.Book.Version(ctx, c.Policy)
	if err != nil {
		return err
	}
	if c.Profile != sub.profile && sub.of.Kind == notice.HazardSubj {
		c.Profile = sub.profile // graded
	}
	d.plan(&c, policies, sub)
	if len(position(c).Told) > 0 { // otherwise nothing can be waiting
		if err := tx.DropNotices(ctx, sub.of, chasing(), "answered"); err != nil {
			return err
		}
	}
	return errs.At("re-plan", tx.SaveChase(ctx, c, d.Clock.Now()))
}

// Rewind sets a round back to an instant, as if nothing after it had been told.
// Only dry runs do that: it tells again what people know.
func (d *Desk) Rewind(ctx context.Context, tx Tx, dir *org.Directory, c notice.Chase, to time.Time) error {
	if !position(c).At.After(to) {
		return nil
	}
	sub, ok, err := d.load(ctx, tx, dir, c.Subject)
	if err != nil || !ok {
		return errs.At("rewind", err)
	}
	policies, err := d.Book.Version(ctx, c.Policy)
	if err != nil {
		return err
	}
	c.Position = pack(remind.Position{At: to})
	d.plan(&c, policies, sub)
	return errs.At("rewind", tx.SaveChase(ctx, c, to))
}
