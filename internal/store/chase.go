package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/notice"
)

// Chase is the running round of reminders and escalations for one subject.
type Chase = notice.Chase

// The states of a chase.
const (
	ChaseActive  = notice.ChaseActive
	ChaseStopped = notice.ChaseStopped
	ChaseDone    = notice.ChaseDone
)

func (r chaseRow) chase() Chase {
	return Chase{ID: r.ID, Subject: notice.Subject{Kind: notice.SubjectKind(r.SubjectKind), ID: r.SubjectID}, Profile: r.Profile, Policy: r.PolicyVersion,
		Position: r.Position, Generation: r.Generation, NextAt: instant(r.NextAt), State: r.State, Reason: r.Reason}
}

// AddChase starts a round for a subject; one that exists stays as it is, and id
// is 0.
func (t *Tx) AddChase(_ context.Context, c Chase, now time.Time) (id int64, err error) {
	row := chaseRow{SubjectKind: string(c.Subject.Kind), SubjectID: c.Subject.ID, Profile: c.Profile, PolicyVersion: c.Policy, Position: c.Position,
		Generation: 1, NextAt: millis(c.NextAt), State: c.State, UpdatedAt: millis(now)}
	_, err = t.insertNew(&row)
	return row.ID, errs.At("start chase", err)
}

// DueChases returns the ids and generations of rounds whose next step is due.
func (t *Tx) DueChases(_ context.Context, now time.Time, limit int) ([]Chase, error) {
	var rows []chaseRow
	err := t.db.Where("state = ? AND next_at BETWEEN 1 AND ?", ChaseActive, millis(now)).Order("next_at, id").Limit(limit).Find(&rows).Error
	return chases(rows), errs.At("due chases", err)
}

// ChasesAfter returns rounds whose id is greater, in the order of ids.
func (t *Tx) ChasesAfter(_ context.Context, id int64, limit int) ([]Chase, error) {
	var rows []chaseRow
	err := t.db.Where("id > ?", id).Order("id").Limit(limit).Find(&rows).Error
	return chases(rows), errs.At("list chases", err)
}

// AnyChaseDue reports whether a step is due or being taken by another node.
func (t *Tx) AnyChaseDue(ctx context.Context, now time.Time) (bool, error) {
	list, err := t.DueChases(ctx, now, 1)
	return len(list) > 0, err
}

// NextChaseAt returns when the earliest active round continues.
func (t *Tx) NextChaseAt(context.Context) (time.Time, error) {
	var rows []chaseRow
	err := t.db.Where("state = ? AND next_at > 0", ChaseActive).Order("next_at").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return time.Time{}, errs.At("next chase", err)
	}
	return instant(rows[0].NextAt), nil
}

// LockChases locks rounds for this transaction, in the order of their ids. Those
// that are gone, have moved on, or are held by another node are not among them.
func (t *Tx) LockChases(_ context.Context, rounds ...notice.Round) ([]Chase, error) {
	ids, wanted := make([]int64, 0, len(rounds)), make(map[notice.Round]bool, len(rounds))
	for _, r := range rounds {
		ids, wanted[r] = append(ids, r.ID), true
	}
	q := t.db.Where("id IN ? AND state = ?", ids, ChaseActive)
	if t.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"})
	}
	var rows []chaseRow
	if err := q.Order("id").Find(&rows).Error; err != nil {
		return nil, errs.At("lock chases", err)
	}
	rows = slices.DeleteFunc(rows, func(r chaseRow) bool { return !wanted[notice.Round{ID: r.ID, Generation: r.Generation}] })
	return chases(rows), nil
}

// ChaseOf returns the round of a subject.
func (t *Tx) ChaseOf(_ context.Context, s notice.Subject) (Chase, bool, error) {
	var rows []chaseRow
	err := t.db.Where("subject_kind = ? AND subject_id = ?", string(s.Kind), s.ID).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return Chase{}, false, errs.At("load chase", err)
	}
	return rows[0].chase(), true, nil
}

// SaveChase writes a round back with the next generation.
func (t *Tx) SaveChase(_ context.Context, c Chase, now time.Time) error {
	res := t.db.Model(&chaseRow{}).Where("id = ? AND generation = ?", c.ID, c.Generation).Updates(map[string]any{
		"profile": c.Profile, "position": c.Position, "generation": c.Generation + 1, "next_at": millis(c.NextAt), "state": c.State, "reason": c.Reason, "updated_at": millis(now),
	})
	if res.Error == nil && res.RowsAffected == 0 {
		return errStale
	}
	return errs.At("save chase", res.Error)
}

// SaveChases is SaveChase for rounds that this transaction has locked, with one
// statement.
func (t *Tx) SaveChases(_ context.Context, list []Chase, now time.Time) error {
	rows := make([]chaseRow, 0, len(list))
	for _, c := range list {
		rows = append(rows, chaseRow{ID: c.ID, SubjectKind: string(c.Subject.Kind), SubjectID: c.Subject.ID, Profile: c.Profile, PolicyVersion: c.Policy,
			Position: c.Position, Generation: c.Generation + 1, NextAt: millis(c.NextAt), State: c.State, Reason: c.Reason, UpdatedAt: millis(now)})
	}
	if len(rows) == 0 {
		return nil
	}
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{"position", "generation", "next_at", "state", "reason", "updated_at"})}
	return errs.At("save chases", t.db.Clauses(replace).Create(&rows).Error)
}

// DropNotices ends what is still waiting to be told about a subject.
func (t *Tx) DropNotices(_ context.Context, s notice.Subject, kinds []notice.Kind, reason string) error {
	return errs.At("drop notices", t.db.Model(&noticeRow{}).
		Where("subject_kind = ? AND subject_id = ? AND state = ? AND kind IN ?", string(s.Kind), s.ID, string(notice.Pending), kinds).
		Updates(map[string]any{"state": string(notice.Dropped), "reason": reason}).Error)
}

func chases(rows []chaseRow) []Chase {
	out := make([]Chase, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.chase())
	}
	return out
}
