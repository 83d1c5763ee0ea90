package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/org"
	"duban/internal/remind"
)

var (
	loc = time.FixedZone("CST", 8*3600)
	now = time.Date(2025, 9, 10, 9, 30, 0, 0, loc)
)

// shelf finds what concerns the units asked about, and remembers the filters.
type shelf struct {
	work    []duty.Work
	hazards []hazard.Hazard
	asked   duty.LedgerFilter
	about   hazard.Filter
	err     error
}

func (s *shelf) Ledger(_ context.Context, f duty.LedgerFilter) ([]duty.Work, error) {
	s.asked = f
	var out []duty.Work
	for _, w := range s.work {
		named := slices.ContainsFunc(append(w.Item.Assist, w.Item.Lead, w.UnitID), func(id string) bool { return slices.Contains(f.Sections, id) })
		if len(f.Sections)+len(f.Units) == 0 || named || slices.Contains(f.Units, w.UnitID) {
			out = append(out, w)
		}
	}
	return out, s.err
}

func (s *shelf) HazardIDs(_ context.Context, f hazard.Filter) ([]int64, error) {
	s.about = f
	var ids []int64
	for _, h := range s.hazards {
		if (!f.Told || h.Category != hazard.Untold) && (len(f.Units) == 0 || slices.Contains(f.Units, h.UnitID)) {
			ids = append(ids, h.ID)
		}
	}
	return ids, s.err
}

// lit is red for what is overdue.
type lit struct{}

func (lit) Lamp(_ context.Context, w duty.Work, _ *org.Directory) remind.Lamp {
	if w.State.Open() && w.Due < calendar.In(now, loc) {
		return remind.RedLamp
	}
	return remind.GreenLamp
}

func town() *org.Directory {
	units := []org.Unit{{ID: "bureau", Kind: org.KindBureau}, {ID: "safety", Kind: org.KindSection}, {ID: "basic", Kind: org.KindSection},
		{ID: "school", Kind: "school"}, {ID: "other", Kind: "school"}}
	return org.NewDirectory(units, []org.Holder{{PersonID: "chief", Post: org.Post{UnitID: "safety", Role: org.SectionChief, Safety: true}}})
}

func holding(unit string, posts ...org.Post) org.Actor {
	return org.Actor{PersonID: "me", UnitID: unit, Posts: posts}
}

// stock has a piece of work for each way to be concerned, and a hazard in each place.
func stock() *shelf {
	day := func(n int) calendar.Date { return calendar.Of(2025, 9, n) }
	work := func(id int64, lead, assist, unit string, due int, state duty.State) duty.Work {
		return duty.Work{Assignment: duty.Assignment{ID: id, ItemID: id, UnitID: unit, Due: day(due), State: state, Note: "内容"},
			Item: duty.Item{ID: id, Year: 2025, Point: int(10 - id), Lead: lead, Assist: []string{assist}}}
	}
	s := &shelf{work: []duty.Work{work(1, "safety", "", "school", 5, duty.InProgress), work(2, "basic", "safety", "other", 20, duty.Assigned),
		work(3, "basic", "", "school", 20, duty.Submitted), work(4, "basic", "", "other", 1, duty.Closed)}}
	s.work[2].Item.Privacy = "high"
	for i, unit := range []string{"school", "other", "school"} {
		s.hazards = append(s.hazards, hazard.Hazard{ID: int64(i + 1), Year: 2025, Seq: i + 1, UnitID: unit, State: hazard.Reported, Category: "消防"})
	}
	s.hazards[2].Category = hazard.Untold
	return s
}

