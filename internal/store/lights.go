package store

import (
	"context"

	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/duty"
	"duban/internal/errs"
)

// Lights counts items by the weightiest lamp that any unit has on them: red past a
// deadline, yellow for a missed period or for progress too far behind. What waits
// for its review is counted as neither. It asks each item for one late unit
// instead of reading all that are late.
func (t *Tx) Lights(_ context.Context, sc Scope, today calendar.Date, days *calendar.Workdays) (digest.Lights, error) {
	var rows []struct {
		ID          int64
		Red, Missed bool
	}
	unit, args := partOf(sc)
	late := "EXISTS (SELECT 1 FROM assignments a WHERE a.item_id = i.id AND a.state IN ? AND a.part <> ? AND a.due <> '' AND a.due < ?" + unit
	vars := append([]any{openStates, string(duty.Assist), today.String()}, args...)
	q := t.db.Table("items i").Select("i.id, "+late+" AND a.period = '') AS red, "+late+" AND a.period <> '' AND a.reported_at = 0) AS missed", append(vars, vars...)...).
		Where("i.state = ? AND i.privacy = ''", string(duty.Confirmed))
	if sc.Section != "" {
		q = q.Where("i.lead_id = ?", sc.Section)
	}
	if err := q.Scan(&rows).Error; err != nil {
		return digest.Lights{}, errs.At("count lamps", err)
	}
	behind, err := t.behind(sc, today, days)
	if err != nil {
		return digest.Lights{}, errs.At("count lamps", err)
	}
	var l digest.Lights
	for _, r := range rows {
		switch {
		case r.Red:
			l.Red++
		case r.Missed || behind[r.ID]:
			l.Yellow++
		}
	}
	return l, nil
}

// partOf narrows an item's work to a scope.
func partOf(sc Scope) (where string, args []any) {
	if sc.Unit != "" {
		where, args = where+" AND a.unit_id = ?", append(args, sc.Unit)
	}
	if len(sc.Charge) > 0 {
		where, args = where+" AND (i.lead_id IN ? OR a.unit_id IN ?)", append(args, sc.Charge, sc.Charge)
	}
	return where, args
}

// behind are the items with reported progress too far behind the working days gone.
func (t *Tx) behind(sc Scope, today calendar.Date, days *calendar.Workdays) (map[int64]bool, error) {
	var rows []struct {
		ItemID     int64
		Opens, Due string
		Percent    float64
	}
	err := t.workScope(sc).Where("a.state IN ? AND a.due >= ? AND a.percent > 0 AND a.opens < ?", openStates, today.String(), today.String()).
		Select("a.item_id, a.opens, a.due, MIN(a.percent) AS percent").Group("a.item_id, a.opens, a.due").Scan(&rows).Error
	out := map[int64]bool{}
	for _, r := range rows {
		out[r.ItemID] = out[r.ItemID] || digest.Behind(day(r.Opens), day(r.Due), today, int(r.Percent), days)
	}
	return out, err
}
