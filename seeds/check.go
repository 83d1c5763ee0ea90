package seeds

import (
	"slices"
	"unicode/utf8"
)

// check looks at the set as a whole: every reference must lead somewhere and
// every name must mean one thing.
func (l *loader) check() {
	l.checkTags()
	l.checkUnits()
	l.checkAudiences()
	l.checkRoles()
	l.checkPosts()
	for _, y := range l.set.Years {
		l.checkYear(y)
	}
	l.checkTerms()
	l.checkChecklists()
	l.checkStaff()
	l.checkRoster()
	l.checkGroups()
	l.checkConfirmations()
}

// unique notes the second use of an id or a name within one list.
func (l *loader) unique(file string, seen map[string]bool, id string) {
	if seen[id] {
		l.add(file, id, "重复了，每个只能写一次")
	}
	seen[id] = true
}

// oneOf notes a value that is not among those allowed.
func (l *loader) oneOf(file, entry, key, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		slices.Sort(allowed)
		l.add(file, entry, "%s 写的是 %q，只能是 %v 之一", key, value, allowed)
	}
}

// unitExists notes a reference to a unit that is not there.
func (l *loader) unitExists(file, entry, key, id string) {
	if _, ok := l.set.Unit(id); !ok {
		l.add(file, entry, "%s 写的 %q 不在 units.yaml 里", key, id)
	}
}

func (l *loader) postExists(file, entry, key, id string) {
	if _, ok := l.set.Post(id); !ok {
		l.add(file, entry, "%s 写的岗位 %q 不存在", key, id)
	}
}

// require notes an empty value.
func (l *loader) require(file, entry, key, value string) {
	if value == "" {
		l.add(file, entry, "缺 %s", key)
	}
}

// The longest texts the database takes, in characters.
const (
	maxID    = 64
	maxTitle = 64 // of posts and people
	maxShort = 50
	maxName  = 100
	maxText  = 200
)

// fits notes a value that the database would refuse.
func (l *loader) fits(file, entry, key, value string, longest int) {
	if n := utf8.RuneCountInString(value); n > longest {
		l.add(file, entry, "%s 有 %d 个字，最多 %d 个", key, n, longest)
	}
}

// named is a required text that fits.
func (l *loader) named(file, entry, key, value string, longest int) {
	l.require(file, entry, key, value)
	l.fits(file, entry, key, value, longest)
}
