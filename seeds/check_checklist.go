package seeds

import (
	"maps"
	"slices"
)

// most entries of a list: numbers have two digits, and a list fits one message.
const maxEntries = 20

func (l *loader) checkChecklists() {
	keys, names := map[string]bool{}, map[string]string{}
	for _, c := range l.set.Checklists {
		l.unique(checklistsFile, keys, c.Key)
		l.checkChecklist(c)
		for _, name := range c.Names() {
			if other := names[name]; other != "" {
				l.add(checklistsFile, c.Key, "名称“%s”和 %s 的重了，说到它时分不清是哪张清单", name, other)
			}
			names[name] = c.Key
		}
	}
}

func (l *loader) checkChecklist(c Checklist) {
	l.slugged(checklistsFile, c.Key)
	l.named(checklistsFile, c.Key, "name", c.Name, maxShort)
	l.oneOf(checklistsFile, c.Key, "rhythm", c.Rhythm, slices.Collect(maps.Keys(Rhythms())))
	l.fits(checklistsFile, c.Key, "place", c.Place, maxShort)
	l.checkFor(c)
	if n := len(c.Entries); n == 0 || n > maxEntries {
		l.add(checklistsFile, c.Key, "entries 有 %d 条，要有 1 到 %d 条", n, maxEntries)
	}
	seen := map[string]bool{}
	for _, e := range c.Entries {
		l.unique(checklistsFile, seen, e.Text)
		l.named(checklistsFile, e.Text, "text", e.Text, maxShort)
		l.oneOf(checklistsFile, e.Text, "category", e.Category, HazardCategories())
		l.fits(checklistsFile, e.Text, "place", e.Place, maxShort)
	}
}

func (l *loader) checkFor(c Checklist) {
	for _, kind := range c.For.Kinds {
		l.oneOf(checklistsFile, c.Key, "kinds", kind, slices.Collect(maps.Keys(UnitKinds())))
	}
	for _, tag := range c.For.Tags {
		l.tagExists(checklistsFile, c.Key, tag)
	}
	ids := c.For.Units
	if c.For.Under != "" {
		ids = append(slices.Clone(ids), c.For.Under)
	}
	for _, id := range ids {
		l.unitExists(checklistsFile, c.Key, "for", id)
	}
	if len(c.For.Kinds)+len(c.For.Tags)+len(ids) == 0 {
		l.add(checklistsFile, c.Key, "for 没有写给哪些单位用")
	}
}
