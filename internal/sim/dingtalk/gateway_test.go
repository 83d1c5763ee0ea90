package simdingtalk

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"duban/internal/clock"
)

// newGateway serves a fake and returns how to ask it for a ticket.
func newGateway(t *testing.T) (s *Sim, c *clock.Movable, open func(accept, body string) (int, string, string)) {
	t.Helper()
	c = clock.NewFrozen(time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC))
	s = New(Config{ClientID: "app", ClientSecret: "secret", CorpID: "corp", Users: []User{{ID: "u1", Name: "王"}}, Now: c.Now})
	server := httptest.NewServer(s)
	s.SetBaseURL(server.URL)
	t.Cleanup(func() { s.DropStreams(); server.CloseClientConnections(); server.Close() })
	return s, c, func(accept, body string) (int, string, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+openPath, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", accept)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, _ := io.ReadAll(resp.Body)
		var out struct{ Endpoint, Ticket, Code string }
		_ = json.Unmarshal(raw, &out)
		return resp.StatusCode, out.Endpoint + "?ticket=" + out.Ticket, out.Code
	}
}

const wellAsked = `{"clientId":"app","clientSecret":"secret","ua":"t/1.0","subscriptions":[{"type":"CALLBACK","topic":"/v1.0/im/bot/messages/get"}]}`

func TestTickets(t *testing.T) {
	_, c, open := newGateway(t)
	for name, tt := range map[string]struct {
		accept, body string
		status       int
		code         string
	}{
		"well asked":      {"application/json", wellAsked, 200, ""},
		"without Accept":  {"", wellAsked, 200, ""}, // XML, see below
		"wrong secret":    {"application/json", strings.Replace(wellAsked, `"secret"`, `"secret "`, 1), 401, "authFailed"},
		"another app":     {"application/json", strings.Replace(wellAsked, `"app"`, `"b"`, 1), 401, "authFailed"},
		"no subscription": {"application/json", `{"clientId":"app","clientSecret":"secret"}`, 400, "invalidParameter"},
		"malformed agent": {"application/json", strings.Replace(wellAsked, "t/1.0", "a b", 1), 400, "invalidParameter.ua"},
		"no JSON":         {"application/json", "x", 400, "invalidParameter"},
	} {
		status, address, code := open(tt.accept, tt.body)
		if status != tt.status || code != tt.code {
			t.Errorf("%s: %d %q", name, status, code)
		}
		if has := strings.Contains(address, "ticket-"); has != (name == "well asked") {
			t.Errorf("%s: address %q", name, address)
		}
	}
	dial := func(address string) int {
		conn, resp, err := websocket.Dial(t.Context(), address, nil)
		if err == nil {
			t.Cleanup(func() { _ = conn.CloseNow() })
		}
		return resp.StatusCode
	}
	_, address, _ := open("application/json", wellAsked)
	if first, second := dial(address), dial(address); first != http.StatusSwitchingProtocols || second != http.StatusUnauthorized {
		t.Errorf("a ticket opens %d, then %d", first, second)
	}
	_, address, _ = open("application/json", wellAsked)
	c.Set(c.Now().Add(ticketLife))
	if got := dial(address); got != http.StatusUnauthorized {
		t.Errorf("after 90 seconds a ticket opens %d", got)
	}
}

// A client may send nothing but acknowledgements.
func TestNothingButAcknowledgements(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	s, _, open := newGateway(t)
	for name, sent := range map[string]string{"no JSON": "hello", "no id": `{"code":200}`, "a message": `{"msgtype":"text","text":{"content":"x"}}`} {
		_, address, _ := open("application/json", wellAsked)
		conn, _, err := websocket.Dial(ctx, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AwaitStreams(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if err := conn.Write(ctx, websocket.MessageText, []byte(sent)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := conn.Read(ctx); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.AwaitStreams(ctx, 0); err != nil {
			t.Fatal(err)
		}
	}
}

// An acknowledgement counts once, and nobody connected means that a message is lost.
func TestAcknowledgedTwice(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	s, _, open := newGateway(t)
	if err := s.DeliverStream(ctx, Incoming{UserID: "u1", Text: "x"}); err != ErrNoStream {
		t.Errorf("delivered to nobody: %v", err)
	}
	_, address, _ := open("application/json", wellAsked)
	conn, _, err := websocket.Dial(ctx, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			_, raw, err := conn.Read(ctx)
			if err != nil {
				return
			}
			var f struct{ Headers struct{ MessageID string } }
			_ = json.Unmarshal(raw, &f)
			for range 2 {
				_ = conn.Write(ctx, websocket.MessageText, []byte(`{"code":200,"headers":{"messageId":"`+f.Headers.MessageID+`"},"data":"{\"response\":null}"}`))
			}
		}
	}()
	if err := s.AwaitStreams(ctx, 1); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second one is behind the first one's stray
		if err := s.DeliverStream(ctx, Incoming{UserID: "u1", Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Strays(); n < 1 {
		t.Error("an acknowledgement given twice was not noticed")
	}
}
