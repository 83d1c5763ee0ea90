package simwecom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// ErrNoSocket says that nobody holds the long connection: the message is lost.
var ErrNoSocket = errors.New("no long connection")

// The bot's limits over the long connection (document 101463).
const (
	perMinute = 30
	perHour   = 1000
)

// socketSide is what a Bot knows of its long connection. All of it is guarded by the bot's
// lock but the counters.
type socketSide struct {
	live     *socket
	moved    chan struct{} // closed and made anew when the connection changes
	dials    atomic.Int64
	kicks    atomic.Int64
	pings    atomic.Int64
	answered map[string][]time.Time // per conversation, for the limits
}

// socket is one client.
type socket struct {
	conn   *websocket.Conn
	gone   chan struct{}
	frozen atomic.Bool

	mu      sync.Mutex
	open    map[string]request // by req_id, still to be answered
	replies map[string]chan *Sent
}

// request is what was handed over, and when.
type request struct {
	BotIncoming
	at time.Time
}

// eventTime is how long an event may be answered; a message has a day (document 101463).
const eventTime = 5 * time.Second

type botFrame struct {
	Cmd     string `json:"cmd,omitempty"`
	Headers struct {
		ReqID string `json:"req_id"`
	} `json:"headers"`
	Body    json.RawMessage `json:"body,omitempty"`
	ErrCode *int            `json:"errcode,omitempty"`
	ErrMsg  string          `json:"errmsg,omitempty"`
}

func (b *Bot) connect(w http.ResponseWriter, r *http.Request) {
	b.dials.Add(1)
	s := &socket{gone: make(chan struct{}), open: map[string]request{}, replies: map[string]chan *Sent{}}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	s.conn = conn
	conn.SetReadLimit(1 << 20)
	defer close(s.gone)
	defer func() { _ = conn.CloseNow() }()
	if !b.subscribe(s) {
		return
	}
	for {
		f, err := s.read()
		if err != nil {
			break
		}
		if s.frozen.Load() {
			continue
		}
		b.answer(s, f)
	}
	b.mu.Lock()
	if b.live == s {
		b.live = nil
		b.change()
	}
	b.mu.Unlock()
}

// change wakes those who wait. The caller holds the lock.
func (b *Bot) change() {
	close(b.moved)
	b.moved = make(chan struct{})
}

// subscribe takes the first frame. The newest connection is the one that counts: the one
// before is told and closed.
func (b *Bot) subscribe(s *socket) bool {
	f, err := s.read()
	var who struct {
		BotID  string `json:"bot_id"`
		Secret string `json:"secret"`
	}
	if err != nil || f.Cmd != "aibot_subscribe" || json.Unmarshal(f.Body, &who) != nil {
		return false
	}
	if who.BotID != b.cfg.BotID || who.Secret != b.cfg.Secret {
		_ = s.write(ackOf(f, 40001, "invalid credential"))
		return false
	}
	b.mu.Lock()
	before := b.live
	b.live = s
	b.change()
	b.mu.Unlock()
	if before != nil {
		b.kicks.Add(1)
		_ = before.write(botFrame{Cmd: "aibot_event_callback", Body: json.RawMessage(`{"msgid":"kick","aibotid":"` + b.cfg.BotID + `","msgtype":"event","event":{"eventtype":"disconnected_event"}}`)})
		_ = before.conn.Close(websocket.StatusNormalClosure, "replaced")
	}
	return s.write(ackOf(f, 0, "ok")) == nil
}

func ackOf(f botFrame, code int, msg string) botFrame {
	out := botFrame{ErrCode: &code, ErrMsg: msg}
	out.Headers = f.Headers
	return out
}

// answer deals with what the client sends.
func (b *Bot) answer(s *socket, f botFrame) {
	switch f.Cmd {
	case "":
	case "ping":
		_ = s.write(ackOf(f, 0, "ok"))
		b.pings.Add(1)
		b.mu.Lock()
		b.change()
		b.mu.Unlock()
	case "aibot_respond_msg", "aibot_respond_welcome_msg", "aibot_respond_update_msg":
		s.mu.Lock()
		in, ok := s.open[f.Headers.ReqID]
		waiting := s.replies[f.Headers.ReqID]
		s.mu.Unlock()
		if !ok || !b.fits(in, f.Cmd) {
			_ = s.write(ackOf(f, 846605, "invalid req_id"))
			return
		}
		shown, err := b.respondTo(in, f)
		if err != nil {
			_ = s.write(ackOf(f, 40058, err.Error()))
			return
		}
		_ = s.write(ackOf(f, 0, "ok"))
		if waiting != nil {
			waiting <- shown
		}
	case "aibot_send_msg":
		if err := b.pushed(f.Body); err != nil {
			_ = s.write(ackOf(f, 40058, err.Error()))
			return
		}
		_ = s.write(ackOf(f, 0, "ok"))
	default:
		_ = s.write(ackOf(f, 40058, "unknown cmd"))
	}
}

// fits reports whether a request takes such an answer, still.
func (b *Bot) fits(in request, cmd string) bool {
	inTime := b.cfg.Now().Sub(in.at) < eventTime
	switch cmd {
	case "aibot_respond_welcome_msg":
		return in.entering() && inTime
	case "aibot_respond_update_msg":
		return in.Press != nil && inTime
	}
	return in.Event == "" && b.cfg.Now().Sub(in.at) < 24*time.Hour
}

