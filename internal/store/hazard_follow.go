package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/hazard"
)

// followerRow is what one person wants to hear of one hazard.
type followerRow struct {
	HazardID int64  `gorm:"primaryKey;autoIncrement:false"`
	PersonID string `gorm:"primaryKey"`
	Interest string
	Since    int64
}

func (followerRow) TableName() string { return "hazard_followers" }

// Followers returns what people want to hear of a hazard.
func (t *Tx) Followers(_ context.Context, hazardID int64) ([]hazard.Follower, error) {
	var rows []followerRow
	err := t.db.Where("hazard_id = ?", hazardID).Order("person_id").Find(&rows).Error
	return followers(rows), errs.At("list followers", err)
}

// FollowedBy returns what a person said about hazards, the newest first.
func (t *Tx) FollowedBy(_ context.Context, personID string, limit int) ([]hazard.Follower, error) {
	var rows []followerRow
	err := t.db.Where("person_id = ?", personID).Order("since DESC").Limit(limit).Find(&rows).Error
	return followers(rows), errs.At("list what is followed", err)
}

func followers(rows []followerRow) []hazard.Follower {
	out := make([]hazard.Follower, 0, len(rows))
	for _, r := range rows {
		out = append(out, hazard.Follower{HazardID: r.HazardID, PersonID: r.PersonID, Interest: hazard.Interest(r.Interest)})
	}
	return out
}

// Follow keeps what a person wants to hear of a hazard; the last word counts.
func (t *Tx) Follow(_ context.Context, f hazard.Follower, now time.Time) error {
	row := followerRow{HazardID: f.HazardID, PersonID: f.PersonID, Interest: string(f.Interest), Since: millis(now)}
	return errs.At("follow hazard", t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "hazard_id"}, {Name: "person_id"}}, UpdateAll: true}).Create(&row).Error)
}
