package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/notice"
)

func (r noticeRow) notice() notice.Notice {
	return notice.Notice{ID: r.ID, Kind: notice.Kind(r.Kind), Urgency: notice.Urgency(r.Urgency),
		Subject:  notice.Subject{Kind: notice.SubjectKind(r.SubjectKind), ID: r.SubjectID},
		PersonID: r.PersonID, PostID: r.PostID, GroupID: r.GroupID, NotBefore: instant(r.NotBefore), Key: r.DedupeKey, Step: r.Step, Text: r.Text,
		Weight: r.Weight, State: notice.State(r.State), Reason: r.Reason, MessageID: r.MessageID, CreatedAt: instant(r.CreatedAt)}
}

// AddNotices inserts the notices whose key is new and returns how many that were.
func (t *Tx) AddNotices(_ context.Context, ns []notice.Notice) (int, error) {
	rows := make([]noticeRow, 0, len(ns))
	for _, n := range ns {
		rows = append(rows, noticeRow{Kind: string(n.Kind), Urgency: string(n.Urgency), SubjectKind: string(n.Subject.Kind), SubjectID: n.Subject.ID,
			PersonID: n.PersonID, PostID: n.PostID, GroupID: n.GroupID, NotBefore: millis(n.NotBefore), DedupeKey: n.Key, Step: n.Step, Text: n.Text,
			Weight: n.Weight, State: string(notice.Pending), CreatedAt: millis(n.CreatedAt)})
	}
	fresh := 0
	for part := range slices.Chunk(rows, maxRows) {
		n, err := t.addNotices(part)
		if fresh += n; err != nil {
			return fresh, errs.At("add notices", err)
		}
	}
	return fresh, nil
}

// maxRows bounds the rows of one statement by what it may hold of parameters.
const maxRows = 500

func (t *Tx) addNotices(rows []noticeRow) (int, error) {
	if len(rows) == 1 {
		isNew, err := t.insertNew(&rows[0])
		if err != nil || !isNew {
			return 0, err
		}
		return 1, nil
	}
	// What exists is looked up first: the databases count rows they leave alone in
	// different ways.
	keys := make([]string, 0, len(rows))
	for _, r := range rows {
		keys = append(keys, r.DedupeKey)
	}
	var known []string
	if err := t.db.Model(&noticeRow{}).Where("dedupe_key IN ?", keys).Pluck("dedupe_key", &known).Error; err != nil {
		return 0, err
	}
	seen := make(map[string]bool, len(rows))
	for _, k := range known {
		seen[k] = true
	}
	fresh := slices.DeleteFunc(rows, func(r noticeRow) bool {
		was := seen[r.DedupeKey]
		seen[r.DedupeKey] = true
		return was
	})
	if len(fresh) == 0 {
		return 0, nil
	}
	return len(fresh), t.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh).Error
}

// Recipients returns who has a notice waiting whose time has come.
func (t *Tx) Recipients(_ context.Context, now time.Time, limit int) ([]string, error) {
	var ids []string
	err := t.db.Model(&noticeRow{}).Where("state = ? AND not_before <= ?", string(notice.Pending), millis(now)).
		Distinct("person_id").Order("person_id").Limit(limit).Pluck("person_id", &ids).Error
	return ids, errs.At("find recipients", err)
}

// NextNoticeAt returns the earliest time a waiting notice may go out.
func (t *Tx) NextNoticeAt(context.Context) (time.Time, error) {
	var rows []noticeRow
	err := t.db.Where("state = ?", string(notice.Pending)).Order("not_before").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return time.Time{}, errs.At("next notice", err)
	}
	return instant(rows[0].NotBefore), nil
}

// maxPending bounds what one look takes. It is far above what one morning holds.
const maxPending = 20_000

// LockPending locks the waiting notices of people whose time has come, for each
// person the most urgent first. It waits for other nodes: they also lock the row
// after the last of the person they look at, and passing over it would leave it out
// of its reader's message of the day. What exceeds its bound of one look would wait
// for the next day's message, so for several people that is an error.
func (t *Tx) LockPending(_ context.Context, now time.Time, people ...string) ([]notice.Notice, error) {
	q := t.db.Where("person_id IN ? AND state = ? AND not_before <= ?", people, string(notice.Pending), millis(now))
	if t.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	var rows []noticeRow
	if err := q.Order("person_id, weight DESC, subject_kind, subject_id, dedupe_key").Limit(maxPending).Find(&rows).Error; err != nil {
		return nil, errs.At("lock notices", err)
	}
	if len(rows) == maxPending && len(people) > 1 {
		return nil, errs.New(errs.Internal, "一次要处理的通知太多")
	}
	out := make([]notice.Notice, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.notice())
	}
	return out, nil
}

