package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"duban/bot"
	"duban/internal/errs"
	"duban/internal/obs"
)

// Options configures a queue.
type Options struct {
	URL     string // redis://, rediss://, redis-sentinel://; "" starts one in the process
	Log     *slog.Logger
	Metrics *obs.Metrics
}

// Queue hands tasks to workers through Redis.
type Queue struct {
	redis    asynq.RedisConnOpt
	client   *asynq.Client
	embedded *Embedded
	log      *slog.Logger
	metrics  *obs.Metrics
	wakes    chan Task
	stopped  chan struct{}
	mu       sync.RWMutex // guards closed and the closing of wakes
	closed   bool
	poll     time.Duration

	jobs    *Jobs // carry out here what Redis does not take; nil: nothing
	slots   chan struct{}
	running sync.WaitGroup
}

// wakeBuffer bounds the tasks waiting to be handed to Redis. What does not fit
// is found by the sweeper.
const wakeBuffer = 1024

// Open connects lazily: a Redis that is away is found out by Ping and by use.
func Open(o Options) (*Queue, error) {
	q := &Queue{log: o.Log, metrics: o.Metrics, wakes: make(chan Task, wakeBuffer), stopped: make(chan struct{}), poll: 250 * time.Millisecond,
		slots: make(chan struct{}, hereAtOnce)}
	if o.URL == "" {
		e, err := StartEmbedded()
		if err != nil {
			return nil, err
		}
		q.embedded, q.redis, q.poll = e, e.options(), 50*time.Millisecond
	} else {
		opt, err := asynq.ParseRedisURI(o.URL)
		if err != nil { // the address may hold a password: the cause is not repeated
			return nil, errs.New(errs.Invalid, "Redis 地址写法不对，应为 redis://:密码@主机:6379/0")
		}
		q.redis = opt
	}
	q.client = asynq.NewClient(q.redis)
	go q.hand()
	return q, nil
}

// Embedded returns the in-process Redis, nil when there is a real one.
func (q *Queue) Embedded() *Embedded { return q.embedded }

// Ping reports whether Redis answers.
func (q *Queue) Ping(ctx context.Context) error {
	done := make(chan error, 1) // the library takes no context here
	go func() { done <- q.client.Ping() }()
	select {
	case err := <-done:
		return errs.At("reach redis", err)
	case <-ctx.Done():
		return errs.At("reach redis", ctx.Err())
	}
}

// Close hands over what waits and disconnects.
func (q *Queue) Close() {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return
	}
	q.closed = true
	close(q.wakes)
	q.mu.Unlock()
	<-q.stopped
	q.running.Wait()
	_ = q.client.Close()
	if q.embedded != nil {
		q.embedded.Close()
	}
}

// Wake asks for tasks to be run soon. It never waits and may lose them; the
// sweeper finds the same work in the database.
func (q *Queue) Wake(tasks ...Task) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		return
	}
	for _, t := range tasks {
		select {
		case q.wakes <- t:
		default:
			q.metrics.QueueTask(string(t.Type), "dropped")
		}
	}
}

func (q *Queue) hand() {
	defer close(q.stopped)
	for t := range q.wakes {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		if err := q.Enqueue(ctx, t); err != nil && !q.here(t) {
			q.log.WarnContext(ctx, "task left to the sweeper", "type", t.Type, "error", err)
		}
		cancel()
	}
}

// Enqueue hands a task to Redis. One that is waiting already counts as done.
func (q *Queue) Enqueue(ctx context.Context, t Task) error {
	_, err := q.client.EnqueueContext(ctx, asynq.NewTask(string(t.Type), encode(t)), options(t)...)
	if err == nil || errors.Is(err, asynq.ErrTaskIDConflict) {
		q.metrics.QueueTask(string(t.Type), "queued")
		return nil
	}
	q.metrics.QueueTask(string(t.Type), "refused")
	return errs.With(errs.Unavailable, "", errs.At("enqueue", err))
}

// The queues, with how often each is looked at beside the others.
const (
	urgent   = "urgent"
	standard = "standard"
	slow     = "slow"
)

// options bounds a task. None keeps its id after it ended: rows decide what is
// done again, and a task that failed for good must not block the sweeper's.
func options(t Task) []asynq.Option {
	o := []asynq.Option{asynq.TaskID(t.ID), asynq.Timeout(2 * time.Minute), asynq.MaxRetry(0)}
	switch t.Type {
	case Inbound:
		// It gives the process that received the message time to finish by itself.
		return append(o, asynq.Queue(urgent), asynq.MaxRetry(1_000_000), asynq.ProcessIn(3*time.Second))
	case Send, Tell, Respond:
		return append(o, asynq.Queue(urgent))
	case Fetch, Tidy:
		return append(o, asynq.Queue(slow))
	}
	return append(o, asynq.Queue(standard))
}

// Hold keeps a message until it can be carried out. Only a Redis of its own can
// be trusted with it: the one inside the process would die with the process.
func (q *Queue) Hold(ctx context.Context, m bot.Message) error {
	if q.embedded != nil {
		return errs.New(errs.Unavailable, "")
	}
	m.ReplyURL, m.ReplyURLEnds = "", time.Time{} // a credential
	sum := sha256.Sum256([]byte(string(m.Platform) + "\n" + m.Robot + "\n" + m.ID))
	return q.Enqueue(ctx, Task{Type: Inbound, ID: "inbound:" + hex.EncodeToString(sum[:16]), Message: &m})
}
