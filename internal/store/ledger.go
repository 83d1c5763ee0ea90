package store

import (
	"context"
	"slices"

	"duban/internal/duty"
	"duban/internal/errs"
)

// ledgerStates are the items that stand in the ledger: everything that was ever
// confirmed and not withdrawn.
var ledgerStates = []string{string(duty.Confirmed), string(duty.Suspended), string(duty.ClosedIt), string(duty.Archived)}

// Ledger lists assignments, whatever became of them, with the newest items first.
// The items, a few hundred a year, are read and chosen first, so that each
// further query uses one index. Only who may see everything and asks for
// everything has the whole table read, once.
func (t *Tx) Ledger(_ context.Context, f duty.LedgerFilter) ([]duty.Work, error) {
	var items []itemRow
	if err := t.db.Where("state IN ?", ledgerStates).Find(&items).Error; err != nil {
		return nil, errs.At("list ledger items", err)
	}
	byID := make(map[int64]duty.Item, len(items))
	var all, chosen []int64
	for _, r := range items {
		i := r.item()
		byID[i.ID], all = i, append(all, i.ID)
		if slices.ContainsFunc(append(i.Assist, i.Lead), func(s string) bool { return slices.Contains(f.Sections, s) }) {
			chosen = append(chosen, i.ID)
		}
	}
	units := append(slices.Clone(f.Units), f.Sections...)
	if len(units) == 0 {
		rows, err := t.ledgerRows(f, "item_id IN ?", all)
		return joined(rows, byID), err
	}
	rows, err := t.ledgerRows(f, "unit_id IN ?", units)
	if err != nil || len(chosen) == 0 {
		return joined(rows, byID), err
	}
	more, err := t.ledgerRows(f, "item_id IN ?", chosen)
	return joined(append(rows, more...), byID), err
}

// ledgerRows reads one of the two ways to an assignment: by its item, or by its
// unit.
func (t *Tx) ledgerRows(f duty.LedgerFilter, way string, ids any) ([]assignmentRow, error) {
	q := t.db.Where(way, ids).Where("state <> ?", string(duty.Void))
	if !f.DueFrom.IsZero() {
		q = q.Where("due >= ?", f.DueFrom.String())
	}
	if !f.DueTo.IsZero() {
		q = q.Where("due <= ? AND due <> ''", f.DueTo.String())
	}
	if f.OpenOnly {
		q = q.Where("state IN ?", openStates)
	}
	if !f.Opened.IsZero() {
		q = q.Where("opens <= ?", f.Opened.String())
	}
	var rows []assignmentRow
	err := q.Order("item_id DESC, unit_id DESC, period DESC").Limit(f.Limit).Find(&rows).Error
	return rows, errs.At("list ledger", err)
}

// joined gives assignments their items; those of items outside the ledger, and
// those found both ways, fall out.
func joined(rows []assignmentRow, items map[int64]duty.Item) []duty.Work {
	seen := make(map[int64]bool, len(rows))
	out := make([]duty.Work, 0, len(rows))
	for _, r := range rows {
		if item, ok := items[r.ItemID]; ok && !seen[r.ID] {
			seen[r.ID] = true
			out = append(out, duty.Work{Assignment: r.assignment(), Item: item})
		}
	}
	return out
}
