package store

import (
	"context"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
)

// WorkTally counts the work that is due between two dates (zero: any), by leading
// section ("lead") or performing unit ("unit"), within what the sections lead or
// the units do; empty lists do not narrow. What is only assisted is nobody's figure.
func (t *Tx) WorkTally(_ context.Context, by string, sections, units []string, from, to, today calendar.Date) (map[string]duty.Tally, error) {
	key := "a.unit_id"
	if by == "lead" {
		key = "i.lead_id"
	}
	q := t.db.Table("assignments a").Joins("JOIN items i ON i.id = a.item_id AND i.state = ?", string(duty.Confirmed)).
		Where("a.state <> ? AND a.part <> ? AND a.opens <= ?", string(duty.Void), string(duty.Assist), max(today, to).String())
	if len(sections) > 0 {
		q = q.Where("(i.lead_id IN ? OR a.unit_id IN ?)", sections, sections)
	}
	if len(units) > 0 {
		q = q.Where("a.unit_id IN ?", units)
	}
	if !from.IsZero() {
		q = q.Where("a.due >= ?", from.String())
	}
	if !to.IsZero() {
		q = q.Where("a.due <= ? AND a.due <> ''", to.String())
	}
	finished := []string{string(duty.Submitted), string(duty.Closed)}
	var rows []struct {
		K                    string
		Total, Done, Overdue int
	}
	err := q.Select(key+" AS k, COUNT(*) AS total, SUM(CASE WHEN a.state IN ? THEN 1 ELSE 0 END) AS done, "+
		"SUM(CASE WHEN a.state IN ? AND a.due < ? AND a.due <> '' THEN 1 ELSE 0 END) AS overdue", finished, openStates, today.String()).
		Group(key).Scan(&rows).Error
	if err != nil {
		return nil, errs.At("count work", err)
	}
	out := make(map[string]duty.Tally, len(rows))
	for _, r := range rows {
		out[r.K] = duty.Tally{Total: r.Total, Done: r.Done, Overdue: r.Overdue}
	}
	return out, nil
}

// HazardTally counts hazards by unit ("unit") or category ("category"). The
// category that is never told shows nowhere.
func (t *Tx) HazardTally(_ context.Context, by string, f HazardFilter) (map[string]hazard.Tally, error) {
	key := "unit_id"
	if by == "category" {
		key = "category"
	}
	q := t.db.Model(&hazardRow{}).Where("category <> ? AND state NOT IN ?", secret, []string{string(hazard.Void), string(hazard.MergedInto)})
	if len(f.Units) > 0 {
		q = q.Where("unit_id IN ?", f.Units)
	}
	if f.Category != "" {
		q = q.Where("category = ?", f.Category)
	}
	if !f.Since.IsZero() {
		q = q.Where("created_at >= ?", millis(f.Since))
	}
	if !f.Before.IsZero() {
		q = q.Where("created_at < ?", millis(f.Before))
	}
	mended := []string{string(hazard.Fixed), string(hazard.Verified), string(hazard.Closed)}
	var rows []struct {
		K                           string
		Total, Fixed, Closed, Major int
	}
	err := q.Select(key+" AS k, COUNT(*) AS total, SUM(CASE WHEN state IN ? THEN 1 ELSE 0 END) AS fixed, "+
		"SUM(CASE WHEN state = ? THEN 1 ELSE 0 END) AS closed, SUM(CASE WHEN level = ? THEN 1 ELSE 0 END) AS major",
		mended, string(hazard.Closed), string(hazard.Major)).Group(key).Scan(&rows).Error
	if err != nil {
		return nil, errs.At("count hazards", err)
	}
	out := make(map[string]hazard.Tally, len(rows))
	for _, r := range rows {
		out[r.K] = hazard.Tally{Total: r.Total, Fixed: r.Fixed, Closed: r.Closed, Major: r.Major}
	}
	return out, nil
}
