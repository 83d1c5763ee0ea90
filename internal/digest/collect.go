package digest

import (
	"context"
	"time"

	"duban/internal/calendar"
	"duban/internal/org"
	"duban/internal/remind"
)

// Scope narrows a digest to what it is about. The zero value is everything.
type Scope struct {
	Section string // items this section leads
	Unit    string // one school's own work and hazards
}

// ScopeOf is what concerns a unit: a school's own matters, what a section leads,
// for the bureau everything.
func ScopeOf(dir *org.Directory, unit string) Scope {
	u, ok := dir.Unit(unit)
	switch {
	case !ok || u.Kind == org.KindBureau:
		return Scope{}
	case u.IsSchool():
		return Scope{Unit: unit}
	}
	return Scope{Section: unit}
}

// Works counts supervised work.
type Works interface {
	Ahead(ctx context.Context, sc Scope, from, to calendar.Date) ([]Progress, error)
	OverdueItems(ctx context.Context, sc Scope, today calendar.Date) (int, error)
	Finished(ctx context.Context, sc Scope, since time.Time) (int, error)
}

// Hazards counts hazards.
type Hazards interface {
	NewHazards(ctx context.Context, sc Scope, since time.Time) ([]Count, error)
	OpenHazards(ctx context.Context, sc Scope) (open, major int, err error)
}

// Source is what a digest is made from.
type Source interface {
	Works
	Hazards
}

// Collect reads a snapshot. Hazards are the business of the whole bureau, of the
// safety section and of the school itself.
func Collect(ctx context.Context, src Source, dir *org.Directory, sc Scope, kind remind.DigestKind, today calendar.Date, days *calendar.Workdays, loc *time.Location) (s Snapshot, err error) {
	from, to := Span(kind, today, days)
	since := from.At(0, 0, loc)
	s = Snapshot{Kind: kind, Today: today, Tomorrow: Next(today, days)}
	if s.Ahead, err = src.Ahead(ctx, sc, today, to); err != nil {
		return s, err
	}
	if s.Overdue, err = src.OverdueItems(ctx, sc, today); err != nil {
		return s, err
	}
	if s.Finished, err = src.Finished(ctx, sc, since); err != nil || !seesHazards(dir, sc) {
		return s, err
	}
	if s.NewHazards, err = src.NewHazards(ctx, sc, since); err != nil {
		return s, err
	}
	s.OpenHazards, s.MajorOpen, err = src.OpenHazards(ctx, sc)
	return s, err
}

func seesHazards(dir *org.Directory, sc Scope) bool {
	if sc.Section == "" {
		return true
	}
	for _, h := range dir.SafetySection() {
		if h.Post.UnitID == sc.Section {
			return true
		}
	}
	return false
}
