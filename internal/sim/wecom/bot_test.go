package simwecom

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"duban/bot/wecom"
	"duban/internal/clock"
)

const botAESKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

// room is a fake smart bot that listens.
type room struct {
	t     *testing.T
	ctx   context.Context
	bot   *Bot
	clock *clock.Movable
	url   string
}

func newRoom(t *testing.T) *room {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	r := &room{t: t, ctx: ctx, clock: clock.NewFrozen(time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC))}
	record, err := New(Config{CorpID: "wwcorp", Now: r.clock.Now})
	r.ok(err)
	r.bot, err = NewBot(BotConfig{BotID: "bot1", Name: "督办助手", CorpID: "wwcorp", Secret: "s", Token: "tok", EncodingAESKey: botAESKey, Now: r.clock.Now}, record)
	r.ok(err)
	server := httptest.NewServer(r.bot)
	r.url = server.URL
	r.bot.SetBaseURL(server.URL)
	t.Cleanup(func() { r.bot.DropSocket(); server.CloseClientConnections(); server.Close(); cancel() })
	return r
}

func (r *room) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// heard has a message handed to a callback that answers nothing and returns its JSON.
func (r *room) heard(in BotIncoming) map[string]any {
	r.t.Helper()
	codec, err := wecom.NewCodec("tok", botAESKey, "")
	r.ok(err)
	var got map[string]any
	callback := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		var outer struct{ Encrypt string }
		_ = json.NewDecoder(q.Body).Decode(&outer)
		inner, err := codec.Unwrap(q.URL.Query(), outer.Encrypt)
		if err == nil {
			err = json.Unmarshal(inner, &got)
		}
		if err != nil {
			r.t.Errorf("callback: %v", err)
		}
	}))
	defer callback.Close()
	if shown, status, err := r.bot.Deliver(r.ctx, callback.URL, in); shown != nil || status != http.StatusOK || err != nil {
		r.t.Fatalf("%+v %d %v", shown, status, err)
	}
	return got
}

// post answers by a response address and returns the error code.
func (r *room) post(address, body string) int {
	r.t.Helper()
	resp, err := http.Post(address, "application/json", strings.NewReader(body))
	r.ok(err)
	defer resp.Body.Close()
	var out struct{ ErrCode int }
	r.ok(json.NewDecoder(resp.Body).Decode(&out))
	return out.ErrCode
}

// A response address takes one answer within an hour (document 101138).
func TestResponseAddressIsForOneAnswerWithinAnHour(t *testing.T) {
	r := newRoom(t)
	const said = `{"msgtype":"markdown","markdown":{"content":"已登记"}}`
	address := r.heard(BotIncoming{User: "wang", Text: "在吗"})["response_url"].(string)
	if first, second := r.post(address, said), r.post(address, said); first != 0 || second == 0 {
		t.Errorf("answered %d, then %d", first, second)
	}
	address = r.heard(BotIncoming{User: "wang", Text: "在吗"})["response_url"].(string)
	r.clock.Set(r.clock.Now().Add(time.Hour))
	if code := r.post(address, said); code == 0 {
		t.Error("answered after an hour")
	}
	for name, body := range map[string]string{
		"nothing":        `{"msgtype":"markdown","markdown":{"content":""}}`,
		"too long":       `{"msgtype":"markdown","markdown":{"content":"` + strings.Repeat("x", maxBotAnswer+1) + `"}}`,
		"unknown kind":   `{"msgtype":"carrier_pigeon"}`,
		"no JSON":        `x`,
		"without its id": `{"msgtype":"stream","stream":{"finish":true,"content":"x"}}`,
	} {
		address := r.heard(BotIncoming{User: "wang", Text: "在吗"})["response_url"].(string)
		if code := r.post(address, body); code == 0 {
			t.Errorf("%s was taken", name)
		}
	}
}

