package remind

import (
	"testing"
	"time"
)

func TestNextWalksTheLadder(t *testing.T) {
	p, f, c := profile(t, "deadline"), item("2025-09-19"), cals()
	var pos Position
	var told []Step
	for {
		s, ok := Next(p, f, c, pos)
		if !ok {
			break
		}
		var batch []Step
		batch, pos = Due(p, f, c, pos, s.At)
		if len(batch) != 1 {
			t.Fatalf("at %s: %d steps, want 1", s.At, len(batch))
		}
		told = append(told, batch...)
	}
	check(t, told, "2025-09-10 07:05 due -7 holder due_soon",
		"2025-09-16 07:05 due -3 holder due_soon",
		"2025-09-18 07:05 due -1 holder due_soon",
		"2025-09-19 07:05 due 0 holder due_today",
		"2025-09-22 07:05 due 1 section_chief overdue",
		"2025-09-24 07:05 due 3 deputy overdue yellow",
		"2025-09-26 07:05 due 5 leader_office overdue",
		"2025-10-10 07:05 due 10 leader_office overdue red")
}

func TestAfterTheServerWasDown(t *testing.T) {
	p, f, c := profile(t, "deadline"), item("2025-09-19"), cals()
	_, pos := Due(p, f, c, Position{}, at("2025-09-10 07:05"))

	t.Run("missed reminders collapse into the latest", func(t *testing.T) {
		batch, next := Due(p, f, c, pos, at("2025-09-18 09:00"))
		check(t, batch, "2025-09-18 07:05 due -1 holder due_soon +1")
		if again, _ := Due(p, f, c, next, at("2025-09-18 09:00")); len(again) != 0 {
			t.Errorf("told again: %s", sayAll(again))
		}
	})
	t.Run("each level is told once, in one batch", func(t *testing.T) {
		batch, next := Due(p, f, c, pos, at("2025-12-01 12:00"))
		check(t, batch,
			"2025-09-19 07:05 due 0 holder due_today +2",
			"2025-09-22 07:05 due 1 section_chief overdue",
			"2025-09-24 07:05 due 3 deputy overdue yellow",
			"2025-10-10 07:05 due 10 leader_office overdue red +1")
		if s, ok := Next(p, f, c, next); ok {
			t.Errorf("something is left: %s", say(s))
		}
	})
	t.Run("what was closed meanwhile is not told", func(t *testing.T) {
		f := f
		f.Closed = true
		if batch, _ := Due(p, f, c, pos, at("2025-12-01 12:00")); len(batch) != 0 {
			t.Errorf("told: %s", sayAll(batch))
		}
	})
}

func TestAChangedCalendarTellsNothingTwice(t *testing.T) {
	p, f, c := profile(t, "deadline"), item("2025-09-19"), cals()
	_, pos := Due(p, f, c, Position{}, at("2025-09-22 08:00")) // the chief has been told
	amended, err := c.Days.With(stringsReader("year: 2025\nsource: 防汛停工\noff: [\"09-22\"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	c.Days = amended
	s, ok := Next(p, f, c, pos)
	if !ok || say(s) != "2025-09-25 07:05 due 3 deputy overdue yellow" {
		t.Errorf("next is %s", say(s))
	}
}

func TestPositionNeverGoesBack(t *testing.T) {
	p, f, c := profile(t, "deadline"), item("2025-09-19"), cals()
	_, pos := Due(p, f, c, Position{}, at("2025-09-22 08:00"))
	batch, back := Due(p, f, c, pos, at("2025-09-01 08:00"))
	if len(batch) != 0 || !back.At.Equal(pos.At) {
		t.Errorf("clock set back: %d steps, position %s", len(batch), back.At)
	}
}

func TestAnExtensionOpensANewRound(t *testing.T) {
	p, f, c := profile(t, "deadline"), item("2025-09-19"), cals()
	_, pos := Due(p, f, c, Position{}, at("2025-09-18 08:00"))
	f.Due = d("2025-10-31")
	s, ok := Next(p, f, c, pos)
	if !ok || say(s) != "2025-10-22 07:05 due -7 holder due_soon" {
		t.Errorf("next is %s", say(s))
	}
}

func BenchmarkSchedule(b *testing.B) {
	p, f, c := profile(b, "deadline"), item("2025-09-19"), cals()
	b.ReportAllocs()
	for b.Loop() {
		Schedule(p, f, c)
	}
}

func BenchmarkScheduleMajorHazard(b *testing.B) {
	p, c := profile(b, MajorHazard), cals()
	f := Facts{Confirmed: true, Assigned: at("2025-09-10 09:00"), Due: d("2025-10-10"), DueTime: at("2025-10-10 09:00").Add(time.Minute)}
	b.ReportAllocs()
	for b.Loop() {
		Schedule(p, f, c)
	}
}

// Two reports with months between: what the first one stopped stays stopped.
func TestASecondReportDoesNotWakeTheEscalation(t *testing.T) {
	p, f, c := profile(t, "deadline"), item("2025-09-19"), cals()
	_, pos := Due(p, f, c, Position{At: f.Assigned}, at("2025-09-22 07:05")) // the chief was told
	for _, said := range []string{"2025-09-23 10:00", "2025-11-20 15:00", "2025-12-20 15:00"} {
		f.LastReportAt = at(said)
		if s, ok := Next(p, f, c, pos); ok {
			t.Errorf("reported on %s, still to come: %s", said, say(s))
		}
		batch, _ := Due(p, f, c, pos, f.LastReportAt.AddDate(0, 0, 1))
		check(t, batch)
	}
}

// A promise that the school holidays move once more is another reminder than the
// one it came from: its key must not be taken for told.
func TestAPromiseMovedIntoTermIsTold(t *testing.T) {
	p, f, c := profile(t, "deadline"), item("2025-05-20"), cals()
	f.School, f.TermKind = true, "primary_middle"
	_, pos := Due(p, f, c, Position{At: f.Assigned}, at("2025-06-28 21:00"))
	f.LastReportAt, f.ETA = at("2025-06-28 21:43"), d("2025-07-24")
	s, ok := Next(p, f, c, pos)
	if want := "2025-09-01 07:05 due 0 holder promised_eta holiday<2025-07-23"; !ok || say(s) != want {
		t.Errorf("got %s, want %s", say(s), want)
	}
}
