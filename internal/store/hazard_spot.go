package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/hazard"
)

// spotRow is one hazard drawn for a spot check (回头看).
type spotRow struct {
	HazardID     int64  `gorm:"primaryKey;autoIncrement:false"`
	Month        string `gorm:"primaryKey"`
	UnitID       string
	SelfReviewed bool
	DrawnAt      int64
	Result       string
	CheckedAt    int64
	CheckedBy    string
	Note         string
}

func (spotRow) TableName() string { return "spot_checks" }

func (r spotRow) check() hazard.SpotCheck {
	return hazard.SpotCheck{HazardID: r.HazardID, Month: r.Month, UnitID: r.UnitID, SelfReviewed: r.SelfReviewed, DrawnAt: instant(r.DrawnAt),
		Result: hazard.SpotResult(r.Result), CheckedAt: instant(r.CheckedAt), CheckedBy: r.CheckedBy, Note: r.Note}
}

func spotOf(c hazard.SpotCheck) spotRow {
	return spotRow{HazardID: c.HazardID, Month: c.Month, UnitID: c.UnitID, SelfReviewed: c.SelfReviewed, DrawnAt: millis(c.DrawnAt),
		Result: string(c.Result), CheckedAt: millis(c.CheckedAt), CheckedBy: c.CheckedBy, Note: c.Note}
}

// ClosedBetween lists the closed hazards of a time, at most limit, with their lives.
func (t *Tx) ClosedBetween(_ context.Context, from, to time.Time, limit int) ([]hazard.Hazard, error) {
	var rows []hazardRow
	err := t.db.Model(&hazardRow{}).Joins("JOIN hazard_lives l ON l.hazard_id = hazards.id AND l.closed_at >= ? AND l.closed_at < ?", millis(from), millis(to)).
		Where("state = ?", string(hazard.Closed)).Select("hazards.*").Order("l.closed_at").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, errs.At("list closed hazards", err)
	}
	return t.alive(rows)
}

// SpotChecks lists the spot checks of a month, in the order of the numbers.
func (t *Tx) SpotChecks(_ context.Context, month string) ([]hazard.SpotCheck, error) {
	var rows []spotRow
	if err := t.db.Where("month = ?", month).Order("hazard_id").Find(&rows).Error; err != nil {
		return nil, errs.At("list spot checks", err)
	}
	out := make([]hazard.SpotCheck, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.check())
	}
	return out, nil
}

// SaveSpotChecks writes checks over what is kept of the same hazards in the same month.
func (t *Tx) SaveSpotChecks(_ context.Context, checks ...hazard.SpotCheck) error {
	if len(checks) == 0 {
		return nil
	}
	rows := make([]spotRow, 0, len(checks))
	for _, c := range checks {
		rows = append(rows, spotOf(c))
	}
	return errs.At("save spot checks", t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "hazard_id"}, {Name: "month"}}, UpdateAll: true}).Create(&rows).Error)
}
