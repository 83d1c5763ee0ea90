package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/hazard"
)

func isDuplicate(err error) bool { return errors.Is(err, gorm.ErrDuplicatedKey) }

func (r hazardRow) hazard() hazard.Hazard {
	return hazard.Hazard{
		ID: r.ID, Year: r.Year, Seq: r.Seq, UnitID: r.UnitID, Category: r.Category, Location: r.Location, Desc: r.Descr,
		Level: hazard.Level(r.Level), LevelHint: hazard.Level(r.LevelHint), Urgent: r.Urgent, Anonymous: r.Anonymous, Reporter: r.Reporter,
		State: hazard.State(r.State), SignDue: day(r.SignDue), FixDue: day(r.FixDue), SignedAt: instant(r.SignedAt), SignedBy: r.SignedBy,
		CreatedAt: instant(r.CreatedAt), Origin: hazard.Origin(r.Origin), Version: r.Version,
	}
}

func (r hazardLifeRow) life() hazard.Life {
	return hazard.Life{
		GradedAt: instant(r.GradedAt), GradedBy: r.GradedBy, Control: r.Control, ControlledAt: instant(r.ControlledAt), Blocked: r.Blocked,
		HelpedAt: instant(r.HelpedAt), ETA: day(r.Eta), FixedAt: instant(r.FixedAt), FixedBy: r.FixedBy, FixDay: day(r.FixDay), FixNote: r.FixNote,
		ReviewedAt: instant(r.ReviewedAt), ReviewedBy: r.ReviewedBy, ReviewNote: r.ReviewNote, SelfReviewed: r.SelfReviewed,
		ClosedAt: instant(r.ClosedAt), ClosedBy: r.ClosedBy, MergedInto: r.MergedInto, ListedAt: instant(r.ListedAt), Reopened: r.Reopened,
	}
}

func lifeOf(id int64, l hazard.Life) hazardLifeRow {
	return hazardLifeRow{
		HazardID: id, GradedAt: millis(l.GradedAt), GradedBy: l.GradedBy, Control: l.Control, ControlledAt: millis(l.ControlledAt), Blocked: l.Blocked,
		HelpedAt: millis(l.HelpedAt), Eta: l.ETA.String(), FixedAt: millis(l.FixedAt), FixedBy: l.FixedBy, FixDay: l.FixDay.String(), FixNote: l.FixNote,
		ReviewedAt: millis(l.ReviewedAt), ReviewedBy: l.ReviewedBy, ReviewNote: l.ReviewNote, SelfReviewed: l.SelfReviewed,
		ClosedAt: millis(l.ClosedAt), ClosedBy: l.ClosedBy, MergedInto: l.MergedInto, ListedAt: millis(l.ListedAt), Reopened: l.Reopened,
	}
}

func hazardOf(h hazard.Hazard) hazardRow {
	return hazardRow{
		ID: h.ID, Year: h.Year, Seq: h.Seq, UnitID: h.UnitID, Category: h.Category, Location: h.Location, Descr: h.Desc,
		Level: string(h.Level), LevelHint: string(h.LevelHint), Urgent: h.Urgent, Anonymous: h.Anonymous, Reporter: h.Reporter,
		State: string(h.State), SignDue: h.SignDue.String(), FixDue: h.FixDue.String(), SignedAt: millis(h.SignedAt), SignedBy: h.SignedBy,
		CreatedAt: millis(h.CreatedAt), Origin: string(h.Origin), Version: h.Version,
	}
}

// AddHazard stores a hazard under the next number of its year and returns it
// with id and number. Numbers have no gaps: a transaction that rolls back gives
// its number back.
func (t *Tx) AddHazard(ctx context.Context, h hazard.Hazard) (hazard.Hazard, error) {
	seq, err := t.nextNumber(ctx, "hazard-"+yearName(h.Year))
	if err != nil {
		return h, err
	}
	row := hazardOf(h)
	row.Seq = int(seq)
	if h.Life != (hazard.Life{}) || h.Course != (hazard.Course{}) {
		row.Version++ // what has happened to it is read with it
	}
	if err := t.db.Create(&row).Error; err != nil {
		return h, errs.At("add hazard", err)
	}
	added := row.hazard()
	if added.Life = h.Life; h.Life != (hazard.Life{}) {
		life := lifeOf(row.ID, h.Life)
		if err := t.db.Create(&life).Error; err != nil {
			return h, errs.At("add hazard", err)
		}
	}
	if added.Course = h.Course; h.Course != (hazard.Course{}) {
		if err := t.saveCourse(row.ID, h.Course); err != nil {
			return h, errs.At("add hazard", err)
		}
	}
	return added, nil
}

func yearName(y int) string { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006") }

func (t *Tx) nextNumber(_ context.Context, name string) (int64, error) {
	bump := func() (int64, error) {
		res := t.db.Model(&counterRow{}).Where("name = ?", name).Update("value", gorm.Expr("value + 1"))
		return res.RowsAffected, res.Error
	}
	n, err := bump()
	if err == nil && n == 0 {
		if _, err = t.insertNew(&counterRow{Name: name}); err == nil {
			_, err = bump()
		}
	}
	var row counterRow
	if err == nil {
		err = t.db.Where("name = ?", name).Take(&row).Error
	}
	return row.Value, errs.At("next number", err)
}

// SaveHazard writes a changed hazard; a row that changed since it was read makes
// the transaction run again.
func (t *Tx) SaveHazard(_ context.Context, h hazard.Hazard) error {
	row := hazardOf(h)
	row.Version++
	res := t.db.Model(&hazardRow{}).Where("id = ? AND version = ?", h.ID, h.Version).Select("*").Omit("id").Updates(&row)
	if res.Error != nil {
		return errs.At("save hazard", res.Error)
	}
	if res.RowsAffected == 0 {
		return errStale
	}
	if err := t.saveCourse(h.ID, h.Course); err != nil {
		return errs.At("save hazard", err)
	}
	life := lifeOf(h.ID, h.Life)
	return errs.At("save hazard", t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "hazard_id"}}, UpdateAll: true}).Create(&life).Error)
}

