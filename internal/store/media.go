package store

import (
	"context"

	"duban/internal/errs"
	"duban/internal/notice"
)

// FilesByID returns files in the order of their ids.
func (t *Tx) FilesByID(_ context.Context, ids ...int64) ([]File, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []fileRow
	err := t.db.Where("id IN ?", ids).Order("id").Find(&rows).Error
	return files(rows), errs.At("load files", err)
}

// PictureHashes returns the hashes of the pictures of hazards, by hazard.
func (t *Tx) PictureHashes(_ context.Context, hazards ...int64) (map[int64][]uint64, error) {
	if len(hazards) == 0 {
		return nil, nil
	}
	var rows []struct{ SubjectID, Hash int64 }
	err := t.db.Model(&fileRow{}).Select("subject_id, hash").Where("subject_kind = ? AND subject_id IN ? AND hash <> 0", string(notice.HazardSubj), hazards).Find(&rows).Error
	out := map[int64][]uint64{}
	for _, r := range rows {
		out[r.SubjectID] = append(out[r.SubjectID], uint64(r.Hash))
	}
	return out, errs.At("load hashes", err)
}
