package aibot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"duban/bot"
	"duban/bot/wecom"
)

// The commands of the long connection (document 101463).
const (
	cmdSubscribe = "aibot_subscribe"
	cmdPing      = "ping"
	cmdMessage   = "aibot_msg_callback"
	cmdEvent     = "aibot_event_callback"
	cmdRespond   = "aibot_respond_msg"
	cmdWelcome   = "aibot_respond_welcome_msg"
	cmdUpdate    = "aibot_respond_update_msg"
	cmdSend      = "aibot_send_msg"
)

const maxFrame = 2 << 20

type frame struct {
	Cmd     string          `json:"cmd,omitempty"`
	Headers frameHeaders    `json:"headers"`
	Body    json.RawMessage `json:"body,omitempty"`
	ErrCode *int64          `json:"errcode,omitempty"`
	ErrMsg  string          `json:"errmsg,omitempty"`
}

type frameHeaders struct {
	ReqID string `json:"req_id"`
}

// wire is one long connection. What is sent on one request is sent one after the other:
// each waits for its acknowledgement.
type wire struct {
	conn    *websocket.Conn
	timeout time.Duration
	cards   bool
	end     sync.Once
	gone    chan struct{} // closed with the connection

	mu      sync.Mutex
	waiting map[string]chan frame
	turns   map[string]*turn
}

// turn is the lock of one request, and how many want it.
type turn struct {
	sync.Mutex
	wanted int
}

func dial(ctx context.Context, cfg SocketConfig) (*wire, error) {
	ctx, cancel := context.WithTimeout(ctx, cfg.Timeout)
	defer cancel()
	conn, resp, err := websocket.Dial(ctx, cfg.URL, nil)
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		return nil, &bot.SendError{Class: bot.Temporary, Reason: "unreachable", Err: err}
	}
	conn.SetReadLimit(maxFrame)
	return &wire{conn: conn, timeout: cfg.Timeout, cards: cfg.Cards, gone: make(chan struct{}), waiting: map[string]chan frame{}, turns: map[string]*turn{}}, nil
}

func (w *wire) close() {
	w.end.Do(func() {
		close(w.gone)
		_ = w.conn.CloseNow()
	})
}

// read takes frames until the connection ends. Only its own end ends it, so that answers
// can still be written while the process stops.
func (w *wire) read(ctx context.Context, take func(context.Context, *wire, string, []byte)) error {
	kicked := false
	defer w.close()
	for {
		_, raw, err := w.conn.Read(context.WithoutCancel(ctx))
		if err != nil {
			if kicked {
				return errKicked
			}
			return &bot.SendError{Class: bot.Temporary, Reason: "ended", Err: errors.New("smart bot: connection ended")}
		}
		var f frame
		if json.Unmarshal(raw, &f) != nil {
			continue
		}
		switch {
		case f.Cmd == "" || f.ErrCode != nil:
			w.acknowledged(f)
		case f.Cmd == cmdEvent && ended(f.Body):
			kicked = true
			w.close()
		case f.Cmd == cmdMessage || f.Cmd == cmdEvent:
			take(ctx, w, f.Headers.ReqID, f.Body)
		}
	}
}

// ended reports whether a newer connection has taken the place of this one.
func ended(body []byte) bool {
	var e struct {
		Event struct {
			Type string `json:"eventtype"`
		} `json:"event"`
	}
	return json.Unmarshal(body, &e) == nil && e.Event.Type == "disconnected_event"
}

func (w *wire) acknowledged(f frame) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.waiting[f.Headers.ReqID]; c != nil {
		delete(w.waiting, f.Headers.ReqID)
		c <- f
	}
}

// ask sends a frame and waits for its acknowledgement. Frames of one request go one after
// the other.
func (w *wire) ask(ctx context.Context, cmd, reqID string, body any) error {
	defer w.inTurn(reqID)()
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	out := frame{Cmd: cmd, Headers: frameHeaders{reqID}}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return &bot.SendError{Class: bot.Permanent, Reason: "bad_request", Err: err}
		}
		out.Body = raw
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return &bot.SendError{Class: bot.Permanent, Reason: "bad_request", Err: err}
	}
	answer := make(chan frame, 1)
	w.mu.Lock()
	w.waiting[reqID] = answer
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.waiting, reqID)
		w.mu.Unlock()
	}()
	lost := ""
	if err := w.conn.Write(ctx, websocket.MessageText, raw); err != nil {
		lost = "connection ended while writing " + cmd
	} else {
		select {
		case f := <-answer:
			return verdict(f)
		case <-w.gone:
			lost = "connection ended before the acknowledgement of " + cmd
		case <-ctx.Done():
			lost = "no acknowledgement of " + cmd
		}
	}
	select {
	case f := <-answer: // it came all the same, just before the end
		return verdict(f)
	default:
		return &bot.SendError{Class: bot.Ambiguous, Reason: "answer_lost", Err: errors.New("smart bot: " + lost)}
	}
}

