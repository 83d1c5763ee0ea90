package seeds

import (
	"maps"
	"regexp"
	"slices"
)

const (
	unitsFile     = "units.yaml"
	audiencesFile = "audiences.yaml"
	rolesFile     = "roles.yaml"
	postsFile     = "posts.yaml"
)

var slug = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// slugged notes an id that cannot serve as a stable key.
func (l *loader) slugged(file, id string) {
	if !slug.MatchString(id) {
		l.add(file, id, "id 只能用小写字母、数字和连字符，以字母开头")
	}
	l.fits(file, id, "id", id, maxID)
}

func (l *loader) checkTags() {
	seen := map[string]bool{}
	for _, t := range l.set.Tags {
		l.unique(unitsFile, seen, t.ID)
		l.slugged(unitsFile, t.ID)
		l.require(unitsFile, t.ID, "name", t.Name)
	}
}

func (l *loader) tagExists(file, entry, id string) {
	if !slices.ContainsFunc(l.set.Tags, func(t Tag) bool { return t.ID == id }) {
		l.add(file, entry, "标记 %q 没有在 units.yaml 的 tags 里写明", id)
	}
}

func (l *loader) checkUnits() {
	ids, names, roots := map[string]bool{}, map[string]string{}, 0
	for _, u := range l.set.Units {
		l.unique(unitsFile, ids, u.ID)
		l.checkUnit(u)
		if u.Parent == "" {
			roots++
		}
		for _, name := range u.Names() {
			if other := names[name]; other != "" {
				l.add(unitsFile, u.ID, "名称“%s”和 %s 的重了，说到它时分不清是谁", name, other)
			}
			names[name] = u.ID
		}
	}
	if roots != 1 {
		l.add(unitsFile, "units", "没有 parent 的单位应当只有一个（局本身），现在有 %d 个", roots)
	}
}

func (l *loader) checkUnit(u Unit) {
	l.slugged(unitsFile, u.ID)
	l.named(unitsFile, u.ID, "name", u.Name, maxName)
	l.fits(unitsFile, u.ID, "short", u.Short, maxShort)
	l.oneOf(unitsFile, u.ID, "kind", u.Kind, slices.Collect(maps.Keys(UnitKinds())))
	if u.Term != "" {
		l.oneOf(unitsFile, u.ID, "term", u.Term, TermKinds())
	}
	for _, tag := range u.Tags {
		l.tagExists(unitsFile, u.ID, tag)
	}
	if u.Parent == "" {
		return
	}
	l.unitExists(unitsFile, u.ID, "parent", u.Parent)
	for up, steps := u, 0; up.Parent != ""; steps++ {
		if steps > len(l.set.Units) {
			l.add(unitsFile, u.ID, "parent 绕成了圈")
			return
		}
		up, _ = l.set.Unit(up.Parent)
	}
}

func (l *loader) checkAudiences() {
	seen := map[string]bool{}
	for _, a := range l.set.Audiences {
		l.named(audiencesFile, a.Name, "name", a.Name, maxID)
		for _, name := range append([]string{a.Name}, a.Aliases...) {
			if seen[name] {
				l.add(audiencesFile, a.Name, "名称“%s”重复了", name)
			}
			seen[name] = true
		}
		for _, kind := range a.Select.Kinds {
			l.oneOf(audiencesFile, a.Name, "kinds", kind, slices.Collect(maps.Keys(UnitKinds())))
		}
		for _, tag := range a.Select.Tags {
			l.tagExists(audiencesFile, a.Name, tag)
		}
		for _, id := range a.Select.Units {
			l.unitExists(audiencesFile, a.Name, "units", id)
		}
		if a.Select.Under != "" {
			l.unitExists(audiencesFile, a.Name, "under", a.Select.Under)
		}
	}
}

func (l *loader) checkRoles() {
	seen := map[string]bool{}
	for _, r := range l.set.Roles {
		l.unique(rolesFile, seen, r.Key)
		l.oneOf(rolesFile, r.Key, "key", r.Key, RoleKeys())
		l.require(rolesFile, r.Key, "name", r.Name)
	}
	for _, key := range RoleKeys() {
		if !seen[key] {
			l.add(rolesFile, "roles", "缺角色 %s", key)
		}
	}
}

func (l *loader) checkPosts() {
	seen := map[string]bool{}
	for _, p := range l.set.Posts {
		file := postsFile
		if p.Demo {
			file = staffFile(true)
		}
		l.unique(file, seen, p.ID)
		l.slugged(file, p.ID)
		l.named(file, p.ID, "title", p.Title, maxTitle)
		l.unitExists(file, p.ID, "unit", p.Unit)
		l.oneOf(file, p.ID, "role", p.Role, RoleKeys())
		for _, id := range p.Charge {
			l.unitExists(file, p.ID, "charge", id)
		}
		if len(p.Charge) > 0 != (p.Role == "leader") {
			l.add(file, p.ID, "leader 要写 charge（分管单位），其他角色不写")
		}
	}
}
