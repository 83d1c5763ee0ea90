package seeding

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/store"
	"duban/seeds"
)

func TestEvery(t *testing.T) {
	for want, p := range map[string]*seeds.Period{
		"":         nil,
		"每周":       {Stated: "每周", Every: "week"},
		"假定每学期":    {Every: "term"},
		"定期（假定每月）": {Stated: "定期", Every: "month"},
		"定期（假定每月，幼儿园每季度）": {Stated: "定期", Every: "month", ByKind: map[string]string{"kindergarten": "quarter"}},
		"假定每周，5–9月":       {Every: "week", FromMonth: 5, ToMonth: 9},
		"假定每趟":            {Every: "event", Text: "每趟"},
		"假定随事随报":          {Every: "event"},
	} {
		if got := every(p); got != want {
			t.Errorf("%+v is %q, want %q", p, got, want)
		}
	}
}

// A number that the document does not state is no target.
func TestMetric(t *testing.T) {
	n := 91.0
	for _, c := range []struct {
		m    *seeds.Metric
		want duty.Metric
	}{
		{nil, duty.Metric{}},
		{&seeds.Metric{Op: ">=", Value: &n, Unit: "%"}, duty.Metric{Op: ">=", Target: 91, Unit: "%"}},
		{&seeds.Metric{Op: ">=", Value: &n, Unit: "%", Parts: 4}, duty.Metric{Op: ">=", Target: 91, Unit: "%"}},
		{&seeds.Metric{Op: ">", Unit: "%"}, duty.Metric{Unit: "%"}},
		{&seeds.Metric{Op: ">=", Value: &n, Unit: "比值", Assumed: true}, duty.Metric{Unit: "比值"}},
	} {
		if got := metric(c.m); got != c.want {
			t.Errorf("%+v is %+v, want %+v", c.m, got, c.want)
		}
	}
}

func TestCharge(t *testing.T) {
	set := &seeds.Set{Units: []seeds.Unit{{ID: "ju"}, {ID: "a", Parent: "ju"}, {ID: "b", Parent: "ju"}, {ID: "b1", Parent: "b"}, {ID: "b2", Parent: "b1"}}}
	for _, c := range []struct{ named, want []string }{
		{nil, nil},
		{[]string{"a"}, []string{"a"}},
		{[]string{"b"}, []string{"b", "b1", "b2"}},
		{[]string{"b1", "a"}, []string{"a", "b1", "b2"}},
		{[]string{"ju"}, nil},
		{[]string{"a", "ju"}, nil},
	} {
		if diff := cmp.Diff(c.want, charge(set, c.named)); diff != "" {
			t.Errorf("%v: %s", c.named, diff)
		}
	}
}

// The directory knows only who holds a post now; a day is the bureau's day.
func TestHoldings(t *testing.T) {
	loc := time.FixedZone("CST", 8*3600)
	now := time.Date(2025, 9, 9, 17, 0, 0, 0, time.UTC) // already the 10th in the bureau
	day := calendar.MustParse
	midnight := func(s string) time.Time { return day(s).At(0, 0, loc) }
	for _, c := range []struct {
		name     string
		from, to string
		want     []store.Holding
		note     []string
	}{
		{"still", "2025-02-17", "", []store.Holding{{Since: midnight("2025-02-17")}}, nil},
		{"since today", "2025-09-10", "", []store.Holding{{Since: midnight("2025-09-10")}}, nil},
		{"from tomorrow", "2025-09-11", "", nil, []string{"jia 从 9月11日 周四 起任 p，到那天再运行一次 duban seed"}},
		{"until yesterday", "2025-02-17", "2025-09-09", []store.Holding{{Since: midnight("2025-02-17"), Until: midnight("2025-09-10")}}, nil},
		{"until today", "2025-02-17", "2025-09-10", []store.Holding{{Since: midnight("2025-02-17")}}, []string{"jia 任 p 到 9月10日 周三 为止，过后再运行一次 duban seed"}},
		{"until next year", "2025-02-17", "2026-01-31", []store.Holding{{Since: midnight("2025-02-17")}}, []string{"jia 任 p 到 2026年1月31日 周六 为止，过后再运行一次 duban seed"}},
	} {
		h := seeds.Holding{Person: "jia", Post: "p", From: day(c.from)}
		if c.to != "" {
			h.To = day(c.to)
		}
		for i := range c.want {
			c.want[i].PersonID, c.want[i].PostID = "jia", "p"
		}
		got, notes := holdings([]seeds.Holding{h}, now, loc)
		if diff := cmp.Diff(c.want, got) + cmp.Diff(c.note, notes); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestJoined(t *testing.T) {
	many := make([]string, 20)
	for i := range many {
		many[i] = "第几中心小学"
	}
	for want, names := range map[string][]string{"六中": {"六中"}, "六中、文昌中学": {"六中", "文昌中学"}, "第几中心小学等20个": many} {
		if got := joined(names); got != want {
			t.Errorf("%v is %q, want %q", names, got, want)
		}
	}
}
