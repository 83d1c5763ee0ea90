package org

import (
	"cmp"
	"slices"

	"duban/internal/calendar"
)

// Shift is a place on the duty roster (值班表): of one day, or of each week's day.
// Place 1 is on duty, the others stand by in their order.
type Shift struct {
	Day      calendar.Date // zero: every week
	Weekday  int           // 1 Monday to 7 Sunday, where Day is zero
	Place    int
	PostID   string // whoever holds it, or
	PersonID string // this person
	Name     string // of the person
}

// WithRoster returns the directory knowing who is on duty when.
func (d *Directory) WithRoster(list []Shift) *Directory {
	next := *d
	next.roster = slices.Clone(list)
	slices.SortStableFunc(next.roster, func(a, b Shift) int { return cmp.Compare(a.Place, b.Place) })
	return &next
}

// OnDuty returns who is on duty on a day of the roster and who stands by, in their
// order. What is written for the day itself takes the place of what is for its weekday.
func (d *Directory) OnDuty(day calendar.Date) []Holder {
	shifts := d.shifts(func(s Shift) bool { return s.Day == day })
	if len(shifts) == 0 {
		weekday := (int(day.Weekday())+6)%7 + 1
		shifts = d.shifts(func(s Shift) bool { return s.Day.IsZero() && s.Weekday == weekday })
	}
	var out []Holder
	for _, s := range shifts {
		for _, h := range d.onShift(s) {
			if !slices.ContainsFunc(out, func(o Holder) bool { return o.PersonID == h.PersonID }) {
				out = append(out, h)
			}
		}
	}
	return out
}

func (d *Directory) shifts(match func(Shift) bool) (out []Shift) {
	for _, s := range d.roster {
		if match(s) {
			out = append(out, s)
		}
	}
	return out
}

// onShift is who a place stands for; a post that is vacant stands for nobody.
func (d *Directory) onShift(s Shift) []Holder {
	if s.PostID != "" {
		return d.people(func(p Post) bool { return p.ID == s.PostID })
	}
	if h, ok := d.HolderNamed(s.PersonID); ok {
		return []Holder{h}
	}
	return []Holder{{PersonID: s.PersonID, Name: s.Name}}
}
