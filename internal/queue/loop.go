package queue

import (
	"context"
	"time"

	"duban/internal/errs"
)

// sweepEvery is the longest time between two looks at the database.
const sweepEvery = 30 * time.Second

// Loop sweeps until ctx ends: at least every half minute, and at the very moment
// when the next thing falls due. Tasks go to the workers through Redis; while
// that is away they are carried out here.
func (s *Sweeper) Loop(ctx context.Context, q *Queue, jobs Jobs) {
	run := func(ctx context.Context, t Task) error {
		if err := q.Enqueue(ctx, t); err == nil {
			return nil
		}
		return guarded(ctx, jobs, t)
	}
	for ctx.Err() == nil {
		if err := s.Sweep(ctx, run); err != nil && ctx.Err() == nil {
			level := s.Log.ErrorContext
			if errs.Is(err, errs.Unavailable) {
				level = s.Log.WarnContext
			}
			level(ctx, "sweep failed", "error", err)
		}
		wait := time.NewTimer(s.pause(ctx))
		select {
		case <-ctx.Done():
		case <-wait.C:
		}
		wait.Stop()
	}
}

// pause is the time until the next look. What is overdue has just been handed
// over, so it is no reason to hurry.
func (s *Sweeper) pause(ctx context.Context) time.Duration {
	next, err := s.Next(ctx)
	if err != nil || next.IsZero() {
		return sweepEvery
	}
	left := next.Sub(s.Clock.Now())
	if left <= 0 {
		return sweepEvery
	}
	return min(left, sweepEvery)
}
