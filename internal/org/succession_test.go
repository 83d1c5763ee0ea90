package org

import (
	"slices"
	"testing"

	"duban/internal/calendar"
)

func TestWhatWaitsForAPostFindsItsReader(t *testing.T) {
	day := calendar.Of(2025, 9, 10)
	post := func(id, unit string, role Role, charge ...string) Post {
		return Post{ID: id, UnitID: unit, Role: role, Charge: charge}
	}
	head, second, chief := post("head", "school", UnitHead), post("second", "school", UnitHead), post("chief", "section", SectionChief)
	deputy, director, office := post("deputy", "bureau", Leader, "section"), post("director", "bureau", Leader), post("office", "bureau", Office)
	whole := []Holder{{PersonID: "z", Post: second}, {PersonID: "c", Post: chief}, {PersonID: "d", Post: deputy}, {PersonID: "e", Post: director}, {PersonID: "o", Post: office}}
	for name, c := range map[string]struct {
		holders []Holder
		away    []Delegation
		post    Post
		told    string
		section string
		want    string
	}{
		"a colleague of the unit":          {whole, nil, head, "old", "section", "z"},
		"the stand-in of who left":         {whole, []Delegation{{From: "old", To: "s", First: day, Last: day}}, head, "old", "section", "s"},
		"the stand-in stays":               {whole, []Delegation{{From: "old", To: "s", First: day, Last: day}}, head, "s", "section", "s"},
		"a delegation that is over":        {whole, []Delegation{{From: "old", To: "s", First: day - 3, Last: day - 1}}, head, "old", "section", "z"},
		"who moved on took them along":     {append([]Holder{{PersonID: "old", Post: office}}, whole...), []Delegation{{From: "old", To: "s", First: day, Last: day}}, head, "old", "section", "z"},
		"no colleague: the section":        {whole[1:], nil, head, "old", "section", "c"},
		"the chief is away":                {whole[1:], []Delegation{{From: "c", To: "s", First: day, Last: day}}, head, "old", "section", "s"},
		"no chief: the deputy":             {whole[2:], nil, head, "old", "section", "d"},
		"a vacant chief's: the deputy":     {whole[2:], nil, chief, "old", "elsewhere", "d"},
		"no deputy: the director":          {whole[3:], nil, chief, "old", "", "e"},
		"nobody but the office":            {whole[4:], nil, deputy, "old", "", "o"},
		"no matter: not another's section": {whole, nil, post("p", "lone", UnitHead), "old", "", "e"},
		"nobody":                           {nil, nil, head, "old", "section", ""},
	} {
		got, ok := NewDirectory(nil, c.holders).WithDelegations(c.away).Heir(c.post, c.told, c.section, day)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, got, ok, c.want)
		}
	}
}

func TestReadersAndPosts(t *testing.T) {
	day := calendar.Of(2025, 9, 10)
	d := NewDirectory(nil, []Holder{{PersonID: "a", Post: Post{ID: "p1", UnitID: "u1"}}, {PersonID: "b", Post: Post{ID: "p1", UnitID: "u1"}},
		{PersonID: "a", Post: Post{ID: "p2", UnitID: "u2", Rank: 1}}}).WithDelegations([]Delegation{{From: "b", To: "c", First: day, Last: day}})
	for post, want := range map[string][]string{"p1": {"a", "c"}, "p2": {"a"}, "p3": nil} {
		if got := d.Readers(post, day); !slices.Equal(got, want) {
			t.Errorf("readers of %s: %v, want %v", post, got, want)
		}
	}
	for _, c := range []struct {
		person string
		units  []string
		want   string
	}{{"a", []string{"u9", "u2"}, "p2"}, {"a", []string{"u9"}, "p1"}, {"a", nil, "p1"}, {"nobody", []string{"u1"}, ""}} {
		if got := d.PostOf(c.person, c.units...); got != c.want {
			t.Errorf("post of %s in %v: %q, want %q", c.person, c.units, got, c.want)
		}
	}
}
