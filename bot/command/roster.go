package command

import (
	"sync"

	"duban/bot/understand"
	"duban/internal/org"
)

// rosters keeps the roster of the last directory: directories never change, and the
// same one serves many messages.
type rosters struct {
	mu     sync.Mutex
	dir    *org.Directory
	roster *understand.Roster
}

func (r *rosters) of(p Understander, dir *org.Directory) *understand.Roster {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dir != dir {
		r.dir, r.roster = dir, p.Roster(unitsOf(dir), peopleOf(dir))
	}
	return r.roster
}

func unitsOf(dir *org.Directory) []understand.Unit {
	var out []understand.Unit
	for _, u := range dir.Units() {
		if u.Kind == org.KindBureau {
			continue // the bureau itself is never meant as a party
		}
		names := u.Aliases
		if u.Short != "" {
			names = append([]string{u.Short}, names...)
		}
		out = append(out, understand.Unit{ID: u.ID, Name: u.Name, Aliases: names, School: u.IsSchool()})
	}
	return out
}

func peopleOf(dir *org.Directory) []understand.Person {
	var out []understand.Person
	for _, h := range dir.Holders() {
		out = append(out, understand.Person{ID: h.PersonID, Name: h.Name, Post: dir.PostLabel(h.Post)})
	}
	return out
}
