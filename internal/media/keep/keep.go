// Package keep looks after the files that are kept: it deletes those whose time is
// over, and notices those that are not in their place.
package keep

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/media"
)

// Expiry marks and ends files whose time is over.
type Expiry interface {
	ExpireFiles(ctx context.Context, ended, loose time.Time, limit int) ([]media.File, error)
	ExpiredFiles(ctx context.Context, limit int) ([]media.File, error)
	FilesDeleted(ctx context.Context, ids ...int64) error
}

// Presence records which files are in their place.
type Presence interface {
	FilesToCheck(ctx context.Context, state media.State, limit int) ([]media.File, error)
	FilesSeen(ctx context.Context, now time.Time, ids ...int64) error
	FilesMissing(ctx context.Context, ids ...int64) error
}

// Counts looks at files as a whole.
type Counts interface {
	ContentUsed(ctx context.Context, home, sha string) (bool, error)
	CountMissing(ctx context.Context) (int, error)
}

// Tx is one transaction.
type Tx interface {
	Expiry
	Presence
	Counts
	journal.Writer
}

// UnitOfWork opens transactions. fn may run more than once.
type UnitOfWork interface {
	Within(ctx context.Context, fn func(Tx) error) error
}

// Store holds the bytes; *media.Store does it.
type Store interface {
	Stat(ctx context.Context, home, sha string) (int64, error)
	Delete(ctx context.Context, home, sha string) error
	Probe(ctx context.Context) error
}

// Keeper does it once a day, on any node; several at once do no harm.
type Keeper struct {
	Work  UnitOfWork
	Store Store
	Clock clock.Clock
	Days  int // how long files are kept after what they belong to has ended
	Log   *slog.Logger
}

// looseDays is how long files are kept that found no words.
const looseDays = 30

// What one run takes at most: the next night goes on.
const (
	batch   = 200
	batches = 50
	checks  = 1000
)

// Report is what a run found.
type Report struct {
	Deleted int
	Checked int
	Lost    int   // not in their place since this run
	Missing int   // the same with those from before
	Trouble error // the store itself, nil if it works
}

// Run deletes and checks. An error is the database's, or the run was cut short: to be
// tried again soon. Trouble of the store is part of the report.
func (k *Keeper) Run(ctx context.Context) (r Report, err error) {
	err = errors.Join(k.expire(ctx), k.delete(ctx, &r))
	if err == nil {
		err = k.check(ctx, &r)
	}
	if err != nil && ctx.Err() == nil && isTrouble(err) {
		r.Trouble, err = err, nil
	}
	if err != nil {
		return r, err
	}
	return r, errs.At("count missing files", k.Work.Within(ctx, func(tx Tx) error {
		r.Missing, err = tx.CountMissing(ctx)
		return err
	}))
}

func isTrouble(err error) bool {
	var t *media.Trouble
	return errors.As(err, &t)
}
