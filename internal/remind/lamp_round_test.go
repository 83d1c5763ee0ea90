package remind

import "testing"

// A project whose monthly word is missing turns yellow and stays so until the next
// report, which answers for the months before; past the deadline it is red.
func TestTheLampOfAProjectWithItsMonthlyWord(t *testing.T) {
	p := profile(t, "project") // the last working day of each month; late by one working day
	for _, c := range []struct {
		said, now string
		want      Lamp
	}{
		{"", "2025-09-30 18:00", GreenLamp},
		{"", "2025-10-08 18:00", GreenLamp}, // days off
		{"", "2025-10-09 08:00", YellowLamp},
		{"2025-09-02 10:00", "2025-10-09 08:00", GreenLamp}, // said something in September
		{"2025-08-29 10:00", "2025-10-09 08:00", YellowLamp},
		{"2025-10-13 10:00", "2025-10-30 08:00", GreenLamp},
		{"2025-10-13 10:00", "2025-12-01 08:00", YellowLamp},
		{"2025-12-02 10:00", "2025-12-16 08:00", BlueLamp},
		{"", "2025-12-22 08:00", RedLamp},
	} {
		f := item("2025-12-19")
		f.Assigned = at("2025-09-01 10:00")
		if c.said != "" {
			f.LastReportAt = at(c.said)
		}
		if got := LampAt(p, f, at(c.now), cals()); got != c.want {
			t.Errorf("said %q, on %s: %s, want %s", c.said, c.now, got, c.want)
		}
	}
	f := item("2025-12-19")
	f.SubmittedAt = at("2025-10-10 10:00")
	if got := LampAt(p, f, at("2025-12-01 08:00"), cals()); got != GreenLamp {
		t.Errorf("waiting for the review: %s", got)
	}
}