// SettleNotices ends notices: taken into a message, or dropped for a reason.
func (t *Tx) SettleNotices(_ context.Context, ids []int64, state notice.State, reason string, messageID int64) error {
	if len(ids) == 0 {
		return nil
	}
	return errs.At("settle notices", t.db.Model(&noticeRow{}).Where("id IN ?", ids).
		Updates(map[string]any{"state": string(state), "reason": reason, "message_id": messageID}).Error)
}

// DelayNotices holds notices until a later time.
func (t *Tx) DelayNotices(_ context.Context, ids []int64, until time.Time, reason string) error {
	if len(ids) == 0 {
		return nil
	}
	return errs.At("delay notices", t.db.Model(&noticeRow{}).Where("id IN ?", ids).
		Updates(map[string]any{"not_before": millis(until), "reason": reason}).Error)
}

// ReopenNotices lets what was taken into a message wait again, because the
// message was never sent: all of them, or those of the kinds. It returns how many
// there were.
func (t *Tx) ReopenNotices(_ context.Context, messageID int64, until time.Time, reason string, kinds ...notice.Kind) (int, error) {
	q := t.db.Model(&noticeRow{}).Where("message_id = ? AND state = ?", messageID, string(notice.Taken))
	if len(kinds) > 0 {
		q = q.Where("kind IN ?", kinds)
	}
	res := q.Updates(map[string]any{"state": string(notice.Pending), "not_before": millis(until), "reason": reason, "message_id": 0})
	return int(res.RowsAffected), errs.At("reopen notices", res.Error)
}

// Message is one outgoing message to one target, with its fate.
type Message = notice.Message

// The states of a message.
const (
	MsgQueued  = notice.MsgQueued
	MsgSending = notice.MsgSending
	MsgSent    = notice.MsgSent
	MsgFailed  = notice.MsgFailed
	MsgUnknown = notice.MsgUnknown
	MsgDropped = notice.MsgDropped
)

func (r messageRow) message() Message {
	return Message{ID: r.ID, Key: r.DedupeKey, Kind: notice.Kind(r.Kind), PersonID: r.PersonID, GroupID: r.GroupID, Platform: r.Platform,
		Address: r.Address, Title: r.Title, Text: r.Text, Buttons: r.Buttons, List: r.List, State: r.State, Reason: r.Reason,
		PlatformID: r.PlatformID, Attempts: r.Attempts, NextAt: instant(r.NextAt), Claimed: instant(r.ClaimedUntil),
		Created: instant(r.CreatedAt), Sent: instant(r.SentAt), Batch: r.Batch, Code: r.Code}
}

// AddMessage queues a message. id is 0 when its key exists already.
func (t *Tx) AddMessage(_ context.Context, m Message) (id int64, err error) {
	row := queued(m)
	fresh, err := t.insertNew(&row)
	if err != nil || !fresh {
		return 0, errs.At("queue message", err)
	}
	return row.ID, nil
}

func queued(m Message) messageRow {
	return messageRow{DedupeKey: m.Key, Kind: string(m.Kind), PersonID: m.PersonID, GroupID: m.GroupID, Platform: m.Platform, Address: m.Address,
		Title: m.Title, Text: m.Text, Buttons: m.Buttons, List: m.List, State: m.State, Reason: m.Reason, NextAt: millis(m.NextAt), CreatedAt: millis(m.Created),
		Batch: m.Batch}
}

// DueMessages returns messages to be sent now, and those whose worker died while
// sending.
func (t *Tx) DueMessages(_ context.Context, now time.Time, limit int) ([]Message, error) {
	var rows []messageRow
	err := t.db.Where("state IN ? AND next_at <= ?", []string{MsgQueued, MsgSending}, millis(now)).Order("next_at, id").Limit(limit).Find(&rows).Error
	out := make([]Message, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.message())
	}
	return out, errs.At("due messages", err)
}

// NextMessageAt returns the earliest time a queued message is to be sent.
func (t *Tx) NextMessageAt(context.Context) (time.Time, error) {
	var next time.Time
	for _, state := range []string{MsgQueued, MsgSending} { // the index is in order within one state only
		var rows []messageRow
		if err := t.db.Where("state = ?", state).Order("next_at").Limit(1).Find(&rows).Error; err != nil {
			return time.Time{}, errs.At("next message", err)
		}
		for _, r := range rows {
			if at := instant(r.NextAt); next.IsZero() || at.Before(next) {
				next = at
			}
		}
	}
	return next, nil
}

