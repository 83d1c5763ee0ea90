package store

import (
	"context"

	"duban/internal/errs"
)

// Groups returns the groups in use, by id.
func (t *Tx) Groups(context.Context) ([]Group, error) {
	var rows []groupRow
	if err := t.db.Where("active = ?", true).Order("id").Find(&rows).Error; err != nil {
		return nil, errs.At("list groups", err)
	}
	out := make([]Group, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.group())
	}
	return out, nil
}
