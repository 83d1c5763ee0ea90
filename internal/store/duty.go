package store

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"duban/internal/duty"
	"duban/internal/errs"
)

func (r itemRow) item() duty.Item {
	return duty.Item{
		ID: r.ID, Year: r.Year, Code: r.Code, Point: r.Point, PointTitle: r.PointTitle, Desc: r.Descr, Kind: r.Kind, Figures: r.Figures,
		Metric: duty.Metric{Op: r.MetricOp, Target: r.MetricTarget, Unit: r.MetricUnit}, Every: r.Every,
		Due: day(r.Due), DueSource: duty.Source(r.DueSource), DueText: r.DueText,
		Lead: r.LeadID, LeadSource: duty.Source(r.LeadSource), DoersSource: duty.Source(r.DoersSource), Assist: unpackList(r.AssistIDs), Audience: r.Audience, Profile: r.Profile, ByKind: unpackList(r.ByKind), Privacy: r.Privacy,
		State: duty.ItemState(r.State), ConfirmedAt: instant(r.ConfirmedAt), ConfirmedBy: r.ConfirmedBy,
	}
}

func itemOf(i duty.Item) itemRow {
	return itemRow{
		ID: i.ID, Year: i.Year, Code: i.Code, Point: i.Point, PointTitle: i.PointTitle, Descr: i.Desc, Kind: i.Kind, Figures: i.Figures,
		MetricOp: i.Metric.Op, MetricTarget: i.Metric.Target, MetricUnit: i.Metric.Unit, Every: i.Every,
		Due: i.Due.String(), DueSource: string(i.DueSource), DueText: i.DueText,
		LeadID: i.Lead, LeadSource: string(i.LeadSource), AssistIDs: packList(i.Assist), Audience: i.Audience, DoersSource: string(i.DoersSource), Profile: i.Profile, ByKind: packList(i.ByKind), Privacy: i.Privacy,
		State: string(i.State), ConfirmedAt: millis(i.ConfirmedAt), ConfirmedBy: i.ConfirmedBy,
	}
}

func (r assignmentRow) assignment() duty.Assignment {
	return duty.Assignment{
		ID: r.ID, ItemID: r.ItemID, UnitID: r.UnitID, Part: duty.Part(r.Part), Period: r.Period, Opens: day(r.Opens), Due: day(r.Due),
		State: duty.State(r.State), Status: duty.Status(r.Status), Percent: r.Percent, Value: r.Value, Note: r.Note, ETA: day(r.ETA),
		Evidence: duty.Evidence(r.Evidence), AssignedAt: instant(r.AssignedAt), SignedAt: instant(r.SignedAt),
		ReportedAt: instant(r.ReportedAt), ClosedAt: instant(r.ClosedAt), Version: r.Version,
	}
}

func assignmentOf(a duty.Assignment) assignmentRow {
	return assignmentRow{
		ID: a.ID, ItemID: a.ItemID, UnitID: a.UnitID, Part: string(a.Part), Period: a.Period, Opens: a.Opens.String(), Due: a.Due.String(),
		State: string(a.State), Status: string(a.Status), Percent: a.Percent, Value: a.Value, Note: a.Note, ETA: a.ETA.String(),
		Evidence: string(a.Evidence), AssignedAt: millis(a.AssignedAt), SignedAt: millis(a.SignedAt),
		ReportedAt: millis(a.ReportedAt), ClosedAt: millis(a.ClosedAt), Version: a.Version,
	}
}

// WorkFilter narrows a list of work.
type WorkFilter = duty.Filter

type workRow struct {
	A assignmentRow `gorm:"embedded"`
	I itemRow       `gorm:"embedded;embeddedPrefix:i_"`
}

