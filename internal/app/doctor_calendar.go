package app

import (
	"context"
	"fmt"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/store"
)

// calendar fails for a year without working days. Terms are only named: all that
// are built in are assumptions that the bureau has to replace anyway.
func (d *doctor) calendar() {
	today := calendar.In(d.clock.Now(), d.cfg.Location())
	d.workdays(today)
	gaps := d.cfg.Calendar.Terms().Gaps(d.schoolKinds(), today)
	fine := "各类学校的校历都有"
	if len(gaps) > 0 {
		fine = "提醒：" + gapLine(gaps, today)
	}
	d.found("校历", nil, fine)
}

func (d *doctor) workdays(today calendar.Date) {
	days := d.cfg.Calendar.Days()
	if gaps := days.Gaps(today); len(gaps) > 0 {
		d.found("工作日", errs.New(errs.Invalid, gapLine(gaps, today)), "")
		return
	}
	fine := fmt.Sprintf("%d 年的节假日和调休有数据（%s）", today.Year(), days.Source(today.Year()))
	if next := today.Year() + 1; !days.Known(next) {
		fine += fmt.Sprintf("；%d 年的还没有，国务院一般 11 月公布，请在 12 月前补上", next)
	}
	d.found("工作日", nil, fine)
}

// schoolKinds lists the kinds of school of the units there are; none where the
// database is away, which has a line of its own.
func (d *doctor) schoolKinds() []string {
	var known almanac
	_ = d.within(func(ctx context.Context) error {
		return withStore(ctx, d.cfg, func(s *store.Store) error {
			dir, err := s.Read(ctx).Directory(ctx)
			if err == nil {
				known.learn(dir)
			}
			return err
		})
	})
	return known.kinds
}