// MessageByID returns one message.
func (t *Tx) MessageByID(_ context.Context, id int64) (Message, bool, error) {
	var rows []messageRow
	if err := t.db.Where("id = ?", id).Find(&rows).Error; err != nil || len(rows) == 0 {
		return Message{}, false, errs.At("load message", err)
	}
	return rows[0].message(), true, nil
}

// MessageDone records the outcome of a claimed try. A worker that lost its claim
// changes nothing.
func (t *Tx) MessageDone(_ context.Context, m Message) error {
	return errs.At("save message", t.db.Model(&messageRow{}).
		Where("id = ? AND state = ? AND attempts = ?", m.ID, MsgSending, m.Attempts).
		Updates(map[string]any{"state": m.State, "reason": m.Reason, "code": m.Code, "platform_id": m.PlatformID, "next_at": millis(m.NextAt), "sent_at": millis(m.Sent)}).Error)
}

// RewordMessage puts a claimed message back into the queue with other words. A
// worker that lost its claim changes nothing.
func (t *Tx) RewordMessage(_ context.Context, m Message) error {
	return errs.At("reword message", t.db.Model(&messageRow{}).
		Where("id = ? AND state = ? AND attempts = ?", m.ID, MsgSending, m.Attempts).
		Updates(map[string]any{"state": m.State, "next_at": millis(m.NextAt), "title": m.Title, "text": m.Text, "list": m.List, "batch": m.Batch}).Error)
}

// Messages returns the newest messages, newest first.
func (t *Tx) Messages(_ context.Context, limit int) ([]Message, error) {
	var rows []messageRow
	err := t.db.Order("id DESC").Limit(limit).Find(&rows).Error
	out := make([]Message, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.message())
	}
	return out, errs.At("list messages", err)
}

// MessagesAfter returns messages whose id is greater, oldest first.
func (t *Tx) MessagesAfter(_ context.Context, id int64, limit int) ([]Message, error) {
	var rows []messageRow
	err := t.db.Where("id > ?", id).Order("id").Limit(limit).Find(&rows).Error
	out := make([]Message, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.message())
	}
	return out, errs.At("list messages", err)
}

// NoticesOf returns what messages tell, by message, each in its order.
func (t *Tx) NoticesOf(_ context.Context, messageIDs ...int64) (map[int64][]notice.Notice, error) {
	var rows []noticeRow
	if err := t.db.Where("message_id IN ?", messageIDs).Order("message_id, weight DESC, id").Find(&rows).Error; err != nil {
		return nil, errs.At("list notices", err)
	}
	out := make(map[int64][]notice.Notice, len(messageIDs))
	for _, r := range rows {
		out[r.MessageID] = append(out[r.MessageID], r.notice())
	}
	return out, nil
}

// Backlog counts the open messages and tells how long the oldest is overdue.
func (t *Tx) Backlog(_ context.Context, now time.Time) (count int64, lag time.Duration, err error) {
	var row struct{ N, Oldest int64 }
	err = t.db.Model(&messageRow{}).Select("COUNT(*) AS n, COALESCE(MIN(next_at),0) AS oldest").
		Where("state IN ?", []string{MsgQueued, MsgSending}).Scan(&row).Error
	if row.N > 0 && row.Oldest < millis(now) {
		lag = now.Sub(instant(row.Oldest))
	}
	return row.N, lag, errs.At("count backlog", err)
}

// Once records that a named job ran; fresh is false when it had run before.
func (t *Tx) Once(_ context.Context, name, result string, now time.Time) (fresh bool, err error) {
	fresh, err = t.insertNew(&runRow{Name: name, At: millis(now), Result: result})
	return fresh, errs.At("record run", err)
}

// Forget lets a named job run again.
func (t *Tx) Forget(_ context.Context, name string) error {
	return errs.At("forget run", t.db.Where("name = ?", name).Delete(&runRow{}).Error)
}

// Ran reports whether a named job has run.
func (t *Tx) Ran(_ context.Context, name string) (bool, error) {
	var n int64
	err := t.db.Model(&runRow{}).Where("name = ?", name).Count(&n).Error
	return n > 0, errs.At("look up run", err)
}
