package simdingtalk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/coder/websocket"
)

const (
	openPath    = "/v1.0/gateway/connections/open"
	connectPath = "/connect"
	ticketLife  = 90 * time.Second
)

// ErrNoStream says that nobody was connected: the message is lost, as on the real
// platform.
var ErrNoStream = errors.New("no stream connection")

// agent is the form of ua that the gateway takes.
var agent = regexp.MustCompile(`^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$`)

type ticket struct {
	ends   time.Time
	topics map[string]bool
}

// openStream issues a ticket, the one thing that the gateway answers over HTTP.
func (s *Sim) openStream(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ClientID, ClientSecret, UA string
		Subscriptions              []struct{ Type, Topic string }
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.openCalls++
	switch {
	case !strings.Contains(r.Header.Get("Accept"), "application/json"):
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write([]byte("<result><endpoint>ask for JSON</endpoint></result>"))
	case err != nil || len(in.Subscriptions) == 0:
		refuse(w, http.StatusBadRequest, "invalidParameter", "subscriptions must not be empty")
	case in.ClientID != s.cfg.ClientID || in.ClientSecret != s.cfg.ClientSecret:
		refuse(w, http.StatusUnauthorized, "authFailed", "鉴权失败")
	case in.UA != "" && !agent.MatchString(in.UA):
		refuse(w, http.StatusBadRequest, "invalidParameter.ua", "ua invalid")
	default:
		topics := map[string]bool{}
		for _, t := range in.Subscriptions {
			topics[t.Type+" "+t.Topic] = true
		}
		id := s.next("ticket-")
		s.tickets[id] = ticket{s.cfg.Now().Add(ticketLife), topics}
		answer(w, http.StatusOK, map[string]any{"endpoint": strings.Replace(s.base, "http", "ws", 1) + connectPath, "ticket": id})
	}
}

// connectStream turns a ticket, once, into a connection.
func (s *Sim) connectStream(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	id := r.URL.Query().Get("ticket")
	t, ok := s.tickets[id]
	delete(s.tickets, id)
	ok = ok && s.cfg.Now().Before(t.ends)
	s.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	c := &streamConn{sim: s, topics: t.topics, gone: make(chan struct{})}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, // programs send no origin
		OnPingReceived: func(context.Context, []byte) bool { return !c.frozen.Load() }})
	if err != nil {
		return
	}
	conn.SetReadLimit(1 << 20)
	c.conn = conn
	s.mu.Lock()
	s.streams = append(s.streams, c)
	s.changed()
	s.mu.Unlock()
	c.read()
	s.mu.Lock()
	for i, other := range s.streams {
		if other == c {
			s.streams = append(s.streams[:i:i], s.streams[i+1:]...)
			break
		}
	}
	s.changed()
	s.mu.Unlock()
}

// changed wakes everybody who waits for connections to come or go. The caller holds the lock.
func (s *Sim) changed() {
	close(s.moved)
	s.moved = make(chan struct{})
}

// AwaitStreams returns when exactly n connections take messages.
func (s *Sim) AwaitStreams(ctx context.Context, n int) error {
	for {
		s.mu.Lock()
		have, moved := len(s.open()), s.moved
		s.mu.Unlock()
		if have == n {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("%d stream connections instead of %d: %w", have, n, ctx.Err())
		}
	}
}

// open returns the connections that messages are handed to. The caller holds the lock.
func (s *Sim) open() []*streamConn {
	var out []*streamConn
	for _, c := range s.streams {
		if !c.ending {
			out = append(out, c)
		}
	}
	return out
}

// OpenCalls returns how often the gateway was asked for a ticket.
func (s *Sim) OpenCalls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openCalls
}

// EndStreams tells every connection that it will be closed. Nothing is handed to it any
// more; CloseEnding closes it.
func (s *Sim) EndStreams(ctx context.Context) error {
	for _, c := range s.mark() {
		err := c.send(ctx, map[string]any{"specVersion": "1.0", "type": "SYSTEM", "headers": c.headers("disconnect"), "data": `{"reason":"connection is expired"}`})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Sim) mark() []*streamConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.open()
	for _, c := range list {
		c.ending = true
	}
	s.changed()
	return list
}

// CloseEnding closes the connections that were told so.
func (s *Sim) CloseEnding() { s.closeStreams(func(c *streamConn) bool { return c.ending }) }

// DropStreams cuts every connection without a word.
func (s *Sim) DropStreams() { s.closeStreams(func(*streamConn) bool { return true }) }

func (s *Sim) closeStreams(which func(*streamConn) bool) {
	s.mu.Lock()
	var list []*streamConn
	for _, c := range s.streams {
		if which(c) {
			c.ending = true // takes nothing more from now on, though its reader has yet to notice
			list = append(list, c)
		}
	}
	s.changed()
	s.mu.Unlock()
	for _, c := range list {
		_ = c.conn.CloseNow()
		<-c.gone
	}
}

// PingStreams sends each connection a ping of the protocol and waits for its answer.
func (s *Sim) PingStreams(ctx context.Context) error {
	s.mu.Lock()
	list := s.open()
	s.mu.Unlock()
	for _, c := range list {
		a, err := c.ask(ctx, "SYSTEM", "ping", nil, `{"opaque":"0f9c"}`)
		if err == nil && (a.Code != http.StatusOK || a.Data != `{"opaque":"0f9c"}`) {
			err = fmt.Errorf("ping answered %d %q", a.Code, a.Data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// DeliverStream hands a message to one of the connections and waits until it is
// acknowledged. Times hands it over again, each time in a frame of its own. An error is
// ErrNoStream, or that no acknowledgement came before ctx ended.
func (s *Sim) DeliverStream(ctx context.Context, in Incoming) error {
	push, err := json.Marshal(s.Push(in))
	if err != nil {
		return fmt.Errorf("encode push: %w", err)
	}
	for range max(in.Times, 1) {
		c := s.pick("CALLBACK /v1.0/im/bot/messages/get")
		if c == nil {
			return ErrNoStream
		}
		a, err := c.ask(ctx, "CALLBACK", "/v1.0/im/bot/messages/get", nil, string(push))
		if err != nil {
			return err
		}
		if a.Code != http.StatusOK {
			return fmt.Errorf("frame answered %d %s", a.Code, a.Message)
		}
	}
	return nil
}

// pick chooses the connections in turn; the platform does at random.
func (s *Sim) pick(topic string) *streamConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*streamConn
	for _, c := range s.open() {
		if c.topics[topic] {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil
	}
	s.turn++
	return list[s.turn%len(list)]
}

// Handed returns how many callback frames were sent to connections.
func (s *Sim) Handed() int { return int(s.handed.Load()) }

// Strays returns how many acknowledgements came for no frame that waited for one: those of
// a frame that was acknowledged twice.
func (s *Sim) Strays() int { return int(s.strays.Load()) }

// Freeze makes the present connections take and answer nothing more, not even pings of the
// websocket, while they stay open: a network that swallows everything.
func (s *Sim) Freeze() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.streams {
		c.ending = true
		c.frozen.Store(true)
	}
	s.changed()
}
