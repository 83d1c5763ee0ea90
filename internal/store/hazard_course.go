package store

import (
	"context"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/hazard"
)

// hazardCourseRow is a hazard's way beside its life; one that nobody registered,
// graded or assigned has none.
type hazardCourseRow struct {
	HazardID     int64 `gorm:"primaryKey;autoIncrement:false"`
	RegisteredAt int64
	RegisteredBy string
	AssignedAt   int64
	AssignedBy   string
	AssignedTo   string
	LimitFrom    int64
	FixDays      int
	ReportedAt   int64
	Duty         string
	Measures     string
	Money        string
	Limits       string
	Plan         string
	FiveAt       int64
	HeldFrom     int64
	HeldTo       int64
	Coordination string
}

func (hazardCourseRow) TableName() string { return "hazard_courses" }

func (r hazardCourseRow) course() hazard.Course {
	return hazard.Course{
		RegisteredAt: instant(r.RegisteredAt), RegisteredBy: r.RegisteredBy, AssignedAt: instant(r.AssignedAt), AssignedBy: r.AssignedBy, AssignedTo: r.AssignedTo,
		LimitFrom: instant(r.LimitFrom), FixDays: r.FixDays, ReportedAt: instant(r.ReportedAt),
		Five:   hazard.Five{Duty: r.Duty, Measures: r.Measures, Money: r.Money, Limit: r.Limits, Plan: r.Plan},
		FiveAt: instant(r.FiveAt), HeldFrom: instant(r.HeldFrom), HeldTo: instant(r.HeldTo), Coordination: r.Coordination,
	}
}

func courseOf(id int64, c hazard.Course) hazardCourseRow {
	return hazardCourseRow{
		HazardID: id, RegisteredAt: millis(c.RegisteredAt), RegisteredBy: c.RegisteredBy, AssignedAt: millis(c.AssignedAt), AssignedBy: c.AssignedBy, AssignedTo: c.AssignedTo,
		LimitFrom: millis(c.LimitFrom), FixDays: c.FixDays, ReportedAt: millis(c.ReportedAt),
		Duty: c.Five.Duty, Measures: c.Five.Measures, Money: c.Five.Money, Limits: c.Five.Limit, Plan: c.Five.Plan,
		FiveAt: millis(c.FiveAt), HeldFrom: millis(c.HeldFrom), HeldTo: millis(c.HeldTo), Coordination: c.Coordination,
	}
}

func (t *Tx) saveCourse(id int64, c hazard.Course) error {
	row := courseOf(id, c)
	return t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "hazard_id"}}, UpdateAll: true}).Create(&row).Error
}

// courses reads the ways of hazards, by hazard.
func (t *Tx) courses(ids []int64) (map[int64]hazard.Course, error) {
	var rows []hazardCourseRow
	err := t.db.Where("hazard_id IN ?", ids).Find(&rows).Error
	byID := make(map[int64]hazard.Course, len(rows))
	for _, r := range rows {
		byID[r.HazardID] = r.course()
	}
	return byID, err
}

// formerRow is a fix that did not hold.
type formerRow struct {
	HazardID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Version    int   `gorm:"primaryKey;autoIncrement:false"`
	UntilAt    int64
	Control    string
	FixedAt    int64
	FixedBy    string
	FixDay     string
	FixNote    string
	ReviewedAt int64
	ReviewedBy string
	ReviewNote string
	Passed     bool
	ClosedAt   int64
}

func (formerRow) TableName() string { return "former_fixes" }

// AddFormer keeps a fix that did not hold.
func (t *Tx) AddFormer(_ context.Context, f hazard.Former) error {
	row := formerRow{HazardID: f.HazardID, Version: f.Version, UntilAt: millis(f.Until), Control: f.Control, FixedAt: millis(f.FixedAt), FixedBy: f.FixedBy,
		FixDay: f.FixDay.String(), FixNote: f.FixNote, ReviewedAt: millis(f.ReviewedAt), ReviewedBy: f.ReviewedBy, ReviewNote: f.ReviewNote, Passed: f.Passed, ClosedAt: millis(f.ClosedAt)}
	return errs.At("keep former fix", t.db.Create(&row).Error)
}

// DropFormer takes back what a step kept; it is said by the version it began from.
func (t *Tx) DropFormer(_ context.Context, hazardID int64, version int) error {
	return errs.At("drop former fix", t.db.Where("hazard_id = ? AND version = ?", hazardID, version).Delete(&formerRow{}).Error)
}

// Formers returns the former fixes of a hazard, the oldest first.
func (t *Tx) Formers(_ context.Context, hazardID int64) ([]hazard.Former, error) {
	var rows []formerRow
	err := t.db.Where("hazard_id = ?", hazardID).Order("version").Find(&rows).Error
	out := make([]hazard.Former, 0, len(rows))
	for _, r := range rows {
		out = append(out, hazard.Former{HazardID: r.HazardID, Version: r.Version, Until: instant(r.UntilAt), Control: r.Control, FixedAt: instant(r.FixedAt), FixedBy: r.FixedBy,
			FixDay: day(r.FixDay), FixNote: r.FixNote, ReviewedAt: instant(r.ReviewedAt), ReviewedBy: r.ReviewedBy, ReviewNote: r.ReviewNote, Passed: r.Passed, ClosedAt: instant(r.ClosedAt)})
	}
	return out, errs.At("list former fixes", err)
}
