package dingtalk

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"duban/bot"
)

const (
	refreshEarly = 5 * time.Minute
	maxBackOff   = time.Minute
)

// tokens keeps one application's access token. All callers share one request
// to the platform and one back-off after a failure. It is safe for concurrent
// use.
type tokens struct {
	fetch  func(ctx context.Context) (string, time.Duration, error)
	now    func() time.Time
	flight singleflight.Group

	mu       sync.Mutex
	value    string
	renewAt  time.Time
	failures int
	retryAt  time.Time
	failed   error
}

// get returns a valid token. Errors are *bot.SendError: credentials that were
// refused stay Config during the back-off, an unreachable platform Temporary.
func (t *tokens) get(ctx context.Context) (string, error) {
	if value, err := t.held(); value != "" || err != nil {
		return value, err
	}
	// The request must survive the caller that happens to have started it.
	shared := context.WithoutCancel(ctx)
	done := t.flight.DoChan("token", func() (any, error) { return t.renew(shared) })
	select {
	case <-ctx.Done():
		return "", &bot.SendError{Class: bot.Temporary, Reason: "token_wait", Err: ctx.Err()}
	case result := <-done:
		value, _ := result.Val.(string)
		return value, result.Err
	}
}

// held returns the token, or the error while backing off, or neither.
func (t *tokens) held() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if t.value != "" && now.Before(t.renewAt) {
		return t.value, nil
	}
	if wait := t.retryAt.Sub(now); t.failed != nil && wait > 0 {
		return "", backingOff(t.failed, wait)
	}
	return "", nil
}

// backingOff repeats the class of the failure that everybody waits for.
func backingOff(failed error, wait time.Duration) error {
	again := &bot.SendError{Class: bot.ClassOf(failed), Reason: "token_backoff", After: wait, Err: failed}
	var cause *bot.SendError
	if errors.As(failed, &cause) {
		again.Code, again.Advice = cause.Code, cause.Advice
	}
	return again
}

func (t *tokens) renew(ctx context.Context) (string, error) {
	if value, err := t.held(); value != "" || err != nil {
		return value, err // another flight landed in between
	}
	value, life, err := t.fetch(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if err != nil {
		t.failures++
		t.failed, t.retryAt = err, now.Add(max(backOff(t.failures), waitOf(err)))
		return "", err
	}
	early := min(refreshEarly, life/2)
	t.value, t.renewAt = value, now.Add(life-early)
	t.failures, t.failed = 0, nil
	return value, nil
}

// backOff doubles from one second to a minute.
func backOff(failures int) time.Duration {
	return min(time.Second<<min(failures-1, 6), maxBackOff)
}

// waitOf is the wait the platform asked for, if any.
func waitOf(err error) time.Duration {
	var e *bot.SendError
	if errors.As(err, &e) {
		return e.After
	}
	return 0
}

// drop forgets the token if it is still the one that was refused; another
// caller may have renewed it meanwhile.
func (t *tokens) drop(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value = ""
	}
}
