package render

import (
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
)

func TestGap(t *testing.T) {
	for _, c := range []struct {
		m    duty.Metric
		v    float64
		want string
	}{
		{duty.Metric{Op: ">=", Target: 91, Unit: "%"}, 90.3, "还差 0.7 个百分点"},
		{duty.Metric{Op: ">=", Target: 91, Unit: "%"}, 91, "已达标"},
		{duty.Metric{Op: "<", Target: 10, Unit: "%"}, 12.5, "还差 2.5 个百分点"},
		{duty.Metric{Op: "<", Target: 10, Unit: "%"}, 10, "刚到线，还没有达标"},
		{duty.Metric{Op: ">", Target: 30, Unit: "人"}, 26, "还差 4人"},
		{duty.Metric{Op: "=", Target: 0, Unit: "起"}, 1, "还差 1起"},
	} {
		if got := Gap(c.m, c.v); got != c.want {
			t.Errorf("%s at %v: %q, want %q", c.m, c.v, got, c.want)
		}
	}
}

func TestFiguresBeginSomewhere(t *testing.T) {
	at := time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)
	c := Context{Today: calendar.Of(2025, 9, 20), Loc: time.UTC}
	value := func(v float64) *float64 { return &v }
	w := duty.Work{Item: duty.Item{Metric: duty.Metric{Op: ">=", Target: 91, Unit: "%"}}}
	for name, e := range map[string]struct {
		value *float64
		first *duty.ReportLine
		want  string
	}{
		"nothing yet": {nil, nil, "目标：≥91%（还没有报现值）"},
		"the first":   {value(88), &duty.ReportLine{At: at, Progress: duty.Progress{Value: value(88)}}, "差距：还差 3 个百分点"},
		"later":       {value(90), &duty.ReportLine{At: at.Add(-time.Hour), Progress: duty.Progress{Value: value(88)}}, "差距：还差 1 个百分点（起点 88%，9月10日 周三首次填报）"},
		"reached":     {value(92), &duty.ReportLine{At: at.Add(-time.Hour), Progress: duty.Progress{Value: value(88)}}, "差距：已达标（起点 88%，9月10日 周三首次填报）"},
	} {
		w.Value, w.ReportedAt = e.value, at
		if got := strings.Join(c.figures(Entry{Work: w, First: e.first}), "|"); got != e.want {
			t.Errorf("%s: %q, want %q", name, got, e.want)
		}
	}
}
