package org

import (
	"cmp"
	"slices"
	"strings"
)

// Holder is a person in a post.
type Holder struct {
	PersonID string
	Name     string
	Post     Post
}

// Directory answers who is responsible for what at one moment. It is built from
// a snapshot and never changes.
type Directory struct {
	units   map[string]Unit
	order   []string
	holders []Holder

	delegations []Delegation
	roster      []Shift
}

// NewDirectory builds a directory; the order of units is kept.
func NewDirectory(units []Unit, holders []Holder) *Directory {
	d := &Directory{units: make(map[string]Unit, len(units)), holders: slices.Clone(holders)}
	for _, u := range units {
		d.units[u.ID] = u
		d.order = append(d.order, u.ID)
	}
	slices.SortStableFunc(d.holders, func(a, b Holder) int { return cmp.Compare(a.Post.Rank, b.Post.Rank) })
	return d
}

// Unit returns a unit by id.
func (d *Directory) Unit(id string) (Unit, bool) {
	u, ok := d.units[id]
	return u, ok
}

// Label returns the name people use for a unit, or its id when it is unknown.
func (d *Directory) Label(id string) string {
	if u, ok := d.units[id]; ok {
		return u.Label()
	}
	return id
}

// Units returns all units in their order.
func (d *Directory) Units() []Unit {
	out := make([]Unit, 0, len(d.order))
	for _, id := range d.order {
		out = append(out, d.units[id])
	}
	return out
}

// Holders returns everybody who holds a post, once, the lowest rank first.
func (d *Directory) Holders() []Holder { return d.people(func(Post) bool { return true }) }

func (d *Directory) people(match func(Post) bool) []Holder {
	var out []Holder
	for _, h := range d.holders {
		known := slices.ContainsFunc(out, func(o Holder) bool { return o.PersonID == h.PersonID })
		if match(h.Post) && !known {
			out = append(out, h)
		}
	}
	return out
}

// HoldersOf returns who answers for a unit's own work: the chief of a section,
// the heads of a school.
func (d *Directory) HoldersOf(unit string) []Holder {
	return d.people(func(p Post) bool {
		return p.UnitID == unit && (p.Role == UnitHead || p.Role == SectionChief || p.Role == Office)
	})
}

// Safety returns the safety officers of a unit; a school without one is answered
// for by its heads.
func (d *Directory) Safety(unit string) []Holder {
	out := d.people(func(p Post) bool { return p.UnitID == unit && p.Safety })
	if len(out) == 0 {
		return d.HoldersOf(unit)
	}
	return out
}

// SafetySection returns the people of the bureau's sections who handle hazards.
func (d *Directory) SafetySection() []Holder {
	return d.people(func(p Post) bool { return p.Safety && d.units[p.UnitID].Kind == KindSection })
}

// OnCall returns who is told of emergencies anywhere.
func (d *Directory) OnCall() []Holder {
	return d.people(func(p Post) bool { return p.OnCall })
}

// Officers returns whom a sensitive matter may be handed to, in their order: the named
// officer (敏感事项专人), who is on call, then the safety section.
func (d *Directory) Officers() []Holder {
	named := d.people(func(p Post) bool { return p.HandOver })
	var out []Holder
	for _, h := range slices.Concat(named, d.OnCall(), d.SafetySection()) {
		if !slices.ContainsFunc(out, func(o Holder) bool { return o.PersonID == h.PersonID }) {
			out = append(out, h)
		}
	}
	return out
}

// Deputies returns the leaders in charge of a section.
func (d *Directory) Deputies(section string) []Holder {
	return d.people(func(p Post) bool { return p.Role == Leader && slices.Contains(p.Charge, section) })
}

// Director returns the leaders without a limited charge: the director.
func (d *Directory) Director() []Holder {
	return d.people(func(p Post) bool { return p.Role == Leader && len(p.Charge) == 0 })
}

// Office returns the people of the bureau office.
func (d *Directory) Office() []Holder {
	return d.people(func(p Post) bool { return p.Role == Office })
}

// Admins returns the platform administrators.
func (d *Directory) Admins() []Holder {
	return d.people(func(p Post) bool { return p.Role == Admin })
}

// HolderNamed returns the first post a person holds.
func (d *Directory) HolderNamed(person string) (Holder, bool) {
	for _, h := range d.holders {
		if h.PersonID == person {
			return h, true
		}
	}
	return Holder{}, false
}

// PostLabel names a post so that everybody knows which one: with its unit, unless
// its title says that already.
func (d *Directory) PostLabel(p Post) string {
	unit := d.Label(p.UnitID)
	if strings.Contains(p.Title, unit) || d.units[p.UnitID].Name != "" && strings.Contains(p.Title, d.units[p.UnitID].Name) {
		return p.Title
	}
	return unit + p.Title
}
