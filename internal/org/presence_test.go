package org

import (
	"testing"
	"time"
)

func TestPresence(t *testing.T) {
	at := func(second float64) time.Time {
		return time.Unix(1_700_000_000, 0).Add(time.Duration(second * float64(time.Second)))
	}
	for name, c := range map[string]struct {
		told  []Presence
		bound time.Time
		want  Standing
	}{
		"nothing told":                        {nil, at(10), Open},
		"left after it was bound":             {[]Presence{{Left: at(20)}}, at(10), Gone},
		"left within the second":              {[]Presence{{Left: at(10)}}, at(10.9), Gone},
		"left before it was bound":            {[]Presence{{Left: at(9)}}, at(10.1), Open},
		"left and came back":                  {[]Presence{{Left: at(20)}, {Here: at(30)}}, at(10), Gone},
		"left, came back and was bound anew":  {[]Presence{{Left: at(20)}, {Here: at(30)}}, at(40), Open},
		"hidden":                              {[]Presence{{Hidden: at(20)}}, at(10), Resting},
		"hidden and shown again":              {[]Presence{{Hidden: at(20)}, {Here: at(30)}}, at(10), Open},
		"shown and hidden in the same second": {[]Presence{{Hidden: at(20)}, {Here: at(20)}}, at(10), Resting},
		"hidden twice":                        {[]Presence{{Hidden: at(20)}, {Here: at(30)}, {Hidden: at(40)}}, at(10), Resting},
		"hidden, then left":                   {[]Presence{{Hidden: at(20)}, {Left: at(21)}}, at(10), Gone},
		"hidden before it was bound":          {[]Presence{{Hidden: at(5)}}, at(10), Open},
	} {
		for _, order := range orders(c.told) {
			var p Presence
			for _, told := range order {
				p = p.Merge(told).Merge(told)
			}
			if got := p.Of(c.bound); got != c.want {
				t.Errorf("%s, told as %v: %s", name, order, got)
			}
		}
	}
}

// orders are all orders of a list.
func orders(list []Presence) [][]Presence {
	if len(list) < 2 {
		return [][]Presence{list}
	}
	var out [][]Presence
	for i := range list {
		rest := append(append([]Presence{}, list[:i]...), list[i+1:]...)
		for _, o := range orders(rest) {
			out = append(out, append([]Presence{list[i]}, o...))
		}
	}
	return out
}