// inTurn waits until nothing else of the request is on its way.
func (w *wire) inTurn(reqID string) (done func()) {
	w.mu.Lock()
	t := w.turns[reqID]
	if t == nil {
		t = &turn{}
		w.turns[reqID] = t
	}
	t.wanted++
	w.mu.Unlock()
	t.Lock()
	return func() {
		t.Unlock()
		w.mu.Lock()
		defer w.mu.Unlock()
		if t.wanted--; t.wanted == 0 {
			delete(w.turns, reqID)
		}
	}
}

// verdict reads an acknowledgement. A refusal names no secret: the words are the platform's.
func verdict(f frame) error {
	if f.ErrCode == nil || *f.ErrCode == 0 {
		return nil
	}
	e := &bot.SendError{Class: bot.Permanent, Reason: "refused", Code: strconv.FormatInt(*f.ErrCode, 10), Err: errors.New("smart bot: refused by the platform")}
	switch *f.ErrCode {
	case 45009, 846607:
		e.Class, e.Reason, e.After = bot.RateLimit, "frequency", time.Minute
	case -1:
		e.Class, e.Reason = bot.Temporary, "busy"
	case 846605, 846608: // the request is over, or was one of another kind
		e.Reason = "session_gone"
	}
	return e
}

func (w *wire) subscribe(ctx context.Context, botID string, secret wecom.Secret) error {
	err := w.ask(ctx, cmdSubscribe, rand.Text(), map[string]string{"bot_id": botID, "secret": secret.Reveal()})
	var e *bot.SendError
	if errors.As(err, &e) && e.Class == bot.Permanent {
		refused := *e
		refused.Class, refused.Reason = bot.Config, "credentials"
		return &refused
	}
	return bot.Harmless(err)
}

func (w *wire) ping(ctx context.Context) error { return w.ask(ctx, cmdPing, rand.Text(), nil) }

// answer answers a message or event on its own request. A welcome and the update of a card
// are taken within five seconds, and events take nothing else.
func (w *wire) answer(ctx context.Context, reqID string, m Message, r bot.Reply) error {
	body, rest, ok := Answer(m, r, w.cards)
	switch {
	case !ok:
		return w.send(ctx, m.Chat.ID, rest, "")
	case m.Event == entered:
		return w.ask(ctx, cmdWelcome, reqID, body)
	case m.Task != "":
		if err := w.ask(ctx, cmdUpdate, reqID, body); err != nil {
			rest = r // the card stays as it was; what was pressed has been done
		}
		return w.send(ctx, m.Chat.ID, rest, "")
	}
	return w.respond(ctx, reqID, r, taskOf(m))
}

// respond answers a message, within a day of it.
func (w *wire) respond(ctx context.Context, reqID string, r bot.Reply, task string) error {
	if card, fits := wecom.CardOf(r, task); fits && w.cards {
		return w.ask(ctx, cmdRespond, reqID, cardBody(card))
	}
	for i, part := range Parts(r) {
		if err := w.ask(ctx, cmdRespond, reqID, streamBody(fmt.Sprintf("%s-%d", reqID, i), part)); err != nil {
			return err
		}
	}
	return nil
}

// send pushes a message. Its key names it for a card; without one it goes out in words.
func (w *wire) send(ctx context.Context, chatID string, r bot.Reply, key string) error {
	if card, fits := wecom.CardOf(r, wecom.TaskID(key)); fits && w.cards && key != "" {
		return w.push(ctx, chatID, cardBody(card))
	}
	for _, part := range Parts(r) {
		if err := w.push(ctx, chatID, markdownBody(part)); err != nil {
			return err
		}
	}
	return nil
}

func (w *wire) push(ctx context.Context, chatID string, b Body) error {
	b.ChatID = chatID
	return w.ask(ctx, cmdSend, rand.Text(), b)
}
