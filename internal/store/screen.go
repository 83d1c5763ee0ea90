package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
)

// LastRun returns the last named job that ran with a prefix and before a name, ""
// if there is none.
func (t *Tx) LastRun(_ context.Context, prefix, before string) (name, result string, err error) {
	var rows []runRow
	err = t.db.Where("name >= ? AND name < ?", prefix, before).Order("name DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return "", "", errs.At("look up last run", err)
	}
	return rows[0].Name, rows[0].Result, nil
}

// maxHandedUp bounds what a leader's morning looks at.
const maxHandedUp = 50

// HandedUp returns the open hazards that schools handed up to the bureau (提请局里协调),
// the oldest wish first. The category that is never told is left out.
func (t *Tx) HandedUp(ctx context.Context) ([]hazard.Hazard, error) {
	var ids []int64
	over := []string{string(hazard.Closed), string(hazard.MergedInto), string(hazard.Void)}
	err := t.db.Table("hazard_lives l").Joins("JOIN hazards h ON h.id = l.hazard_id AND h.category <> ? AND h.state NOT IN ?", secret, over).
		Where("l.helped_at > 0").Order("l.helped_at").Limit(maxHandedUp).Pluck("l.hazard_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return nil, errs.At("list handed-up hazards", err)
	}
	list, err := t.HazardsByID(ctx, ids...)
	slices.SortFunc(list, func(a, b hazard.Hazard) int { return cmp.Or(a.HelpedAt.Compare(b.HelpedAt), cmp.Compare(a.ID, b.ID)) })
	return list, err
}

// MorningOf returns what the messages told that a person got in the morning since
// an instant, in their order.
func (t *Tx) MorningOf(_ context.Context, personID string, since time.Time) ([]notice.Notice, error) {
	var ids []int64
	err := t.db.Model(&messageRow{}).Where("person_id = ? AND created_at >= ? AND kind = ?", personID, millis(since), string(notice.Morning)).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return nil, errs.At("find morning", err)
	}
	var rows []noticeRow
	err = t.db.Where("message_id IN ?", ids).Find(&rows).Error
	out := make([]notice.Notice, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.notice())
	}
	return out, errs.At("find morning", err)
}
