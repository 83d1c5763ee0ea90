package app

import (
	"context"
	"time"

	"duban/internal/clock"
	"duban/internal/store"
)

// leaseLife is how long a process may be silent before another one takes over.
const leaseLife = 40 * time.Second

// lease is one name in the database that one process has at a time.
type lease struct {
	store       *store.Store
	clock       clock.Clock
	name, owner string
}

// Hold implements aibot.Lease.
func (l lease) Hold(ctx context.Context) (mine bool, err error) {
	now := l.clock.Now()
	err = l.store.Within(ctx, func(tx *store.Tx) error {
		mine, err = tx.HoldLease(ctx, l.name, l.owner, now, now.Add(leaseLife))
		return err
	})
	return mine, err
}

// Release implements aibot.Lease.
func (l lease) Release(ctx context.Context) error {
	return l.store.Within(ctx, func(tx *store.Tx) error { return tx.ReleaseLease(ctx, l.name, l.owner) })
}
