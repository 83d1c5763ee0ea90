package queue

import (
	"context"
	"log/slog"
	"time"

	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/obs"
)

// Seals links committed lines of history to the chain; *store.Store does it.
type Seals interface {
	Seal(ctx context.Context, now time.Time, limit int) (int, error)
}

// Sealed tells where the chain stands; *store.Tx does it.
type Sealed interface {
	SealHead(ctx context.Context) (journal.Head, error)
	Unsealed(ctx context.Context, from, to int64) (journal.Waiting, error)
}

// Sealer closes the history behind the changes, so that no message waits for it.
// Any number of nodes may seal at once.
type Sealer struct {
	Seals   Seals
	Chain   func(ctx context.Context) Sealed
	Clock   clock.Clock
	Log     *slog.Logger
	Metrics *obs.Metrics
}

// sealBatches bounds what one run seals; what is left waits for the next sweep.
const sealBatches = 20

// Run seals what is waiting and measures what still does. The head goes to the
// log: kept elsewhere, it proves later that nothing was cut off.
func (s *Sealer) Run(ctx context.Context) error {
	sealed := 0
	for range sealBatches {
		n, err := s.Seals.Seal(ctx, s.Clock.Now(), batch)
		if err != nil {
			return err
		}
		sealed += n
		if n < batch {
			break
		}
	}
	head, err := s.Chain(ctx).SealHead(ctx)
	if err != nil {
		return err
	}
	if sealed > 0 {
		s.Log.InfoContext(ctx, "history sealed", "lines", sealed, "head", head.String())
	}
	waiting, err := s.Chain(ctx).Unsealed(ctx, head.Floor, 0)
	if err != nil {
		return errs.At("measure history", err)
	}
	var lag time.Duration
	if waiting.Lines > 0 {
		lag = s.Clock.Now().Sub(waiting.Since)
	}
	s.Metrics.JournalUnsealed(int(waiting.Lines), lag)
	return nil
}

// seal never stops a sweep: what people are told does not wait for the chain.
func (s *Sweeper) seal(ctx context.Context) {
	if s.Sealer == nil {
		return
	}
	if err := s.Sealer.Run(ctx); err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "history not sealed", "error", err)
	}
}
