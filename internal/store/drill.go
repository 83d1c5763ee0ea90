package store

import (
	"context"

	"duban/internal/duty"
	"duban/internal/errs"
)

type drillRow struct {
	ReportID     int64 `gorm:"primaryKey;autoIncrement:false"`
	AssignmentID int64
	HeldOn       string
	People       int
	Seconds      int
}

func (drillRow) TableName() string { return "drills" }

// AddDrill stores the figures of a drill or lesson beside the report that told of it.
func (t *Tx) AddDrill(_ context.Context, d duty.Drill) error {
	row := drillRow{ReportID: d.Report, AssignmentID: d.Assignment, HeldOn: d.Held.String(), People: d.People, Seconds: d.Seconds}
	return errs.At("add drill", t.db.Create(&row).Error)
}

// Drills returns what was held for pieces of work, in the order of the reports.
func (t *Tx) Drills(_ context.Context, assignments ...int64) ([]duty.Drill, error) {
	if len(assignments) == 0 {
		return nil, nil
	}
	var rows []drillRow
	if err := t.db.Where("assignment_id IN ?", assignments).Order("report_id").Find(&rows).Error; err != nil {
		return nil, errs.At("list drills", err)
	}
	var out []duty.Drill
	for _, r := range rows {
		out = append(out, duty.Drill{Report: r.ReportID, Assignment: r.AssignmentID, Held: day(r.HeldOn), People: r.People, Seconds: r.Seconds})
	}
	return out, nil
}
