package inspect

import (
	"testing"
	"time"

	"duban/internal/calendar"
)

func TestPeriodAt(t *testing.T) {
	loc := time.FixedZone("CST", 8*3600)
	terms := calendar.DefaultTerms()
	c := Calendars{Days: calendar.DefaultWorkdays(), TermOf: terms.TermOf, Loc: loc}
	for _, one := range []struct {
		rhythm Rhythm
		at     string
		want   string
	}{
		{Daily, "2025-09-10T07:10:00+08:00", "2025-09-10 2025-09-10..2025-09-10 9月10日 周三"},
		{Daily, "2025-09-10T00:10:00+08:00", "2025-09-10 2025-09-10..2025-09-10 9月10日 周三"}, // still the 9th in UTC
		{Weekly, "2025-09-10T07:10:00+08:00", "2025-W37 2025-09-08..2025-09-14 9月8日 周一 到 9月14日 周日"},
		{Weekly, "2025-12-30T07:10:00+08:00", "2026-W01 2025-12-29..2026-01-04 12月29日 周一 到 2026年1月4日 周日"},
		{Monthly, "2025-09-10T07:10:00+08:00", "2025-09 2025-09-01..2025-09-30 9月1日 周一 到 9月30日 周二"},
		{Event, "2025-09-10T07:10:00+08:00", "2025-09-10T07:10 2025-09-10..2025-09-10 9月10日 周三 07:10"},
		{Holiday, "2025-09-10T07:10:00+08:00", "before-2025-10-01 2025-06-03..2025-09-30 10月1日 周三放假前"},
		{Holiday, "2025-09-30T07:10:00+08:00", "before-2025-10-01 2025-06-03..2025-09-30 10月1日 周三放假前"},
		{Holiday, "2025-10-09T07:10:00+08:00", "before-2026-01-01 2025-10-09..2025-12-31 2026年1月1日 周四放假前"},
	} {
		at, err := time.Parse(time.RFC3339, one.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.PeriodAt(one.rhythm, at, "primary_middle", calendar.Of(2025, 9, 10)).String(); got != one.want {
			t.Errorf("%s at %s: %s, want %s", one.rhythm, one.at, got, one.want)
		}
	}
	// What is looked at before the term begins belongs to it.
	first, _ := terms.TermOf("primary_middle", calendar.Of(2025, 9, 10))
	for _, day := range []calendar.Date{first.From.Add(-4), first.From, first.To} {
		if got := c.PeriodAt(Term, day.At(9, 0, loc), "primary_middle", day); got.Key != first.Key || got.Name != first.Name {
			t.Errorf("%s belongs to %s", day, got)
		}
	}
	if got := c.PeriodAt(Term, calendar.Of(2025, 9, 10).At(9, 0, loc), "", calendar.Of(2025, 9, 10)); got.Key != "2025-H2" {
		t.Errorf("without terms: %s", got)
	}
}

func TestBefore(t *testing.T) {
	at := time.Date(2025, 10, 31, 9, 0, 0, 0, time.UTC)
	for rhythm, want := range map[Rhythm]string{Daily: "2025-10-30", Weekly: "2025-10-24", Monthly: "2025-09-30"} {
		if got := rhythm.Before(at).Format(time.DateOnly); got != want {
			t.Errorf("%s: %s, want %s", rhythm, got, want)
		}
	}
}
