package dingtalk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"duban/bot"
)

// hand is a clock that is moved by hand.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func newHand() *hand { return &hand{at: time.Unix(1760000000, 0)} }

func TestTokenIsSharedAndRenewedEarly(t *testing.T) {
	clock := newHand()
	var calls atomic.Int64
	gate := make(chan struct{})
	tk := &tokens{now: clock.now, fetch: func(context.Context) (string, time.Duration, error) {
		<-gate
		return fmt.Sprintf("t%d", calls.Add(1)), 2 * time.Hour, nil
	}}
	everybody := func() map[string]int {
		var mu sync.Mutex
		got := map[string]int{}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				value, err := tk.get(context.Background())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				got[value]++
			})
		}
		wg.Wait()
		return got
	}
	close(gate)
	if got := everybody(); got["t1"] != 50 || calls.Load() != 1 {
		t.Fatalf("tokens %v after %d calls", got, calls.Load())
	}
	clock.move(2*time.Hour - refreshEarly - time.Second)
	if got := everybody(); got["t1"] != 50 {
		t.Fatalf("renewed too early: %v", got)
	}
	clock.move(time.Second)
	if got := everybody(); got["t2"] != 50 || calls.Load() != 2 {
		t.Fatalf("tokens %v after %d calls", got, calls.Load())
	}
	tk.drop("t1") // somebody late
	if got := everybody(); got["t2"] != 50 {
		t.Fatalf("a token that was not refused is gone: %v", got)
	}
	tk.drop("t2")
	if got := everybody(); got["t3"] != 50 {
		t.Fatalf("a refused token stays: %v", got)
	}
}

func TestTokenBackOffIsShared(t *testing.T) {
	clock := newHand()
	calls := 0
	var fail error = &bot.SendError{Class: bot.Config, Reason: ReasonCredentials, Code: "invalidClientIdOrSecret", Err: errors.New("no")}
	tk := &tokens{now: clock.now, fetch: func(context.Context) (string, time.Duration, error) {
		calls++
		return "t", time.Hour, fail
	}}
	for i, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		if _, err := tk.get(context.Background()); bot.ClassOf(err) != bot.Config {
			t.Fatalf("failure %d: %v", i, err)
		}
		clock.move(wait*time.Second - time.Millisecond)
		_, err := tk.get(context.Background())
		var e *bot.SendError
		if !errors.As(err, &e) || e.Class != bot.Config || e.Reason != "token_backoff" || e.Code != "invalidClientIdOrSecret" || e.After != time.Millisecond {
			t.Fatalf("back-off %d: %v", i, err)
		}
		if calls != i+1 {
			t.Fatalf("%d calls during back-off %d", calls, i)
		}
		clock.move(time.Millisecond)
	}
	fail = nil
	if value, err := tk.get(context.Background()); value != "t" || err != nil {
		t.Fatalf("%q %v", value, err)
	}
	tk.drop("t")
	fail = &bot.SendError{Class: bot.RateLimit, Reason: "ip_banned", After: 5 * time.Minute, Err: errors.New("no")}
	_, _ = tk.get(context.Background())
	clock.move(5*time.Minute - time.Second)
	if _, err := tk.get(context.Background()); bot.ClassOf(err) != bot.RateLimit {
		t.Errorf("the platform's wait is not kept: %v", err)
	}
	fail = nil
	clock.move(time.Second)
	if _, err := tk.get(context.Background()); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestTokenSurvivesTheCallerThatAsked(t *testing.T) {
	clock := newHand()
	asked, gate := make(chan struct{}), make(chan struct{})
	tk := &tokens{now: clock.now, fetch: func(ctx context.Context) (string, time.Duration, error) {
		close(asked)
		<-gate
		return "t", time.Hour, ctx.Err()
	}}
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() { _, err := tk.get(ctx); first <- err }()
	<-asked
	cancel()
	if err := <-first; bot.ClassOf(err) != bot.Temporary || !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled caller: %v", err)
	}
	close(gate)
	if value, err := tk.get(context.Background()); value != "t" || err != nil {
		t.Errorf("%q %v", value, err)
	}
}