func (b *Bot) respondTo(in request, f botFrame) (*Sent, error) {
	m, err := readBody(f.Body)
	switch {
	case err != nil:
		return nil, err
	case in.Press != nil:
		return b.update(in.BotIncoming, m)
	case in.entering() != (m.MsgType == "text") && m.MsgType != "template_card":
		return nil, fmt.Errorf("fake smart bot: %q is no answer to this", m.MsgType)
	}
	return b.limited(in.place(), m)
}

func (b *Bot) pushed(raw []byte) error {
	var to struct {
		ChatID string `json:"chatid"`
	}
	_ = json.Unmarshal(raw, &to)
	m, err := readBody(raw)
	if err != nil {
		return err
	}
	b.mu.Lock()
	at, known := b.seen[to.ChatID]
	b.mu.Unlock()
	switch {
	case !known:
		return errors.New("no such conversation")
	case m.MsgType != "markdown" && m.MsgType != "template_card":
		return fmt.Errorf("fake smart bot: %q is not pushed", m.MsgType)
	}
	_, err = b.limited(at, m)
	return err
}

// limited shows an answer, unless there were too many.
func (b *Bot) limited(at place, m botBody) (*Sent, error) {
	b.mu.Lock()
	if b.answered == nil {
		b.answered = map[string][]time.Time{}
	}
	now, minute, hour := b.cfg.Now(), 0, 0
	for _, t := range b.answered[at.to] {
		if now.Sub(t) < time.Minute {
			minute++
		}
		if now.Sub(t) < time.Hour {
			hour++
		}
	}
	full := minute >= perMinute || hour >= perHour
	if !full {
		b.answered[at.to] = append(b.answered[at.to], now)
	}
	b.mu.Unlock()
	if full {
		return nil, errors.New("api freq out of limit")
	}
	return b.show(at, m)
}

// DeliverSocket hands a message over the long connection and waits for the answer that is
// shown, until ctx ends. Times hands it over again without waiting.
func (b *Bot) DeliverSocket(ctx context.Context, in BotIncoming) (*Sent, error) {
	body, err := json.Marshal(b.frame(&in, true))
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	s := b.live
	b.mu.Unlock()
	if s == nil {
		return nil, ErrNoSocket
	}
	cmd := "aibot_msg_callback"
	if in.Event != "" {
		cmd = "aibot_event_callback"
	}
	answer := make(chan *Sent, max(in.Times, 1))
	for range max(in.Times, 1) {
		f := botFrame{Cmd: cmd, Body: body}
		f.Headers.ReqID = fmt.Sprintf("req-%d", b.seq.next())
		s.mu.Lock()
		s.open[f.Headers.ReqID], s.replies[f.Headers.ReqID] = request{in, b.cfg.Now()}, answer
		s.mu.Unlock()
		if err := s.write(f); err != nil {
			return nil, err
		}
	}
	select {
	case shown := <-answer:
		return shown, nil
	case <-s.gone:
		return nil, errors.New("long connection ended")
	case <-ctx.Done():
		return nil, fmt.Errorf("no answer: %w", ctx.Err())
	}
}

// AwaitSocket returns when somebody holds the long connection, or nobody does.
func (b *Bot) AwaitSocket(ctx context.Context, held bool) error {
	for {
		b.mu.Lock()
		have, moved := b.live != nil, b.moved
		b.mu.Unlock()
		if have == held {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("long connection held: %t: %w", have, ctx.Err())
		}
	}
}

// AwaitPings returns when at least n pings have been answered.
func (b *Bot) AwaitPings(ctx context.Context, n int64) error {
	for {
		b.mu.Lock()
		have, moved := b.pings.Load(), b.moved
		b.mu.Unlock()
		if have >= n {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("%d pings instead of %d: %w", have, n, ctx.Err())
		}
	}
}

// PingSocket returns when the client has dealt with everything that was sent to it.
func (b *Bot) PingSocket(ctx context.Context) error {
	b.mu.Lock()
	s := b.live
	b.mu.Unlock()
	if s == nil {
		return ErrNoSocket
	}
	return s.conn.Ping(ctx)
}

// DropSocket cuts the long connection without a word.
func (b *Bot) DropSocket() {
	b.mu.Lock()
	s := b.live
	b.mu.Unlock()
	if s != nil {
		_ = s.conn.CloseNow()
		<-s.gone
	}
}

// FreezeSocket makes the present connection take and answer nothing more while it stays open.
func (b *Bot) FreezeSocket() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.live != nil {
		b.live.frozen.Store(true)
		b.live = nil
		b.change()
	}
}

// Dials and Kicks count connections, and those that another one has ended.
func (b *Bot) Dials() int { return int(b.dials.Load()) }

// Kicks counts the connections that a newer one ended.
func (b *Bot) Kicks() int { return int(b.kicks.Load()) }

func (s *socket) read() (botFrame, error) {
	_, raw, err := s.conn.Read(context.Background())
	if err != nil {
		return botFrame{}, err
	}
	var f botFrame
	err = json.Unmarshal(raw, &f)
	return f, err
}

func (s *socket) write(f botFrame) error {
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, raw)
}
