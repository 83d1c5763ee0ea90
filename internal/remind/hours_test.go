package remind

import "testing"

func TestQuietUntil(t *testing.T) {
	h := policies(t).Hours
	for now, want := range map[string]string{
		"2025-09-10 09:30": "2025-09-10 09:30",
		"2025-09-10 06:59": "2025-09-10 07:00",
		"2025-09-10 07:00": "2025-09-10 07:00",
		"2025-09-10 20:59": "2025-09-10 20:59",
		"2025-09-10 21:00": "2025-09-11 07:00",
		"2025-09-12 22:00": "2025-09-15 07:00", // over the weekend
		"2025-09-27 10:00": "2025-09-28 07:00", // Saturday; Sunday is a working day
		"2025-09-30 21:00": "2025-10-09 07:00", // over the National Day
		"2025-10-11 10:00": "2025-10-11 10:00", // working Saturday
		"2025-10-05 03:00": "2025-10-09 07:00",
	} {
		if got := QuietUntil(at(now), h, cals()); !got.Equal(at(want)) {
			t.Errorf("QuietUntil(%s) = %s, want %s", now, got, want)
		}
	}
}

func TestMornings(t *testing.T) {
	h := policies(t).Hours
	if got := MorningAt(d("2025-09-28"), h, cals()); !got.Equal(at("2025-09-28 08:30")) {
		t.Errorf("MorningAt = %s", got)
	}
	for now, want := range map[string]string{
		"2025-09-10 07:05": "2025-09-10 08:30",
		"2025-09-10 08:30": "2025-09-10 08:30",
		"2025-09-10 08:31": "2025-09-11 08:30",
		"2025-09-30 16:00": "2025-10-09 08:30",
		"2025-10-04 16:00": "2025-10-09 08:30",
	} {
		if got := NextMorning(at(now), h, cals()); !got.Equal(at(want)) {
			t.Errorf("NextMorning(%s) = %s, want %s", now, got, want)
		}
	}
}

func TestDigestOn(t *testing.T) {
	h := policies(t).Hours
	for day, want := range map[string]DigestKind{
		"2025-09-11": DailyDigest,
		"2025-09-12": WeeklyDigest,
		"2025-09-13": NoDigest,
		"2025-09-28": DailyDigest,  // working Sunday after the weekly
		"2025-09-30": WeeklyDigest, // Friday is off, the last working day before it
		"2025-10-03": NoDigest,
		"2025-10-10": WeeklyDigest,
		"2025-10-11": DailyDigest, // working Saturday
		"2026-02-14": DailyDigest, // Friday of the next week is off, but that is another week
	} {
		if got := DigestOn(d(day), h, cals()); got != want {
			t.Errorf("DigestOn(%s) = %q, want %q", day, got, want)
		}
	}
}

func TestAbove(t *testing.T) {
	r, n := Holder, 1
	for next, ok := r.Above(); ok; next, ok = r.Above() {
		r, n = next, n+1
	}
	if r != LeaderOffice || n != 4 {
		t.Errorf("the climb ends at %s after %d levels", r, n)
	}
	if _, ok := Role("nobody").Above(); ok {
		t.Error("an unknown role has a level above")
	}
}
