package store

import (
	"context"

	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
)

// Append writes one line of history.
func (t *Tx) Append(_ context.Context, e journal.Entry) error {
	row := journalRow{At: millis(e.At), Actor: e.Actor, Channel: e.Channel, SubjectKind: string(e.Subject.Kind), SubjectID: e.Subject.ID,
		Action: e.Action, BeforeValue: e.Before, AfterValue: e.After, Note: e.Note}
	return errs.At("append history", t.db.Create(&row).Error)
}

// History returns the newest lines about a subject, newest first.
func (t *Tx) History(_ context.Context, subject notice.Subject, limit int) ([]journal.Entry, error) {
	var rows []journalRow
	err := t.db.Where("subject_kind = ? AND subject_id = ?", string(subject.Kind), subject.ID).Order("id DESC").Limit(limit).Find(&rows).Error
	out := make([]journal.Entry, 0, len(rows))
	for _, r := range rows {
		out = append(out, journal.Entry{ID: r.ID, At: instant(r.At), Actor: r.Actor, Channel: r.Channel,
			Subject: notice.Subject{Kind: notice.SubjectKind(r.SubjectKind), ID: r.SubjectID},
			Action:  r.Action, Before: r.BeforeValue, After: r.AfterValue, Note: r.Note})
	}
	return out, errs.At("load history", err)
}

// Incident records that an emergency or sensitive message came in.
type Incident = journal.Incident

// AddIncident stores an incident and returns its id.
func (t *Tx) AddIncident(_ context.Context, i Incident) (int64, error) {
	row := incidentRow{Kind: i.Kind, Type: i.Type, UnitID: i.UnitID, PersonID: i.PersonID, Location: i.Location, At: millis(i.At), Told: i.Told}
	err := t.db.Create(&row).Error
	return row.ID, errs.At("add incident", err)
}
