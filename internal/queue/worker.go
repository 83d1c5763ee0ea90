package queue

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/hibiken/asynq"

	"duban/internal/errs"
	"duban/internal/obs"
)

// Worker carries out queued tasks.
type Worker struct {
	queue  *Queue
	jobs   Jobs
	server *asynq.Server
}

// stopWithin is how long tasks may go on after the stop; then they go back to
// the queue.
const stopWithin = 10 * time.Second

// NewWorker returns a worker that has not started.
func NewWorker(q *Queue, jobs Jobs) *Worker {
	w := &Worker{queue: q, jobs: jobs}
	w.server = asynq.NewServer(q.redis, asynq.Config{
		Concurrency:              8,
		Queues:                   map[string]int{urgent: 6, standard: 3, slow: 1},
		TaskCheckInterval:        q.poll,
		DelayedTaskCheckInterval: time.Second,
		ShutdownTimeout:          stopWithin,
		RetryDelayFunc:           retryAfter,
		LogLevel:                 asynq.WarnLevel,
		Logger:                   quiet{q.log},
	})
	return w
}

// retryAfter applies to held messages only: soon at first, then twice a minute.
func retryAfter(n int, _ error, _ *asynq.Task) time.Duration {
	return min(time.Second<<min(n, 5), 30*time.Second)
}

// Start begins to work.
func (w *Worker) Start() error {
	mux := asynq.NewServeMux()
	for _, t := range types() {
		mux.HandleFunc(string(t), w.handle)
	}
	return errs.At("start worker", w.server.Start(mux))
}

// Stop takes no more tasks and waits for the running ones; those that do not
// end in time go back to the queue.
func (w *Worker) Stop() {
	w.server.Stop()
	w.server.Shutdown()
}

func (w *Worker) handle(ctx context.Context, at *asynq.Task) (err error) {
	t, err := decode(at.Type(), at.Payload())
	if err != nil {
		w.queue.log.ErrorContext(ctx, "task not readable", "type", at.Type(), "error", err)
		return nil
	}
	id, _ := asynq.GetTaskID(ctx)
	ctx = obs.With(ctx, slog.String(obs.TaskID, id))
	err = guarded(ctx, w.jobs, t)
	if err == nil {
		w.queue.metrics.QueueTask(string(t.Type), "done")
		return nil
	}
	w.queue.metrics.QueueTask(string(t.Type), "failed")
	if errs.Is(err, errs.Unavailable) || ctx.Err() != nil {
		w.queue.log.WarnContext(ctx, "task put off", "type", t.Type, "error", err)
	} else {
		w.queue.log.ErrorContext(ctx, "task failed", "type", t.Type, "error", err)
	}
	if t.Type == Inbound {
		return err // only the queue knows of it: it must come back
	}
	return nil
}

// guarded runs a task so that a defect in one does not end the process.
func guarded(ctx context.Context, jobs Jobs, t Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("task panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return jobs.Run(ctx, t)
}

// quiet hands the library's own lines to our log. Its complaints about a Redis
// that is away come every second and are warnings at most.
type quiet struct{ log *slog.Logger }

func (q quiet) Debug(args ...any) { q.log.Debug("asynq: " + line(args)) }
func (q quiet) Info(args ...any)  { q.log.Debug("asynq: " + line(args)) }
func (q quiet) Warn(args ...any)  { q.log.Warn("asynq: " + line(args)) }
func (q quiet) Error(args ...any) { q.log.Warn("asynq: " + line(args)) }
func (q quiet) Fatal(args ...any) { q.log.Error("asynq: " + line(args)) }

func line(args []any) string { return strings.TrimSpace(fmt.Sprint(args...)) }
