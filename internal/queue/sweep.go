package queue

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/obs"
)

// Due finds in the database what is to be done by now.
type Due interface {
	DueChases(ctx context.Context, now time.Time, limit int) ([]notice.Chase, error)
	Recipients(ctx context.Context, now time.Time, limit int) ([]string, error)
	DueMessages(ctx context.Context, now time.Time, limit int) ([]notice.Message, error)
	DueFiles(ctx context.Context, now time.Time, limit int) ([]media.File, error)
}

// Ahead finds when there will be something to do.
type Ahead interface {
	NextChaseAt(ctx context.Context) (time.Time, error)
	NextNoticeAt(ctx context.Context) (time.Time, error)
	NextMessageAt(ctx context.Context) (time.Time, error)
}

// Rows is both; *store.Tx does it.
type Rows interface {
	Due
	Ahead
	Backlog(ctx context.Context, now time.Time) (int64, time.Duration, error)
}

// Times finds what is due by the clock rather than by a row.
type Times interface {
	Due(ctx context.Context, now time.Time) ([]Task, error)
	Next(ctx context.Context, after time.Time) (time.Time, error)
}

// Sweeper finds due work in the database, whatever became of the queue.
type Sweeper struct {
	Rows    func(ctx context.Context) Rows
	Times   Times
	Clock   clock.Clock
	Log     *slog.Logger
	Metrics *obs.Metrics
	Sealer  *Sealer // nil seals nothing: a dry run
}

const (
	batch     = 1000            // bounds what one look takes of each sort
	batchTime = time.Second / 2 // what the workers get for it before the next look
)

// Find lists the tasks that are due now. more reports that there may be others.
func (s *Sweeper) Find(ctx context.Context) (tasks []Task, more bool, err error) {
	now, rows := s.Clock.Now(), s.Rows(ctx)
	chases, err := rows.DueChases(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	for _, c := range chases {
		tasks = append(tasks, StepTask(c.ID, c.Generation))
	}
	people, err := rows.Recipients(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	for _, p := range people {
		tasks = append(tasks, TellTask(p, now.Truncate(sweepEvery)))
	}
	messages, err := rows.DueMessages(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	for _, m := range messages {
		tasks = append(tasks, SendTask(m.ID, m.Attempts))
	}
	files, err := rows.DueFiles(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	for _, f := range files {
		tasks = append(tasks, FetchTask(f.ID, f.Attempts))
	}
	more = max(len(chases), len(people), len(messages), len(files)) == batch
	timed, err := s.Times.Due(ctx, now)
	return append(tasks, timed...), more, err
}

// Sweep hands everything due to run. Running may fail; what is left is found
// again.
func (s *Sweeper) Sweep(ctx context.Context, run func(context.Context, Task) error) error {
	for {
		tasks, more, err := s.Find(ctx)
		if err != nil {
			s.Metrics.SweeperRun("failed")
			return errs.At("sweep", err)
		}
		failed := 0
		for _, t := range tasks {
			if err := run(ctx, t); err != nil {
				failed++
				s.Log.WarnContext(ctx, "swept task failed", "type", t.Type, "error", err)
			}
		}
		if !more || failed > 0 || ctx.Err() != nil {
			s.measure(ctx)
			s.seal(ctx)
			return ctx.Err()
		}
		// Without the pause the same rows would be found over and over, and looking
		// for them would take the database from those who work on them.
		pause := time.NewTimer(batchTime)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

func (s *Sweeper) measure(ctx context.Context) {
	s.Metrics.SweeperRun("done")
	if n, lag, err := s.Rows(ctx).Backlog(ctx, s.Clock.Now()); err == nil {
		s.Metrics.OutgoingBacklog(int(n), lag)
	}
}

// Settle runs everything due, and what becomes due by that, until nothing is
// left that moves.
func (s *Sweeper) Settle(ctx context.Context, run func(context.Context, Task) error) error {
	var before []string
	for range 10_000 {
		tasks, _, err := s.Find(ctx)
		if err != nil || len(tasks) == 0 {
			s.seal(ctx)
			return errs.At("settle", err)
		}
		names := make([]string, 0, len(tasks))
		for _, t := range tasks {
			names = append(names, t.ID)
			if err := run(ctx, t); err != nil {
				s.Log.WarnContext(ctx, "task failed", "type", t.Type, "error", err)
			}
		}
		if slices.Equal(names, before) {
			s.seal(ctx)
			return ctx.Err()
		}
		before = names
	}
	return errs.New(errs.Internal, "到期的工作一直处理不完")
}

// Next returns when there will be something to do, zero if never.
func (s *Sweeper) Next(ctx context.Context) (time.Time, error) {
	rows, now := s.Rows(ctx), s.Clock.Now()
	var next time.Time
	looks := []func(context.Context) (time.Time, error){rows.NextChaseAt, rows.NextNoticeAt, rows.NextMessageAt,
		func(ctx context.Context) (time.Time, error) { return s.Times.Next(ctx, now) }}
	for _, look := range looks {
		at, err := look(ctx)
		if err != nil {
			return time.Time{}, errs.At("look ahead", err)
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}
