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
	"duban/internal/response"
)

// Due finds in the database what is to be done by now.
type Due interface {
	DueChases(ctx context.Context, now time.Time, limit int) ([]notice.Chase, error)
	Recipients(ctx context.Context, now time.Time, limit int) ([]string, error)
	DueMessages(ctx context.Context, now time.Time, limit int) ([]notice.Message, error)
	DueFiles(ctx context.Context, now time.Time, limit int) ([]media.File, error)
	DueResponses(ctx context.Context, now time.Time, limit int) ([]response.Response, error)
}

// Ahead finds when there will be something to do.
type Ahead interface {
	NextChaseAt(ctx context.Context) (time.Time, error)
	NextNoticeAt(ctx context.Context) (time.Time, error)
	NextMessageAt(ctx context.Context) (time.Time, error)
	NextResponseAt(ctx context.Context) (time.Time, error)
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
	Sealer  *Sealer                         // nil seals nothing: a dry run
	Books   func(ctx context.Context) error // kept up to date at the end of a sweep; may be nil
}

const (
	batch     = 4000            // bounds what one look takes of each sort
	batchTime = time.Second / 2 // what the workers get for it before the next look
	patience  = 20              // looks without anything new before the sweep ends
)

// How many of a sort one task does together. A crash leaves all messages of a task
// in doubt, so those are fewest.
const (
	stepsAtOnce = 50
	tellsAtOnce = 100
	sendsAtOnce = 16
)

// handed remembers what a sweep has handed over, so that the next look does not hand
// it over again while workers are busy with it. The next sweep begins anew.
type handed map[string]bool

func (h handed) fresh(name string) bool {
	if h == nil {
		return true
	}
	was := h[name]
	h[name] = true
	return !was
}

// Find lists the tasks that are due now. more reports that there may be others.
func (s *Sweeper) Find(ctx context.Context) (tasks []Task, more bool, err error) {
	return s.find(ctx, nil)
}

func (s *Sweeper) find(ctx context.Context, known handed) (tasks []Task, more bool, err error) {
	now, rows := s.Clock.Now(), s.Rows(ctx)
	alarms, err := rows.DueResponses(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	chases, err := rows.DueChases(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	people, err := rows.Recipients(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	messages, err := rows.DueMessages(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	files, err := rows.DueFiles(ctx, now, batch)
	if err != nil {
		return nil, false, err
	}
	tasks = append(tasks, responds(alarms, known)...)
	tasks = append(tasks, steps(chases, known)...)
	tasks = append(tasks, tells(people, now, known)...)
	tasks = append(tasks, sends(messages, known)...)
	for _, f := range files {
		if t := FetchTask(f.ID, f.Attempts); known.fresh(t.ID) {
			tasks = append(tasks, t)
		}
	}
	more = max(len(chases), len(people), len(messages), len(files)) == batch
	timed, err := s.Times.Due(ctx, now)
	return append(tasks, timed...), more, err
}

// responds calls people to each incident by itself: none waits for another.
func responds(due []response.Response, known handed) (tasks []Task) {
	for _, r := range due {
		if t := RespondTask(notice.Round{ID: r.Incident, Generation: r.Generation}); known.fresh(t.ID) {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

func steps(chases []notice.Chase, known handed) (tasks []Task) {
	var due []notice.Round
	for _, c := range chases {
		r := notice.Round{ID: c.ID, Generation: c.Generation}
		if known.fresh(named(Step, []notice.Round{r})) {
			due = append(due, r)
		}
	}
	for part := range slices.Chunk(due, stepsAtOnce) {
		tasks = append(tasks, StepTask(part...))
	}
	return tasks
}

func tells(people []string, now time.Time, known handed) (tasks []Task) {
	var due []string
	for _, p := range people {
		if known.fresh(named(Tell, []string{p})) {
			due = append(due, p)
		}
	}
	for part := range slices.Chunk(due, tellsAtOnce) {
		tasks = append(tasks, TellTask(now.Truncate(sweepEvery), part...))
	}
	return tasks
}

func sends(messages []notice.Message, known handed) (tasks []Task) {
	var due []notice.Message
	for _, m := range messages {
		if known.fresh(SendTask(m.Attempts, m.ID).ID) {
			due = append(due, m)
		}
	}
	for part := range slices.Chunk(due, sendsAtOnce) {
		tries, ids := 0, make([]int64, 0, len(part))
		for _, m := range part {
			tries, ids = tries+m.Attempts, append(ids, m.ID)
		}
		tasks = append(tasks, SendTask(tries, ids...))
	}
	return tasks
}

// Sweep hands everything due to run. Running may fail; what is left is found
// again.
func (s *Sweeper) Sweep(ctx context.Context, run func(context.Context, Task) error) error {
	known := handed{}
	for idle := 0; ; idle++ {
		tasks, more, err := s.find(ctx, known)
		if err != nil {
			s.Metrics.SweeperRun("failed")
			return errs.At("sweep", err)
		}
		failed := 0
		for _, t := range tasks {
			idle = 0
			if err := run(ctx, t); err != nil {
				failed++
				s.Log.WarnContext(ctx, "swept task failed", "type", t.Type, "error", err)
			}
		}
		if !more || failed > 0 || idle > patience || ctx.Err() != nil {
			s.measure(ctx)
			s.close(ctx)
			return ctx.Err()
		}
		s.wait(ctx)
	}
}

// close ends a sweep: what was done is sealed, what was used is booked.
func (s *Sweeper) close(ctx context.Context) {
	s.seal(ctx)
	if s.Books == nil {
		return
	}
	if err := s.Books(ctx); err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "books not kept", "error", err)
	}
}

// wait leaves the workers time: looking for the same rows over and over would take
// the database from those who work on them.
func (s *Sweeper) wait(ctx context.Context) {
	pause := time.NewTimer(batchTime)
	defer pause.Stop()
	select {
	case <-ctx.Done():
	case <-pause.C:
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
			s.close(ctx)
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
			s.close(ctx)
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
	looks := []func(context.Context) (time.Time, error){rows.NextResponseAt, rows.NextChaseAt, rows.NextNoticeAt, rows.NextMessageAt,
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
