package remind

import (
	"testing"
	"time"

	"duban/internal/errs"
)

func TestOrdinaryHazard(t *testing.T) {
	pol, c := policies(t), cals()
	l, err := HazardLimits(pol, Ordinary, 0, at("2025-09-26 10:00"), c) // Friday before the working Sunday
	if err != nil {
		t.Fatal(err)
	}
	if l.SignDue != d("2025-09-28") || l.FixDue != d("2025-10-13") || !l.ControlBy.IsZero() || l.Profile() != OrdinaryHazard {
		t.Errorf("limits %+v", l)
	}
	p, _ := pol.Profile(l.Profile())
	f := l.Facts()
	check(t, Schedule(p, f, c),
		"2025-09-28 07:05 sign 0 holder unsigned",
		"2025-09-29 07:05 sign 1 section_chief unsigned",
		"2025-10-09 07:05 due -3 holder due_soon",
		"2025-10-11 07:05 due -1 holder due_soon",
		"2025-10-13 07:05 due 0 holder due_today",
		"2025-10-14 07:05 due 1 section_chief overdue",
		"2025-10-16 07:05 due 3 deputy overdue yellow",
		"2025-10-20 07:05 due 5 leader_office overdue",
		"2025-10-27 07:05 due 10 leader_office overdue red")
	f.SubmittedAt = at("2025-09-30 17:00")
	check(t, Schedule(p, f, c),
		"2025-10-11 07:05 review 0 section_chief review",
		"2025-10-13 07:05 review 1 deputy review")
	if got := ReviewDue(p, f.SubmittedAt, c); got != d("2025-10-11") {
		t.Errorf("review due %s", got)
	}
	for days, due := range map[int]string{3: "2025-09-30", 7: "2025-10-13", 15: "2025-10-23"} {
		if l, err := HazardLimits(pol, Ordinary, days, at("2025-09-26 10:00"), c); err != nil || l.FixDue != d(due) {
			t.Errorf("%d working days: %s, %v; want %s", days, l.FixDue, err, due)
		}
	}
}

// On the eve of the National Day nothing waits for the morning or for work.
func TestMajorHazardGoesByTheClock(t *testing.T) {
	pol, c := policies(t), cals()
	l, err := HazardLimits(pol, Major, 0, at("2025-09-30 22:30"), c)
	if err != nil {
		t.Fatal(err)
	}
	if !l.ReportBy.Equal(at("2025-10-01 00:00")) || !l.ControlBy.Equal(at("2025-10-01 22:30")) ||
		l.FiveDue != d("2025-10-11") || !l.FixBy.Equal(at("2025-10-30 22:30")) || l.FixDue != d("2025-10-30") {
		t.Errorf("limits %+v", l)
	}
	p, _ := pol.Profile(l.Profile())
	f := l.Facts()
	check(t, Schedule(p, f, c),
		"2025-09-30 22:30 report 0h section_chief report_now urgent",
		"2025-09-30 22:30 report 0h deputy report_now urgent",
		"2025-10-01 00:30 report 2h leader_office report_now urgent",
		"2025-10-01 10:30 control -12h holder control urgent",
		"2025-10-01 18:30 control -4h holder control urgent",
		"2025-10-01 22:30 control 0h holder control urgent",
		"2025-10-01 23:30 control 1h section_chief control urgent",
		"2025-10-02 02:30 control 4h deputy control urgent",
		"2025-10-02 06:30 control 8h leader_office control urgent",
		"2025-10-10 07:05 five -1 holder five +1",
		"2025-10-11 07:05 five 0 holder five",
		"2025-10-13 07:05 five 1 section_chief five",
		"2025-10-14 07:05 five 2 deputy five",
		"2025-10-17 07:05 word 0 holder weekly_word",
		"2025-10-21 07:05 due -7 holder due_soon",
		"2025-10-24 07:05 word 0 holder weekly_word",
		"2025-10-27 07:05 due -3 holder due_soon",
		"2025-10-29 22:30 due -24h holder due_soon urgent",
		"2025-10-30 22:30 due 0h holder due_today urgent",
		"2025-10-31 00:30 due 2h section_chief overdue urgent",
		"2025-10-31 07:05 word 0 holder weekly_word",
		"2025-10-31 22:30 due 24h deputy overdue yellow urgent",
		"2025-11-01 22:30 due 48h leader_office overdue urgent",
		"2025-11-04 22:30 due 120h leader_office overdue red urgent")

	t.Run("what is done is not chased", func(t *testing.T) {
		f := f
		f.SignedAt, f.ControlAt, f.FiveAt = at("2025-09-30 23:00"), at("2025-10-01 08:00"), at("2025-10-09 12:00")
		f.LastReportAt = at("2025-10-16 12:00")
		check(t, Schedule(p, f, c)[:2],
			"2025-10-10 07:05 word 0 holder weekly_word",
			"2025-10-21 07:05 due -7 holder due_soon")
	})
	t.Run("a report does not stop its escalation", func(t *testing.T) {
		f := f
		f.LastReportAt = at("2025-11-01 08:00")
		got := Schedule(p, f, c)
		if s := got[len(got)-1]; s.Slip != Red {
			t.Errorf("last step: %s", say(s))
		}
	})
}

func TestHazardLimitsRefuse(t *testing.T) {
	pol, c, now := policies(t), cals(), at("2025-09-10 09:00")
	for _, tc := range []struct {
		level Level
		days  int
		want  string
	}{
		{Ordinary, 5, "一般隐患的整改时限请从 3、7、15 个工作日里选一个。"},
		{Major, 31, "重大隐患的整改时限最长 30 天。"},
		{"", 0, "隐患要先定级：一般或重大。"},
	} {
		_, err := HazardLimits(pol, tc.level, tc.days, now, c)
		if !errs.Is(err, errs.Invalid) || errs.Say(err) != tc.want {
			t.Errorf("%q %d: %v", tc.level, tc.days, err)
		}
	}
}

func TestIncidentIsToldAtOnce(t *testing.T) {
	f := Facts{Confirmed: true, School: true, TermKind: "primary_middle", Assigned: at("2025-08-16 02:00")}
	p := profile(t, "incident")
	check(t, Schedule(p, f, cals()),
		"2025-08-16 02:00 report 0h section_chief report_now urgent",
		"2025-08-16 02:00 report 0h deputy report_now urgent",
		"2025-08-16 04:00 report 2h leader_office report_now urgent")
	batch, _ := Due(p, f, cals(), Position{At: f.Assigned.Add(-time.Second)}, f.Assigned)
	if len(batch) != 2 {
		t.Errorf("%d told at once, want 2: %s", len(batch), sayAll(batch))
	}
}
