package store_test

import (
	"slices"
	"testing"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/store"
)

func TestLedger(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for _, i := range []duty.Item{{ID: 1, Code: "1-1", Lead: "safety", State: duty.Confirmed}, {ID: 2, Code: "1-2", Lead: "basic", Assist: []string{"safety"}, State: duty.Archived},
			{ID: 3, Code: "1-3", Lead: "basic", State: duty.Suspended}, {ID: 4, Code: "1-4", Lead: "safety", State: duty.Draft}, {ID: 5, Code: "1-5", Lead: "safety", State: duty.VoidItem}} {
			i.Year = 2025
			addItem(t, s, i)
		}
		due := func(n int) calendar.Date { return calendar.Of(2025, 9, n) }
		addWork(t, s,
			duty.Assignment{ItemID: 1, UnitID: "school", Due: due(5), State: duty.InProgress},
			duty.Assignment{ItemID: 1, UnitID: "other", Due: due(20), State: duty.Void},
			duty.Assignment{ItemID: 1, UnitID: "safety", State: duty.Assigned},
			duty.Assignment{ItemID: 2, UnitID: "school", Due: due(20), State: duty.Closed},
			duty.Assignment{ItemID: 3, UnitID: "school", Due: due(20), State: duty.Paused},
			duty.Assignment{ItemID: 3, UnitID: "safety", Due: due(30), Opens: due(25), State: duty.Assigned},
			duty.Assignment{ItemID: 4, UnitID: "school", State: duty.Assigned},
			duty.Assignment{ItemID: 5, UnitID: "school", State: duty.Assigned})
		for name, c := range map[string]struct {
			f    duty.LedgerFilter
			want []string
		}{
			"everything confirmed, the newest first": {duty.LedgerFilter{}, []string{"1-3 school", "1-3 safety", "1-2 school", "1-1 school", "1-1 safety"}},
			"what a unit does":                       {duty.LedgerFilter{Units: []string{"school"}}, []string{"1-3 school", "1-2 school", "1-1 school"}},
			"what a section does, leads or assists":  {duty.LedgerFilter{Sections: []string{"safety"}}, []string{"1-3 safety", "1-1 safety", "1-2 school", "1-1 school"}},
			"a section that leads nothing":           {duty.LedgerFilter{Sections: []string{"idle"}}, nil},
			"due in a span":                          {duty.LedgerFilter{DueFrom: due(10), DueTo: due(20)}, []string{"1-3 school", "1-2 school"}},
			"due until":                              {duty.LedgerFilter{DueTo: due(19)}, []string{"1-1 school"}},
			"open":                                   {duty.LedgerFilter{OpenOnly: true}, []string{"1-3 safety", "1-1 school", "1-1 safety"}},
			"opened":                                 {duty.LedgerFilter{Sections: []string{"safety"}, Opened: due(10)}, []string{"1-1 safety", "1-2 school", "1-1 school"}},
			"at most":                                {duty.LedgerFilter{Limit: 2}, []string{"1-3 school", "1-3 safety"}},
		} {
			if c.f.Limit == 0 {
				c.f.Limit = 100
			}
			list, err := s.Read(ctx).Ledger(ctx, c.f)
			ok(t, err)
			var got []string
			for _, w := range list {
				got = append(got, w.Item.Code+" "+w.UnitID)
			}
			same(t, name, got, c.want)
		}
	})
}

func TestOverdueHazards(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		today := calendar.Of(2025, 9, 10)
		for _, state := range hazard.States() {
			addHazards(t, s, hazard.Hazard{Year: 2025, State: state, FixDue: today.Add(-1), UnitID: string(state)},
				hazard.Hazard{Year: 2025, State: state, FixDue: today}, hazard.Hazard{Year: 2025, State: state})
		}
		list, err := s.Read(ctx).Hazards(ctx, hazard.Filter{Overdue: true, Today: today, Limit: 100})
		ok(t, err)
		var got []string
		for _, h := range list {
			got = append(got, h.UnitID)
		}
		slices.Sort(got)
		same(t, "overdue", got, []string{"assigned", "fixing", "graded", "registered", "reopened", "reported", "signed"})
	})
}
