package seeds

import "slices"

const checklistsFile = "checklists.yaml"

// Checklist is what units go through by hand, once in each period of its rhythm.
type Checklist struct {
	Key     string       `yaml:"key"` // stable ASCII slug
	Name    string       `yaml:"name"`
	Aliases []string     `yaml:"aliases"`
	For     Selector     `yaml:"for"`
	Rhythm  string       `yaml:"rhythm"`
	Place   string       `yaml:"place"`   // where it is gone through
	Entries []CheckEntry `yaml:"entries"` // people say their numbers, from 1
	// ZeroReport makes a clean answer the zero report of its period, too. Without it
	// nobody's "all in order" is taken for more than was said.
	ZeroReport bool   `yaml:"zero_report"`
	Assumed    bool   `yaml:"assumed"`
	Note       string `yaml:"note"`
}

// CheckEntry is one thing to look at; Category is that of the hazard an
// exception becomes.
type CheckEntry struct {
	Text     string `yaml:"text"`
	Category string `yaml:"category"`
	Place    string `yaml:"place"` // if it is not the list's
}

// Names returns every name people may use for the list.
func (c Checklist) Names() []string { return append([]string{c.Name}, c.Aliases...) }

// Rhythms maps how often a list is gone through to the words people read.
func Rhythms() map[string]string {
	return map[string]string{
		"daily": "每日", "weekly": "每周", "monthly": "每月", "term": "每学期", "holiday": "每次放假前", "event": "遇到时",
	}
}

// HazardCategories lists the categories an entry may have. 欺凌暴力 is none of
// them: it is not found by going through a list.
func HazardCategories() []string {
	return []string{
		"消防", "食品", "校车交通", "建筑设施", "用电燃气", "防溺水", "周边治安", "实验室危化品", "传染病卫生", "宿舍",
		"特种设备", "网络安全", "安防三防", "拥挤踩踏", "体育器材", "校外活动", "自然灾害", "其他",
	}
}

// ChecklistsOf returns the lists a unit goes through, in file order.
func (s *Set) ChecklistsOf(unit string) []Checklist {
	u, ok := s.Unit(unit)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Checklists), func(c Checklist) bool { return !c.For.has(u) })
}

// UnitsOf returns the ids of the units that go through a list, in their order.
func (s *Set) UnitsOf(c Checklist) []string {
	var ids []string
	for _, u := range s.Units {
		if c.For.has(u) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}
