package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
)

// Scope narrows a digest to what a group is about.
type Scope = digest.Scope

// secret is the category that never shows in a group, not even as a number.
const secret = hazard.Untold

// workScope narrows the assignments of confirmed items that may be told. Who only
// assists holds nothing up and is counted nowhere.
func (t *Tx) workScope(sc Scope) *gorm.DB {
	q := t.db.Table("assignments a").Joins("JOIN items i ON i.id = a.item_id AND i.state = ? AND i.privacy = ''", string(duty.Confirmed)).Where("a.part <> ?", string(duty.Assist))
	if sc.Section != "" {
		q = q.Where("i.lead_id = ?", sc.Section)
	}
	if sc.Unit != "" {
		q = q.Where("a.unit_id = ?", sc.Unit)
	}
	if len(sc.Charge) > 0 {
		q = q.Where("(i.lead_id IN ? OR a.unit_id IN ?)", sc.Charge, sc.Charge)
	}
	return q
}

// Ahead returns, by item and period, how far the units are with what is due
// between the dates, both included.
func (t *Tx) Ahead(_ context.Context, sc Scope, from, to calendar.Date) ([]digest.Progress, error) {
	var rows []struct {
		Code, Descr, LeadID, Period, Due string
		Units, Done                      int
	}
	live := append([]string{string(duty.Submitted), string(duty.Closed)}, openStates...)
	err := t.workScope(sc).Where("a.state IN ? AND a.due >= ? AND a.due <= ? AND a.opens <= ?", live, from.String(), to.String(), to.String()).
		Select("i.code, i.descr, i.lead_id, a.period, a.due, COUNT(*) AS units, SUM(CASE WHEN a.state IN ? THEN 1 ELSE 0 END) AS done",
			[]string{string(duty.Submitted), string(duty.Closed)}).
		Group("i.id, i.code, i.descr, i.lead_id, i.point, a.period, a.due").Order("a.due, i.point, i.id, a.period").Limit(500).Scan(&rows).Error
	if err != nil {
		return nil, errs.At("what is ahead", err)
	}
	out := make([]digest.Progress, 0, len(rows))
	for _, r := range rows {
		due, err := calendar.Parse(r.Due)
		if err != nil {
			return nil, errs.At("what is ahead", err)
		}
		out = append(out, digest.Progress{Code: r.Code, Desc: r.Descr, Lead: r.LeadID, Period: r.Period, Due: due, Units: r.Units, Done: r.Done})
	}
	return out, nil
}

// Finished counts the reports of completion since an instant.
func (t *Tx) Finished(_ context.Context, sc Scope, since time.Time) (int, error) {
	var n int64
	err := t.workScope(sc).Where("a.state IN ? AND a.reported_at >= ?", []string{string(duty.Submitted), string(duty.Closed)}, millis(since)).
		Count(&n).Error
	return int(n), errs.At("count finished work", err)
}

func (t *Tx) hazardScope(sc Scope) *gorm.DB {
	q := t.db.Model(&hazardRow{}).Where("category <> ?", secret)
	if sc.Unit != "" {
		q = q.Where("unit_id = ?", sc.Unit)
	}
	if len(sc.Charge) > 0 {
		q = q.Where("unit_id IN ?", sc.Charge)
	}
	return q
}

// ClosedHazards counts what was closed since an instant.
func (t *Tx) ClosedHazards(_ context.Context, sc Scope, since time.Time) (int, error) {
	var n int64
	err := t.hazardScope(sc).Joins("JOIN hazard_lives l ON l.hazard_id = hazards.id AND l.closed_at >= ?", millis(since)).
		Where("state = ?", string(hazard.Closed)).Count(&n).Error
	return int(n), errs.At("count closed hazards", err)
}

// NewHazards counts by category what was filed since an instant.
func (t *Tx) NewHazards(_ context.Context, sc Scope, since time.Time) ([]digest.Count, error) {
	var list []digest.Count
	err := t.hazardScope(sc).Where("created_at >= ? AND state NOT IN ?", millis(since), []string{string(hazard.Void), string(hazard.MergedInto)}).
		Select("category, COUNT(*) AS n").Group("category").Order("n DESC, category").Scan(&list).Error
	return list, errs.At("count new hazards", err)
}

// OpenHazards counts what is not settled yet, how many of those are major, and how many
// are under public supervision.
func (t *Tx) OpenHazards(_ context.Context, sc Scope) (digest.Open, error) {
	var row struct{ N, Major, Listed int }
	err := t.hazardScope(sc).Joins("LEFT JOIN hazard_lives l ON l.hazard_id = hazards.id").Where("state IN ?", hazard.OpenStates()).
		Select("COUNT(*) AS n, COALESCE(SUM(CASE WHEN level = ? THEN 1 ELSE 0 END),0) AS major, COALESCE(SUM(CASE WHEN l.listed_at > 0 THEN 1 ELSE 0 END),0) AS listed", string(hazard.Major)).
		Scan(&row).Error
	return digest.Open{All: row.N, Major: row.Major, Listed: row.Listed}, errs.At("count open hazards", err)
}
