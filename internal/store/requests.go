package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
)

func (r extensionRow) extension() duty.Extension {
	return duty.Extension{ID: r.ID, AssignmentID: r.AssignmentID, AskedBy: r.AskedBy, AskedAt: instant(r.AskedAt), OldDue: day(r.OldDue),
		NewDue: day(r.NewDue), Reason: r.Reason, Late: r.Late, State: duty.ExtensionState(r.State), DecidedBy: r.DecidedBy,
		DecidedAt: instant(r.DecidedAt), Note: r.Note}
}

func extensionOf(e duty.Extension) extensionRow {
	return extensionRow{ID: e.ID, AssignmentID: e.AssignmentID, AskedBy: e.AskedBy, AskedAt: millis(e.AskedAt), OldDue: e.OldDue.String(),
		NewDue: e.NewDue.String(), Reason: e.Reason, Late: e.Late, State: string(e.State), DecidedBy: e.DecidedBy,
		DecidedAt: millis(e.DecidedAt), Note: e.Note}
}

// AddExtension stores a wish for a later deadline; an open one for the same work
// is replaced by it.
func (t *Tx) AddExtension(_ context.Context, e duty.Extension) (duty.Extension, error) {
	err := t.db.Model(&extensionRow{}).Where("assignment_id = ? AND state = ?", e.AssignmentID, string(duty.ExtensionOpen)).
		Update("state", string(duty.ExtensionReplaced)).Error
	if err != nil {
		return e, errs.At("replace extension", err)
	}
	row := extensionOf(e)
	if err := t.db.Create(&row).Error; err != nil {
		return e, errs.At("add extension", err)
	}
	return row.extension(), nil
}

// OpenExtensions returns the undecided wishes, the oldest first; all of them if no
// assignment is named.
func (t *Tx) OpenExtensions(_ context.Context, assignments ...int64) ([]duty.Extension, error) {
	q := t.db.Where("state = ?", string(duty.ExtensionOpen))
	if len(assignments) > 0 {
		q = q.Where("assignment_id IN ?", assignments)
	}
	var rows []extensionRow
	if err := q.Order("asked_at, id").Limit(200).Find(&rows).Error; err != nil {
		return nil, errs.At("load extensions", err)
	}
	out := make([]duty.Extension, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.extension())
	}
	return out, nil
}

// SaveExtension writes a decision. One that was decided meanwhile makes the
// transaction run again.
func (t *Tx) SaveExtension(_ context.Context, e duty.Extension) error {
	row := extensionOf(e)
	res := t.db.Model(&extensionRow{}).Where("id = ? AND state = ?", e.ID, string(duty.ExtensionOpen)).Select("*").Omit("id").Updates(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		return errStale
	}
	return errs.At("save extension", res.Error)
}

func delegations(rows []delegationRow) []org.Delegation {
	out := make([]org.Delegation, 0, len(rows))
	for _, r := range rows {
		out = append(out, org.Delegation{ID: r.ID, From: r.FromID, To: r.ToID, First: day(r.FromDay), Last: day(r.UntilDay), By: r.CreatedBy})
	}
	return out
}

// AddDelegation stores a delegation; the person's former ones end with it.
func (t *Tx) AddDelegation(ctx context.Context, d org.Delegation, now time.Time) error {
	if _, err := t.EndDelegations(ctx, d.From); err != nil {
		return err
	}
	row := delegationRow{FromID: d.From, ToID: d.To, FromDay: d.First.String(), UntilDay: d.Last.String(), State: "active", CreatedBy: d.By, CreatedAt: millis(now)}
	return errs.At("add delegation", t.db.Create(&row).Error)
}

// Delegations returns those that have not ended before a day.
func (t *Tx) Delegations(_ context.Context, today calendar.Date) ([]org.Delegation, error) {
	var rows []delegationRow
	if err := t.db.Where("state = 'active' AND until_day >= ?", today.String()).Order("id").Find(&rows).Error; err != nil {
		return nil, errs.At("load delegations", err)
	}
	return delegations(rows), nil
}

// EndDelegations takes back what a person delegated and tells how many there were.
func (t *Tx) EndDelegations(_ context.Context, from string) (int, error) {
	t.directories.forget()
	res := t.db.Model(&delegationRow{}).Where("from_id = ? AND state = 'active'", from).Update("state", "ended")
	return int(res.RowsAffected), errs.At("end delegation", res.Error)
}

