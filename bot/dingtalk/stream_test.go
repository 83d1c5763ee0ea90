package dingtalk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/dingtalk"
	simdingtalk "duban/internal/sim/dingtalk"
)

const openPath = "/v1.0/gateway/connections/open"

// streamWorld is a stream that runs against the fake gateway. Pauses between attempts are
// collected instead of waited for.
type streamWorld struct {
	*world
	ctx    context.Context
	stream *dingtalk.Stream
	stop   func()

	mu     sync.Mutex
	frames []dingtalk.Frame
	fail   error         // what the handler answers
	hold   chan struct{} // the handler waits for it, if set
	pauses []time.Duration
	failed chan dingtalk.StreamState // at the first pause
}

func newStream(t *testing.T, change ...func(*dingtalk.StreamConfig)) *streamWorld {
	t.Helper()
	w := &streamWorld{failed: make(chan dingtalk.StreamState, 1)}
	var cfg dingtalk.StreamConfig
	w.world = newWorld(t, func(c *dingtalk.ClientConfig) { cfg.ClientConfig = *c })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	w.ctx = ctx
	cfg.Topics = []string{dingtalk.TopicRobot, dingtalk.TopicCard, dingtalk.TopicAllEvents}
	cfg.Handle = w.take
	cfg.Wait = func(ctx context.Context, d time.Duration) {
		w.mu.Lock()
		w.pauses = append(w.pauses, d)
		w.mu.Unlock()
		select {
		case w.failed <- w.stream.State():
		default:
		}
		runtime.Gosched()
	}
	for _, c := range change {
		c(&cfg)
	}
	var err error
	if w.stream, err = dingtalk.NewStream(cfg); err != nil {
		t.Fatal(err)
	}
	running, end := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { w.stream.Run(running) })
	w.stop = sync.OnceFunc(func() { end(); done.Wait() })
	t.Cleanup(func() { w.stop(); w.sim.DropStreams(); cancel() })
	return w
}

func (w *streamWorld) take(_ context.Context, f dingtalk.Frame) (any, error) {
	w.mu.Lock()
	w.frames = append(w.frames, f)
	fail, hold := w.fail, w.hold
	w.mu.Unlock()
	if hold != nil {
		<-hold
	}
	return nil, fail
}

func (w *streamWorld) taken() []dingtalk.Frame {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]dingtalk.Frame(nil), w.frames...)
}

func (w *streamWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *streamWorld) texts() []string {
	var out []string
	for _, f := range w.taken() {
		m, err := dingtalk.Decode(f.Data, dingtalk.DecodeConfig{RobotCode: "dingapp1", CorpID: "dingcorp1", OAPIBase: w.server.URL})
		w.must(err)
		out = append(out, m.UserID+": "+m.Text)
	}
	return out
}

