package remind

import (
	"testing"
	"time"
)

func TestLadderOverTheYear(t *testing.T) {
	for name, c := range map[string]struct {
		due  string
		want []string
	}{
		"ordinary weeks": {"2025-09-19", []string{
			"2025-09-10 07:05 due -7 holder due_soon",
			"2025-09-16 07:05 due -3 holder due_soon",
			"2025-09-18 07:05 due -1 holder due_soon",
			"2025-09-19 07:05 due 0 holder due_today",
			"2025-09-22 07:05 due 1 section_chief overdue",
			"2025-09-24 07:05 due 3 deputy overdue yellow",
			"2025-09-26 07:05 due 5 leader_office overdue",
			"2025-10-10 07:05 due 10 leader_office overdue red",
		}},
		"working Sunday before and working Saturday after the National Day": {"2025-09-30", []string{
			"2025-09-22 07:05 due -7 holder due_soon",
			"2025-09-26 07:05 due -3 holder due_soon",
			"2025-09-29 07:05 due -1 holder due_soon",
			"2025-09-30 07:05 due 0 holder due_today",
			"2025-10-09 07:05 due 1 section_chief overdue",
			"2025-10-11 07:05 due 3 deputy overdue yellow",
			"2025-10-14 07:05 due 5 leader_office overdue",
			"2025-10-21 07:05 due 10 leader_office overdue red",
		}},
		"deadline on a make-up Sunday": {"2025-09-28", []string{
			"2025-09-18 07:05 due -7 holder due_soon",
			"2025-09-24 07:05 due -3 holder due_soon",
			"2025-09-26 07:05 due -1 holder due_soon",
			"2025-09-28 07:05 due 0 holder due_today",
			"2025-09-29 07:05 due 1 section_chief overdue",
			"2025-10-09 07:05 due 3 deputy overdue yellow",
			"2025-10-11 07:05 due 5 leader_office overdue",
			"2025-10-17 07:05 due 10 leader_office overdue red",
		}},
		"deadline in the holiday: it stays, its reminders come earlier and say so": {"2025-10-05", []string{
			"2025-09-22 07:05 due -7 holder due_soon day_off<2025-09-23",
			"2025-09-26 07:05 due -3 holder due_soon day_off<2025-09-28",
			"2025-09-29 07:05 due -1 holder due_soon day_off<2025-09-30",
			"2025-09-30 07:05 due 0 holder due_today day_off<2025-10-05",
			"2025-10-09 07:05 due 1 section_chief overdue",
			"2025-10-11 07:05 due 3 deputy overdue yellow",
			"2025-10-14 07:05 due 5 leader_office overdue",
			"2025-10-21 07:05 due 10 leader_office overdue red",
		}},
		"over the turn of the year": {"2025-12-31", []string{
			"2025-12-22 07:05 due -7 holder due_soon",
			"2025-12-26 07:05 due -3 holder due_soon",
			"2025-12-30 07:05 due -1 holder due_soon",
			"2025-12-31 07:05 due 0 holder due_today",
			"2026-01-04 07:05 due 1 section_chief overdue",
			"2026-01-06 07:05 due 3 deputy overdue yellow",
			"2026-01-08 07:05 due 5 leader_office overdue",
			"2026-01-15 07:05 due 10 leader_office overdue red",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, Schedule(profile(t, "deadline"), item(c.due), cals()), c.want...)
		})
	}
}

func TestSigningHasItsOwnClock(t *testing.T) {
	f := item("2025-12-31")
	f.Assigned, f.SignedAt = at("2025-09-05 15:00"), time.Time{} // a Friday
	got := Schedule(profile(t, "deadline"), f, cals())
	check(t, got[:2],
		"2025-09-08 07:05 sign 0 holder unsigned",
		"2025-09-10 07:05 sign 2 section_chief unsigned")
	f.SignedAt = at("2025-09-09 09:00")
	if s := Schedule(profile(t, "deadline"), f, cals())[0]; s.Stage != StageDue {
		t.Errorf("after signing: %s", say(s))
	}
	f.SignedAt, f.LastReportAt = time.Time{}, at("2025-09-06 09:00")
	if s := Schedule(profile(t, "deadline"), f, cals())[0]; s.Stage != StageDue {
		t.Errorf("after a report: %s", say(s))
	}
}

