package store

import (
	"context"

	"duban/internal/errs"
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
