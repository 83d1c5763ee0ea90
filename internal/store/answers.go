package store

import (
	"context"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/supervise"
)

// Answers tells which of the units reported hazards, said that there were none, or
// inspected something in the days from..to.
func (t *Tx) Answers(ctx context.Context, units []string, from, to calendar.Date, loc *time.Location) (supervise.Answers, error) {
	a := supervise.Answers{Hazards: map[string]int{}, Zero: map[string]bool{}, Looked: map[string]bool{}}
	since, before := millis(from.At(0, 0, loc)), millis(to.Add(1).At(0, 0, loc))
	var filed []struct {
		UnitID string
		N      int
	}
	err := t.db.Model(&hazardRow{}).Select("unit_id, COUNT(*) AS n").Where("unit_id IN ? AND created_at >= ? AND created_at < ?", units, since, before).
		Where("state NOT IN ? AND category <> ?", []string{string(hazard.Void), string(hazard.MergedInto)}, hazard.Untold).Group("unit_id").Scan(&filed).Error
	if err != nil {
		return a, errs.At("count hazards", err)
	}
	for _, f := range filed {
		a.Hazards[f.UnitID] = f.N
	}
	var looked []string
	err = t.db.Model(&inspectionRow{}).Where("unit_id IN ? AND to_day >= ? AND from_day <= ? AND said_at >= ?", units, from.String(), to.String(), since).
		Distinct().Pluck("unit_id", &looked).Error
	if err != nil {
		return a, errs.At("find inspections", err)
	}
	for _, u := range looked {
		a.Looked[u] = true
	}
	return a, t.zeros(ctx, a, units, from, to)
}

// zeros looks for zero reports of the days, and of the week and the month around them.
func (t *Tx) zeros(ctx context.Context, a supervise.Answers, units []string, from, to calendar.Date) error {
	of := map[string]string{}
	var names []string
	week, month := calendar.PeriodOf(calendar.Week, to), calendar.PeriodOf(calendar.Month, to)
	for _, u := range units {
		for _, span := range [][2]calendar.Date{{from, to}, {week.From, week.To}, {month.From, month.To}} {
			if span[0] <= from && to <= span[1] {
				name := supervise.ZeroKey(u, span[0], span[1])
				names, of[name] = append(names, name), u
			}
		}
	}
	ran, err := t.RanOf(ctx, names...)
	for name := range ran {
		a.Zero[of[name]] = true
	}
	return err
}
