// Package org knows the bureau: units, posts, the people who hold them, and what
// each role may do. Work belongs to posts, so a post that changes hands keeps it.
package org

import "time"

import "slices"

// Role is a role key of the bureau's staff.
type Role string

// The roles, from the narrowest view to the widest.
const (
	Reporter     Role = "reporter"      // teacher, staff
	UnitHead     Role = "unit_head"     // principal, school safety officer
	SectionChief Role = "section_chief" // head of a section of the bureau
	Leader       Role = "leader"        // deputy director, director
	Office       Role = "office"        // bureau office
	Admin        Role = "admin"         // platform administrator
)

// Roles lists every role once.
func Roles() []Role {
	return []Role{Reporter, UnitHead, SectionChief, Leader, Office, Admin}
}

// Kinds of unit that rules depend on. Everything else is a school of some kind.
const (
	KindBureau  = "bureau"
	KindSection = "section"
	KindCenter  = "development_center"
	KindCompany = "company"
)

// Unit is a section, a school or the bureau itself, in one tree.
type Unit struct {
	ID       string
	Name     string
	Short    string
	Aliases  []string
	Kind     string
	Parent   string
	TermKind string // which school calendar applies; empty for offices
}

// IsSchool reports whether the unit follows school terms.
func (u Unit) IsSchool() bool {
	return u.Kind != KindBureau && u.Kind != KindSection && u.Kind != KindCenter && u.Kind != KindCompany
}

// Label is the short name people use, else the full one.
func (u Unit) Label() string {
	if u.Short != "" {
		return u.Short
	}
	return u.Name
}

// Post is a position in a unit. Charge lists the units a leader is in charge of.
type Post struct {
	ID     string
	UnitID string
	Title  string
	Role   Role
	Charge []string
	Safety bool // handles hazards for its unit (safety officer, safety section)
	OnCall bool // receives emergencies for the whole bureau
	Rank   int  // the lower is asked first within a unit and role

	HandOver bool // calls people who wish to speak of a sensitive matter
}

// Actor is a known person with everything that permissions depend on.
type Actor struct {
	PersonID string
	Name     string
	UnitID   string // where the person belongs
	Posts    []Post // posts held now; a teacher may hold none
	// Seen is when the person last wrote from the account that was looked up, to
	// within an hour; zero if never or if no account was.
	Seen time.Time
}

// Roles returns the actor's roles; somebody without a post is a reporter.
func (a Actor) Roles() []Role {
	roles := []Role{Reporter}
	for _, p := range a.Posts {
		if !slices.Contains(roles, p.Role) {
			roles = append(roles, p.Role)
		}
	}
	return roles
}

// as is the actor in one role only, with the posts and units that go with it.
func (a Actor) as(role Role) Actor {
	if role == Reporter {
		return a
	}
	var posts []Post
	for _, p := range a.Posts {
		if p.Role == role {
			posts = append(posts, p)
		}
	}
	a.UnitID, a.Posts = "", posts
	return a
}

// Has reports whether the actor holds the role.
func (a Actor) Has(role Role) bool { return slices.Contains(a.Roles(), role) }

// Units returns the units whose work is the actor's own: where the person
// belongs and where a post is held.
func (a Actor) Units() []string {
	var units []string
	add := func(id string) {
		if id != "" && !slices.Contains(units, id) {
			units = append(units, id)
		}
	}
	add(a.UnitID)
	for _, p := range a.Posts {
		add(p.UnitID)
	}
	return units
}

// Charge returns the units the actor is in charge of as a leader.
func (a Actor) Charge() []string {
	var units []string
	for _, p := range a.Posts {
		units = append(units, p.Charge...)
	}
	return units
}

// IsSafety reports whether the actor handles hazards for unit.
func (a Actor) IsSafety(unit string) bool {
	return slices.ContainsFunc(a.Posts, func(p Post) bool { return p.Safety && p.UnitID == unit })
}

// isDirector reports whether the actor leads without a limited charge.
func (a Actor) isDirector() bool {
	for _, p := range a.Posts {
		if p.Role == Leader && len(p.Charge) == 0 {
			return true
		}
	}
	return false
}
