package seeding_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/remind"
	"duban/internal/seeding"
	"duban/internal/store"
	"duban/internal/supervise"
	"duban/internal/testkit"
	"duban/seeds"
)

var ctx = context.Background()

var start = time.Date(2025, 9, 10, 1, 30, 0, 0, time.UTC) // 09:30 in Shanghai

func seeder(s *store.Store) seeding.Seeder {
	return seeding.Seeder{
		Store: s,
		Desk: &supervise.Desk{
			Cal:   remind.Calendars{Days: calendar.DefaultWorkdays(), Terms: calendar.DefaultTerms(), Loc: time.FixedZone("CST", 8*3600)},
			Clock: clock.NewFrozen(start),
		},
		Corps: map[string]string{"wecom": "corp-w", "dingtalk": "corp-d"},
	}
}

func TestSmoke(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		set, err := seeds.Demo()
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			begin := time.Now()
			r, err := seeder(s).Apply(ctx, set, seeds.Policies())
			if err != nil {
				t.Fatal(err)
			}
			t.Log(time.Since(begin), "\n"+strings.Join(r.Lines(), "\n"))
		}
	})
}
