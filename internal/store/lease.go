package store

import (
	"context"
	"time"

	"duban/internal/errs"
)

type leaseRow struct {
	Name      string `gorm:"primaryKey"`
	Owner     string
	ExpiresAt int64
}

func (leaseRow) TableName() string { return "leases" }

// HoldLease takes a lease until a time, or keeps it until then, and reports whether the
// owner has it. One that has run out is anybody's. Clocks of nodes may differ by a fraction
// of the time.
func (t *Tx) HoldLease(_ context.Context, name, owner string, now, until time.Time) (bool, error) {
	taken := t.db.Model(&leaseRow{}).Where("name = ? AND (owner = ? OR owner = '' OR expires_at <= ?)", name, owner, millis(now)).
		Updates(map[string]any{"owner": owner, "expires_at": millis(until)})
	if taken.Error != nil {
		return false, errs.At("hold lease", taken.Error)
	}
	var row leaseRow
	found := t.db.Where("name = ?", name).Limit(1).Find(&row)
	if found.Error != nil {
		return false, errs.At("look at lease", found.Error)
	}
	if found.RowsAffected > 0 {
		return row.Owner == owner, nil
	}
	fresh, err := t.insertNew(&leaseRow{Name: name, Owner: owner, ExpiresAt: millis(until)})
	return fresh, errs.At("make lease", err)
}

// ReleaseLease gives a lease up, if the owner has it.
func (t *Tx) ReleaseLease(_ context.Context, name, owner string) error {
	return errs.At("release lease", t.db.Model(&leaseRow{}).Where("name = ? AND owner = ?", name, owner).
		Updates(map[string]any{"owner": "", "expires_at": 0}).Error)
}
