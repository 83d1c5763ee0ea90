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

const (
	aCard     = `"template_card":{"card_type":"button_interaction","main_title":{"title":"确认吗？"},"task_id":"t1","button_list":[{"text":"确认","style":1,"key":"yes"}]}`
	otherCard = `"template_card":{"card_type":"button_interaction","main_title":{"title":"确认吗？"},"task_id":"t2","button_list":[{"text":"确认","style":1,"key":"yes"}]}`
)

// answers hands a message to a callback that answers so and returns what was shown.
func (r *room) answers(in BotIncoming, inner string) (*Sent, error) {
	r.t.Helper()
	codec, err := wecom.NewCodec("tok", botAESKey, "")
	r.ok(err)
	callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		encrypted, err := codec.Encrypt([]byte(inner))
		r.ok(err)
		nonce := q.URL.Query().Get("nonce")
		_, _ = fmt.Fprintf(w, `{"encrypt":%q,"msgsignature":%q,"timestamp":1,"nonce":%q}`, encrypted, codec.Signature("1", nonce, encrypted), nonce)
	}))
	defer callback.Close()
	shown, _, err := r.bot.Deliver(r.ctx, callback.URL, in)
	return shown, err
}

// Each kind of callback takes its own answers (document 101031).
func TestBotTakesTheAnswerThatFits(t *testing.T) {
	press := func(task string) BotIncoming {
		return BotIncoming{User: "wang", Event: "template_card_event", Press: &BotPress{task, "yes", "button_interaction"}}
	}
	message, enter := BotIncoming{User: "wang", Text: "在吗"}, BotIncoming{User: "wang", Event: "enter_chat"}
	const text, stream = `{"msgtype":"text","text":{"content":"x"}}`, `{"msgtype":"stream","stream":{"id":"1","finish":true,"content":"x"}}`
	for name, c := range map[string]struct {
		in    BotIncoming
		inner string
		taken bool
	}{
		"a stream to a message":          {message, stream, true},
		"a card to a message":            {message, `{"msgtype":"template_card",` + otherCard + `}`, true},
		"a used task id":                 {message, `{"msgtype":"template_card",` + aCard + `}`, false},
		"a card without a button":        {message, `{"msgtype":"template_card","template_card":{"card_type":"button_interaction","main_title":{"title":"x"},"task_id":"t3"}}`, false},
		"a text to a message":            {message, text, false},
		"markdown to a message":          {message, `{"msgtype":"markdown","markdown":{"content":"x"}}`, false},
		"a text to an entering":          {enter, text, true},
		"a stream to an entering":        {enter, stream, false},
		"the update of the pressed card": {press("t1"), `{"response_type":"update_template_card",` + aCard + `}`, true},
		"the update of another card":     {press("t1"), `{"response_type":"update_template_card",` + otherCard + `}`, false},
		"an update that names users":     {press("t1"), `{"response_type":"update_template_card","userids":["wang"],` + aCard + `}`, false},
		"a new card to a press":          {press("t1"), `{"msgtype":"template_card",` + aCard + `}`, false},
		"a stream to a press":            {press("t1"), stream, false},
		"words to another event":         {BotIncoming{User: "wang", Event: "feedback_event"}, stream, false},
	} {
		r := newRoom(t)
		if _, err := r.answers(message, `{"msgtype":"template_card",`+aCard+`}`); err != nil {
			t.Fatal(err)
		}
		if shown, err := r.answers(c.in, c.inner); (err == nil) != c.taken || (shown != nil) != c.taken {
			t.Errorf("%s: %+v %v", name, shown, err)
		}
	}
}

// A card changes for everybody in a group, or for who is named.
func TestBotCardsChange(t *testing.T) {
	r := newRoom(t)
	ask := BotIncoming{User: "wang", Group: "g1", Text: "在吗"}
	card, err := r.answers(ask, `{"msgtype":"template_card",`+aCard+`}`)
	r.ok(err)
	in, err := r.bot.PressOf(*card, "li", "确认")
	r.ok(err)
	changed := strings.ReplaceAll(aCard, "确认吗？", "已确认")
	_, err = r.answers(in, `{"response_type":"update_template_card","userids":["li"],`+changed+`}`)
	r.ok(err)
	see := func() string {
		mine, _ := r.bot.CardOf("t1", "li")
		others, _ := r.bot.CardOf("t1", "wang")
		return mine + " " + others
	}
	if got := see(); got != "已确认 确认吗？" {
		t.Errorf("for one: %s", got)
	}
	_, err = r.answers(in, `{"response_type":"update_template_card",`+changed+`}`)
	r.ok(err)
	if got := see(); got != "已确认 已确认" {
		t.Errorf("for all: %s", got)
	}
	if _, err := r.bot.PressOf(*card, "li", "没有这个"); err == nil {
		t.Error("a button that is not there was pressed")
	}
}

