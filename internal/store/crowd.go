package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/notice"
)

// What several people are told is written with few statements: on MySQL each one
// is a way there and back.

// RanOf reports which of the named jobs have run.
func (t *Tx) RanOf(_ context.Context, names ...string) (map[string]bool, error) {
	var found []string
	if err := t.db.Model(&runRow{}).Where("name IN ?", names).Pluck("name", &found).Error; err != nil {
		return nil, errs.At("look up runs", err)
	}
	ran := make(map[string]bool, len(found))
	for _, n := range found {
		ran[n] = true
	}
	return ran, nil
}

// OnceEach records that named jobs ran, by name with their results. If one had run
// before, nothing is recorded and the error is ErrDuplicate.
func (t *Tx) OnceEach(_ context.Context, results map[string]string, now time.Time) error {
	rows := make([]runRow, 0, len(results))
	for name, result := range results {
		rows = append(rows, runRow{Name: name, At: millis(now), Result: result})
	}
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b runRow) int { return strings.Compare(a.Name, b.Name) })
	return errs.At("record runs", t.db.CreateInBatches(&rows, maxRows).Error)
}

// AddMessages queues messages and returns their ids in the same order, 0 where the
// key exists already.
func (t *Tx) AddMessages(_ context.Context, list []Message) ([]int64, error) {
	ids := make([]int64, len(list))
	if len(list) == 0 {
		return ids, nil
	}
	keys, rows := make([]string, 0, len(list)), make([]messageRow, 0, len(list))
	for _, m := range list {
		keys, rows = append(keys, m.Key), append(rows, queued(m))
	}
	known, err := t.messageIDs(keys)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r messageRow) bool { return known[r.DedupeKey] != 0 })
	if len(rows) == 0 {
		return ids, nil
	}
	if err := t.db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, maxRows).Error; err != nil {
		return nil, errs.At("queue messages", err)
	}
	// The ids are looked up: what a database says it made of many rows is not to be
	// relied on.
	now, err := t.messageIDs(keys)
	if err != nil {
		return nil, err
	}
	for i, m := range list {
		if known[m.Key] == 0 {
			ids[i], known[m.Key] = now[m.Key], now[m.Key]
		}
	}
	return ids, nil
}

func (t *Tx) messageIDs(keys []string) (map[string]int64, error) {
	var rows []messageRow
	if err := t.db.Select("id", "dedupe_key").Where("dedupe_key IN ?", keys).Find(&rows).Error; err != nil {
		return nil, errs.At("find messages", err)
	}
	ids := make(map[string]int64, len(rows))
	for _, r := range rows {
		ids[r.DedupeKey] = r.ID
	}
	return ids, nil
}

// TakeNotices settles notices as taken, each into the message it is mapped to.
func (t *Tx) TakeNotices(_ context.Context, into map[int64]int64) error {
	ids := make([]int64, 0, len(into))
	for id := range into {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, maxRows) {
		var whole strings.Builder
		args := make([]any, 0, 2*len(part))
		for _, id := range part {
			whole.WriteString(" WHEN ? THEN ?")
			args = append(args, id, into[id])
		}
		err := t.db.Model(&noticeRow{}).Where("id IN ?", part).Updates(map[string]any{
			"state": string(notice.Taken), "reason": "", "message_id": gorm.Expr("CASE id"+whole.String()+" END", args...),
		}).Error
		if err != nil {
			return errs.At("take notices", err)
		}
	}
	return nil
}
