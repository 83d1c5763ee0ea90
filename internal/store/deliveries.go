package store

import (
	"context"
	"slices"
	"strings"

	"duban/internal/errs"
	"duban/internal/notice"
)

// Deliveries returns notices with what became of them, the newest first. The
// words of the messages are not read.
func (t *Tx) Deliveries(_ context.Context, f notice.DeliveryQuery) ([]notice.Delivery, error) {
	q := t.db.Where("state IN ? AND not_before >= ?", []notice.State{notice.Pending, notice.Taken, notice.Dropped}, millis(f.Since))
	if len(f.Persons) > 0 {
		q = q.Where("person_id IN ?", f.Persons)
	}
	if len(f.Subjects) > 0 {
		q = q.Where("subject_kind = ? AND subject_id IN ?", string(notice.Assignment), f.Subjects)
	}
	if len(f.Kinds) > 0 {
		q = q.Where("kind IN ?", f.Kinds)
	}
	if !f.Before.IsZero() {
		q = q.Where("created_at < ?", millis(f.Before))
	}
	var rows []noticeRow
	if err := q.Order("not_before DESC, id DESC").Limit(f.Limit).Find(&rows).Error; err != nil {
		return nil, errs.At("list deliveries", err)
	}
	messages, err := t.carriers(rows)
	out := make([]notice.Delivery, 0, len(rows))
	for _, r := range rows {
		out = append(out, notice.Delivery{Notice: r.notice(), Messages: messages[r.MessageID]})
	}
	return out, errs.At("list deliveries", err)
}

// carriers reads the messages that notices were taken into, and those of the same
// words that went by another platform when one came to nothing.
func (t *Tx) carriers(rows []noticeRow) (map[int64][]notice.Message, error) {
	var ids []int64
	for _, r := range rows {
		if r.MessageID > 0 {
			ids = append(ids, r.MessageID)
		}
	}
	slices.Sort(ids)
	out := map[int64][]notice.Message{}
	elsewhere := map[string]int64{} // key on another platform -> the message that failed
	for part := range slices.Chunk(slices.Compact(ids), someIDs) {
		list, err := t.fates("id IN ?", part)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			out[m.ID] = append(out[m.ID], m)
			base, platform, _ := strings.Cut(m.Key, "@")
			for _, other := range []string{"wecom", "dingtalk"} {
				if m.Fate() != notice.Arrived && platform != other {
					elsewhere[base+"@"+other] = m.ID
				}
			}
		}
	}
	keys := make([]string, 0, len(elsewhere))
	for k := range elsewhere {
		keys = append(keys, k)
	}
	for part := range slices.Chunk(keys, someIDs) {
		list, err := t.fates("dedupe_key IN ?", part)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			out[elsewhere[m.Key]] = append(out[elsewhere[m.Key]], m)
		}
	}
	return out, nil
}

// someIDs is how many ids one statement asks for.
const someIDs = 400

func (t *Tx) fates(where string, args any) ([]notice.Message, error) {
	var rows []messageRow
	err := t.db.Select("id, dedupe_key, kind, person_id, platform, state, reason, attempts, next_at, created_at, sent_at").Where(where, args).Find(&rows).Error
	return messagesOf(rows), err
}
