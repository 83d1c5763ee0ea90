package org

import (
	"slices"

	"duban/internal/calendar"
)

// PostOf returns which post of a person something concerns: one held in the first
// of the units where there is one, else the first one held; "" for somebody
// without a post.
func (d *Directory) PostOf(person string, units ...string) string {
	for _, u := range units {
		for _, h := range d.holders {
			if h.PersonID == person && h.Post.UnitID == u {
				return h.Post.ID
			}
		}
	}
	h, _ := d.HolderNamed(person)
	return h.Post.ID
}

// Readers returns who is told on a day what is meant for a post: its holders, each
// with the stand-in's name if there is one. None for a vacant post.
func (d *Directory) Readers(post string, day calendar.Date) []string {
	var out []string
	for _, h := range d.holders {
		if h.Post.ID == post {
			out = append(out, d.Reader(h.PersonID, day))
		}
	}
	return out
}

// Reader returns who is told on a day what is meant for a person in office.
func (d *Directory) Reader(person string, day calendar.Date) string {
	if to, ok := d.StandIn(person, day); ok {
		return to
	}
	return person
}

// Heir returns who is told on a day what was meant for a post that nobody holds,
// when told was addressed last: who stands in for the former holder, else a
// colleague of the same unit and role, else the next level. section is the one
// that supervises the matter, if any. ok is false if there is nobody at all.
func (d *Directory) Heir(p Post, told, section string, day calendar.Date) (person string, ok bool) {
	left := func(person string) bool { _, holds := d.HolderNamed(person); return !holds }
	if to, ok := d.StandIn(told, day); ok && left(told) {
		return to, true
	}
	if slices.ContainsFunc(d.delegations, func(g Delegation) bool { return g.To == told && g.On(day) && left(g.From) }) {
		return told, true // stands in already
	}
	if p.Role == SectionChief || section == "" {
		section = p.UnitID
	}
	levels := [][]Holder{
		d.people(func(o Post) bool { return o.UnitID == p.UnitID && o.Role == p.Role }),
		d.people(func(o Post) bool { return o.UnitID == section && o.Role == SectionChief }),
		d.Deputies(section), d.Director(), d.Office(), d.Admins(),
	}
	for _, people := range levels {
		if len(people) > 0 {
			return d.Reader(people[0].PersonID, day), true
		}
	}
	return "", false
}
