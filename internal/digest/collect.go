package digest

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"duban/internal/calendar"
	"duban/internal/org"
	"duban/internal/remind"
)

// Scope narrows a digest to what it is about. The zero value is everything.
type Scope struct {
	Section string   // items this section leads
	Unit    string   // one school's own work and hazards
	Charge  []string // what these sections lead and these units do: a leader's part
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
	Lights(ctx context.Context, sc Scope, today calendar.Date, days *calendar.Workdays) (Lights, error)
	Finished(ctx context.Context, sc Scope, since time.Time) (int, error)
}

// Hazards counts hazards.
type Hazards interface {
	NewHazards(ctx context.Context, sc Scope, since time.Time) ([]Count, error)
	ClosedHazards(ctx context.Context, sc Scope, since time.Time) (int, error)
	OpenHazards(ctx context.Context, sc Scope) (Open, error)
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
	s = Snapshot{Kind: kind, Today: today, To: to, Soon: days.Add(today, soon), Own: sc.Unit != "", Tomorrow: Next(today, days)}
	all, err := src.Ahead(ctx, sc, days.Add(today, -recent), max(to, endOfWeek(today)))
	if err != nil {
		return s, err
	}
	s.Works = discreet(dir, sc, all)
	if s.Lights, err = src.Lights(ctx, sc, today, days); err != nil {
		return s, err
	}
	if s.Finished, err = src.Finished(ctx, sc, since); err != nil || !SeesHazards(dir, sc) {
		return s, err
	}
	if s.NewHazards, err = src.NewHazards(ctx, sc, since); err != nil {
		return s, err
	}
	if s.ClosedHazards, err = src.ClosedHazards(ctx, sc, since); err != nil {
		return s, err
	}
	s.Open, err = src.OpenHazards(ctx, sc)
	return s, err
}

// SeesHazards reports whether hazards are the business of a scope.
func SeesHazards(dir *org.Directory, sc Scope) bool {
	sections := append([]string{sc.Section}, sc.Charge...)
	if sc.Section == "" && len(sc.Charge) == 0 {
		return true
	}
	return slices.ContainsFunc(dir.SafetySection(), func(h org.Holder) bool { return slices.Contains(sections, h.Post.UnitID) })
}

// discreet marks what a group is not told by its words: they name somebody, or a
// school that the group is not about. It is counted all the same.
func discreet(dir *org.Directory, sc Scope, works []Progress) []Progress {
	var names []string
	for _, h := range dir.Holders() {
		names = append(names, h.Name)
	}
	for _, u := range dir.Units() {
		if u.IsSchool() && u.ID != sc.Unit {
			names = append(names, u.Name, u.Short)
		}
	}
	names = slices.DeleteFunc(names, func(n string) bool { return utf8.RuneCountInString(n) < 2 })
	for i, w := range works {
		works[i].Unnamed = slices.ContainsFunc(names, func(n string) bool { return strings.Contains(w.Desc, n) })
	}
	return works
}
