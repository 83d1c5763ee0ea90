package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	simdingtalk "duban/internal/sim/dingtalk"
)

// steady is how far the clock goes on before a cut: a connection that has lived so long is
// replaced at once, and what is to be shown here is the replacing, not the waiting.
const steady = 61 * time.Second

const gatewayPath = "/v1.0/gateway/connections/open"

// cutter does something to the connections every few seconds.
type cutter struct {
	w      *world
	random *rand.Rand
	count  map[string]int
}

func newCutter(w *world, seed uint64) *cutter {
	return &cutter{w: w, random: rand.New(rand.NewPCG(seed, seed)), count: map[string]int{}}
}

// cuts are what can happen, and how often of a hundred.
var cuts = []struct {
	name   string
	weight int
	do     func(ctx context.Context, w *world) error
}{
	{"stream cut", 34, func(_ context.Context, w *world) error { w.stage.DingTalk.DropStreams(); return nil }},
	{"stream ended with notice", 20, func(ctx context.Context, w *world) error {
		_ = w.stage.DingTalk.EndStreams(ctx) // one that is just going hears nothing
		return nil
	}},
	{"stream ends after its notice", 10, func(_ context.Context, w *world) error { w.stage.DingTalk.CloseEnding(); return nil }},
	{"stream cut and refused", 4, func(_ context.Context, w *world) error {
		w.stage.DingTalk.Fail(gatewayPath, 1, simdingtalk.Fault{Status: http.StatusServiceUnavailable})
		w.stage.DingTalk.DropStreams()
		return nil
	}},
	{"stream frozen", 1, func(_ context.Context, w *world) error { w.stage.DingTalk.Freeze(); return nil }},
	{"socket cut", 29, func(_ context.Context, w *world) error { w.stage.SmartBot.DropSocket(); return nil }},
	{"socket frozen", 2, func(_ context.Context, w *world) error { w.stage.SmartBot.FreezeSocket(); return nil }},
}

// inFlight is how many write on each road just when something happens.
const inFlight = 8

// once waits a moment and cuts in the middle of what people have just written.
func (c *cutter) once(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(500*time.Millisecond + time.Duration(c.random.Int64N(int64(3*time.Second)))):
	}
	c.w.clock.Set(c.w.clock.Now().Add(steady))
	for range inFlight {
		c.w.writing.Go(func() { c.w.overStream(context.WithoutCancel(ctx), c.w.book.next()) })
		c.w.writing.Go(func() { c.w.overSocket(context.WithoutCancel(ctx), c.w.book.next()) })
	}
	time.Sleep(time.Duration(c.random.Int64N(int64(30 * time.Millisecond))))
	n := c.random.IntN(100)
	for _, cut := range cuts {
		if n -= cut.weight; n < 0 {
			c.count[cut.name]++
			return cut.do(ctx, c.w)
		}
	}
	return nil
}

func (c *cutter) some(ctx context.Context, n int) error {
	for range n {
		if err := c.once(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *cutter) until(ctx context.Context, end time.Time) error {
	for time.Now().Before(end) {
		if err := c.once(ctx); err != nil {
			return err
		}
	}
	return nil
}

// String tells how often each happened.
func (c *cutter) String() string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(c.count)) {
		out = append(out, fmt.Sprintf("%s %d", name, c.count[name]))
	}
	return strings.Join(out, ", ")
}
