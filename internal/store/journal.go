package store

import (
	"context"

	"gorm.io/gorm"

	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
)

// Append writes one line of history.
func (t *Tx) Append(_ context.Context, list ...journal.Entry) error {
	rows := make([]journalRow, 0, len(list))
	for _, e := range list {
		rows = append(rows, journalRow{At: millis(e.At), Actor: e.Actor, Channel: e.Channel, SubjectKind: string(e.Subject.Kind), SubjectID: e.Subject.ID,
			Action: e.Action, BeforeValue: e.Before, AfterValue: e.After, Note: e.Note})
	}
	if len(rows) == 0 {
		return nil
	}
	return errs.At("append history", t.db.CreateInBatches(&rows, maxRows).Error)
}

// History returns the newest lines about a subject, newest first.
func (t *Tx) History(_ context.Context, subject notice.Subject, limit int) ([]journal.Entry, error) {
	return t.entries(t.db.Where("subject_kind = ? AND subject_id = ?", string(subject.Kind), subject.ID), limit)
}

func (r journalRow) entry() journal.Entry {
	return journal.Entry{ID: r.ID, At: instant(r.At), Actor: r.Actor, Channel: r.Channel,
		Subject: notice.Subject{Kind: notice.SubjectKind(r.SubjectKind), ID: r.SubjectID},
		Action:  r.Action, Before: r.BeforeValue, After: r.AfterValue, Note: r.Note}
}

// Incident records that an emergency or sensitive message came in.
type Incident = journal.Incident

// AddIncident stores an incident and returns its id.
func (t *Tx) AddIncident(_ context.Context, i Incident) (int64, error) {
	row := incidentRow{Kind: i.Kind, Type: i.Type, UnitID: i.UnitID, PersonID: i.PersonID, Location: i.Location, At: millis(i.At), Told: i.Told}
	err := t.db.Create(&row).Error
	return row.ID, errs.At("add incident", err)
}

// HistoryOf returns the newest lines about any of these subjects, newest first.
func (t *Tx) HistoryOf(_ context.Context, subjects []notice.Subject, limit int) ([]journal.Entry, error) {
	pairs := make([][]any, 0, len(subjects))
	for _, s := range subjects {
		pairs = append(pairs, []any{string(s.Kind), s.ID})
	}
	return t.entries(t.db.Where("(subject_kind, subject_id) IN ?", pairs), limit)
}

// HistoryBy returns the newest lines of what a person did or what was done about
// the person, newest first. It reads the whole history: for operators only.
func (t *Tx) HistoryBy(_ context.Context, person string, limit int) ([]journal.Entry, error) {
	return t.entries(t.db.Where("actor = ? OR subject_kind = ? AND (before_value = ? OR after_value = ?)", person, string(notice.PersonSubj), person, person), limit)
}

func (t *Tx) entries(q *gorm.DB, limit int) ([]journal.Entry, error) {
	var rows []journalRow
	err := q.Order("id DESC").Limit(limit).Find(&rows).Error
	out := make([]journal.Entry, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.entry())
	}
	return out, errs.At("load history", err)
}

// ItemSubjects returns the items of a code, of any year, and all their assignments
// as subjects of history.
func (t *Tx) ItemSubjects(_ context.Context, code string) ([]notice.Subject, error) {
	var items, parts []int64
	if err := t.db.Model(&itemRow{}).Where("code = ?", code).Order("id").Pluck("id", &items).Error; err != nil || len(items) == 0 {
		return nil, errs.At("find items of a code", err)
	}
	if err := t.db.Model(&assignmentRow{}).Where("item_id IN ?", items).Order("id").Pluck("id", &parts).Error; err != nil {
		return nil, errs.At("find parts of items", err)
	}
	var out []notice.Subject
	for _, id := range items {
		out = append(out, notice.Subject{Kind: "item", ID: id})
	}
	for _, id := range parts {
		out = append(out, notice.Subject{Kind: notice.Assignment, ID: id})
	}
	return out, nil
}