func itemColumns(db *gorm.DB) string {
	const list = "i.id AS i_id, i.year AS i_year, i.code AS i_code, i.point AS i_point, i.point_title AS i_point_title, i.descr AS i_descr, " +
		"i.kind AS i_kind, i.figures AS i_figures, i.metric_op AS i_metric_op, i.metric_target AS i_metric_target, i.metric_unit AS i_metric_unit, " +
		"i.every AS i_every, i.due AS i_due, i.due_source AS i_due_source, i.due_text AS i_due_text, i.lead_id AS i_lead_id, i.assist_ids AS i_assist_ids, " +
		"i.lead_source AS i_lead_source, i.audience_source AS i_audience_source, " +
		"i.audience AS i_audience, i.profile AS i_profile, i.by_kind AS i_by_kind, i.privacy AS i_privacy, i.state AS i_state, i.confirmed_at AS i_confirmed_at, i.confirmed_by AS i_confirmed_by"
	return list
}

// openStates are the states in which a unit still has to do something.
var openStates = []string{string(duty.Assigned), string(duty.Signed), string(duty.InProgress), string(duty.Returned)}

// Work lists assignments of confirmed items: the next due first, then in the
// order of the document; those without a date come last.
func (t *Tx) Work(_ context.Context, f WorkFilter) ([]duty.Work, error) {
	q := t.workQuery()
	if len(f.Units) > 0 {
		q = q.Where("a.unit_id IN ?", f.Units)
	}
	if len(f.Sections) > 0 {
		q = q.Where("(a.unit_id IN ? OR i.lead_id IN ?)", f.Sections, f.Sections)
	}
	if len(f.Codes) > 0 {
		q = q.Where("i.code IN ?", f.Codes)
	}
	if f.Point > 0 {
		q = q.Where("i.point = ?", f.Point)
	}
	if !f.DueFrom.IsZero() {
		q = q.Where("a.due >= ?", f.DueFrom.String())
	}
	if !f.DueTo.IsZero() {
		q = q.Where("a.due <= ? AND a.due <> ''", f.DueTo.String())
	}
	if f.OpenOnly {
		q = q.Where("a.state IN ?", openStates)
	} else if len(f.States) > 0 {
		q = q.Where("a.state IN ?", f.States)
	}
	if f.Part != "" {
		q = q.Where("a.part = ?", string(f.Part))
	}
	if f.Without != "" {
		q = q.Where("a.part <> ?", string(f.Without))
	}
	if !f.Today.IsZero() {
		q = q.Where("a.opens <= ?", f.Today.String())
	}
	if f.Limit == 0 {
		f.Limit = 200
	}
	// A few lines, which is what most messages ask for, are sorted here: MySQL
	// would make a temporary table on disk for it.
	few := len(f.Units) > 0 && len(f.Codes) > 0
	if !few {
		q = q.Order("a.due = '', a.due, i.point, i.id, a.unit_id").Limit(f.Limit)
	}
	var rows []workRow
	if err := q.Scan(&rows).Error; err != nil {
		return nil, errs.At("list work", err)
	}
	list := works(rows)
	if few {
		slices.SortFunc(list, byDue)
		list = list[:min(len(list), f.Limit)]
	}
	return list, nil
}

// byDue is the order of lists: the next due first, then that of the document;
// what has no date comes last.
func byDue(a, b duty.Work) int {
	if a.Due.IsZero() != b.Due.IsZero() {
		if a.Due.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Item.Point, b.Item.Point), cmp.Compare(a.ItemID, b.ItemID), cmp.Compare(a.UnitID, b.UnitID))
}

func (t *Tx) workQuery() *gorm.DB {
	return t.db.Table("assignments a").Select("a.*, "+itemColumns(t.db)).
		Joins("JOIN items i ON i.id = a.item_id AND i.state = ?", string(duty.Confirmed))
}

func works(rows []workRow) []duty.Work {
	out := make([]duty.Work, 0, len(rows))
	for _, r := range rows {
		out = append(out, duty.Work{Assignment: r.A.assignment(), Item: r.I.item()})
	}
	return out
}

