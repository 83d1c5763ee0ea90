package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/calendar"
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
	SpotDue      string
	SpotAt       int64
	SpotBy       string
	SpotNote     string
}

func (hazardCourseRow) TableName() string { return "hazard_courses" }

func (r hazardCourseRow) course() hazard.Course {
	return hazard.Course{
		RegisteredAt: instant(r.RegisteredAt), RegisteredBy: r.RegisteredBy, AssignedAt: instant(r.AssignedAt), AssignedBy: r.AssignedBy, AssignedTo: r.AssignedTo,
		LimitFrom: instant(r.LimitFrom), FixDays: r.FixDays, ReportedAt: instant(r.ReportedAt),
		Five:   hazard.Five{Duty: r.Duty, Measures: r.Measures, Money: r.Money, Limit: r.Limits, Plan: r.Plan},
		FiveAt: instant(r.FiveAt), HeldFrom: instant(r.HeldFrom), HeldTo: instant(r.HeldTo), Coordination: r.Coordination,
		SpotDue: day(r.SpotDue), SpotAt: instant(r.SpotAt), SpotBy: r.SpotBy, SpotNote: r.SpotNote,
	}
}

func courseOf(id int64, c hazard.Course) hazardCourseRow {
	return hazardCourseRow{
		HazardID: id, RegisteredAt: millis(c.RegisteredAt), RegisteredBy: c.RegisteredBy, AssignedAt: millis(c.AssignedAt), AssignedBy: c.AssignedBy, AssignedTo: c.AssignedTo,
		LimitFrom: millis(c.LimitFrom), FixDays: c.FixDays, ReportedAt: millis(c.ReportedAt),
		Duty: c.Five.Duty, Measures: c.Five.Measures, Money: c.Five.Money, Limits: c.Five.Limit, Plan: c.Five.Plan,
		FiveAt: millis(c.FiveAt), HeldFrom: millis(c.HeldFrom), HeldTo: millis(c.HeldTo), Coordination: c.Coordination,
		SpotDue: c.SpotDue.String(), SpotAt: millis(c.SpotAt), SpotBy: c.SpotBy, SpotNote: c.SpotNote,
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

// SpotChecks counts the spot checks planned for the days from and to.
func (t *Tx) SpotChecks(_ context.Context, from, to calendar.Date) (int, error) {
	var n int64
	err := t.db.Model(&hazardCourseRow{}).Where("spot_due >= ? AND spot_due <= ?", from.String(), to.String()).Count(&n).Error
	return int(n), errs.At("count spot checks", err)
}

// maxSpots bounds the list of spot checks that wait.
const maxSpots = 100

// SpotList returns the closed hazards that wait for their spot check, the earliest
// first.
func (t *Tx) SpotList(ctx context.Context) ([]hazard.Hazard, error) {
	var ids []int64
	err := t.db.Model(&hazardCourseRow{}).Where("spot_at = 0 AND spot_due > ''").Order("spot_due").Limit(maxSpots).Pluck("hazard_id", &ids).Error
	if err != nil {
		return nil, errs.At("list spot checks", err)
	}
	list, err := t.HazardsByID(ctx, ids...)
	return inOrder(list, ids), err
}

// Listed returns the open hazards under public supervision (挂牌).
func (t *Tx) Listed(ctx context.Context) ([]hazard.Hazard, error) {
	var ids []int64
	err := t.db.Model(&hazardLifeRow{}).Joins("JOIN hazards h ON h.id = hazard_lives.hazard_id AND h.state NOT IN ?", ended).
		Where("listed_at > 0").Order("listed_at").Limit(maxSpots).Pluck("hazard_id", &ids).Error
	if err != nil {
		return nil, errs.At("list supervised hazards", err)
	}
	list, err := t.HazardsByID(ctx, ids...)
	return inOrder(list, ids), err
}

var ended = []string{string(hazard.Closed), string(hazard.MergedInto), string(hazard.Void)}

// inOrder puts hazards into the order of their ids.
func inOrder(list []hazard.Hazard, ids []int64) []hazard.Hazard {
	byID := make(map[int64]hazard.Hazard, len(list))
	for _, h := range list {
		byID[h.ID] = h
	}
	out := make([]hazard.Hazard, 0, len(list))
	for _, id := range ids {
		if h, ok := byID[id]; ok {
			out = append(out, h)
		}
	}
	return out
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

// followerRow is somebody's wish about the news of a hazard. Who filed it follows
// without a row.
type followerRow struct {
	HazardID int64  `gorm:"primaryKey;autoIncrement:false"`
	PersonID string `gorm:"primaryKey"`
	Muted    bool
	Since    int64
}

func (followerRow) TableName() string { return "followers" }

// SetFollower writes whether a person wants the news of a hazard.
func (t *Tx) SetFollower(_ context.Context, f hazard.Follower, now time.Time) error {
	row := followerRow{HazardID: f.HazardID, PersonID: f.PersonID, Muted: f.Muted, Since: millis(now)}
	return errs.At("follow hazard", t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "hazard_id"}, {Name: "person_id"}}, UpdateAll: true}).Create(&row).Error)
}

// DropFollower takes a wish back as if it had not been said.
func (t *Tx) DropFollower(_ context.Context, hazardID int64, person string) error {
	return errs.At("follow hazard", t.db.Where("hazard_id = ? AND person_id = ?", hazardID, person).Delete(&followerRow{}).Error)
}

// Followers returns who said whether they want the news of a hazard.
func (t *Tx) Followers(_ context.Context, hazardID int64) ([]hazard.Follower, error) {
	var rows []followerRow
	err := t.db.Where("hazard_id = ?", hazardID).Order("person_id").Find(&rows).Error
	out := make([]hazard.Follower, 0, len(rows))
	for _, r := range rows {
		out = append(out, hazard.Follower{HazardID: r.HazardID, PersonID: r.PersonID, Muted: r.Muted})
	}
	return out, errs.At("list followers", err)
}
