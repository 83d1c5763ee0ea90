package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"duban/internal/errs"
)

// Policy is one stored version of the reminder policies, as the file was written.
type Policy struct {
	Version int
	Body    []byte
}

// SavePolicies stores a policy file, which must have been checked, as the next
// version and returns it; a file equal to the newest one keeps its version, and
// fresh is false. A version never changes. Going back to earlier content makes a
// new version, since the newest is what counts.
func (t *Tx) SavePolicies(ctx context.Context, body []byte, now time.Time) (version int, fresh bool, err error) {
	if err := t.LockSeeds(ctx); err != nil {
		return 0, false, err
	}
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	var rows []policyRow
	if err := t.db.Select("version", "digest").Order("version DESC").Limit(1).Find(&rows).Error; err != nil {
		return 0, false, errs.At("look up newest policies", err)
	}
	row := policyRow{Version: 1, Body: string(body), Digest: digest, CreatedAt: millis(now)}
	if len(rows) > 0 {
		if rows[0].Digest == digest {
			return rows[0].Version, false, nil
		}
		row.Version = rows[0].Version + 1
	}
	return row.Version, true, errs.At("save policies", t.db.Create(&row).Error)
}

// Policies returns a version; 0 asks for the newest. One that is not there is
// errs.NotFound.
func (t *Tx) Policies(_ context.Context, version int) (Policy, error) {
	q := t.db.Order("version DESC").Limit(1)
	if version != 0 {
		q = q.Where("version = ?", version)
	}
	var rows []policyRow
	if err := q.Find(&rows).Error; err != nil {
		return Policy{}, errs.At("load policies", err)
	}
	if len(rows) == 0 {
		return Policy{}, errs.New(errs.NotFound, "催办规则还没有存入，请先运行 duban seed。")
	}
	return Policy{Version: rows[0].Version, Body: []byte(rows[0].Body)}, nil
}

// PolicyVersions returns the numbers of the stored versions, ascending.
func (t *Tx) PolicyVersions(context.Context) ([]int, error) {
	var list []int
	err := t.db.Model(&policyRow{}).Order("version").Pluck("version", &list).Error
	return list, errs.At("list policies", err)
}
