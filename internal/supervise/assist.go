package supervise

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/org"
)

// assisting lists the work of the units that help with an item (协办): one piece
// each until the item's date, whatever rounds those who do it report in. They are
// reminded and never pressed.
func (d *Desk) assisting(item duty.Item, c Confirmation) []duty.Assignment {
	doing := append([]string{item.Lead}, c.Units...)
	var list []duty.Assignment
	for _, id := range item.Assist {
		if slices.Contains(doing, id) {
			continue
		}
		list = append(list, duty.Assignment{ItemID: item.ID, UnitID: id, Part: duty.Assist, State: duty.Assigned, AssignedAt: c.At,
			Opens: calendar.In(c.At, d.Cal.Loc), Due: item.Due})
	}
	return list
}

// Assist opens the work of units that came to an item's help after it was
// confirmed. c.Units are those who do it. It returns the units that are new.
func (d *Desk) Assist(ctx context.Context, tx ConfirmTx, dir *org.Directory, c Confirmation) ([]duty.Assignment, error) {
	added, err := tx.AddAssignments(ctx, d.assisting(c.Item, c))
	if err != nil || len(added) == 0 {
		return nil, err
	}
	if err := c.note(ctx, tx, "add_work", "", strings.Join(unitsOf(added), " "), fmt.Sprintf("assist=%d", len(added))); err != nil {
		return nil, err
	}
	return added, d.startAll(ctx, tx, dir, added)
}