// An event's request takes its own answer alone, for five seconds (document 101463).
func TestBotConnectionTakesTheAnswerThatFits(t *testing.T) {
	const text = `{"msgtype":"text","text":{"content":"x"}}`
	for name, c := range map[string]struct {
		in    BotIncoming
		cmd   string
		body  string
		after time.Duration
		code  int
	}{
		"a welcome":                {BotIncoming{User: "wang", Event: "enter_chat"}, "aibot_respond_welcome_msg", text, 0, 0},
		"a late welcome":           {BotIncoming{User: "wang", Event: "enter_chat"}, "aibot_respond_welcome_msg", text, 5 * time.Second, 846605},
		"a welcome to a message":   {BotIncoming{User: "wang", Text: "在吗"}, "aibot_respond_welcome_msg", text, 0, 846605},
		"a stream to an entering":  {BotIncoming{User: "wang", Event: "enter_chat"}, "aibot_respond_msg", `{"msgtype":"stream","stream":{"id":"1","finish":true,"content":"x"}}`, 0, 846605},
		"a card to a message":      {BotIncoming{User: "wang", Text: "在吗"}, "aibot_respond_msg", `{"msgtype":"template_card",` + aCard + `}`, 0, 0},
		"an answer after a day":    {BotIncoming{User: "wang", Text: "在吗"}, "aibot_respond_msg", `{"msgtype":"template_card",` + aCard + `}`, 24 * time.Hour, 846605},
		"an update of a message":   {BotIncoming{User: "wang", Text: "在吗"}, "aibot_respond_update_msg", `{"response_type":"update_template_card",` + aCard + `}`, 0, 846605},
		"a text to a message":      {BotIncoming{User: "wang", Text: "在吗"}, "aibot_respond_msg", text, 0, 40058},
		"an update of no card":     {BotIncoming{User: "wang", Event: "template_card_event", Press: &BotPress{"t9", "yes", "button_interaction"}}, "aibot_respond_update_msg", `{"response_type":"update_template_card",` + aCard + `}`, 0, 40058},
		"an update that is late":   {BotIncoming{User: "wang", Event: "template_card_event", Press: &BotPress{"t1", "yes", "button_interaction"}}, "aibot_respond_update_msg", `{"response_type":"update_template_card",` + aCard + `}`, 5 * time.Second, 846605},
		"an answer to nothing":     {BotIncoming{User: "wang", Event: "feedback_event"}, "aibot_respond_msg", text, 0, 846605},
		"markdown to a message":    {BotIncoming{User: "wang", Text: "在吗"}, "aibot_respond_msg", `{"msgtype":"markdown","markdown":{"content":"x"}}`, 0, 0},
		"an update in place of it": {BotIncoming{User: "wang", Event: "template_card_event", Press: &BotPress{"t1", "yes", "button_interaction"}}, "aibot_respond_msg", `{"msgtype":"template_card",` + aCard + `}`, 0, 846605},
	} {
		r := newRoom(t)
		conn, _ := r.dial("s")
		short, cancel := context.WithCancel(r.ctx)
		handed := make(chan struct{})
		go func() {
			defer close(handed)
			_, _ = r.bot.DeliverSocket(short, c.in)
		}()
		_, raw, err := conn.Read(r.ctx)
		r.ok(err)
		var f botFrame
		r.ok(json.Unmarshal(raw, &f))
		r.clock.Set(r.clock.Now().Add(c.after))
		if got := r.ask(conn, c.cmd, f.Headers.ReqID, c.body); *got.ErrCode != c.code {
			t.Errorf("%s: %d %s", name, *got.ErrCode, got.ErrMsg)
		}
		cancel()
		<-handed
	}
}
