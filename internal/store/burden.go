package store

import (
	"context"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
)

// MessagesByUnit counts the messages that went out to the people of units, but not
// the answers and files they asked for.
func (t *Tx) MessagesByUnit(_ context.Context, units []string, from, before time.Time) (map[string]int, error) {
	q := t.db.Table("persons p").Joins("JOIN messages m ON m.person_id = p.id AND m.created_at >= ? AND m.created_at < ?", millis(from), millis(before)).
		Where("p.unit_id IN ? AND m.state = ? AND m.kind NOT IN ?", units, MsgSent, []string{string(notice.Answer), string(notice.Document)})
	var rows []unitCount
	err := q.Select("p.unit_id AS unit_id, COUNT(*) AS n").Group("p.unit_id").Scan(&rows).Error
	return byUnit(rows), errs.At("count messages by unit", err)
}

// AskedByUnit counts the pieces of work that were opened for units between two days.
func (t *Tx) AskedByUnit(_ context.Context, units []string, from, to calendar.Date) (map[string]int, error) {
	var rows []unitCount
	err := t.db.Table("assignments").Where("unit_id IN ? AND opens >= ? AND opens <= ? AND state <> ?", units, from.String(), to.String(), string(duty.Void)).
		Select("unit_id, COUNT(*) AS n").Group("unit_id").Scan(&rows).Error
	return byUnit(rows), errs.At("count work by unit", err)
}

type unitCount struct {
	UnitID string
	N      int
}

func byUnit(rows []unitCount) map[string]int {
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.UnitID] = r.N
	}
	return out
}
