package seeding

import (
	"context"

	"duban/internal/duty"
	"duban/internal/store"
	"duban/seeds"
)

// draft is a confirmation of an item that is still a draft.
type draft struct {
	word seeds.Confirmation
	item duty.Item
}

func drafts(ctx context.Context, tx *store.Tx, set *seeds.Set) ([]draft, error) {
	type code struct {
		year int
		code string
	}
	open := map[code]duty.Item{}
	for _, y := range set.Years {
		items, err := tx.Items(ctx, y.Document.Year)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			if i.State == duty.Draft {
				open[code{i.Year, i.Code}] = i
			}
		}
	}
	var list []draft
	for _, c := range set.Confirmations {
		if item, ok := open[code{c.Year, c.Item}]; ok {
			list = append(list, draft{c, item})
		}
	}
	return list, nil
}