// alive reads what happened to hazards after they were filed; one that is as it
// was reported has no such row.
func (t *Tx) alive(rows []hazardRow) ([]hazard.Hazard, error) {
	out := make([]hazard.Hazard, 0, len(rows))
	var changed []int64
	for _, r := range rows {
		out = append(out, r.hazard())
		if r.Version > 0 || hazard.State(r.State) != hazard.Reported {
			changed = append(changed, r.ID)
		}
	}
	if len(changed) == 0 {
		return out, nil
	}
	var lives []hazardLifeRow
	if err := t.db.Where("hazard_id IN ?", changed).Find(&lives).Error; err != nil {
		return nil, errs.At("load hazards", err)
	}
	byID := make(map[int64]hazardLifeRow, len(lives))
	for _, l := range lives {
		byID[l.HazardID] = l
	}
	courses, err := t.courses(changed)
	if err != nil {
		return nil, errs.At("load hazards", err)
	}
	for i := range out {
		out[i].Course = courses[out[i].ID]
		out[i].Life = byID[out[i].ID].life()
	}
	return out, nil
}

// HazardFilter narrows a list of hazards.
type HazardFilter = hazard.Filter

// Hazards lists hazards, newest first.
func (t *Tx) Hazards(_ context.Context, f HazardFilter) ([]hazard.Hazard, error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	var rows []hazardRow
	if err := t.hazardsBy(f).Order("created_at DESC, id DESC").Limit(f.Limit).Find(&rows).Error; err != nil {
		return nil, errs.At("list hazards", err)
	}
	return t.alive(rows)
}

// hazardsBy is the query for what a filter leaves.
func (t *Tx) hazardsBy(f HazardFilter) *gorm.DB {
	q := t.db.Model(&hazardRow{})
	if f.Seq > 0 {
		q = q.Where("seq = ?", f.Seq)
	}
	if f.Year > 0 {
		q = q.Where("year = ?", f.Year)
	}
	switch {
	case f.EitherOwn:
		q = q.Where("(unit_id IN ? OR reporter = ?)", f.Units, f.Reporter)
	case len(f.Units) > 0:
		q = q.Where("unit_id IN ?", f.Units)
	case f.Reporter != "":
		q = q.Where("reporter = ?", f.Reporter)
	}
	if f.Category != "" {
		q = q.Where("category = ?", f.Category)
	}
	if f.Level != "" {
		q = q.Where("level = ?", string(f.Level))
	}
	if f.OpenOnly {
		q = q.Where("state IN ?", hazard.OpenStates()) // few of all, and an index finds them
	}
	if f.Overdue {
		q = q.Where("fix_due < ? AND fix_due <> '' AND state NOT IN ?", f.Today.String(), fixOver)
	}
	if !f.FixFrom.IsZero() {
		q = q.Where("fix_due >= ?", f.FixFrom.String())
	}
	if !f.FixTo.IsZero() {
		q = q.Where("fix_due <= ? AND fix_due <> ''", f.FixTo.String())
	}
	if !f.Since.IsZero() {
		q = q.Where("created_at >= ?", millis(f.Since))
	}
	if len(f.States) > 0 {
		q = q.Where("state IN ?", f.States)
	}
	if !f.Before.IsZero() {
		q = q.Where("created_at < ?", millis(f.Before))
	}
	if f.Told {
		q = q.Where("category <> ?", hazard.Untold)
	}
	if f.Unsigned {
		q = q.Where("signed_at = 0")
	}
	for _, w := range f.Words {
		within := "%" + likeSigns.Replace(strings.ToLower(w)) + "%"
		q = q.Where("(LOWER(descr) LIKE ? ESCAPE '!' OR LOWER(location) LIKE ? ESCAPE '!' OR category LIKE ? ESCAPE '!')", within, within, within)
	}
	return q
}

// likeSigns makes the signs of a pattern plain characters.
var likeSigns = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// fixOver are the states in which the limit for fixing has no more meaning.
var fixOver = []string{string(hazard.Fixed), string(hazard.Verified), string(hazard.Closed), string(hazard.MergedInto), string(hazard.Void)}

// HazardByID returns one hazard.
func (t *Tx) HazardByID(_ context.Context, id int64) (hazard.Hazard, bool, error) {
	var rows []hazardRow
	if err := t.db.Where("id = ?", id).Find(&rows).Error; err != nil || len(rows) == 0 {
		return hazard.Hazard{}, false, errs.At("load hazard", err)
	}
	list, err := t.alive(rows)
	if err != nil {
		return hazard.Hazard{}, false, err
	}
	return list[0], true, nil
}

// HazardsByID returns hazards by id, in no particular order.
func (t *Tx) HazardsByID(_ context.Context, ids ...int64) ([]hazard.Hazard, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []hazardRow
	if err := t.db.Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, errs.At("load hazards", err)
	}
	return t.alive(rows)
}
