package supervise

import (
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/org"
	"duban/internal/remind"
)

// TestNoTurnOfTheWorkWhitewashes follows the lamp of one unit's work, due on
// 19 September, through what people and the office do about it.
func TestNoTurnOfTheWorkWhitewashes(t *testing.T) {
	day := func(d int) calendar.Date { return calendar.Of(2025, 9, d) }
	noon := func(d int) time.Time { return day(d).At(12, 0, time.UTC) }
	cal := remind.Calendars{Days: calendar.DefaultWorkdays(), Terms: calendar.DefaultTerms(), Loc: time.UTC}
	profile := remind.Profile{Lamp: remind.LampRule{Blue: 7, Behind: 20}}
	begun := duty.Work{Item: duty.Item{State: duty.Confirmed}, Assignment: duty.Assignment{UnitID: "u", Part: duty.Lead, State: duty.Signed,
		Opens: day(1), Due: day(19), AssignedAt: noon(1), SignedAt: noon(1)}}
	submitted := func(w *duty.Work, at int) { w.State, w.ReportedAt = duty.Submitted, noon(at) }
	returned := func(w *duty.Work) { w.Assignment, _ = w.Review(false, noon(22)) }
	extend := func(w *duty.Work, asked int) {
		wish, err := w.AskExtension(calendar.Of(2025, 10, 31), "雨", "p", noon(asked), day(asked))
		if err != nil {
			t.Fatal(err)
		}
		_, w.Assignment, _ = wish.Decide(w.Assignment, true, "chief", "", noon(asked))
	}
	for name, c := range map[string]struct {
		turn func(*duty.Work)
		on   int
		want remind.Lamp
	}{
		"begun":                               {func(*duty.Work) {}, 4, remind.GreenLamp},
		"seven working days left":             {func(*duty.Work) {}, 10, remind.BlueLamp},
		"20 points behind":                    {func(w *duty.Work) { w.Percent = 30 }, 10, remind.BlueLamp},
		"more than 20 points behind":          {func(w *duty.Work) { w.Percent = 29 }, 10, remind.YellowLamp},
		"overdue":                             {func(*duty.Work) {}, 22, remind.RedLamp},
		"overdue with 99 percent":             {func(w *duty.Work) { w.Percent = 99 }, 22, remind.RedLamp},
		"a promised date moves nothing":       {func(w *duty.Work) { w.ETA = day(30) }, 22, remind.RedLamp},
		"submitted in time, still under look": {func(w *duty.Work) { submitted(w, 19) }, 26, remind.GreenLamp},
		"submitted late":                      {func(w *duty.Work) { submitted(w, 20) }, 26, remind.RedLamp},
		"returned after the date":             {func(w *duty.Work) { submitted(w, 19); returned(w) }, 26, remind.RedLamp},
		"extended in time":                    {func(w *duty.Work) { extend(w, 18) }, 22, remind.GreenLamp},
		"extended late":                       {func(w *duty.Work) { extend(w, 22) }, 26, remind.RedLamp},
		"changed late by the office":          {func(w *duty.Work) { w.Assignment = w.Change(calendar.Of(2025, 10, 31), day(22)) }, 26, remind.RedLamp},
		"suspended":                           {func(w *duty.Work) { w.Item.State = duty.Suspended }, 26, remind.NoLamp},
		"suspended and resumed":               {func(w *duty.Work) { w.Item.State, _ = duty.Suspended.After(duty.ToResume) }, 26, remind.RedLamp},
		"a draft":                             {func(w *duty.Work) { w.Item.State = duty.Draft }, 26, remind.NoLamp},
		"ended":                               {func(w *duty.Work) { w.Item.State = duty.VoidItem }, 26, remind.NoLamp},
		"closed":                              {func(w *duty.Work) { submitted(w, 20); w.Assignment, _ = w.Review(true, noon(22)) }, 26, remind.NoLamp},
	} {
		w := begun
		c.turn(&w)
		if got := remind.LampAt(profile, WorkFacts(w, org.NewDirectory(nil, nil)), noon(c.on), cal); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestAPeriodThatWasMissedStaysSo keeps the lamp of a recurring duty's period.
func TestAPeriodThatWasMissedStaysSo(t *testing.T) {
	cal := remind.Calendars{Days: calendar.DefaultWorkdays(), Terms: calendar.DefaultTerms(), Loc: time.UTC}
	w := duty.Work{Item: duty.Item{State: duty.Confirmed}, Assignment: duty.Assignment{Period: "2025-09", State: duty.Assigned,
		Opens: calendar.Of(2025, 9, 1), Due: calendar.Of(2025, 9, 25)}}
	for _, c := range []struct {
		on   calendar.Date
		want remind.Lamp
	}{
		{calendar.Of(2025, 9, 23), remind.GreenLamp}, {calendar.Of(2025, 9, 24), remind.BlueLamp}, {calendar.Of(2025, 9, 26), remind.YellowLamp}, {calendar.Of(2025, 12, 26), remind.YellowLamp},
	} {
		if got := remind.LampAt(remind.Profile{Lamp: remind.LampRule{BlueRecurring: 1}}, WorkFacts(w, org.NewDirectory(nil, nil)), c.on.At(9, 0, time.UTC), cal); got != c.want {
			t.Errorf("on %s: %q, want %q", c.on, got, c.want)
		}
	}
}
