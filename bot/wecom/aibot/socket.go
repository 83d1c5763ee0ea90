package aibot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"duban/bot"
	"duban/bot/lane"
	"duban/bot/wecom"
	"duban/internal/errs"
)

// Lease says which of several processes holds the connection. The platform allows one: a
// second one ends the first (document 101463).
type Lease interface {
	// Hold takes the lease, or keeps it for another while. It returns false when
	// another process has it.
	Hold(ctx context.Context) (bool, error)
	// Release gives it up, so that another process need not wait for its end.
	Release(ctx context.Context) error
}

// Handler takes a message and returns the answer. An error says that the message was not
// stored; nothing hands it over again, so that its writer has to be told.
type Handler func(ctx context.Context, m Message) (bot.Reply, error)

// SocketConfig configures a Socket. BotID, Secret, URL, Lease, Handle and Now are required.
type SocketConfig struct {
	Config
	Secret wecom.Secret
	URL    string // wss://…
	Lease  Lease
	Handle Handler
	// Later takes an answer that could not be given over the connection; nil: it is lost.
	Later  func(ctx context.Context, m Message, r bot.Reply) error
	Now    func() time.Time
	Logger *slog.Logger

	Timeout time.Duration                              // of connecting and of each acknowledgement; 0: 5 s
	Ping    time.Duration                              // between signs of life, which renew the lease as well; 0: 10 s
	Wait    func(ctx context.Context, d time.Duration) // between attempts; nil: real time
}

// Socket receives and answers over the bot's long connection, which needs no public
// address. What people write while nobody holds it is lost.
type Socket struct {
	cfg   SocketConfig
	lanes *lane.Lanes

	mu    sync.Mutex
	state SocketState
	live  *wire
}

// SocketState is where a Socket stands.
type SocketState struct {
	Connected bool
	Standby   bool // another process holds the connection
	Kicked    bool // somebody else's connection ended ours
	Since     time.Time
	Opened    int
	Err       error
}

// NewSocket returns a Socket that does nothing yet.
func NewSocket(cfg SocketConfig) (*Socket, error) {
	if cfg.BotID == "" || cfg.Secret.Reveal() == "" || cfg.URL == "" || cfg.Handle == nil || cfg.Lease == nil || cfg.Now == nil {
		return nil, errs.New(errs.Invalid, "智能机器人长连接方式要填 Bot ID 和 Secret，请在企业微信后台机器人的“API 模式”里查看。")
	}
	cfg.Timeout, cfg.Ping = cmp.Or(cfg.Timeout, 5*time.Second), cmp.Or(cfg.Ping, 10*time.Second)
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Wait == nil {
		cfg.Wait = pause
	}
	s := &Socket{cfg: cfg}
	s.state.Since = cfg.Now()
	return s, nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// State returns where the socket stands.
func (s *Socket) State() SocketState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

const (
	firstPause = time.Second
	longPause  = 30 * time.Second
	standby    = 5 * time.Second
	// aside is how long a process that was kicked out stays away: two that answer each
	// other's kicks would lose messages for ever.
	aside       = 10 * time.Minute
	steadyAfter = time.Minute
)

// Run holds the connection, or waits for its turn, until ctx ends. There is one loop and so
// one attempt at a time.
func (s *Socket) Run(ctx context.Context) {
	s.lanes = lane.New()
	failures := 0
	for ctx.Err() == nil {
		mine, err := s.cfg.Lease.Hold(ctx)
		if err != nil || !mine {
			s.waiting(err)
			s.cfg.Wait(ctx, standby)
			continue
		}
		began := s.cfg.Now()
		err = s.hold(ctx)
		if ctx.Err() != nil {
			break
		}
		switch {
		case errors.Is(err, errKicked):
			s.stepAside(ctx)
			failures = 0
			continue
		case s.cfg.Now().Sub(began) >= steadyAfter: // replaced at once, so that little is missed
			failures = 0
			s.failed(ctx, err, 1)
			continue
		}
		failures++
		s.failed(ctx, err, failures)
		s.cfg.Wait(ctx, backoff(failures, bot.ClassOf(err) == bot.Config))
	}
	s.lanes.Close()
	free, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Timeout)
	defer cancel()
	_ = s.cfg.Lease.Release(free) // it ends by itself
}

func (s *Socket) stepAside(ctx context.Context) {
	s.set(func(st *SocketState) { st.Kicked, st.Err = true, errKicked })
	s.cfg.Logger.ErrorContext(ctx, "smart bot: another connection with the same bot took over; staying away for a while")
	_ = s.cfg.Lease.Release(ctx)
	s.cfg.Wait(ctx, aside)
}

func backoff(failures int, hopeless bool) time.Duration {
	d := longPause
	if shift := failures - 1; shift < 5 && !hopeless {
		d = min(longPause, firstPause<<shift)
	}
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}

