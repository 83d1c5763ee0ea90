package remind

import "testing"

func TestLamp(t *testing.T) {
	oneOff := item("2025-09-30")
	period := Facts{Confirmed: true, Recurring: true, Opens: d("2025-09-01"), Due: d("2025-09-25")}
	for name, c := range map[string]struct {
		profile string
		base    Facts
		change  func(*Facts)
		now     string
		want    Lamp
	}{
		"far away":                       {"deadline", oneOff, nil, "2025-09-18 09:00", GreenLamp},
		"seven working days left":        {"deadline", oneOff, nil, "2025-09-22 09:00", BlueLamp},
		"eight working days left":        {"deadline", oneOff, nil, "2025-09-19 09:00", GreenLamp},
		"the day itself":                 {"deadline", oneOff, nil, "2025-09-30 23:59", BlueLamp},
		"overdue in the holiday":         {"deadline", oneOff, nil, "2025-10-01 00:00", RedLamp},
		"draft":                          {"deadline", oneOff, func(f *Facts) { f.Confirmed = false }, "2025-10-09 09:00", NoLamp},
		"closed":                         {"deadline", oneOff, func(f *Facts) { f.Closed = true }, "2025-10-09 09:00", NoLamp},
		"suspended":                      {"deadline", oneOff, func(f *Facts) { f.Suspended = true }, "2025-10-09 09:00", NoLamp},
		"handed up keeps its lamp":       {"deadline", oneOff, func(f *Facts) { f.HandedUp = true }, "2025-10-09 09:00", RedLamp},
		"late signature is not red":      {"deadline", oneOff, func(f *Facts) { f.SignedAt = at("2025-09-09 09:00") }, "2025-09-09 09:00", GreenLamp},
		"submitted in time":              {"deadline", oneOff, func(f *Facts) { f.SubmittedAt = at("2025-09-30 18:00") }, "2025-10-09 09:00", GreenLamp},
		"submitted late":                 {"deadline", oneOff, func(f *Facts) { f.SubmittedAt = at("2025-10-01 18:00") }, "2025-10-09 09:00", RedLamp},
		"extended after red was shown":   {"deadline", oneOff, func(f *Facts) { f.Due = d("2025-12-31"); f.RedShown = true }, "2025-10-09 09:00", RedLamp},
		"missed node":                    {"project", oneOff, func(f *Facts) { f.MissedNode = true }, "2025-09-01 09:00", YellowLamp},
		"missed node, but overdue":       {"project", oneOff, func(f *Facts) { f.MissedNode = true }, "2025-10-09 09:00", RedLamp},
		"behind by far":                  {"deadline", oneOff, func(f *Facts) { f.HasPercent, f.Percent = true, 40 }, "2025-08-29 09:00", YellowLamp},
		"behind within 20 points":        {"deadline", oneOff, func(f *Facts) { f.HasPercent, f.Percent = true, 75 }, "2025-08-29 09:00", GreenLamp},
		"status only is never behind":    {"deadline", oneOff, nil, "2025-08-29 09:00", GreenLamp},
		"no deadline":                    {"standing", oneOff, func(f *Facts) { f.Due = 0 }, "2025-08-29 09:00", GreenLamp},
		"by the clock, a minute before":  {MajorHazard, oneOff, func(f *Facts) { f.DueTime = at("2025-09-30 10:00") }, "2025-09-30 09:59", BlueLamp},
		"by the clock, a minute after":   {MajorHazard, oneOff, func(f *Facts) { f.DueTime = at("2025-09-30 10:00") }, "2025-09-30 10:01", RedLamp},
		"assisting, near":                {"assist", oneOff, func(f *Facts) { f.Assisting = true }, "2025-09-22 09:00", BlueLamp},
		"assisting, behind":              {"assist", oneOff, func(f *Facts) { f.Assisting, f.HasPercent, f.Percent = true, true, 1 }, "2025-09-19 09:00", GreenLamp},
		"assisting, over":                {"assist", oneOff, func(f *Facts) { f.Assisting = true }, "2025-10-09 09:00", NoLamp},
		"period: two days left":          {"monthly", period, nil, "2025-09-23 09:00", GreenLamp},
		"period: one day left":           {"monthly", period, nil, "2025-09-24 09:00", BlueLamp},
		"period: next working day":       {"monthly", period, nil, "2025-09-26 09:00", YellowLamp},
		"period: stays yellow, not red":  {"monthly", period, nil, "2025-12-26 09:00", YellowLamp},
		"period: quarterly has two days": {"quarterly", period, nil, "2025-09-26 09:00", GreenLamp},
		"period: and then turns":         {"quarterly", period, nil, "2025-09-28 09:00", YellowLamp},
		"period: answered":               {"monthly", period, func(f *Facts) { f.LastReportAt = at("2025-09-10 09:00") }, "2025-09-26 09:00", GreenLamp},
	} {
		f := c.base
		if c.change != nil {
			c.change(&f)
		}
		if got := LampAt(profile(t, c.profile), f, at(c.now), cals()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
