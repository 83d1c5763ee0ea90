package burden

import (
	"context"
	"slices"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/org"
)

// kept is what was asked lately.
type kept struct {
	items []duty.Item
	work  []duty.Assignment
}

func (k kept) Collections(context.Context, calendar.Date) ([]duty.Item, error) {
	return slices.Clone(k.items), nil
}
func (k kept) AskedFor(context.Context, calendar.Date, ...int64) ([]duty.Assignment, error) {
	return k.work, nil
}

func TestRepeats(t *testing.T) {
	dir := org.NewDirectory([]org.Unit{{ID: "a", Name: "石码头小学", Kind: "primary"}, {ID: "b", Name: "文昌中学", Kind: "middle"}}, nil)
	today := calendar.Of(2025, 9, 25)
	at := func(d int) calendar.Date { return calendar.Of(2025, 9, d) }
	src := kept{
		items: []duty.Item{{ID: 1, Code: "99-1", Desc: "上报消防自查表", Lead: "s"}, {ID: 2, Code: "99-2", Desc: "报送消防自查表", Lead: "s"},
			{ID: 3, Code: "22-14", Desc: "防溺水", Lead: "s"}, {ID: 4, Code: "99-4", Desc: "报值班安排", Lead: "s"}},
		work: []duty.Assignment{
			{ItemID: 1, UnitID: "a", Opens: at(1), State: duty.Closed}, {ItemID: 1, UnitID: "b", Opens: at(1), ReportedAt: time.Unix(1, 0)}, {ItemID: 1, UnitID: "c", Opens: at(1)},
			{ItemID: 2, UnitID: "b", Opens: at(10)},
			{ItemID: 3, UnitID: "a", Period: "2025-W38", Opens: at(15), State: duty.Closed}, {ItemID: 3, UnitID: "a", Period: "2025-W39", Opens: at(22)},
			{ItemID: 4, UnitID: "s", Opens: at(2)},
		},
	}
	for name, c := range map[string]struct {
		words    string
		units    []string
		known    []int64
		code     string
		asked    int
		reported int
	}{
		"the same of the same":                   {"各校上报消防自查表", []string{"a", "b", "c"}, nil, "99-1", 3, 2},
		"of one that was asked twice: the later": {"上报消防自查表", []string{"b"}, nil, "99-2", 1, 0},
		"the later one is this one itself":       {"上报消防自查表", []string{"b"}, []int64{2}, "99-1", 3, 2},
		"of others":                              {"上报消防自查表", []string{"x", "y"}, nil, "", 0, 0},
		"of mostly others":                       {"上报消防自查表", []string{"a", "x", "y"}, nil, "", 0, 0},
		"something else":                         {"上报食堂自查表", []string{"a"}, nil, "", 0, 0},
		"a recurring one, in its latest period":  {"石码头小学 报防溺水", []string{"a"}, nil, "22-14", 1, 0},
		"the section itself":                     {"报送值班安排", nil, nil, "99-4", 1, 0},
	} {
		got, again, err := Repeats(t.Context(), src, dir, duty.Item{Desc: c.words, Lead: "s"}, c.units, today, c.known...)
		if err != nil || again != (c.code != "") || got.Item.Code != c.code || len(got.Units) != c.asked || got.Reported != c.reported {
			t.Errorf("%s: %s of %d, %d reported, %v, %v", name, got.Item.Code, len(got.Units), got.Reported, again, err)
		}
	}
}

func TestParts(t *testing.T) {
	var got []string
	for _, p := range Parts(calendar.Week, calendar.Of(2025, 9, 3), calendar.Of(2025, 9, 16)) {
		got = append(got, p.From.String()[8:]+"-"+p.To.String()[8:])
	}
	if len(got) != 3 || got[0] != "03-07" || got[1] != "08-14" || got[2] != "15-16" {
		t.Errorf("weeks %v", got)
	}
	if m := Parts(calendar.Month, calendar.Of(2025, 9, 3), calendar.Of(2025, 9, 30)); len(m) != 1 || m[0].To != calendar.Of(2025, 9, 30) {
		t.Errorf("months %v", m)
	}
}
