package org

import (
	"slices"
	"testing"

	"duban/internal/calendar"
)

func TestOnDuty(t *testing.T) {
	holder := func(person, post string, rank int) Holder {
		return Holder{PersonID: person, Post: Post{ID: post, UnitID: "u", Rank: rank}}
	}
	d := NewDirectory(nil, []Holder{holder("a", "chief", 1), holder("b", "deputy", 2), holder("b", "clerk", 3)})
	monday := calendar.Of(2025, 9, 8)
	d = d.WithRoster([]Shift{
		{Weekday: 1, Place: 2, PostID: "deputy"}, {Weekday: 1, Place: 1, PostID: "chief"}, {Weekday: 1, Place: 3, PersonID: "b"},
		{Weekday: 7, Place: 1, PostID: "vacant"}, {Weekday: 7, Place: 2, PersonID: "teacher", Name: "张敏"},
		{Day: monday.Add(7), Place: 1, PersonID: "b"},
	})
	for name, c := range map[string]struct {
		day  calendar.Date
		want []string
	}{
		"a weekday, each person once":             {monday, []string{"a", "b"}},
		"nobody on the roster":                    {monday.Add(1), nil},
		"a vacant post, and a person without one": {monday.Add(6), []string{"teacher"}},
		"the day itself wins over its weekday":    {monday.Add(7), []string{"b"}},
	} {
		var got []string
		for _, h := range d.OnDuty(c.day) {
			got = append(got, h.PersonID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// The named officer comes before those who are on call.
func TestOfficers(t *testing.T) {
	holder := func(person string, p Post) Holder { p.UnitID = "section"; return Holder{PersonID: person, Post: p} }
	d := NewDirectory([]Unit{{ID: "section", Kind: KindSection}}, []Holder{
		holder("on-call", Post{ID: "1", OnCall: true, Rank: 1}), holder("safety", Post{ID: "2", Safety: true, Rank: 2}),
		holder("named", Post{ID: "3", Safety: true, HandOver: true, Rank: 3}),
	})
	var got []string
	for _, h := range d.Officers() {
		got = append(got, h.PersonID)
	}
	if want := []string{"named", "on-call", "safety"}; !slices.Equal(got, want) {
		t.Errorf("officers %v, want %v", got, want)
	}
}
