package supervise

import (
	"context"
	"time"

	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/org"
	"duban/internal/remind"
)

// WorkFacts is what the planner must know about one unit's work on an item.
func WorkFacts(w duty.Work, dir *org.Directory) remind.Facts {
	unit, _ := dir.Unit(w.UnitID)
	f := remind.Facts{
		Confirmed:    w.Item.State == duty.Confirmed,
		Closed:       w.State == duty.Closed || w.State == duty.Void,
		Suspended:    w.State == duty.Paused,
		Planned:      true,
		Recurring:    w.Period != "",
		Opens:        w.Opens,
		Due:          w.Due,
		Assigned:     w.AssignedAt,
		SignedAt:     w.SignedAt,
		LastReportAt: w.ReportedAt,
		ETA:          w.ETA,
		Percent:      int(w.Percent),
		HasPercent:   w.Percent > 0,
		School:       unit.IsSchool(),
		TermKind:     unit.TermKind,
		Assisting:    w.Part == duty.Assist,
	}
	if w.State == duty.Submitted {
		f.SubmittedAt = w.ReportedAt
	}
	return f
}

func hazardProfile(h hazard.Hazard) string {
	if h.Level == hazard.Major {
		return remind.MajorHazard
	}
	return remind.OrdinaryHazard
}

// hazardFacts gives a hazard its time limits. Until somebody grades it, it is
// chased like an ordinary one.
func (d *Desk) hazardFacts(ctx context.Context, h hazard.Hazard) remind.Facts {
	f := remind.Facts{Confirmed: true, Assigned: h.Since(), Due: h.FixDue}
	if p, err := d.Book.Version(ctx, 0); err == nil {
		if l, err := d.limits(p, h); err == nil {
			f = l.Facts()
		}
	}
	switch { // what people were told holds, also when the policies change
	case h.Level != hazard.Major && !h.FixDue.IsZero():
		f.Due = h.FixDue
	case h.FixDue > f.Due:
		f.Due, f.DueTime = h.FixDue, time.Time{}
	}
	f.Closed = !h.State.Open()
	f.SignedAt, f.ETA, f.LastReportAt = h.SignedAt, h.ETA, h.ReportedAt
	f.HandedUp, f.ControlAt, f.FiveAt = !h.HelpedAt.IsZero(), h.ControlledAt, h.FiveAt
	f.StoppedAt, f.RestartedAt = h.HeldFrom, h.HeldTo
	if h.FixedAt.IsZero() && h.ReviewedAt.After(f.RestartedAt) { // sent back: what the report stopped goes on
		f.RestartedAt = h.ReviewedAt
	}
	if h.State == hazard.Fixed || h.State == hazard.Verified {
		f.SubmittedAt = h.FixedAt
	}
	return f
}

func (d *Desk) limits(p remind.Policies, h hazard.Hazard) (remind.Limits, error) {
	level := remind.Ordinary
	if h.Level == hazard.Major {
		level = remind.Major
	}
	return remind.HazardLimits(p, level, h.FixDays, h.Since(), d.Cal)
}

// Limit gives a hazard that was filed, graded, assigned or opened again the dates by
// which it must be signed for and fixed.
func (d *Desk) Limit(ctx context.Context, h hazard.Hazard) (hazard.Hazard, error) {
	p, err := d.Book.Version(ctx, 0)
	if err != nil {
		return h, err
	}
	l, err := d.limits(p, h)
	h.SignDue, h.FixDue = l.SignDue, l.FixDue
	return h, err
}

// Lamp returns the colour of a unit's work now.
func (d *Desk) Lamp(ctx context.Context, w duty.Work, dir *org.Directory) remind.Lamp {
	p, err := d.Book.Version(ctx, 0)
	if err != nil {
		return remind.NoLamp
	}
	unit, _ := dir.Unit(w.UnitID)
	profile, _ := p.Profile(w.ProfileFor(unit.Kind))
	return remind.LampAt(profile, WorkFacts(w, dir), d.Clock.Now(), d.Cal)
}

// Hours returns the times of day of the newest policies.
func (d *Desk) Hours(ctx context.Context) (remind.Hours, error) {
	p, err := d.Book.Version(ctx, 0)
	return p.Hours, err
}

// Quiet returns the first moment, t or later, at which something that is not
// urgent may be told.
func (d *Desk) Quiet(ctx context.Context, t time.Time) (time.Time, error) {
	h, err := d.Hours(ctx)
	if err != nil {
		return t, err
	}
	return remind.QuietUntil(t, h, d.Cal), nil
}

// Morning returns the next merged morning message, t or later.
func (d *Desk) Morning(ctx context.Context, t time.Time) (time.Time, error) {
	h, err := d.Hours(ctx)
	if err != nil {
		return t, err
	}
	return remind.NextMorning(t, h, d.Cal), nil
}