func TestSilenced(t *testing.T) {
	for name, change := range map[string]func(*Facts){
		"draft":     func(f *Facts) { f.Confirmed = false },
		"closed":    func(f *Facts) { f.Closed = true },
		"suspended": func(f *Facts) { f.Suspended = true },
		"handed up": func(f *Facts) { f.HandedUp = true },
	} {
		f := item("2025-09-19")
		change(&f)
		if got := Schedule(profile(t, "deadline"), f, cals()); len(got) != 0 {
			t.Errorf("%s: %s", name, sayAll(got))
		}
	}
	if got := Schedule(profile(t, "quiet"), item("2025-09-19"), cals()); len(got) != 0 {
		t.Errorf("profile quiet: %s", sayAll(got))
	}
}

func TestSubmittedIsTheReviewersTurn(t *testing.T) {
	f := item("2025-09-19")
	f.SubmittedAt = at("2025-09-18 16:00")
	check(t, Schedule(profile(t, "deadline"), f, cals()),
		"2025-09-23 07:05 review 0 section_chief review",
		"2025-09-26 07:05 review 3 deputy review")
}

func TestAssistingUnitIsNeverEscalated(t *testing.T) {
	f := item("2025-09-19")
	f.Assisting = true
	check(t, Schedule(profile(t, "deadline"), f, cals()),
		"2025-09-10 07:05 due -7 holder due_soon",
		"2025-09-16 07:05 due -3 holder due_soon",
		"2025-09-18 07:05 due -1 holder due_soon",
		"2025-09-19 07:05 due 0 holder due_today")
}

func TestReportBeforeTheDeadlineOnlyRestsReminders(t *testing.T) {
	f := item("2025-09-19")
	f.LastReportAt = at("2025-09-15 10:00")
	got := Schedule(profile(t, "deadline"), f, cals())
	check(t, got[:4],
		"2025-09-10 07:05 due -7 holder due_soon",
		"2025-09-18 07:05 due -1 holder due_soon",
		"2025-09-19 07:05 due 0 holder due_today",
		"2025-09-22 07:05 due 1 section_chief overdue")
	f.LastReportAt = at("2025-09-18 10:00")
	if s := Schedule(profile(t, "deadline"), f, cals())[3]; s.Why != WhyDueToday {
		t.Errorf("the day of the deadline is always reminded, got %s", say(s))
	}
}

func TestReportAfterTheDeadlineStopsTheRound(t *testing.T) {
	f := item("2025-09-19")
	f.LastReportAt = at("2025-09-23 10:00")
	told := []string{
		"2025-09-10 07:05 due -7 holder due_soon",
		"2025-09-16 07:05 due -3 holder due_soon",
		"2025-09-18 07:05 due -1 holder due_soon",
		"2025-09-19 07:05 due 0 holder due_today",
		"2025-09-22 07:05 due 1 section_chief overdue",
	}
	check(t, Schedule(profile(t, "deadline"), f, cals()), told...)

	t.Run("months later somebody sets it going again", func(t *testing.T) {
		f.RestartedAt = at("2025-11-20 15:00")
		check(t, Schedule(profile(t, "deadline"), f, cals()), append(told,
			"2025-11-24 07:05 due 3 deputy overdue yellow restart<2025-09-24",
			"2025-11-26 07:05 due 5 leader_office overdue restart<2025-09-26",
			"2025-12-03 07:05 due 10 leader_office overdue red restart<2025-10-10")...)
	})
	t.Run("a persistent profile goes on", func(t *testing.T) {
		p := profile(t, "deadline")
		p.Persistent = true
		if n := len(Schedule(p, f, cals())); n != 8 {
			t.Errorf("%d steps, want 8", n)
		}
	})
}

func TestSuspensionOverTheDeadlineCountsFromTheRestart(t *testing.T) {
	f := item("2025-09-19")
	f.StoppedAt, f.RestartedAt = at("2025-09-11 09:00"), at("2025-11-20 15:00")
	check(t, Schedule(profile(t, "deadline"), f, cals())[4:],
		"2025-11-21 07:05 due 1 section_chief overdue",
		"2025-11-25 07:05 due 3 deputy overdue yellow",
		"2025-11-27 07:05 due 5 leader_office overdue",
		"2025-12-04 07:05 due 10 leader_office overdue red")
}

