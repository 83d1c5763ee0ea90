package digest

import (
	"math/rand/v2"
	"testing"

	"duban/internal/calendar"
	"duban/internal/org"
	"duban/internal/remind"
)

var (
	days  = calendar.DefaultWorkdays()
	today = calendar.MustParse("2025-09-10")
)

func TestWhenThereIsSomethingToSay(t *testing.T) {
	open := Progress{Code: "1-1", Due: today.Add(1), Units: 3, Done: 2}
	done := Progress{Code: "1-2", Due: today, Units: 3, Done: 3}
	late := Progress{Code: "1-4", Due: today.Add(-1), Units: 3}
	for name, c := range map[string]struct {
		s             Snapshot
		daily, weekly bool
	}{
		"nothing":                    {Snapshot{}, false, false},
		"everything ahead is done":   {Snapshot{Works: []Progress{done}}, false, false},
		"something is ahead":         {Snapshot{Works: []Progress{done, open}}, true, true},
		"somebody finished":          {Snapshot{Finished: 1}, true, true},
		"a hazard was filed":         {Snapshot{NewHazards: []Count{{"消防", 1}}}, true, true},
		"it merely stays late":       {Snapshot{Lights: Lights{Red: 4}}, false, true},
		"it fell due lately":         {Snapshot{Works: []Progress{late}, Lights: Lights{Yellow: 1}}, false, true},
		"a hazard was closed":        {Snapshot{ClosedHazards: 1}, true, true},
		"hazards are merely open":    {Snapshot{Open: Open{All: 2, Major: 1, Listed: 1}}, false, true},
		"tomorrow alone is no news":  {Snapshot{Tomorrow: Day{Date: today.Add(1), Off: true}}, false, false},
		"nobody has to report on it": {Snapshot{Works: []Progress{{Code: "1-3", Due: today}}}, true, true},
	} {
		for kind, want := range map[remind.DigestKind]bool{remind.DailyDigest: c.daily, remind.WeeklyDigest: c.weekly} {
			c.s.Kind, c.s.Today, c.s.To, c.s.Soon = kind, today, today.Add(5), today.Add(2)
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
		s := Snapshot{Kind: remind.DailyDigest, Today: today, To: today.Add(3), Soon: today.Add(2), Own: r.IntN(5) == 0}
		ahead, due := 0, 0
		for range r.IntN(30) {
			p := Progress{Due: today.Add(r.IntN(12) - 4), Units: 1 + r.IntN(6), Unnamed: r.IntN(6) == 0}
			p.Done = r.IntN(p.Units + 1)
			if !p.Complete() && p.Due >= today && p.Due <= s.To {
				ahead++
			}
			if !p.Complete() && p.Due == today {
				due++
			}
			s.Works = append(s.Works, p)
		}
		c, ok := Build(s)
		if ok != (ahead > 0) || len(c.Ahead)+c.More != ahead || len(c.Ahead) > maxAhead || c.DueToday != due || c.DueWeek < due {
			t.Fatalf("%d ahead: %d listed, %d more, %d today, %d this week, worth saying %v", ahead, len(c.Ahead), c.More, c.DueToday, c.DueWeek, ok)
		}
		for i, p := range c.Ahead {
			if p.Complete() || p.Unnamed || i > 0 && p.Due < c.Ahead[i-1].Due {
				t.Fatalf("entry %d is done, not to be named or out of order: %+v", i, c.Ahead)
			}
		}
		if len(c.Missing) > maxMissing || s.Own && len(c.Missing)+c.Unlisted > 0 {
			t.Fatalf("missing: %+v", c.Missing)
		}
		for _, p := range c.Missing {
			if p.Complete() || p.Unnamed || p.Units < fewest || p.Due > s.Soon {
				t.Fatalf("asked about %+v", p)
			}
		}
	}
}

// TestDiscreet holds whose words a group does not read.
func TestDiscreet(t *testing.T) {
	dir := org.NewDirectory([]org.Unit{{ID: "a", Name: "资阳区文昌中学", Short: "文昌中学", Kind: "middle"}, {ID: "b", Name: "石码头小学", Kind: "primary"},
		{ID: "s", Name: "安全法规股", Kind: org.KindSection}}, []org.Holder{{PersonID: "p", Name: "王强", Post: org.Post{UnitID: "a", Role: org.UnitHead}}})
	for desc, want := range map[string][2]bool{ // to the bureau's group, to the school's own
		"消防设施检测维保":  {false, false},
		"安全法规股报台账":  {false, false},
		"约谈王强":      {true, true},
		"文昌中学报门卫名单": {true, false},
		"石码头小学特教班":  {true, true},
	} {
		for i, sc := range []Scope{{}, {Unit: "a"}} {
			if got := discreet(dir, sc, []Progress{{Desc: desc}})[0].Unnamed; got != want[i] {
				t.Errorf("%s to %+v: unnamed %v, want %v", desc, sc, got, want[i])
			}
		}
	}
}

func TestBehind(t *testing.T) {
	opens, due := calendar.MustParse("2025-09-01"), calendar.MustParse("2025-09-26") // 19 working days
	for _, c := range []struct {
		percent int
		want    bool
	}{{10, true}, {16, true}, {17, false}, {60, false}} { // 7 of 19 days are gone: 36 points
		if got := Behind(opens, due, today, c.percent, days); got != c.want {
			t.Errorf("%d%%: behind %v", c.percent, got)
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
