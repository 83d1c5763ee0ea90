package burden

import (
	"context"
	"slices"
	"strings"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/org"
)

// lookBack is how many days a collection is remembered (domain: never asked twice).
const lookBack = 60

// Asked is a collection and those that were asked, in its latest period.
type Asked struct {
	Item     duty.Item
	Units    []string
	Period   string // of a recurring one
	On       calendar.Date
	Reported int
}

// Collections reads what was asked for lately.
type Collections interface {
	// Collections are the confirmed items, also those that are over, that were due
	// since a day or are still to come. Items of high privacy are left out.
	Collections(ctx context.Context, since calendar.Date) ([]duty.Item, error)
	// AskedFor is the work on items that was opened up to a day.
	AskedFor(ctx context.Context, today calendar.Date, items ...int64) ([]duty.Assignment, error)
}

// Repeats finds the latest collection of the last sixty days that asks for the same
// of the same units. known are items that are no answer: the one itself, and those
// confirmed with it.
func Repeats(ctx context.Context, src Collections, dir *org.Directory, item duty.Item, units []string, today calendar.Date, known ...int64) (Asked, bool, error) {
	if len(units) == 0 {
		units = []string{item.Lead}
	}
	items, err := src.Collections(ctx, today.Add(-lookBack))
	if err != nil {
		return Asked{}, false, errs.At("look for repeats", err)
	}
	unnamed := withoutUnits(dir)
	words := unnamed.Replace(item.Desc)
	items = slices.DeleteFunc(items, func(it duty.Item) bool {
		return slices.Contains(known, it.ID) || !Alike(unnamed.Replace(it.Desc), words)
	})
	if len(items) == 0 {
		return Asked{}, false, nil
	}
	var ids []int64
	for _, it := range items {
		ids = append(ids, it.ID)
	}
	work, err := src.AskedFor(ctx, today, ids...)
	if err != nil {
		return Asked{}, false, errs.At("look for repeats", err)
	}
	var found Asked
	for _, it := range items {
		if a := latest(it, work); a.On >= found.On && a.asks(units) {
			found = a
		}
	}
	return found, len(found.Units) > 0, nil
}

// withoutUnits takes the names of units out of words: who is asked is compared by
// itself.
func withoutUnits(dir *org.Directory) *strings.Replacer {
	var names []string
	for _, u := range dir.Units() {
		names = append(names, u.Name, u.Short)
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) }) // the longest fits first
	var pairs []string
	for _, n := range names {
		if n != "" {
			pairs = append(pairs, n, "")
		}
	}
	return strings.NewReplacer(pairs...)
}

// latest is the newest period of an item out of the work on several.
func latest(it duty.Item, work []duty.Assignment) Asked {
	a := Asked{Item: it}
	for _, w := range work {
		if w.ItemID == it.ID {
			a.On = max(a.On, w.Opens)
		}
	}
	for _, w := range work {
		if w.ItemID != it.ID || w.Opens != a.On {
			continue
		}
		a.Units, a.Period = append(a.Units, w.UnitID), w.Period
		if w.State == duty.Submitted || w.State == duty.Closed || !w.ReportedAt.IsZero() {
			a.Reported++
		}
	}
	return a
}

// asks reports whether at least half of the units were asked.
func (a Asked) asks(units []string) bool {
	n := 0
	for _, u := range units {
		if slices.Contains(a.Units, u) {
			n++
		}
	}
	return n > 0 && 2*n >= len(units)
}
