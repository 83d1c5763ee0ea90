package app

import (
	"context"

	"duban/internal/burden"
	"duban/internal/calendar"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/store"
)

// Burden counts what was asked of the schools between two days, both included: in
// one table for the whole span, or in one for each week or month of it.
func Burden(ctx context.Context, cfg *config.Config, from, to calendar.Date, by calendar.Unit) (tables []burden.Table, err error) {
	if from.IsZero() || to < from {
		return nil, errs.New(errs.Invalid, "起止日期不对：--from 和 --to 都要写，格式 2025-09-01，且 --to 不早于 --from。")
	}
	spans := []calendar.Period{{From: from, To: to}}
	switch by {
	case "":
	case calendar.Week, calendar.Month:
		spans = burden.Parts(by, from, to)
	default:
		return nil, errs.New(errs.Invalid, "--by 只能写 week（按周）或 month（按月）。")
	}
	err = withStore(ctx, cfg, func(s *store.Store) error {
		tx := s.Read(ctx)
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		for _, p := range spans {
			t, err := burden.Collect(ctx, tx, dir, p.From, p.To, cfg.Location())
			if err != nil {
				return err
			}
			tables = append(tables, t)
		}
		return nil
	})
	return tables, err
}
