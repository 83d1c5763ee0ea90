package main

import (
	"strings"
	"testing"
)

// The soak would notice each of these.
func TestBookFindsWhatWentWrong(t *testing.T) {
	for name, c := range map[string]struct {
		fate   fate
		stored int
		want   string
	}{
		"well":                        {fate{stream, true, 1}, 1, ""},
		"cut and never read":          {fate{socket, false, 0}, 0, ""},
		"cut, read and answered":      {fate{socket, false, 1}, 1, ""},
		"taken and lost":              {fate{stream, true, 0}, 0, "taken and not stored"},
		"taken, answered and lost":    {fate{stream, true, 1}, 0, "taken and not stored"},
		"acted on twice":              {fate{stream, true, 1}, 2, "stored 2 times"},
		"answered twice":              {fate{stream, true, 2}, 1, "answered 2 times"},
		"shown twice on the socket":   {fate{socket, true, 2}, 1, ""},
		"thrice on the socket":        {fate{socket, true, 3}, 1, "answered 3 times"},
		"stored and never answered":   {fate{stream, true, 0}, 1, "answered 0 times"},
		"cut, read and not answered":  {fate{socket, false, 0}, 1, "answered 0 times"},
		"answered without being read": {fate{socket, false, 1}, 0, "answered 1 times"},
	} {
		b := newBook()
		b.fates["writer-1"] = &c.fate
		err := b.check(map[string]int{"writer-1": c.stored})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h := holding{goroutines: 100, descriptors: 50}
	if h.grown(holding{110, 60}) != nil || h.grown(holding{150, 50}) == nil || h.grown(holding{100, 100}) == nil {
		t.Error("growth is not measured")
	}
}
