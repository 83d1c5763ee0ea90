package store

import (
	"context"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
)

// repeatRow says that an item was wanted although it repeats another one.
type repeatRow struct {
	ItemID    int64 `gorm:"primaryKey;autoIncrement:false"`
	RepeatsID int64
	DecidedBy string
	DecidedAt int64
}

func (repeatRow) TableName() string { return "repeats" }

// AddRepeat records that an item was wanted although it repeats another one. What
// was decided first stays.
func (t *Tx) AddRepeat(_ context.Context, itemID, repeatsID int64, by string, now time.Time) error {
	_, err := t.insertNew(&repeatRow{ItemID: itemID, RepeatsID: repeatsID, DecidedBy: by, DecidedAt: millis(now)})
	return errs.At("record repeat", err)
}

// Collections returns the confirmed items, also those that rest or are over, that
// were due since a day or are still to come. Items of high privacy are left out.
func (t *Tx) Collections(_ context.Context, since calendar.Date) ([]duty.Item, error) {
	states := []string{string(duty.Confirmed), string(duty.Suspended), string(duty.ClosedIt), string(duty.Archived)}
	var rows []itemRow
	if err := t.db.Where("due >= ? AND state IN ? AND privacy = ''", since.String(), states).Find(&rows).Error; err != nil {
		return nil, errs.At("list collections", err)
	}
	out := make([]duty.Item, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.item())
	}
	return out, nil
}

// AskedFor returns the work on items that was opened up to a day and not called off.
func (t *Tx) AskedFor(_ context.Context, today calendar.Date, items ...int64) ([]duty.Assignment, error) {
	var rows []assignmentRow
	err := t.db.Where("item_id IN ? AND opens <= ? AND state <> ?", items, today.String(), string(duty.Void)).Find(&rows).Error
	out := make([]duty.Assignment, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.assignment())
	}
	return out, errs.At("list what was asked", err)
}

// RepeatedByUnit is AskedByUnit for what repeats an earlier collection.
func (t *Tx) RepeatedByUnit(_ context.Context, units []string, from, to calendar.Date) (map[string]int, error) {
	var rows []unitCount
	// A left join, so that the units' own lines are read and not all repeats.
	err := t.db.Table("assignments a").Joins("LEFT JOIN repeats r ON r.item_id = a.item_id").
		Where("a.unit_id IN ? AND a.opens >= ? AND a.opens <= ? AND a.state <> ?", units, from.String(), to.String(), string(duty.Void)).
		Select("a.unit_id AS unit_id, COUNT(r.item_id) AS n").Group("a.unit_id").Having("COUNT(r.item_id) > 0").Scan(&rows).Error
	return byUnit(rows), errs.At("count repeated work by unit", err)
}
