package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"duban/seeds"
)

// The whole of what is left of 2025 with nobody ever answering, which is the
// most that can be said: each person hears exactly what the table says, once a
// working day and at 08:30.
func TestYearAgainstTheTable(t *testing.T) {
	set := district(t)
	cfg, s := seeded(t, set)
	all, took := played(t, cfg, s, yearStart, yearEnd)
	want, got := expected(t, set), map[line]bool{}
	people, entries := map[string]bool{}, 0
	heard := map[string]bool{}
	for _, p := range all {
		calm(t, p, heard)
		if p.Role == "group" {
			decent(t, p, set)
			continue
		}
		people[p.To] = true
		for _, e := range p.Entries {
			entries++
			l := line{p.At.Format(time.DateOnly), p.To, e.Item, e.Unit, e.Period, e.Kind, e.Stage, e.Due, e.Offset, e.Level, e.Slip}
			if got[l] {
				t.Errorf("told twice: %s", l)
			}
			got[l] = true
		}
	}
	compare(t, "not told", want, got)
	compare(t, "told and not in the table", got, want)
	t.Logf("%d messages to %d people and %d groups, %d entries, %.1f s", len(all), len(people), len(set.Groups), entries, took.Seconds())
}

// calm holds what is true of every message: one a day to a person or group, on a
// working day, at its hour.
func calm(t *testing.T, p Planned, heard map[string]bool) {
	t.Helper()
	day, clock := p.At.Format(time.DateOnly), p.At.Format("15:04")
	hour := map[string]string{"morning": "08:30", "digest": "16:30"}[p.Kind]
	switch {
	case heard[day+p.To]:
		t.Errorf("two messages on %s to %s", day, p.To)
	case !works(day) || clock != hour:
		t.Errorf("%s to %s at %s %s", p.Kind, p.To, day, clock)
	}
	heard[day+p.To] = true
	for _, e := range p.Entries {
		if e.Why == "" || e.Moved != "" && !strings.Contains(e.Why, "原为") {
			t.Errorf("not explained: %+v", e)
		}
	}
}

// decent holds what a group may read: the weekly on the last working day up to
// Friday, nobody's name, no ranking, no long table.
func decent(t *testing.T, p Planned, set *seeds.Set) {
	t.Helper()
	day := p.At.Format(time.DateOnly)
	friday := plus(day, (12-int(weekday(day)))%7)
	if w := weekday(day); w == time.Saturday || w == time.Sunday {
		friday = plus(day, -int(w+2)%7)
	}
	if weekly := notAfter(friday) == day; weekly != strings.Contains(p.Text, "督办周报") {
		t.Errorf("%s: weekly=%v\n%s", day, weekly, p.Text)
	}
	if lines := strings.Count(p.Text, "\n"); lines > 14 {
		t.Errorf("%s: %d lines to a group", day, lines)
	}
	for _, word := range []string{"排名", "倒数", "最差", "批评"} {
		if strings.Contains(p.Text, word) {
			t.Errorf("%s: %s in\n%s", day, word, p.Text)
		}
	}
	for _, u := range set.Units {
		if u.Term != "" && len(u.Names()[0]) > 6 && strings.Contains(p.Text, u.Name) {
			t.Errorf("%s: a school is named to a group\n%s", day, p.Text)
		}
	}
}

// compare names what of a is missing in b, the first few.
func compare(t *testing.T, what string, a, b map[line]bool) {
	t.Helper()
	var missing []string
	for l := range a {
		if !b[l] {
			missing = append(missing, l.String())
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("%s: %d of %d", what, len(missing), len(a))
	}
	for _, m := range missing[:min(len(missing), 25)] {
		t.Log(what + ": " + m)
	}
}
