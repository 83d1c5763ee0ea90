package seeding

import (
	"context"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/store"
	"duban/internal/supervise"
)

// handOver gives what waits for a post to whoever holds it now, in the transaction
// in which it changed hands. Delegations to people who left end before that.
func (s Seeder) handOver(ctx context.Context, tx *store.Tx, r Report, now time.Time) error {
	moved := slices.ContainsFunc(r.Changes, func(c store.Change) bool {
		return (c.Table == "holdings" || c.Table == "persons") && c.Any()
	})
	if !moved {
		return nil
	}
	lost, err := tx.EndLostDelegations(ctx)
	if err != nil {
		return err
	}
	for _, g := range lost {
		err := tx.Append(ctx, journal.Entry{At: now, Actor: "system", Channel: "seed", Subject: notice.Subject{Kind: notice.PersonSubj},
			Action: "end_delegation", Before: g.To, After: g.From, Note: g.First.String() + "/" + g.Last.String()})
		if err != nil {
			return err
		}
	}
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	return errs.At("hand over posts", supervise.HandOverAll(ctx, tx, dir, calendar.In(now, s.loc())))
}
