package dingtalk

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"duban/bot"
	"duban/bot/lane"
	"duban/internal/errs"
)

// FrameHandler takes one frame. What it returns goes back with the acknowledgement; it
// must be nil for robot messages. An error says that the frame was not stored: it is not
// acknowledged, so that the platform hands it over again.
type FrameHandler func(ctx context.Context, f Frame) (answer any, err error)

// StreamConfig configures a Stream. Topics and Handle are required.
type StreamConfig struct {
	ClientConfig
	Topics []string // TopicRobot, TopicCard, TopicAllEvents
	Handle FrameHandler

	Ping    time.Duration                              // between signs of life; 0: 30 s
	Silence time.Duration                              // how long one may take to be answered; 0: 10 s
	Linger  time.Duration                              // how long a connection that was told to end is still read; 0: 15 s
	Wait    func(ctx context.Context, d time.Duration) // between attempts; nil: real time
}

func (c StreamConfig) withDefaults() StreamConfig {
	c.ClientConfig = c.ClientConfig.withDefaults()
	if c.Ping <= 0 {
		c.Ping = 30 * time.Second
	}
	if c.Silence <= 0 {
		c.Silence = 10 * time.Second
	}
	if c.Linger <= 0 {
		c.Linger = 15 * time.Second
	}
	if c.Wait == nil {
		c.Wait = pause
	}
	return c
}

// pause waits in real time, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Stream receives without a public address: it holds a connection to the gateway, which
// hands over what the HTTP callbacks would get. Messages that are sent while no connection
// exists are lost (Stream SDK issues 15, 16), so the next connection is opened before one
// that was told to end is given up. Several processes may each hold a connection; every
// frame goes to one of them.
type Stream struct {
	cfg   StreamConfig
	wire  wire
	lanes *lane.Lanes

	mu    sync.Mutex
	state StreamState
	links sync.WaitGroup
}

// StreamState is where a Stream stands.
type StreamState struct {
	Connected bool
	Since     time.Time // of the present state
	Attempts  int       // without success since then
	Opened    int       // connections in all
	Err       error     // of the last attempt; nil while connected
}

// NewStream returns a Stream that does nothing yet.
func NewStream(cfg StreamConfig) (*Stream, error) {
	cfg = cfg.withDefaults()
	if cfg.ClientID == "" || cfg.ClientSecret.Empty() || cfg.Handle == nil || len(cfg.Topics) == 0 {
		return nil, errs.New(errs.Invalid, "钉钉应用的 ClientID 和 ClientSecret 都要配置，请在开放平台的“凭证与基础信息”里查看。")
	}
	if origin(cfg.APIBase) == "" {
		return nil, errs.New(errs.Invalid, "钉钉接口地址要写成 https://主机名 的形式，请检查配置。")
	}
	s := &Stream{cfg: cfg, wire: newWire(cfg.Timeout)}
	s.state.Since = cfg.Now()
	return s, nil
}

// State returns where the stream stands.
func (s *Stream) State() StreamState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Back-off: the first pause, the longest one, and how long a connection must have lived
// for the count to start again. A refused credential waits the longest at once: asking
// again quickly changes nothing.
const (
	firstPause  = time.Second
	longPause   = time.Minute
	steadyAfter = time.Minute
)

// Run holds a connection until ctx ends, then waits for what was taken. There is one loop
// and so one attempt at a time, however a connection ends.
func (s *Stream) Run(ctx context.Context) {
	s.lanes = lane.New()
	failures := 0
	for ctx.Err() == nil {
		l, err := s.connect(ctx)
		if err != nil {
			failures++
			s.failed(ctx, err)
			s.cfg.Wait(ctx, backoff(failures, bot.ClassOf(err) == bot.Config))
			continue
		}
		began := s.cfg.Now()
		s.opened()
		why := s.hold(ctx, l)
		if ctx.Err() != nil {
			break
		}
		s.cfg.Logger.InfoContext(ctx, "dingtalk stream: connecting anew", "reason", why)
		if s.cfg.Now().Sub(began) >= steadyAfter {
			failures = 0
			continue
		}
		failures++
		if failures > 1 { // the first one goes at once, so that nothing is missed
			s.cfg.Wait(ctx, backoff(failures-1, false))
		}
	}
	s.links.Wait()
	s.lanes.Close()
}

// hold reads a connection until it ends or is told to end. In the second case it is read
// on in the background while the caller opens the next one.
func (s *Stream) hold(ctx context.Context, l *link) (why string) {
	reading, stop := context.WithCancel(ctx)
	s.links.Go(func() { l.watch(reading, s.cfg.Ping, s.cfg.Silence) })
	s.links.Go(func() {
		defer stop()
		l.read(reading)
	})
	select {
	case <-l.gone:
		s.lost(errors.New("connection ended"))
		return "connection ended"
	case <-l.ending:
		s.links.Go(func() {
			wait, done := context.WithTimeout(reading, s.cfg.Linger)
			defer done()
			select {
			case <-l.gone:
			case <-wait.Done():
				stop()
			}
		})
		return "told to connect anew"
	}
}

func backoff(failures int, hopeless bool) time.Duration {
	d := longPause
	if shift := failures - 1; shift < 6 && !hopeless {
		d = min(longPause, firstPause<<shift)
	}
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64())) // several nodes must not come back together
}

func (s *Stream) opened() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.state.Connected {
		s.state.Since = s.cfg.Now()
	}
	s.state.Connected, s.state.Err, s.state.Attempts = true, nil, 0
	s.state.Opened++
}

func (s *Stream) lost(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Connected, s.state.Since, s.state.Err = false, s.cfg.Now(), err
}

// failed notes an attempt that did not work. The first of a row is a warning; what only
// the operator can mend is an error.
func (s *Stream) failed(ctx context.Context, err error) {
	s.mu.Lock()
	if s.state.Connected {
		s.state.Connected, s.state.Since = false, s.cfg.Now()
	}
	s.state.Attempts++
	s.state.Err = err
	n := s.state.Attempts
	s.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	level := slog.LevelDebug
	if n == 1 {
		level = slog.LevelWarn
		if bot.ClassOf(err) == bot.Config {
			level = slog.LevelError
		}
	}
	s.cfg.Logger.Log(ctx, level, "dingtalk stream: not connected", "attempts", n, "class", bot.ClassOf(err), "error", err)
}

// take hands a frame to the lane of its sender. A frame that finds no room before ctx ends
// is not acknowledged, and so comes again.
func (s *Stream) take(ctx context.Context, l *link, f Frame) {
	s.lanes.Put(ctx, f.lane, func() { s.serve(context.WithoutCancel(ctx), l, f) })
}

// serve deals with one frame and acknowledges it. What was not stored is not acknowledged,
// an event is asked for again.
func (s *Stream) serve(ctx context.Context, l *link, f Frame) {
	said, err := s.cfg.Handle(ctx, f)
	switch {
	case err == nil:
		l.answer(ctx, answerTo(f, http.StatusOK, taken(f, said)))
	case f.Kind == FrameEvent:
		l.answer(ctx, answerTo(f, http.StatusOK, later))
	}
}
