package remind

import (
	"fmt"
	"strings"
	"testing"
)

func sayInstances(ins []Instance) string {
	var lines []string
	for _, in := range ins {
		s := fmt.Sprintf("%s %s..%s", in.Key, in.Opens, in.Due)
		if in.Nominal != in.Due {
			s += " instead of " + in.Nominal.String()
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n")
}

func TestInstances(t *testing.T) {
	section, school := Who{}, Who{School: true, TermKind: "primary_middle"}
	for name, c := range map[string]struct {
		profile, from, to string
		who               Who
		want              []string
	}{
		"weekly over the National Day": {"weekly", "2025-09-22", "2025-10-19", section, []string{
			"2025-W39 2025-09-22..2025-09-26",
			"2025-W40 2025-09-29..2025-09-30 instead of 2025-10-03",
			"2025-W41 2025-10-06..2025-10-10",
			"2025-W42 2025-10-13..2025-10-17"}},
		"weekly: a week without a working day has none": {"weekly", "2026-02-09", "2026-03-01", section, []string{
			"2026-W07 2026-02-09..2026-02-13",
			"2026-W09 2026-02-23..2026-02-27"}},
		"monthly": {"monthly", "2025-05-01", "2025-11-30", section, []string{
			"2025-05 2025-05-01..2025-05-23 instead of 2025-05-25",
			"2025-06 2025-06-01..2025-06-25",
			"2025-07 2025-07-01..2025-07-25",
			"2025-08 2025-08-01..2025-08-25",
			"2025-09 2025-09-01..2025-09-25",
			"2025-10 2025-10-01..2025-10-24 instead of 2025-10-25",
			"2025-11 2025-11-01..2025-11-25"}},
		"monthly at a school: not in the holidays": {"monthly", "2025-06-01", "2025-09-30", school, []string{
			"2025-06 2025-06-01..2025-06-25",
			"2025-09 2025-09-01..2025-09-25"}},
		"quarterly": {"quarterly", "2025-04-01", "2026-03-31", section, []string{
			"2025-Q2 2025-04-01..2025-06-25",
			"2025-Q3 2025-07-01..2025-09-25",
			"2025-Q4 2025-10-01..2025-12-25",
			"2026-Q1 2026-01-01..2026-03-25"}},
		"project: last working day of the month": {"project", "2025-08-01", "2025-11-30", section, []string{
			"2025-08 2025-08-01..2025-08-29",
			"2025-09 2025-09-01..2025-09-30",
			"2025-10 2025-10-01..2025-10-31",
			"2025-11 2025-11-01..2025-11-28"}},
		"term of a school begins as its calendar says": {"term", "2025-03-01", "2026-07-31", school, []string{
			"2024-2025-2 2025-02-12..2025-06-27",
			"2025-2026-1 2025-09-01..2025-12-26",
			"2025-2026-2 2026-03-02..2026-06-26 instead of 2026-06-27"}},
		"term of a section begins after the one before": {"term", "2025-03-01", "2026-07-31", section, []string{
			"2024-2025-2 2024-12-27..2025-06-27",
			"2025-2026-1 2025-06-28..2025-12-26",
			"2025-2026-2 2025-12-27..2026-06-26 instead of 2026-06-27"}},
		"not recurring": {"deadline", "2025-03-01", "2026-07-31", section, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := sayInstances(Instances(profile(t, c.profile), d(c.from), d(c.to), cals(), c.who))
			if want := strings.Join(c.want, "\n"); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestPeriod(t *testing.T) {
	school := Who{School: true, TermKind: "primary_middle"}
	for _, c := range []struct {
		profile, day string
		who          Who
		want         string
	}{
		{"monthly", "2025-09-30", Who{}, "2025-09 2025-09-01..2025-09-25"},
		{"weekly", "2025-09-10", Who{}, "2025-W37 2025-09-08..2025-09-12"},
		{"term", "2025-09-10", school, "2025-2026-1 2025-09-01..2025-12-26"},
		{"term", "2025-12-30", Who{}, "2025-2026-2 2025-12-27..2026-06-26 instead of 2026-06-27"},
		{"monthly", "2025-08-10", school, ""},
		{"deadline", "2025-09-10", Who{}, ""},
	} {
		in, ok := Period(profile(t, c.profile), d(c.day), cals(), c.who)
		got := ""
		if ok {
			got = sayInstances([]Instance{in})
		}
		if got != c.want {
			t.Errorf("%s on %s: %q, want %q", c.profile, c.day, got, c.want)
		}
	}
}

func TestInstanceIsChased(t *testing.T) {
	instance := func(profileKey, day string) (Profile, Facts) {
		p := profile(t, profileKey)
		in, _ := Period(p, d(day), cals(), Who{})
		return p, Facts{Confirmed: true, Recurring: true, Opens: in.Opens, Due: in.Due, Assigned: in.Opens.At(0, 0, shanghai)}
	}
	p, f := instance("weekly", "2025-09-10")
	check(t, Schedule(p, f, cals()),
		"2025-09-11 07:05 collect -1 holder collect",
		"2025-09-15 07:05 collect 1 section_chief missed")
	p, f = instance("monthly", "2025-10-10")
	check(t, Schedule(p, f, cals()),
		"2025-10-21 07:05 collect -3 holder collect",
		"2025-10-23 07:05 collect -1 holder collect",
		"2025-10-27 07:05 collect 1 section_chief missed")
	f.LastReportAt = at("2025-10-09 12:00")
	if got := Schedule(p, f, cals()); len(got) != 0 {
		t.Errorf("answered, but: %s", sayAll(got))
	}
	f.LastReportAt = at("2025-09-25 12:00")
	if got := Schedule(p, f, cals()); len(got) != 3 {
		t.Errorf("a report of the period before silenced this one: %s", sayAll(got))
	}
}