// WorkByID returns assignments by id, in no particular order. Their items are read
// once each: many units work on the same.
func (t *Tx) WorkByID(_ context.Context, ids ...int64) ([]duty.Work, error) {
	out := []duty.Work{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []assignmentRow
	if err := t.db.Where("id IN ?", ids).Find(&rows).Error; err != nil || len(rows) == 0 {
		return out, errs.At("load work", err)
	}
	items, err := t.confirmed(rows)
	if err != nil {
		return nil, errs.At("load items of work", err)
	}
	for _, r := range rows {
		if i, ok := items[r.ItemID]; ok {
			out = append(out, duty.Work{Assignment: r.assignment(), Item: i})
		}
	}
	return out, nil
}

// confirmed returns the confirmed items of assignments, by id.
func (t *Tx) confirmed(work []assignmentRow) (map[int64]duty.Item, error) {
	items, ids := map[int64]duty.Item{}, []int64{}
	for _, a := range work {
		if _, known := items[a.ItemID]; !known {
			items[a.ItemID], ids = duty.Item{}, append(ids, a.ItemID)
		}
	}
	clear(items)
	var rows []itemRow
	err := t.db.Where("id IN ? AND state = ?", ids, string(duty.Confirmed)).Find(&rows).Error
	for _, r := range rows {
		items[r.ID] = r.item()
	}
	return items, err
}

// SaveAssignment writes a changed assignment; a row that changed since it was
// read makes the transaction run again.
func (t *Tx) SaveAssignment(_ context.Context, a duty.Assignment) error {
	row := assignmentOf(a)
	row.Version++
	res := t.db.Model(&assignmentRow{}).Where("id = ? AND version = ?", a.ID, a.Version).Select("*").Omit("id").Updates(&row)
	if res.Error != nil {
		return errs.At("save assignment", res.Error)
	}
	if res.RowsAffected == 0 {
		return errStale
	}
	return nil
}

// AddAssignments inserts assignments that do not exist yet and returns them with
// their ids.
func (t *Tx) AddAssignments(_ context.Context, list []duty.Assignment) ([]duty.Assignment, error) {
	var added []duty.Assignment
	for _, a := range list {
		row := assignmentOf(a)
		fresh, err := t.insertNew(&row)
		if err != nil {
			return nil, errs.At("add assignment", err)
		}
		if fresh {
			added = append(added, row.assignment())
		}
	}
	return added, nil
}

// ReportLine is one stored progress report.
type ReportLine = duty.ReportLine

// AddReport stores a report and returns its id.
func (t *Tx) AddReport(_ context.Context, r ReportLine) (int64, error) {
	row := reportRow{AssignmentID: r.AssignmentID, PersonID: r.PersonID, Platform: r.Platform, At: millis(r.At), Status: string(r.Status),
		Percent: r.Percent, Value: r.Value, Note: r.Note, ETA: r.ETA.String(), Files: r.Files}
	err := t.db.Create(&row).Error // before row.ID is read
	return row.ID, errs.At("add report", err)
}

// Items lists items of a year, or one by code.
func (t *Tx) Items(_ context.Context, year int, codes ...string) ([]duty.Item, error) {
	q := t.db.Where("year = ?", year)
	if len(codes) > 0 {
		q = q.Where("code IN ?", codes)
	}
	var rows []itemRow
	if err := q.Order("point, id").Find(&rows).Error; err != nil {
		return nil, errs.At("list items", err)
	}
	out := make([]duty.Item, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.item())
	}
	return out, nil
}

// SaveItem writes a changed item.
func (t *Tx) SaveItem(_ context.Context, i duty.Item) error {
	row := itemOf(i)
	return errs.At("save item", t.db.Model(&itemRow{}).Where("id = ?", i.ID).Select("*").Omit("id").Updates(&row).Error)
}

// insertNew inserts a row and reports whether it was new. gorm's "do nothing"
// counts a duplicate as inserted on MySQL, so the unique key is asked instead; a
// failed statement leaves the transaction usable on both databases.
func (t *Tx) insertNew(row any) (bool, error) {
	err := t.db.Create(row).Error
	if isDuplicate(err) {
		return false, nil
	}
	return err == nil, err
}

// Audience returns the units that an item's audience names, and what people call
// them together; ok is false for words that name none of the stored lists.
func (t *Tx) Audience(_ context.Context, id string) (label string, units []string, ok bool, err error) {
	var rows []audienceRow
	if err := t.db.Where("id = ?", id).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return "", nil, false, errs.At("load audience", err)
	}
	return rows[0].Label, unpackList(rows[0].UnitIDs), true, nil
}