// A file lives five minutes (document 100719).
func TestBotFilesEnd(t *testing.T) {
	r := newRoom(t)
	in := r.heard(BotIncoming{User: "wang", Images: [][]byte{[]byte("photo")}})
	address := in["image"].(map[string]any)["url"].(string)
	get := func() int {
		resp, err := http.Get(address)
		r.ok(err)
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	first := get()
	r.clock.Set(r.clock.Now().Add(5 * time.Minute))
	if second := get(); first != http.StatusOK || second == http.StatusOK {
		t.Errorf("fetched %d, after five minutes %d", first, second)
	}
}

// dial connects and subscribes with a secret.
func (r *room) dial(secret string) (*websocket.Conn, botFrame) {
	r.t.Helper()
	conn, _, err := websocket.Dial(r.ctx, strings.Replace(r.url, "http", "ws", 1)+"/aibot/ws", nil)
	r.ok(err)
	r.t.Cleanup(func() { _ = conn.CloseNow() })
	return conn, r.ask(conn, "aibot_subscribe", "sub", fmt.Sprintf(`{"bot_id":"bot1","secret":%q}`, secret))
}

func (r *room) ask(conn *websocket.Conn, cmd, id, body string) botFrame {
	r.t.Helper()
	r.ok(conn.Write(r.ctx, websocket.MessageText, fmt.Appendf(nil, `{"cmd":%q,"headers":{"req_id":%q},"body":%s}`, cmd, id, body)))
	_, raw, err := conn.Read(r.ctx)
	r.ok(err)
	var f botFrame
	r.ok(json.Unmarshal(raw, &f))
	if f.Headers.ReqID != id || f.ErrCode == nil {
		r.t.Fatalf("%s answered %s", cmd, raw)
	}
	return f
}

// Pushes reach conversations that have spoken, thirty a minute and a thousand an hour
// (document 101463).
func TestBotConnectionKeepsItsLimits(t *testing.T) {
	r := newRoom(t)
	if _, f := r.dial("wrong"); *f.ErrCode == 0 {
		t.Error("subscribed with a wrong secret")
	}
	conn, f := r.dial("s")
	if *f.ErrCode != 0 {
		t.Fatalf("not subscribed: %+v", f)
	}
	push := func(to string) int {
		return *r.ask(conn, "aibot_send_msg", "p", fmt.Sprintf(`{"chatid":%q,"msgtype":"markdown","markdown":{"content":"x"}}`, to)).ErrCode
	}
	if push("g1") == 0 {
		t.Error("pushed where nobody has written")
	}
	r.heard(BotIncoming{User: "wang", Group: "g1", Text: "在吗"})
	r.heard(BotIncoming{User: "li", Text: "在吗"})
	sent := 0
	for range 40 { // minutes
		for push("g1") == 0 {
			sent++
		}
		if sent == perMinute && push("li") != 0 {
			t.Error("one conversation's limit counts for another")
		}
		r.clock.Set(r.clock.Now().Add(time.Minute))
	}
	if sent != perHour {
		t.Errorf("%d pushes within an hour", sent)
	}
	if code := *r.ask(conn, "aibot_respond_msg", "unknown", `{"msgtype":"stream","stream":{"id":"1","finish":true,"content":"x"}}`).ErrCode; code == 0 {
		t.Error("answered a message that never was")
	}
	if code := *r.ask(conn, "aibot_dance", "x", `{}`).ErrCode; code == 0 {
		t.Error("an unknown command was taken")
	}
}

// The answer to a callback carries the nonce of the request and verifies (document 101033).
func TestBotRefusesBadAnswers(t *testing.T) {
	r := newRoom(t)
	codec, err := wecom.NewCodec("tok", botAESKey, "")
	r.ok(err)
	seal := func(q url.Values, inner string) (encrypted, signature string) {
		encrypted, err := codec.Encrypt([]byte(inner))
		r.ok(err)
		return encrypted, codec.Signature("1", q.Get("nonce"), encrypted)
	}
	const good = `{"msgtype":"stream","stream":{"id":"1","finish":true,"content":"x"}}`
	for name, answer := range map[string]func(q url.Values) string{
		"another nonce": func(q url.Values) string {
			e, s := seal(q, good)
			return fmt.Sprintf(`{"encrypt":%q,"msgsignature":%q,"timestamp":1,"nonce":"other"}`, e, s)
		},
		"not signed": func(q url.Values) string {
			e, _ := seal(q, good)
			return fmt.Sprintf(`{"encrypt":%q,"msgsignature":"x","timestamp":1,"nonce":%q}`, e, q.Get("nonce"))
		},
		"a text": func(q url.Values) string {
			e, s := seal(q, `{"msgtype":"text","text":{"content":"x"}}`)
			return fmt.Sprintf(`{"encrypt":%q,"msgsignature":%q,"timestamp":1,"nonce":%q}`, e, s, q.Get("nonce"))
		},
		"no JSON": func(url.Values) string { return "ok" },
	} {
		callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { _, _ = w.Write([]byte(answer(q.URL.Query()))) }))
		if shown, _, err := r.bot.Deliver(r.ctx, callback.URL, BotIncoming{User: "wang", Text: "在吗"}); err == nil {
			t.Errorf("%s was shown: %+v", name, shown)
		}
		callback.Close()
	}
}
