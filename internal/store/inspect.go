package store

import (
	"context"
	"encoding/json"
	"errors"

	"duban/internal/errs"
	"duban/internal/inspect"
)

type checklistRow struct {
	ID         string `gorm:"primaryKey"`
	Name       string
	Aliases    string
	Place      string
	Rhythm     string
	Entries    string
	UnitIDs    string `gorm:"column:unit_ids"`
	ZeroReport bool
	Active     bool
	SortNo     int
}

func (checklistRow) TableName() string { return "checklists" }

type inspectionRow struct {
	ID         int64 `gorm:"primaryKey"`
	ListID     string
	Period     string
	UnitID     string
	FromDay    string
	ToDay      string
	PersonID   string
	Platform   string
	SaidAt     int64
	EntryCount int
	Fine       bool
	Found      string
	Version    int
}

func (inspectionRow) TableName() string { return "inspections" }

func checklistOf(c inspect.Checklist, no int) checklistRow {
	entries, _ := json.Marshal(c.Entries)
	return checklistRow{ID: c.Key, Name: c.Name, Aliases: packList(c.Aliases), Place: c.Place, Rhythm: string(c.Rhythm), Entries: string(entries),
		UnitIDs: packList(c.Units), ZeroReport: c.ZeroReport, Active: true, SortNo: no}
}

func (r checklistRow) checklist() inspect.Checklist {
	c := inspect.Checklist{Key: r.ID, Name: r.Name, Aliases: unpackList(r.Aliases), Place: r.Place, Rhythm: inspect.Rhythm(r.Rhythm),
		Units: unpackList(r.UnitIDs), ZeroReport: r.ZeroReport}
	_ = json.Unmarshal([]byte(r.Entries), &c.Entries) // only ever written from entries
	return c
}

func inspectionOf(r inspect.Record) inspectionRow {
	found, _ := json.Marshal(r.Found)
	return inspectionRow{ID: r.ID, ListID: r.List, Period: r.Period, UnitID: r.Unit, FromDay: r.From.String(), ToDay: r.To.String(), PersonID: r.Person,
		Platform: r.Platform, SaidAt: millis(r.At), EntryCount: r.Entries, Fine: r.Fine, Found: string(found), Version: r.Version}
}

func (r inspectionRow) record() inspect.Record {
	rec := inspect.Record{ID: r.ID, List: r.ListID, Period: r.Period, Unit: r.UnitID, From: day(r.FromDay), To: day(r.ToDay), Person: r.PersonID,
		Platform: r.Platform, At: instant(r.SaidAt), Entries: r.EntryCount, Fine: r.Fine, Version: r.Version}
	_ = json.Unmarshal([]byte(r.Found), &rec.Found) // only ever written from what was found
	return rec
}

// checklistTable keeps lists that the files drop, since inspections refer to them;
// nobody is shown them any more.
func checklistTable(list []inspect.Checklist) seedTable[checklistRow] {
	rows := make([]checklistRow, 0, len(list))
	for i, c := range list {
		rows = append(rows, checklistOf(c, i+1))
	}
	return seedTable[checklistRow]{
		name: "checklists", want: rows, key: func(r checklistRow) string { return r.ID },
		retire: func(r checklistRow) (checklistRow, bool) { r.Active = false; return r, true },
	}
}

// Checklists returns the lists in use, in the order of the files. There are a few.
func (t *Tx) Checklists(context.Context) ([]inspect.Checklist, error) {
	var rows []checklistRow
	if err := t.db.Where("active = ?", true).Order("sort_no, id").Limit(200).Find(&rows).Error; err != nil {
		return nil, errs.At("list checklists", err)
	}
	out := make([]inspect.Checklist, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.checklist())
	}
	return out, nil
}

// AddInspection stores what a unit said about a list in a period. If somebody of the
// unit was faster, the whole transaction runs again, which then finds that.
func (t *Tx) AddInspection(_ context.Context, r inspect.Record) (inspect.Record, error) {
	row := inspectionOf(r)
	err := t.db.Create(&row).Error
	if isDuplicate(err) {
		err = errors.Join(errStale, err)
	}
	return row.record(), errs.At("add inspection", err)
}

// SaveInspection writes a changed record; a row that changed since it was read makes
// the transaction run again.
func (t *Tx) SaveInspection(_ context.Context, r inspect.Record) error {
	row := inspectionOf(r)
	row.Version++
	res := t.db.Model(&inspectionRow{}).Where("id = ? AND version = ?", r.ID, r.Version).Select("*").Omit("id").Updates(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		return errStale
	}
	return errs.At("save inspection", res.Error)
}

// DropInspection forgets a record that was taken back; the history keeps that it was.
func (t *Tx) DropInspection(_ context.Context, id int64) error {
	return errs.At("drop inspection", t.db.Where("id = ?", id).Delete(&inspectionRow{}).Error)
}

// InspectionByID finds a record.
func (t *Tx) InspectionByID(_ context.Context, id int64) (inspect.Record, bool, error) {
	var rows []inspectionRow
	if err := t.db.Where("id = ?", id).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return inspect.Record{}, false, errs.At("find inspection", err)
	}
	return rows[0].record(), true, nil
}

// Inspections lists records in the order of their making.
func (t *Tx) Inspections(_ context.Context, f inspect.Filter) ([]inspect.Record, error) {
	q := t.db.Model(&inspectionRow{})
	if len(f.Lists) > 0 {
		q = q.Where("list_id IN ?", f.Lists)
	}
	if len(f.Periods) > 0 {
		q = q.Where("period IN ?", f.Periods)
	}
	if len(f.Units) > 0 {
		q = q.Where("unit_id IN ?", f.Units)
	}
	if !f.Since.IsZero() {
		q = q.Where("to_day >= ?", f.Since.String())
	}
	if !f.Before.IsZero() {
		q = q.Where("from_day <= ?", f.Before.String())
	}
	var rows []inspectionRow
	if err := q.Order("id").Limit(5000).Find(&rows).Error; err != nil {
		return nil, errs.At("list inspections", err)
	}
	out := make([]inspect.Record, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.record())
	}
	return out, nil
}