func TestPromiseMovesTheNextReminder(t *testing.T) {
	deadline := []string{
		"2025-09-19 07:05 due 0 holder due_today",
		"2025-09-22 07:05 due 1 section_chief overdue",
		"2025-09-24 07:05 due 3 deputy overdue yellow",
		"2025-09-26 07:05 due 5 leader_office overdue",
		"2025-10-10 07:05 due 10 leader_office overdue red",
	}
	for name, c := range map[string]struct {
		said, eta string
		want      []string
	}{
		"before the deadline": {"2025-09-08 10:00", "2025-09-18", append([]string{
			"2025-09-17 07:05 due -3 holder promised_eta eta<2025-09-16",
			"2025-09-18 07:05 due -1 holder due_soon"}, deadline...)},
		"long before, the rest stays": {"2025-08-25 10:00", "2025-09-03", append([]string{
			"2025-09-02 07:05 due -7 holder promised_eta eta<2025-09-10",
			"2025-09-16 07:05 due -3 holder due_soon",
			"2025-09-18 07:05 due -1 holder due_soon"}, deadline...)},
		"after the deadline, which stays": {"2025-09-08 10:00", "2025-09-24", append(append([]string{},
			deadline[:2]...), append([]string{"2025-09-23 07:05 due -3 holder promised_eta eta<2025-09-16"}, deadline[2:]...)...)},
		"tomorrow: just said, not asked": {"2025-09-15 10:00", "2025-09-16", append([]string{
			"2025-09-10 07:05 due -7 holder due_soon",
			"2025-09-18 07:05 due -1 holder due_soon"}, deadline...)},
		"overdue: asked on the eve, the round is stopped": {"2025-09-23 10:00", "2025-10-10", []string{
			"2025-09-10 07:05 due -7 holder due_soon",
			"2025-09-16 07:05 due -3 holder due_soon",
			"2025-09-18 07:05 due -1 holder due_soon",
			"2025-09-19 07:05 due 0 holder due_today",
			"2025-09-22 07:05 due 1 section_chief overdue",
			"2025-10-09 07:05 due 0 holder promised_eta eta<"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := item("2025-09-19")
			f.LastReportAt, f.ETA = at(c.said), d(c.eta)
			check(t, Schedule(profile(t, "deadline"), f, cals()), c.want...)
		})
	}
}

func TestSchoolsInHolidays(t *testing.T) {
	school := func(due string) Facts {
		f := item(due)
		f.School, f.TermKind = true, "primary_middle"
		return f
	}
	t.Run("deadline in the holidays: told once before them, the bureau goes on", func(t *testing.T) {
		check(t, Schedule(profile(t, "deadline"), school("2025-07-31"), cals()),
			"2025-07-04 07:05 due 0 holder due_today holiday<2025-07-31 +3",
			"2025-08-01 07:05 due 1 section_chief overdue",
			"2025-08-05 07:05 due 3 deputy overdue yellow",
			"2025-08-07 07:05 due 5 leader_office overdue",
			"2025-08-14 07:05 due 10 leader_office overdue red")
	})
	t.Run("deadline after the holidays: reminders wait for the first day of term", func(t *testing.T) {
		check(t, Schedule(profile(t, "deadline"), school("2025-09-03"), cals())[:3],
			"2025-09-01 07:05 due -3 holder due_soon holiday<2025-08-29 +1",
			"2025-09-02 07:05 due -1 holder due_soon",
			"2025-09-03 07:05 due 0 holder due_today")
	})
	t.Run("assigned and due in the holidays: the school hears nothing, the bureau does", func(t *testing.T) {
		f := school("2025-07-31")
		f.Assigned, f.SignedAt = at("2025-07-20 09:00"), at("2025-07-20 10:00")
		check(t, Schedule(profile(t, "deadline"), f, cals())[:1], "2025-08-01 07:05 due 1 section_chief overdue")
	})
	t.Run("a section has no holidays", func(t *testing.T) {
		check(t, Schedule(profile(t, "deadline"), item("2025-07-31"), cals())[:1], "2025-07-22 07:05 due -7 holder due_soon")
	})
	t.Run("a major hazard does not wait for term", func(t *testing.T) {
		f := Facts{Confirmed: true, School: true, TermKind: "primary_middle", Assigned: at("2025-08-02 22:10"), Due: d("2025-08-20")}
		f.SignedAt = at("2025-08-02 22:20")
		check(t, Schedule(profile(t, "hazard_major"), f, cals())[:2],
			"2025-08-03 10:10 control -12h holder control urgent",
			"2025-08-03 18:10 control -4h holder control urgent")
	})
}
