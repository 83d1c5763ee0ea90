package store

import (
	"context"
	"slices"

	"duban/internal/errs"
	"duban/internal/media"
	"duban/internal/notice"
)

// HazardIDs lists the ids of hazards in the order they were filed; of more than the
// limit, the newest. What is in a long list is decided by this one query, and the
// hazards are read in batches by their ids afterwards: no batch depends on how far
// the one before came, nor on what was filed meanwhile.
func (t *Tx) HazardIDs(_ context.Context, f HazardFilter) ([]int64, error) {
	var ids []int64
	err := t.hazardsBy(f).Order("id DESC").Limit(f.Limit).Pluck("id", &ids).Error
	slices.Reverse(ids)
	return ids, errs.At("list hazard ids", err)
}

// PicturesOf returns the pictures of hazards, in the order they came, by hazard.
func (t *Tx) PicturesOf(_ context.Context, hazards ...int64) (map[int64][]media.File, error) {
	if len(hazards) == 0 {
		return nil, nil
	}
	var rows []fileRow
	err := t.db.Where("subject_kind = ? AND subject_id IN ? AND kind = ?", string(notice.HazardSubj), hazards, "image").Order("id").Find(&rows).Error
	out := make(map[int64][]media.File, len(rows))
	for _, r := range rows {
		out[r.SubjectID] = append(out[r.SubjectID], r.file())
	}
	return out, errs.At("list pictures", err)
}
