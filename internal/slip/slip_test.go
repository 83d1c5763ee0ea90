package slip

import (
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
)

func TestAnswer(t *testing.T) {
	today := calendar.Of(2025, time.September, 24)
	now := today.At(9, 0, time.UTC)
	s := Slip{Year: 2025, Seq: 3, State: Open}
	for name, bad := range map[string]struct {
		reason string
		eta    calendar.Date
	}{"no reason": {"", today}, "no date": {"设备没到", 0}, "past": {"设备没到", today.Add(-1)}, "long": {string(make([]rune, 501)), today}} {
		if got, err := s.Answer(bad.reason, bad.eta, "p", now, today); errs.CodeOf(err) != errs.Invalid || got != s {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	got, err := s.Answer("设备没到", today, "p", now, today)
	if err != nil || got.State != Answered || got.Reason != "设备没到" || got.ETA != today || got.AnsweredBy != "p" || got.Number() != "HD-2025-003" {
		t.Errorf("%+v, %v", got, err)
	}
	if again, err := got.Answer("经费没批", today.Add(3), "q", now, today); err != nil || again.Reason != "经费没批" || again.AnsweredBy != "q" {
		t.Errorf("a later receipt: %+v, %v", again, err)
	}
}
