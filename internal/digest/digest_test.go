package digest

import (
	"math/rand/v2"
	"testing"

	"duban/internal/calendar"
	"duban/internal/remind"
)

var (
	days  = calendar.DefaultWorkdays()
	today = calendar.MustParse("2025-09-10")
)

func TestWhenThereIsSomethingToSay(t *testing.T) {
	open := Progress{Code: "1-1", Due: today.Add(1), Units: 3, Done: 2}
	done := Progress{Code: "1-2", Due: today, Units: 3, Done: 3}
	for name, c := range map[string]struct {
		s             Snapshot
		daily, weekly bool
	}{
		"nothing":                    {Snapshot{}, false, false},
		"everything ahead is done":   {Snapshot{Ahead: []Progress{done}}, false, false},
		"something is ahead":         {Snapshot{Ahead: []Progress{done, open}}, true, true},
		"somebody finished":          {Snapshot{Finished: 1}, true, true},
		"a hazard was filed":         {Snapshot{NewHazards: []Count{{"消防", 1}}}, true, true},
		"it merely stays late":       {Snapshot{Overdue: 4}, false, true},
		"hazards are merely open":    {Snapshot{OpenHazards: 2, MajorOpen: 1}, false, true},
		"tomorrow alone is no news":  {Snapshot{Tomorrow: Day{Date: today.Add(1), Off: true}}, false, false},
		"nobody has to report on it": {Snapshot{Ahead: []Progress{{Code: "1-3", Due: today}}}, true, true},
	} {
		for kind, want := range map[remind.DigestKind]bool{remind.DailyDigest: c.daily, remind.WeeklyDigest: c.weekly} {
			c.s.Kind = kind
			if _, ok := Build(c.s); ok != want {
				t.Errorf("%s, %s: %v, want %v", name, kind, ok, want)
			}
		}
	}
}

// TestBuildIsBoundedAndInOrder tries random snapshots.
func TestBuildIsBoundedAndInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		s := Snapshot{Kind: remind.DailyDigest, Today: today}
		open := 0
		for range r.IntN(30) {
			p := Progress{Due: today.Add(r.IntN(5)), Units: 1 + r.IntN(4)}
			p.Done = r.IntN(p.Units + 1)
			if !p.Complete() {
				open++
			}
			s.Ahead = append(s.Ahead, p)
		}
		c, ok := Build(s)
		if ok != (open > 0) || len(c.Ahead)+c.More != open || len(c.Ahead) > maxAhead {
			t.Fatalf("%d open: %d listed, %d more, worth saying %v", open, len(c.Ahead), c.More, ok)
		}
		for i, p := range c.Ahead {
			if p.Complete() || i > 0 && p.Due < c.Ahead[i-1].Due {
				t.Fatalf("entry %d is done or out of order: %+v", i, c.Ahead)
			}
		}
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct {
		kind            remind.DigestKind
		day, from, upTo string
	}{
		{remind.DailyDigest, "2025-09-10", "2025-09-10", "2025-09-15"},
		{remind.DailyDigest, "2025-09-26", "2025-09-26", "2025-09-30"}, // over the make-up Sunday
		{remind.DailyDigest, "2025-09-30", "2025-09-30", "2025-10-11"}, // over the holidays
		{remind.WeeklyDigest, "2025-09-12", "2025-09-08", "2025-09-21"},
	} {
		from, to := Span(c.kind, calendar.MustParse(c.day), days)
		if from.String() != c.from || to.String() != c.upTo {
			t.Errorf("%s %s: %s to %s, want %s to %s", c.kind, c.day, from, to, c.from, c.upTo)
		}
	}
}

func TestNext(t *testing.T) {
	for day, want := range map[string]Day{
		"2025-09-10": {},                         // before a Thursday
		"2025-09-12": {},                         // before an ordinary Saturday
		"2025-09-27": {MakeUp: true},             // before the working Sunday
		"2025-09-30": {Off: true},                // before the National Day
		"2025-10-08": {},                         // before the first working day
		"2025-10-10": {MakeUp: true},             // before the working Saturday
		"2025-04-03": {Off: true},                // before Qingming
		"2026-01-03": {MakeUp: true},             // before the working Sunday
		"2026-02-13": {MakeUp: true, Off: false}, // before the working Saturday
	} {
		d := calendar.MustParse(day)
		want.Date = d.Add(1)
		if got := Next(d, days); got != want {
			t.Errorf("after %s: %+v, want %+v", day, got, want)
		}
	}
}
