package store_test

import (
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/store"
)

func TestHazardIDs(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		list := addHazards(t, s,
			hazard.Hazard{Year: 2024, UnitID: "school", Category: "消防", State: hazard.Closed, CreatedAt: noon.Add(-time.Hour)},
			hazard.Hazard{Year: 2025, UnitID: "school", Category: "消防", State: hazard.Signed, SignedAt: noon, CreatedAt: noon},
			hazard.Hazard{Year: 2025, UnitID: "other", Category: "食品", State: hazard.Reported, CreatedAt: noon},
			hazard.Hazard{Year: 2025, UnitID: "school", Category: hazard.Untold, State: hazard.Reported, CreatedAt: noon},
			hazard.Hazard{Year: 2025, UnitID: "school", Category: "食品", State: hazard.Reported, FixDue: calendar.Of(2025, 9, 12), CreatedAt: noon.Add(time.Hour)})
		for name, c := range map[string]struct {
			f    hazard.Filter
			want []int
		}{
			"all, as they were filed": {hazard.Filter{}, []int{0, 1, 2, 3, 4}},
			"the newest":              {hazard.Filter{Limit: 2}, []int{3, 4}},
			"what may be told":        {hazard.Filter{Told: true}, []int{0, 1, 2, 4}},
			"not signed":              {hazard.Filter{Unsigned: true, OpenOnly: true, Told: true}, []int{2, 4}},
			"to be fixed by a day":    {hazard.Filter{FixTo: calendar.Of(2025, 9, 12)}, []int{4}},
			"to be fixed later":       {hazard.Filter{FixFrom: calendar.Of(2025, 9, 12)}, []int{4}},
			"of a unit and a time":    {hazard.Filter{Units: []string{"school"}, Since: noon, Before: noon.Add(time.Minute)}, []int{1, 3}},
		} {
			if c.f.Limit == 0 {
				c.f.Limit = 100
			}
			got, err := s.Read(ctx).HazardIDs(ctx, c.f)
			ok(t, err)
			var want []int64
			for _, i := range c.want {
				want = append(want, list[i].ID)
			}
			same(t, name, got, want)
		}
	})
}

func TestPicturesOf(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		at := func(id int64, kind, sha string) media.File {
			return media.File{Subject: notice.Subject{Kind: notice.HazardSubj, ID: id}, Kind: kind, SHA256: sha}
		}
		work := at(7, "image", "w")
		work.Subject.Kind = notice.Assignment
		list := addFiles(t, s, at(7, "image", "a"), at(8, "image", "b"), at(7, "voice", "v"), work, at(9, "image", "c"), at(7, "image", "d"))
		got, err := s.Read(ctx).PicturesOf(ctx, 7, 8, 10)
		ok(t, err)
		same(t, "pictures", got, map[int64][]media.File{7: {list[0], list[5]}, 8: {list[1]}})
		none, err := s.Read(ctx).PicturesOf(ctx)
		ok(t, err)
		same(t, "none asked for", len(none), 0)
	})
}
