package app

import (
	"context"

	"duban/internal/burden"
	"duban/internal/calendar"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/store"
)

// Burden counts what was asked of the schools between two days, both included.
func Burden(ctx context.Context, cfg *config.Config, from, to calendar.Date) (t burden.Table, err error) {
	if from.IsZero() || to < from {
		return t, errs.New(errs.Invalid, "起止日期不对：--from 和 --to 都要写，格式 2025-09-01，且 --to 不早于 --from。")
	}
	err = withStore(ctx, cfg, func(s *store.Store) error {
		tx := s.Read(ctx)
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		t, err = burden.Collect(ctx, tx, dir, from, to, cfg.Location())
		return err
	})
	return t, err
}
