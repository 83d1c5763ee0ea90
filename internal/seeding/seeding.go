// Package seeding brings a database to what the seed files say: the policies, the
// bureau's units, posts and people, the items of each year, and what the office
// has confirmed. It may be run any number of times, by several nodes at once.
package seeding

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/remind"
	"duban/internal/store"
	"duban/internal/supervise"
	"duban/seeds"
)

// Store runs transactions.
type Store interface {
	Within(ctx context.Context, fn func(*store.Tx) error) error
}

// Seeder writes seed files to a database.
type Seeder struct {
	Store Store
	// Desk gives the clock, the calendars and the rules by which confirmed items
	// become work; its Book is not used.
	Desk *supervise.Desk
	// Corps maps a platform to the organisation id its messages carry; accounts
	// are bound there.
	Corps map[string]string
}

// Apply stores the policies, everything of the set, and its confirmations. The
// second time it changes nothing, and the report says so. Policies that are not
// sound are errs.Invalid, with nothing stored.
func (s Seeder) Apply(ctx context.Context, set *seeds.Set, policies []byte) (Report, error) {
	rules, err := remind.AdmitPolicies(bytes.NewReader(policies), seeds.Profiles()...)
	if err != nil {
		return Report{}, err
	}
	now := s.Desk.Clock.Now()
	rows, notes, err := s.rows(set, now)
	if err != nil {
		return Report{}, err
	}
	var r Report
	err = s.Store.Within(ctx, func(tx *store.Tx) error {
		r = Report{Notes: notes} // the transaction may run again
		var err error
		if r.Policies.Version, r.Policies.Fresh, err = tx.SavePolicies(ctx, policies, now); err != nil {
			return err
		}
		if err := noted(ctx, tx, r, now); err != nil {
			return err
		}
		if r.Changes, err = tx.Seed(ctx, rows, now); err != nil {
			return err
		}
		return s.handOver(ctx, tx, r, now)
	})
	if err != nil {
		return Report{}, errs.At("seed", err)
	}
	rules.Version = r.Policies.Version
	confirmed, err := s.confirm(ctx, set, rules)
	r.Confirmed = confirmed
	return r, errs.At("confirm seeded items", err)
}

// noted leaves a line of history for a new version of the policies.
func noted(ctx context.Context, tx *store.Tx, r Report, now time.Time) error {
	if !r.Policies.Fresh {
		return nil
	}
	v := r.Policies.Version
	return tx.Append(ctx, journal.Entry{At: now, Actor: "system", Channel: "seed", Subject: notice.Subject{Kind: "policy", ID: int64(v)},
		Action: "policies", Before: strconv.Itoa(v - 1), After: strconv.Itoa(v)})
}

// confirm makes the confirmed items live. One that is no draft any more was
// confirmed before and is the office's own since.
func (s Seeder) confirm(ctx context.Context, set *seeds.Set, rules remind.Policies) (store.Change, error) {
	c := store.Change{Table: "confirmations"}
	if len(set.Confirmations) == 0 {
		return c, nil
	}
	desk := *s.Desk // with the policies just stored, read from memory
	desk.Book = supervise.NewBook(func(context.Context, int) (remind.Policies, error) { return rules, nil })
	err := s.Store.Within(ctx, func(tx *store.Tx) error {
		c.Created, c.Same = 0, 0
		if err := tx.LockSeeds(ctx); err != nil {
			return err
		}
		due, err := drafts(ctx, tx, set)
		if err != nil {
			return err
		}
		c.Same = len(set.Confirmations) - len(due)
		if len(due) == 0 {
			return nil
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		for _, d := range due {
			word, err := s.word(set, d)
			if err != nil {
				return err
			}
			if err := desk.Confirm(ctx, tx, dir, word); err != nil {
				return errs.At(d.word.Item, err)
			}
			c.Created++
		}
		return nil
	})
	return c, err
}

// confirmHour is when a confirmation of a day is taken to have been made.
const confirmHour = 9

func (s Seeder) word(set *seeds.Set, d draft) (supervise.Confirmation, error) {
	units, err := d.word.Units, error(nil)
	if len(units) == 0 {
		units, err = set.Reporters(d.word.Year, d.word.Item)
	}
	c := supervise.Confirmation{Item: d.item, Units: units, Due: d.word.Due, By: d.word.By, Channel: "seed", At: d.word.On.At(confirmHour, 0, s.loc())}
	if owner, ok := set.Post(d.word.Owner); ok && owner.Unit != d.item.Lead {
		c.Lead = owner.Unit
	}
	return c, err
}

func (s Seeder) loc() *time.Location { return s.Desk.Cal.Loc }
