package seeds

import (
	"slices"

	"duban/internal/calendar"
)

// Unit is the bureau, a section, a school or a company, in one tree.
type Unit struct {
	ID      string   `yaml:"id"` // stable ASCII slug
	Name    string   `yaml:"name"`
	Short   string   `yaml:"short"`
	Aliases []string `yaml:"aliases"` // what people type
	Kind    string   `yaml:"kind"`
	Parent  string   `yaml:"parent"`
	Term    string   `yaml:"term"` // kind of school calendar; empty: no school terms
	Tags    []string `yaml:"tags"`
	Assumed bool     `yaml:"assumed"` // something about it is not in the document; see Note
	Demo    bool     `yaml:"demo"`
	Note    string   `yaml:"note"`
}

// Names returns every name people may use for the unit.
func (u Unit) Names() []string {
	names := []string{u.Name}
	if u.Short != "" && u.Short != u.Name {
		names = append(names, u.Short)
	}
	return append(names, u.Aliases...)
}

// Tag is a property of units that audiences select by.
type Tag struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
}

// UnitKinds maps the kinds of unit to the words people read.
func UnitKinds() map[string]string {
	return map[string]string{
		"bureau": "局", "section": "股室", "development_center": "区教育发展中心",
		"center_school": "乡镇中心学校", "primary": "小学", "middle": "初中", "senior": "高中",
		"vocational": "职业学校", "kindergarten": "幼儿园", "company": "企业",
	}
}

// TermKinds lists the kinds of school calendar a unit may follow: those the
// built-in calendar knows.
func TermKinds() []string { return calendar.DefaultTerms().Kinds() }

// Audience is a name for several units, such as 各中小学, made machine-readable.
type Audience struct {
	Name    string   `yaml:"name"`
	Aliases []string `yaml:"aliases"`
	Select  Selector `yaml:"select"`
	Assumed bool     `yaml:"assumed"`
	Note    string   `yaml:"note"`
}

// Selector picks the listed units and those that meet all of Kinds, Tags and
// Under that are given. An empty Selector picks nobody.
type Selector struct {
	Kinds []string `yaml:"kinds"` // any of these kinds
	Tags  []string `yaml:"tags"`  // all of these tags
	Under string   `yaml:"under"` // directly below this unit
	Units []string `yaml:"units"`
}

func (s Selector) has(u Unit) bool {
	if slices.Contains(s.Units, u.ID) {
		return true
	}
	if len(s.Kinds) == 0 && len(s.Tags) == 0 && s.Under == "" {
		return false
	}
	if len(s.Kinds) > 0 && !slices.Contains(s.Kinds, u.Kind) {
		return false
	}
	if s.Under != "" && u.Parent != s.Under {
		return false
	}
	return !slices.ContainsFunc(s.Tags, func(tag string) bool { return !slices.Contains(u.Tags, tag) })
}

// Role describes a role key for people.
type Role struct {
	Key  string `yaml:"key"`
	Name string `yaml:"name"`
	Sees string `yaml:"sees"`
	Does string `yaml:"does"`
}

// RoleKeys lists the keys a post may carry, from the narrowest view to the widest.
func RoleKeys() []string {
	return []string{"reporter", "unit_head", "section_chief", "leader", "office", "admin"}
}

// Post is a position that work belongs to.
type Post struct {
	ID       string   `yaml:"id"`
	Unit     string   `yaml:"unit"`
	Title    string   `yaml:"title"`
	Role     string   `yaml:"role"`
	Rank     int      `yaml:"rank"`   // the lower is asked first within a unit; 0 counts as first
	Charge   []string `yaml:"charge"` // units a leader is in charge of, with all below them
	Safety   bool     `yaml:"safety"` // handles hazards for its unit
	OnCall   bool     `yaml:"on_call"`
	HandOver bool     `yaml:"hand_over"` // the named officer for sensitive matters
	Assumed  bool     `yaml:"assumed"`
	Note     string   `yaml:"note"`
	Demo     bool     `yaml:"-"` // comes from the demonstration
}
