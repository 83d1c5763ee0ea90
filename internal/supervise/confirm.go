package supervise

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
)

// Confirmation is the office's word that an item is real: who does it and by
// when (立项确认).
type Confirmation struct {
	Item  duty.Item
	Units []string // performing units; empty means the leading section itself
	Due   calendar.Date
	Lead  string // leading section if it differs from the item's
	By    string // person or post that confirmed
	At    time.Time

	Channel string // through what it was said
}

// confirmed is the item as it stands afterwards.
func (c Confirmation) confirmed() duty.Item {
	item := c.Item
	if item.State != duty.Draft {
		return item
	}
	item.State, item.ConfirmedAt, item.ConfirmedBy, item.Due = duty.Confirmed, c.At, c.By, c.Due
	if c.Lead != "" {
		item.Lead = c.Lead
	}
	return item
}

// Confirm makes a draft item live: it opens the work of each unit, one instance
// a period for a recurring duty, and starts the rounds. Confirming again adds
// what is missing and changes nothing else.
func (d *Desk) Confirm(ctx context.Context, tx ConfirmTx, dir *org.Directory, c Confirmation) error {
	item := c.confirmed()
	if c.Item.State == duty.Draft {
		if err := tx.SaveItem(ctx, item); err != nil {
			return err
		}
		if err := c.note(ctx, tx, "confirm", string(duty.Draft), item.Due.String(), fmt.Sprintf("units=%d", len(c.Units))); err != nil {
			return err
		}
	}
	policies, err := d.Book.Version(ctx, 0)
	if err != nil {
		return err
	}
	added, err := tx.AddAssignments(ctx, append(d.open(item, c, policies, dir), d.assisting(item, c)...))
	if err != nil {
		return err
	}
	if c.Item.State != duty.Draft && len(added) > 0 {
		if err := c.note(ctx, tx, "add_work", "", strings.Join(unitsOf(added), " "), fmt.Sprintf("tasks=%d", len(added))); err != nil {
			return err
		}
	}
	return d.startAll(ctx, tx, dir, added)
}

func (d *Desk) startAll(ctx context.Context, tx ConfirmTx, dir *org.Directory, added []duty.Assignment) error {
	for _, a := range added {
		if err := d.start(ctx, tx, dir, notice.Subject{Kind: notice.Assignment, ID: a.ID}); err != nil {
			return err
		}
	}
	return nil
}

// note leaves a line of history about the item.
func (c Confirmation) note(ctx context.Context, tx ConfirmTx, action, before, after, words string) error {
	return tx.Append(ctx, journal.Entry{At: c.At, Actor: c.By, Channel: cmp.Or(c.Channel, "system"), Subject: notice.Subject{Kind: "item", ID: c.Item.ID},
		Action: action, Before: before, After: after, Note: words})
}

// maxNamed bounds the units that a line of history names.
const maxNamed = 10

func unitsOf(list []duty.Assignment) []string {
	var units []string
	for _, a := range list {
		if !slices.Contains(units, a.UnitID) && len(units) < maxNamed {
			units = append(units, a.UnitID)
		}
	}
	return units
}

// open lists the assignments a confirmation opens.
func (d *Desk) open(item duty.Item, c Confirmation, policies remind.Policies, dir *org.Directory) []duty.Assignment {
	units := c.Units
	if len(units) == 0 {
		units = []string{item.Lead}
	}
	var list []duty.Assignment
	for _, id := range units {
		a := duty.Assignment{ItemID: item.ID, UnitID: id, Part: duty.Report, State: duty.Assigned, AssignedAt: c.At,
			Opens: calendar.In(c.At, d.Cal.Loc), Due: item.Due}
		if id == item.Lead {
			a.Part = duty.Lead
		}
		unit, _ := dir.Unit(id)
		profile, ok := policies.Profile(item.ProfileFor(unit.Kind))
		profile = onItsDay(profile, item)
		if !ok || !byPeriod(profile) {
			list = append(list, a)
			continue
		}
		periods := d.periods(a, item.Every, profile, remind.Who{School: unit.IsSchool(), TermKind: unit.TermKind})
		if len(periods) == 0 { // due before the first collection: one report at the end
			periods = append(periods, a)
		}
		list = append(list, periods...)
	}
	return list
}

// onItsDay collects a monthly duty on the day that was asked for (每月5日), not on the
// policy's.
func onItsDay(p remind.Profile, item duty.Item) remind.Profile {
	var day int
	if n, _ := fmt.Sscanf(item.Every, "每月%d日", &day); n == 1 && p.Collect.Every == calendar.Month && day >= 1 && day <= 31 {
		p.Collect.Day = day
		if day > 28 { // not every month has it: the last working day
			p.Collect.Day = 0
		}
	}
	return p
}

// byPeriod reports whether the work is opened anew each period. What is one
// undertaking with a deadline of its own (a project) stays one piece of work, so
// that the deadline is chased; its monthly word belongs to it.
func byPeriod(p remind.Profile) bool {
	_, deadline := p.Ladders[remind.StageDue]
	return p.HasCollect() && !deadline
}

// periods copies an assignment for each period from its opening to its due date,
// in the months the item names.
func (d *Desk) periods(a duty.Assignment, every string, profile remind.Profile, who remind.Who) []duty.Assignment {
	var list []duty.Assignment
	for _, in := range remind.Instances(profile, a.Opens, a.Due, d.Cal, who) {
		if !inSeason(every, in.Due) {
			continue
		}
		p := a
		p.Period, p.Due = in.Key, in.Due
		p.Opens = max(a.Opens, in.Opens)
		list = append(list, p)
	}
	return list
}
