package seeds

import (
	"cmp"
	"slices"

	"duban/internal/errs"
)

// Set is everything the seed files say, in file order. It is checked when it
// comes from Load, LoadDemo, Default or Demo; its reader must not change it.
type Set struct {
	Demo          bool   // whether the demonstration's data is in it
	Years         []Year // ascending
	Tags          []Tag
	Units         []Unit
	Audiences     []Audience
	Roles         []Role
	Posts         []Post
	Persons       []Person
	Holdings      []Holding
	Accounts      []Account
	Groups        []Group
	Confirmations []Confirmation
	Terms         []Term
	Checklists    []Checklist
	Roster        []DutyDay
}

// Year returns the document of a year.
func (s *Set) Year(year int) (Year, bool) {
	return find(s.Years, func(y Year) bool { return y.Document.Year == year })
}

// Unit returns the unit with the id.
func (s *Set) Unit(id string) (Unit, bool) {
	return find(s.Units, func(u Unit) bool { return u.ID == id })
}

// UnitNamed returns the unit that people mean by a full name, a short name or an
// alias. Names are unique over all units.
func (s *Set) UnitNamed(name string) (Unit, bool) {
	return find(s.Units, func(u Unit) bool { return slices.Contains(u.Names(), name) })
}

// Post returns the post with the id.
func (s *Set) Post(id string) (Post, bool) {
	return find(s.Posts, func(p Post) bool { return p.ID == id })
}

// HeadOf returns the post that is asked first in a unit: the lowest rank.
func (s *Set) HeadOf(unit string) (Post, bool) {
	posts := slices.DeleteFunc(slices.Clone(s.Posts), func(p Post) bool { return p.Unit != unit })
	if len(posts) == 0 {
		return Post{}, false
	}
	return slices.MinFunc(posts, func(a, b Post) int { return cmp.Compare(a.Rank, b.Rank) }), true
}

// Audience returns the audience people mean by a name or an alias.
func (s *Set) Audience(name string) (Audience, bool) {
	return find(s.Audiences, func(a Audience) bool {
		return a.Name == name || slices.Contains(a.Aliases, name)
	})
}

// Resolve returns the ids of the units an audience stands for, in the order of
// the units. An audience may stand for no unit (people outside the tree, or
// units the bureau has not named yet); an unknown one is errs.NotFound.
func (s *Set) Resolve(name string) ([]string, error) {
	a, ok := s.Audience(name)
	if !ok {
		return nil, errs.Newf(errs.NotFound, "没有“%s”这个对象范围，请在 audiences.yaml 里补上。", name)
	}
	var ids []string
	for _, u := range s.Units {
		if a.Select.has(u) {
			ids = append(ids, u.ID)
		}
	}
	return ids, nil
}

// Reporters returns the ids of the units that report on an item: the item's own
// list if it has one, else what the audiences of its point stand for, each once,
// in the order of the units.
func (s *Set) Reporters(year int, code string) ([]string, error) {
	y, _ := s.Year(year)
	it, ok := y.Item(code)
	if !ok {
		return nil, errs.Newf(errs.NotFound, "%d年没有 %s 这一项，请核对编号。", year, code)
	}
	if len(it.Units) > 0 {
		return slices.Clone(it.Units), nil
	}
	point, _ := y.Point(it.PointNo())
	wanted := map[string]bool{}
	for _, name := range point.Reporters {
		ids, err := s.Resolve(name)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			wanted[id] = true
		}
	}
	var ids []string
	for _, u := range s.Units {
		if wanted[u.ID] {
			ids = append(ids, u.ID)
		}
	}
	return ids, nil
}

func find[T any](all []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	var none T
	return none, false
}