func TestWhoGetsWhichLines(t *testing.T) {
	chief := org.Post{UnitID: "safety", Role: org.SectionChief}
	for name, c := range map[string]struct {
		actor   org.Actor
		q       Query
		work    []int64 // in order
		hazards []int64
		code    errs.Code
	}{
		"a teacher":                     {holding("school"), Query{What: Both}, nil, nil, errs.Forbidden},
		"an administrator":              {holding("basic", org.Post{UnitID: "basic", Role: org.Admin}), Query{What: Both}, nil, nil, errs.Forbidden},
		"a head: the own school":        {holding("school", org.Post{UnitID: "school", Role: org.UnitHead}), Query{What: Both}, []int64{3, 1}, []int64{1}, ""},
		"another school":                {holding("school", org.Post{UnitID: "school", Role: org.UnitHead}), Query{What: Both, Unit: "other"}, nil, nil, errs.Forbidden},
		"the safety section":            {holding("safety", chief), Query{What: Both}, []int64{2, 1}, []int64{1, 2}, ""},
		"a section about one school":    {holding("safety", chief), Query{What: Work, Unit: "school"}, []int64{1}, nil, ""},
		"a section about another":       {holding("safety", chief), Query{What: Work, Unit: "basic"}, nil, nil, errs.Forbidden},
		"a section without hazards":     {holding("basic", org.Post{UnitID: "basic", Role: org.SectionChief}), Query{What: Both, Own: true}, []int64{4, 3, 2}, nil, ""},
		"a deputy: the sections' lines": {holding("bureau", org.Post{UnitID: "bureau", Role: org.Leader, Charge: []string{"safety"}}), Query{What: Both}, []int64{2, 1}, []int64{1, 2}, ""},
		"the director":                  {holding("bureau", org.Post{UnitID: "bureau", Role: org.Leader}), Query{What: Both}, []int64{4, 3, 2, 1}, []int64{1, 2}, ""},
		"the office":                    {holding("office", org.Post{UnitID: "office", Role: org.Office}), Query{What: Both}, []int64{4, 3, 2, 1}, []int64{1, 2}, ""},
		"red ones: no hazards":          {holding("office", org.Post{UnitID: "office", Role: org.Office}), Query{What: Both, Filter: []string{"red"}}, []int64{1}, nil, ""},
		"waiting for review":            {holding("office", org.Post{UnitID: "office", Role: org.Office}), Query{What: Work, Filter: []string{"review"}}, []int64{3}, nil, ""},
		"a unit that is gone":           {holding("office", org.Post{UnitID: "office", Role: org.Office}), Query{What: Work, Unit: "gone"}, nil, nil, errs.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			book, err := Collect(t.Context(), stock(), lit{}, Asker{Actor: c.actor, Dir: town(), Now: now, Loc: loc}, c.q)
			if c.code != "" {
				if errs.CodeOf(err) != c.code || errs.Say(err) == "" {
					t.Fatalf("got %v, want %s", err, c.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var work, hazards []int64
			for _, l := range book.Work {
				work = append(work, l.ID)
				if own := slices.Contains(c.actor.Units(), l.UnitID); l.Quiet != (l.Item.Privacy != "" && !own) {
					t.Errorf("%d: quiet %v", l.ID, l.Quiet)
				}
			}
			hazards = append(hazards, book.HazardIDs...)
			if diff := cmp.Diff([][]int64{c.work, c.hazards}, [][]int64{work, hazards}); diff != "" || book.Empty() != (len(work)+len(hazards) == 0) {
				t.Error(diff)
			}
		})
	}
}

func TestWhatTheDatabaseIsAsked(t *testing.T) {
	office := Asker{Actor: holding("office", org.Post{UnitID: "office", Role: org.Office}), Dir: town(), Now: now, Loc: loc}
	day := func(m time.Month, n int) calendar.Date { return calendar.Of(2025, m, n) }
	all, most := MaxLines+1, MaxHazards+1
	for name, c := range map[string]struct {
		q       Query
		work    duty.LedgerFilter
		hazards hazard.Filter
	}{
		"everything": {Query{}, duty.LedgerFilter{Opened: day(9, 10), Limit: all}, hazard.Filter{Today: day(9, 10), Told: true, Limit: most}},
		"a month": {Query{From: day(9, 1), To: day(9, 30)}, duty.LedgerFilter{DueFrom: day(9, 1), DueTo: day(9, 30), Opened: day(9, 30), Limit: all},
			hazard.Filter{Today: day(9, 10), Told: true, Limit: most, Since: day(9, 1).At(0, 0, loc), Before: day(10, 1).At(0, 0, loc)}},
		"overdue in a month": {Query{From: day(9, 1), To: day(9, 30), Filter: []string{"overdue"}},
			duty.LedgerFilter{DueFrom: day(9, 1), DueTo: day(9, 9), Opened: day(9, 30), OpenOnly: true, Limit: all},
			hazard.Filter{Today: day(9, 10), Told: true, Limit: most, OpenOnly: true, Overdue: true, Since: day(9, 1).At(0, 0, loc), Before: day(10, 1).At(0, 0, loc)}},
		"due soon": {Query{Filter: []string{"due"}}, duty.LedgerFilter{DueTo: day(9, 17), Opened: day(9, 10), OpenOnly: true, Limit: all},
			hazard.Filter{Today: day(9, 10), Told: true, Limit: most, OpenOnly: true}},
	} {
		s := &shelf{}
		c.q.What = Both
		kept, err := Unpack(c.q.Pack())
		if diff := cmp.Diff(c.q, kept); err != nil || diff != "" {
			t.Fatalf("%s: not kept whole: %v %s", name, err, diff)
		}
		if _, err := Collect(t.Context(), s, lit{}, office, kept); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.work, s.asked) + cmp.Diff(c.hazards, s.about); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestALedgerIsBounded(t *testing.T) {
	s := &shelf{}
	for i := range MaxLines + 1 {
		s.work = append(s.work, duty.Work{Assignment: duty.Assignment{ID: int64(i + 1)}})
	}
	for i := range MaxHazards + 1 {
		s.hazards = append(s.hazards, hazard.Hazard{ID: int64(i + 1), UnitID: fmt.Sprint(i)})
	}
	office := Asker{Actor: holding("office", org.Post{UnitID: "office", Role: org.Office}), Dir: town(), Now: now, Loc: loc}
	b, err := Collect(t.Context(), s, lit{}, office, Query{What: Both})
	if err != nil || len(b.Work) != MaxLines || len(b.HazardIDs) != MaxHazards || b.HazardIDs[0] != 2 || !b.MoreWork || !b.MoreHazards {
		t.Errorf("%d and %d lines, %v %v %v", len(b.Work), len(b.HazardIDs), b.MoreWork, b.MoreHazards, err)
	}
	s.err = errors.New("database away")
	if _, err := Collect(t.Context(), s, lit{}, office, Query{What: Hazard}); err == nil {
		t.Error("a failure is taken for an empty ledger")
	}
}
