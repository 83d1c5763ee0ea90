package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gorm.io/gorm"

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

// tallyKeys are the columns that hazards are counted by.
var tallyKeys = map[string]string{"unit": "unit_id", "category": "category", "level": "level"}

// tallied is the query for the hazards that show in figures. The category that is never
// told shows nowhere.
func (t *Tx) tallied(f HazardFilter) *gorm.DB {
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
	return q
}

// mended are the states in which a hazard counts as fixed.
var mended = []string{string(hazard.Fixed), string(hazard.Verified), string(hazard.Closed)}

// HazardTally counts hazards by unit ("unit"), category ("category") or grade ("level").
func (t *Tx) HazardTally(_ context.Context, by string, f HazardFilter) (map[string]hazard.Tally, error) {
	var rows []struct {
		K                                    string
		Total, Fixed, Closed, Major, Overdue int
	}
	err := t.tallied(f).Select(tallyKeys[by]+" AS k, COUNT(*) AS total, SUM(CASE WHEN state IN ? THEN 1 ELSE 0 END) AS fixed, "+
		"SUM(CASE WHEN state = ? THEN 1 ELSE 0 END) AS closed, SUM(CASE WHEN level = ? THEN 1 ELSE 0 END) AS major, "+
		"SUM(CASE WHEN state NOT IN ? AND fix_due < ? AND fix_due <> '' THEN 1 ELSE 0 END) AS overdue",
		mended, string(hazard.Closed), string(hazard.Major), mended, f.Today.String()).Group(tallyKeys[by]).Scan(&rows).Error
	if err != nil {
		return nil, errs.At("count hazards", err)
	}
	out := make(map[string]hazard.Tally, len(rows))
	for _, r := range rows {
		out[r.K] = hazard.Tally{Total: r.Total, Fixed: r.Fixed, Closed: r.Closed, Major: r.Major, Overdue: r.Overdue}
	}
	return out, nil
}

// FixTimes says of fixed hazards how many days each took, by unit, category or grade.
// Ahead is how far local time is ahead, so that days begin where people live. The
// database counts, so that what comes back is small whatever the number of hazards.
func (t *Tx) FixTimes(_ context.Context, by string, f HazardFilter, ahead time.Duration) (map[string]hazard.FixTimes, error) {
	const day = 24 * time.Hour
	var rows []struct {
		K    string
		Took int64 // milliseconds between two midnights
		N    int
	}
	// The remainder is subtracted instead of dividing, which differs between databases.
	const midnight = "(%[1]s + @ahead) - (%[1]s + @ahead) %% @day"
	took := fmt.Sprintf(midnight, "l.fixed_at") + " - (" + fmt.Sprintf(midnight, "created_at") + ")"
	err := t.tallied(f).Joins("JOIN hazard_lives l ON l.hazard_id = hazards.id").Where("state IN ? AND l.fixed_at > 0", mended).
		Select(tallyKeys[by]+" AS k, "+took+" AS took, COUNT(*) AS n", sql.Named("ahead", ahead.Milliseconds()), sql.Named("day", day.Milliseconds())).
		Group("k, took").Scan(&rows).Error
	if err != nil {
		return nil, errs.At("count days to fix", err)
	}
	out := map[string]hazard.FixTimes{}
	for _, r := range rows {
		if out[r.K] == nil {
			out[r.K] = hazard.FixTimes{}
		}
		out[r.K][int(r.Took/day.Milliseconds())] += r.N
	}
	return out, nil
}
