package store

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"duban/internal/errs"
)

// AddUses adds to counters, which begin at nothing, and returns their values.
func (t *Tx) AddUses(_ context.Context, uses map[string]int64) (map[string]int64, error) {
	names := slices.Sorted(maps.Keys(uses)) // in one order, so that processes do not wait for each other in a ring
	for _, name := range names {
		if uses[name] == 0 {
			continue
		}
		add := clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.Assignments(map[string]any{"value": gorm.Expr("counters.value + ?", uses[name])})}
		if err := t.db.Clauses(add).Create(&counterRow{Name: name, Value: uses[name]}).Error; err != nil {
			return nil, errs.At("add uses", err)
		}
	}
	var rows []counterRow
	if err := t.db.Where("name IN ?", names).Find(&rows).Error; err != nil {
		return nil, errs.At("read uses", err)
	}
	totals := make(map[string]int64, len(rows))
	for _, r := range rows {
		totals[r.Name] = r.Value
	}
	return totals, nil
}
