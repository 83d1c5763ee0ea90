package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"duban/internal/errs"
	"duban/internal/notice"
)

// StopItem halts the rounds of all work on an item and ends what waits to be told
// about it. A round taken at this moment finds its generation gone.
func (t *Tx) StopItem(_ context.Context, itemID int64, reason string, now time.Time) error {
	var ids []int64
	if err := t.db.Model(&assignmentRow{}).Where("item_id = ?", itemID).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return errs.At("work of item", err)
	}
	err := t.db.Model(&chaseRow{}).Where("subject_kind = ? AND subject_id IN ? AND state = ?", string(notice.Assignment), ids, ChaseActive).
		Updates(map[string]any{"state": ChaseStopped, "reason": reason, "next_at": 0, "generation": gorm.Expr("generation + 1"), "updated_at": millis(now)}).Error
	if err != nil {
		return errs.At("stop rounds", err)
	}
	return errs.At("stop notices", t.db.Model(&noticeRow{}).
		Where("subject_kind = ? AND subject_id IN ? AND state = ?", string(notice.Assignment), ids, string(notice.Pending)).
		Updates(map[string]any{"state": string(notice.Dropped), "reason": reason}).Error)
}