func TestStreamTakesMessages(t *testing.T) {
	w := newStream(t)
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	w.must(w.sim.PingStreams(w.ctx))
	w.must(w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u1", Text: "我的任务"}))
	w.must(w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u2", GroupID: "cidG==", Text: "隐患统计"}))
	if diff := cmp.Diff([]string{"u1: 我的任务", "u2: 隐患统计"}, w.texts()); diff != "" {
		t.Errorf("taken (-want +got)\n%s", diff)
	}
	if st := w.stream.State(); !st.Connected || st.Err != nil || st.Opened != 1 {
		t.Errorf("state %+v", st)
	}
	w.stop()
	w.must(w.sim.AwaitStreams(w.ctx, 0))
}

// Nobody may write while no connection is open: the next one comes first.
func TestStreamConnectsAnewBeforeTheOldOneEnds(t *testing.T) {
	w := newStream(t)
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	w.must(w.sim.EndStreams(w.ctx))
	w.must(w.sim.AwaitStreams(w.ctx, 1)) // the old one takes nothing more, and is still open
	w.must(w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u1", Text: "第二条连接"}))
	w.sim.CloseEnding()
	w.must(w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u1", Text: "还在"}))
	if got := w.sim.OpenCalls(); got != 2 {
		t.Errorf("%d tickets for two connections", got)
	}
	if len(w.pauses) != 0 {
		t.Errorf("paused %v before a connection that replaces another", w.pauses)
	}
}

func TestStreamComesBackAfterACut(t *testing.T) {
	w := newStream(t)
	for i := range 5 {
		w.must(w.sim.AwaitStreams(w.ctx, 1))
		w.must(w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u1", Text: fmt.Sprint(i)}))
		w.sim.DropStreams()
	}
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	if got := len(w.taken()); got != 5 {
		t.Errorf("%d of 5 messages", got)
	}
	if got := w.sim.OpenCalls(); got != 6 {
		t.Errorf("%d tickets for six connections: more than one loop connects", got)
	}
}

// What was not stored must come again: it is not acknowledged.
func TestStreamAcknowledgesOnlyWhatWasStored(t *testing.T) {
	w := newStream(t)
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	w.fail = errors.New("database away")
	short, cancel := context.WithTimeout(w.ctx, 100*time.Millisecond)
	defer cancel()
	if err := w.sim.DeliverStream(short, simdingtalk.Incoming{MsgID: "m1", UserID: "u1", Text: "上报隐患 食堂漏水"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("acknowledged what was not stored: %v", err)
	}
	w.mu.Lock()
	w.fail = nil
	w.mu.Unlock()
	w.must(w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{MsgID: "m1", UserID: "u1", Text: "上报隐患 食堂漏水"}))
	frames := w.taken()
	if len(frames) != 2 || frames[0].MessageID == frames[1].MessageID {
		t.Errorf("frames %v", frames)
	}
}

// A slow message of one person holds up neither the others nor the pings.
func TestStreamWorksSideBySide(t *testing.T) {
	w := newStream(t)
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	w.hold = make(chan struct{})
	slow := make(chan error, 1)
	go func() { slow <- w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u1", Text: "慢"}) }()
	for len(w.taken()) == 0 {
		runtime.Gosched()
	}
	w.must(w.sim.PingStreams(w.ctx))
	close(w.hold)
	w.must(<-slow)
}

func TestStreamKeepsOneSendersOrder(t *testing.T) {
	w := newStream(t)
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	w.mu.Lock()
	w.hold = make(chan struct{})
	w.mu.Unlock()
	var all sync.WaitGroup
	for i := range 20 {
		before := len(w.taken())
		all.Go(func() { _ = w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u1", Text: fmt.Sprint(i)}) })
		if i == 0 {
			for len(w.taken()) == before {
				runtime.Gosched()
			}
		}
		for w.sim.Handed() <= i {
			runtime.Gosched()
		}
	}
	close(w.hold)
	all.Wait()
	for i, got := range w.texts() {
		if got != fmt.Sprintf("u1: %d", i) {
			t.Fatalf("message %d is %q", i, got)
		}
	}
}

func TestStreamFailures(t *testing.T) {
	for name, c := range map[string]struct {
		fault  simdingtalk.Fault
		class  bot.SendClass
		reason string
	}{
		"wrong secret":       {simdingtalk.Fault{Status: http.StatusUnauthorized, Code: "authFailed", Message: "鉴权失败 " + clientSecret}, bot.Config, dingtalk.ReasonCredentials},
		"not published":      {simdingtalk.Fault{Status: http.StatusBadRequest, Code: "invalidParameter.app", Message: "app is not published"}, bot.Config, "refused"},
		"address not listed": {simdingtalk.Fault{Status: http.StatusForbidden, Code: "Forbidden.AccessDenied.IpNotInWhiteList", Message: "1.2.3.4"}, bot.Config, "ip"},
		"gateway down":       {simdingtalk.Fault{Status: http.StatusServiceUnavailable}, bot.Temporary, "busy"},
		"too many":           {simdingtalk.Fault{Status: http.StatusForbidden, Code: "Forbidden.AccessDenied.QpsLimitForApi"}, bot.RateLimit, "qps"},
		"HTML":               {simdingtalk.Fault{Status: http.StatusOK, Body: "<html>maintenance</html>"}, bot.Temporary, "bad_answer"},
		"half an answer":     {simdingtalk.Fault{Status: http.StatusOK, Body: `{"endpoint":"wss://x/connect"`}, bot.Temporary, "bad_answer"},
		"no ticket":          {simdingtalk.Fault{Status: http.StatusOK, Body: `{"endpoint":"ws://127.0.0.1/connect"}`}, bot.Temporary, "bad_answer"},
		"an inner address":   {simdingtalk.Fault{Status: http.StatusOK, Body: `{"endpoint":"http://169.254.169.254/latest","ticket":"t"}`}, bot.Temporary, "bad_answer"},
		"a redirect":         {simdingtalk.Fault{Status: http.StatusFound, Location: "http://169.254.169.254/"}, bot.Config, "redirect"},
		"cut":                {simdingtalk.Fault{Drop: true}, bot.Temporary, "no_answer"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newStream(t)
			w.must(w.sim.AwaitStreams(w.ctx, 1))
			w.sim.Fail(openPath, 1, c.fault)
			w.sim.DropStreams()
			var st dingtalk.StreamState
			select {
			case st = <-w.failed:
			case <-w.ctx.Done():
				t.Fatal("no attempt failed")
			}
			var e *bot.SendError
			if st.Connected || !errors.As(st.Err, &e) || e.Class != c.class || e.Reason != c.reason {
				t.Errorf("state %+v: %v", st, st.Err)
			}
			w.must(w.sim.AwaitStreams(w.ctx, 1))
			w.must(w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u1", Text: "又好了"}))
			w.stop()
			if out := w.logs.String(); strings.Contains(out, clientSecret) || strings.Contains(out, "ticket-") {
				t.Errorf("a credential in the log:\n%s", out)
			}
		})
	}
}

// The pause grows and is bounded; a refused credential waits the longest at once.
func TestStreamBacksOff(t *testing.T) {
	w := newStream(t)
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	for !w.stream.State().Connected {
		runtime.Gosched()
	}
	w.mu.Lock()
	w.pauses = nil
	w.mu.Unlock()
	w.sim.Fail(openPath, 8, simdingtalk.Fault{Status: http.StatusServiceUnavailable})
	w.clock.Set(w.clock.Now().Add(2 * time.Minute)) // it lived long enough to count as steady
	w.sim.DropStreams()
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	w.mu.Lock()
	defer w.mu.Unlock()
	want := []time.Duration{1, 2, 4, 8, 16, 32, 60, 60}
	if len(w.pauses) != len(want) {
		t.Fatalf("%d pauses: %v", len(w.pauses), w.pauses)
	}
	for i, d := range w.pauses {
		if mid := want[i] * time.Second; d < mid*8/10 || d > mid*12/10 {
			t.Errorf("pause %d is %v, want about %v", i, d, mid)
		}
	}
}

// A connection that answers no ping is given up: it would swallow messages.
func TestStreamGivesUpADeadConnection(t *testing.T) {
	w := newStream(t, func(c *dingtalk.StreamConfig) { c.Ping, c.Silence = 10*time.Millisecond, 50*time.Millisecond })
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	w.sim.Freeze()
	for w.stream.State().Opened < 2 {
		if w.ctx.Err() != nil {
			t.Fatal("still on the dead connection")
		}
		runtime.Gosched()
	}
}

// Drops without end leave nothing behind.
func TestStreamLeavesNothingBehind(t *testing.T) {
	w := newStream(t)
	w.must(w.sim.AwaitStreams(w.ctx, 1))
	before := runtime.NumGoroutine()
	for i := range 60 {
		if i%3 == 0 {
			w.must(w.sim.EndStreams(w.ctx))
			w.must(w.sim.AwaitStreams(w.ctx, 1))
			w.sim.CloseEnding()
		} else {
			w.sim.DropStreams()
			w.must(w.sim.AwaitStreams(w.ctx, 1))
		}
		w.must(w.sim.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: "u1", Text: fmt.Sprint(i)}))
	}
	if got := len(w.taken()); got != 60 {
		t.Errorf("%d of 60 messages", got)
	}
	w.server.CloseClientConnections()
	for range 1000 { // what was closed goes in its own time
		if runtime.NumGoroutine() <= before+6 {
			return
		}
		runtime.Gosched()
		http.DefaultClient.CloseIdleConnections()
	}
	if after := runtime.NumGoroutine(); after > before+20 {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}
