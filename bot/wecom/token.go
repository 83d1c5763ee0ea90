package wecom

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/silenceper/wechat/v2/credential"
	"golang.org/x/sync/singleflight"

	"duban/bot"
)

// Pauses after a failed fetch. A wrong secret tried over and over bans the
// address for an hour (error 45009), so refusals start with a minute.
const (
	firstFaultPause   = time.Second
	longestFaultPause = time.Minute
	firstRefusedPause = time.Minute
	longestPause      = time.Hour
)

// tokens holds the access token of one app (document 91039), or another credential that
// is given out for a time. All callers share one fetch, and after a failure they share the
// pause before the next one.
type tokens struct {
	what    string // for the log
	fetch   func(context.Context) (string, time.Duration, error)
	timeout time.Duration
	now     func() time.Time
	log     *slog.Logger
	flight  singleflight.Group

	mu       sync.Mutex
	token    string
	expires  time.Time
	failures int
	retryAt  time.Time
	failure  *bot.SendError
}

var _ credential.AccessTokenContextHandle = (*tokens)(nil)

// GetAccessToken implements the library's handle.
func (t *tokens) GetAccessToken() (string, error) {
	return t.GetAccessTokenContext(context.Background())
}

// GetAccessTokenContext returns a valid token, fetching one if needed. It gives
// up waiting when ctx ends, while a fetch under way goes on for the others.
// Errors are *bot.SendError: nothing has been sent.
func (t *tokens) GetAccessTokenContext(ctx context.Context) (string, error) {
	if token, err := t.current(); token != "" || err != nil {
		return token, err
	}
	done := t.flight.DoChan("token", func() (any, error) {
		// Someone else may have finished between our look and this flight.
		if token, err := t.current(); token != "" || err != nil {
			return token, err
		}
		fetchCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.timeout)
		defer cancel()
		return t.refresh(fetchCtx)
	})
	select {
	case res := <-done:
		return res.Val.(string), res.Err
	case <-ctx.Done():
		return "", fail(bot.Temporary, "token_wait", fmt.Errorf("waiting for an access token: %w", ctx.Err()))
	}
}

// current returns the cached token, or the error of the pause, or neither.
func (t *tokens) current() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if t.token != "" && now.Before(t.expires) {
		return t.token, nil
	}
	if t.failure != nil && now.Before(t.retryAt) {
		e := *t.failure
		e.After = t.retryAt.Sub(now)
		return "", &e
	}
	return "", nil
}

func (t *tokens) refresh(ctx context.Context) (string, error) {
	token, life, err := t.fetch(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		return "", t.pause(asSendError(err))
	}
	t.token, t.expires = token, t.now().Add(life-margin(life))
	return token, nil
}

// margin is how long before its end a token is no longer used.
func margin(life time.Duration) time.Duration {
	return min(5*time.Minute, life/5)
}

// pause remembers a failure, so that nobody asks again too soon. t.mu is held.
func (t *tokens) pause(e *bot.SendError) *bot.SendError {
	wait, longest := firstFaultPause, longestFaultPause
	if e.Class == bot.Config || e.Class == bot.RateLimit || e.Class == bot.Permanent {
		wait, longest = firstRefusedPause, longestPause
	}
	wait = min(wait<<min(t.failures, 12), longest)
	if e.Code == "45009" {
		wait = longestPause
	}
	t.failures++
	t.token, t.failure, t.retryAt = "", e, t.now().Add(wait)
	t.log.Warn("no WeCom "+t.what, "reason", e.Reason, "code", e.Code, "pause", wait.String(), "failures", t.failures)
	paused := *e
	paused.After = wait
	return &paused
}

// drop forgets token if it is still the one in use; a newer one stays.
func (t *tokens) drop(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == token {
		t.token = ""
	}
}

// distrust is called when a token fetched just now was refused as well: fetching
// more of them will not help.
func (t *tokens) distrust(token string, e *bot.SendError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == token {
		t.pause(e)
	}
}

// trust is called when the platform accepted a token: the next failure starts
// with a short pause again.
func (t *tokens) trust() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures, t.failure = 0, nil
}

func asSendError(err error) *bot.SendError {
	var e *bot.SendError
	if errors.As(err, &e) {
		return e
	}
	return fail(bot.Temporary, "token", err)
}