func (s *Socket) set(change func(*SocketState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.state
	s.state.Connected, s.state.Standby, s.state.Kicked, s.state.Err = false, false, false, nil
	change(&s.state)
	if before.Connected != s.state.Connected || before.Standby != s.state.Standby || before.Kicked != s.state.Kicked {
		s.state.Since = s.cfg.Now()
	}
}

func (s *Socket) waiting(err error) {
	s.set(func(st *SocketState) { st.Standby, st.Err = err == nil, err })
}

// failed notes what went wrong: the first time of a row loudly, what the operator must mend
// as an error.
func (s *Socket) failed(ctx context.Context, err error, row int) {
	s.set(func(st *SocketState) { st.Err = err })
	level := slog.LevelDebug
	if row == 1 {
		level = slog.LevelWarn
		if bot.ClassOf(err) == bot.Config {
			level = slog.LevelError
		}
	}
	s.cfg.Logger.Log(ctx, level, "smart bot: not connected", "row", row, "class", bot.ClassOf(err), "error", err)
}

// hold connects and serves until the connection ends, the lease is lost or ctx ends.
func (s *Socket) hold(ctx context.Context) error {
	w, err := dial(ctx, s.cfg)
	if err != nil {
		return err
	}
	defer w.close()
	reading := make(chan error, 1)
	go func() { reading <- w.read(ctx, s.take) }()
	if err := w.subscribe(ctx, s.cfg.BotID, s.cfg.Secret); err != nil {
		w.close()
		<-reading
		return err
	}
	s.set(func(st *SocketState) { st.Connected = true; st.Opened++ })
	s.mu.Lock()
	s.live = w
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.live = nil
		s.mu.Unlock()
	}()
	err = s.watch(ctx, w, reading)
	w.close()
	return err
}

// watch keeps the connection and the lease alive. A connection that answers no ping is
// dead; a lease that is lost means that another process connects.
func (s *Socket) watch(ctx context.Context, w *wire, reading <-chan error) error {
	tick := time.NewTicker(s.cfg.Ping)
	defer tick.Stop()
	for {
		select {
		case err := <-reading:
			return err
		case <-ctx.Done():
			w.close()
			<-reading
			return ctx.Err()
		case <-tick.C:
		}
		err := w.ping(ctx)
		if err == nil {
			var mine bool
			if mine, err = s.cfg.Lease.Hold(ctx); err == nil && !mine {
				err = errLeaseLost
			} else if err != nil { // the database is away: as long as nobody else can take it, it is ours
				s.cfg.Logger.WarnContext(ctx, "smart bot: lease not renewed", "error", err)
				err = nil
			}
		}
		if err != nil {
			w.close()
			if end := <-reading; errors.Is(end, errKicked) {
				return end
			}
			return err
		}
	}
}

var (
	errKicked    = errors.New("smart bot: ended by another connection")
	errLeaseLost = errors.New("smart bot: another process holds the connection")
)

// take hands a message to the lane of its sender.
func (s *Socket) take(ctx context.Context, w *wire, reqID string, body []byte) {
	m, err := Decode(body, s.cfg.Config)
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "smart bot: message refused", "error", err)
		return
	}
	if m.Idle {
		return
	}
	if m.ReplyURL == "" {
		m.ReplyURL = roadOf(m, reqID)
	}
	m.ReplyURLEnds = s.cfg.Now().Add(ResponseLife)
	s.lanes.Put(ctx, m.Chat.ID+"/"+m.UserID, func() { s.serve(context.WithoutCancel(ctx), w, reqID, m) })
}

func (s *Socket) serve(ctx context.Context, w *wire, reqID string, m Message) {
	reply, err := s.cfg.Handle(ctx, m)
	if err != nil {
		reply, m.Task = bot.Reply{Text: "系统正忙，这条消息没有存下。请过一会儿再发一次。"}, "" // a card keeps its buttons
	}
	if reply.Empty() && m.Task == "" {
		return
	}
	err = w.answer(ctx, reqID, m, reply)
	if err != nil && s.cfg.Later != nil && m.Event != entered && !reply.Empty() { // a welcome that is late is none
		err = s.cfg.Later(ctx, m, reply)
	}
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "smart bot: answer not delivered", "message", m.ID, "error", err)
	}
}

// Roads back over the connection: to the request that a message came by, or, since events
// take no late answer, to the conversation.
const (
	requestRoad = "aibot-request:"
	chatRoad    = "aibot-chat:"
)

func roadOf(m Message, reqID string) string {
	if m.Event != "" {
		return chatRoad + m.Chat.ID
	}
	return requestRoad + reqID
}

// Respond answers later over the connection. A road of another connection, or of another
// process, is gone.
func (s *Socket) Respond(ctx context.Context, road string, r bot.Reply) error {
	s.mu.Lock()
	w := s.live
	s.mu.Unlock()
	if w != nil {
		if reqID, ok := strings.CutPrefix(road, requestRoad); ok && reqID != "" {
			return w.respond(ctx, reqID, r, wecom.TaskID(road))
		}
		if chatID, ok := strings.CutPrefix(road, chatRoad); ok && chatID != "" {
			return w.send(ctx, chatID, r, "")
		}
	}
	return &bot.SendError{Class: bot.Permanent, Reason: "session_gone", Err: errors.New("smart bot: not connected")}
}

// Send pushes into a conversation whose people have written to the bot before. The key
// names the message over all its tries.
func (s *Socket) Send(ctx context.Context, chatID string, r bot.Reply, key string) error {
	s.mu.Lock()
	w := s.live
	s.mu.Unlock()
	if w == nil {
		return &bot.SendError{Class: bot.Temporary, Reason: "not_connected", Err: errors.New("smart bot: not connected in this process")}
	}
	return w.send(ctx, chatID, r, key)
}
