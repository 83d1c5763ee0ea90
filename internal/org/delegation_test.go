package org

import (
	"testing"

	"duban/internal/calendar"
	"duban/internal/errs"
)

func TestDelegationsMakeNoLoopsAndNoChains(t *testing.T) {
	day := func(d int) calendar.Date { return calendar.Of(2025, 9, d) }
	others := []Delegation{{From: "a", To: "b", First: day(10), Last: day(12)}}
	for name, c := range map[string]struct {
		d    Delegation
		code errs.Code
	}{
		"to oneself":                   {Delegation{From: "c", To: "c", First: day(10), Last: day(12)}, errs.Invalid},
		"a loop":                       {Delegation{From: "b", To: "a", First: day(12), Last: day(14)}, errs.Conflict},
		"a chain on":                   {Delegation{From: "b", To: "c", First: day(12), Last: day(14)}, errs.Conflict},
		"a chain before":               {Delegation{From: "c", To: "a", First: day(8), Last: day(10)}, errs.Conflict},
		"back after the dates":         {Delegation{From: "b", To: "a", First: day(13), Last: day(14)}, ""},
		"on after the dates":           {Delegation{From: "b", To: "c", First: day(13), Last: day(14)}, ""},
		"two stand-ins for one person": {Delegation{From: "a", To: "c", First: day(11), Last: day(14)}, ""},
		"one stand-in for two":         {Delegation{From: "c", To: "b", First: day(10), Last: day(12)}, ""},
		"over":                         {Delegation{From: "c", To: "d", First: day(1), Last: day(7)}, errs.Invalid},
	} {
		err := c.d.Check(others, day(8))
		if got := errs.CodeOf(err); err == nil && c.code != "" || err != nil && got != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestAStandInActsOnlyOnTheDates(t *testing.T) {
	day := func(d int) calendar.Date { return calendar.Of(2025, 9, d) }
	dir := NewDirectory(nil, []Holder{{PersonID: "a", Post: Post{ID: "p", UnitID: "u", Role: UnitHead}}}).
		WithDelegations([]Delegation{{From: "a", To: "b", First: day(10), Last: day(12)}})
	for d, want := range map[int]bool{9: false, 10: true, 12: true, 13: false} {
		to, ok := dir.StandIn("a", day(d))
		if ok != want || ok && to != "b" || (len(dir.ActingPosts("b", day(d))) == 1) != want {
			t.Errorf("on the %dth: %s, %v", d, to, ok)
		}
	}
}