// QuietUntil returns until when a person asked not to be disturbed; zero if not.
func (t *Tx) QuietUntil(ctx context.Context, personID string) (time.Time, error) {
	all, err := t.QuietOf(ctx, personID)
	return all[personID], err
}

// QuietOf is QuietUntil for several people.
func (t *Tx) QuietOf(_ context.Context, personIDs ...string) (map[string]time.Time, error) {
	var rows []preferenceRow
	if err := t.db.Where("person_id IN ?", personIDs).Find(&rows).Error; err != nil {
		return nil, errs.At("load preferences", err)
	}
	out := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		out[r.PersonID] = instant(r.QuietUntil)
	}
	return out, nil
}

// SetQuiet stores until when a person is not to be disturbed; zero ends it.
func (t *Tx) SetQuiet(_ context.Context, personID string, until time.Time) error {
	row := preferenceRow{PersonID: personID, QuietUntil: millis(until)}
	return errs.At("save preferences", t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "person_id"}},
		DoUpdates: clause.Assignments(map[string]any{"quiet_until": row.QuietUntil})}).Create(&row).Error)
}

// LastAct returns what a person did last and may take back, and when.
func (t *Tx) LastAct(_ context.Context, personID string) (body string, at time.Time, err error) {
	var rows []lastActRow
	if err := t.db.Where("person_id = ?", personID).Find(&rows).Error; err != nil || len(rows) == 0 {
		return "", time.Time{}, errs.At("load last act", err)
	}
	return rows[0].Body, instant(rows[0].At), nil
}

// SaveLastAct remembers what a person did last; an empty body forgets it.
func (t *Tx) SaveLastAct(_ context.Context, personID, body string, at time.Time) error {
	row := lastActRow{PersonID: personID, Body: body, At: millis(at)}
	return errs.At("save last act", t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "person_id"}},
		DoUpdates: clause.Assignments(map[string]any{"body": body, "at": row.At})}).Create(&row).Error)
}

// ReaddressNotices gives waiting notices to somebody else.
func (t *Tx) ReaddressNotices(_ context.Context, ids []int64, personID string) error {
	return errs.At("hand over notices", t.db.Model(&noticeRow{}).Where("id IN ? AND state = 'pending'", ids).Update("person_id", personID).Error)
}

// TakeBackNotices ends the notices of those keys that still wait and returns who
// was told the others already. The key of one that nobody saw is free again.
func (t *Tx) TakeBackNotices(_ context.Context, keys []string) (told []string, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []noticeRow
	if err := t.db.Where("dedupe_key IN ? AND state IN ('taken', 'pending')", keys).Order("person_id, id").Find(&rows).Error; err != nil {
		return nil, errs.At("take back notices", err)
	}
	for _, r := range rows {
		if r.State == string(notice.Taken) {
			told = append(told, r.PersonID)
			continue
		}
		dropped := map[string]any{"state": string(notice.Dropped), "reason": "undone", "dedupe_key": fmt.Sprintf("undone:%d", r.ID)}
		if err := t.db.Model(&noticeRow{}).Where("id = ?", r.ID).Updates(dropped).Error; err != nil {
			return nil, errs.At("take back notices", err)
		}
	}
	return slices.Compact(told), nil
}

// DropReport removes a report that was taken back at once, with its figures.
func (t *Tx) DropReport(_ context.Context, id int64) error {
	if err := t.db.Where("report_id = ?", id).Delete(&drillRow{}).Error; err != nil {
		return errs.At("drop drill", err)
	}
	return errs.At("drop report", t.db.Where("id = ?", id).Delete(&reportRow{}).Error)
}

// AddItem stores a new item. One without a code gets the next of its point.
func (t *Tx) AddItem(ctx context.Context, i duty.Item) (duty.Item, error) {
	if i.Code == "" {
		n, err := t.nextNumber(ctx, fmt.Sprintf("item-%d-%d", i.Year, i.Point))
		if err != nil {
			return i, err
		}
		i.Code = fmt.Sprintf("%d-%d", i.Point, n)
	}
	row := itemOf(i)
	err := t.db.Create(&row).Error
	return row.item(), errs.At("add item", err)
}
