package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/wecom"
	"duban/bot/wecom/aibot"
	"duban/internal/clock"
	simwecom "duban/internal/sim/wecom"
)

const botSecret = "bot-secret-0123456789"

// room is a fake smart bot with nobody connected.
type room struct {
	t   *testing.T
	ctx context.Context
	bot *simwecom.Bot
	url string
	now func() time.Time
}

func newRoom(t *testing.T) *room {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	r := &room{t: t, ctx: ctx, now: clock.NewFrozen(time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)).Now}
	record, err := simwecom.New(simwecom.Config{CorpID: corp, Now: r.now})
	ok(t, err)
	r.bot, err = simwecom.NewBot(simwecom.BotConfig{BotID: "bot1", Name: "督办助手", CorpID: corp, Secret: botSecret, Token: token, EncodingAESKey: key, Now: r.now}, record)
	ok(t, err)
	server := httptest.NewServer(r.bot)
	r.url = server.URL
	r.bot.SetBaseURL(server.URL)
	t.Cleanup(func() { r.bot.DropSocket(); server.CloseClientConnections(); server.Close(); cancel() })
	return r
}

func (r *room) socket() string { return strings.Replace(r.url, "http", "ws", 1) + "/aibot/ws" }

// official connects a bot on the platform's own library.
func (r *room) official(secret string) *client {
	r.t.Helper()
	c := start(r.t, "smartbot")
	c.ask("connect", map[string]any{"url": r.socket(), "botId": "bot1", "secret": secret, "heartbeat": 20}, nil)
	return c
}

// alone is a lease that nobody else wants.
type alone struct{}

func (alone) Hold(context.Context) (bool, error) { return true, nil }

func (alone) Release(context.Context) error { return nil }

// ours connects duban's own client and returns what it hears.
func (r *room) ours() (*aibot.Socket, <-chan aibot.Message) {
	r.t.Helper()
	heard := make(chan aibot.Message, 100)
	s, err := aibot.NewSocket(aibot.SocketConfig{
		Config: aibot.Config{CorpID: corp, BotID: "bot1", APIBase: r.url}, Secret: wecom.Secret(botSecret), URL: r.socket(), Lease: alone{}, Now: r.now,
		Handle: func(_ context.Context, m aibot.Message) (bot.Reply, error) {
			heard <- m
			return bot.Reply{Text: "回声：" + m.Text}, nil
		},
		Wait: func(ctx context.Context, _ time.Duration) { <-ctx.Done() },
	})
	ok(r.t, err)
	ctx, end := context.WithCancel(r.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	r.t.Cleanup(func() { end(); <-done })
	return s, heard
}

// say hands a message over and returns what the answer showed.
func (r *room) say(in simwecom.BotIncoming) string {
	r.t.Helper()
	shown, err := r.bot.DeliverSocket(r.ctx, in)
	ok(r.t, err)
	return shown.Text
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// The platform's library subscribes to the fake, hears, answers, pushes and stays alive.
func TestSmartBotOnTheOfficialLibrary(t *testing.T) {
	r := newRoom(t)
	c := r.official(botSecret)
	c.event("authenticated")
	same(t, "private", r.say(simwecom.BotIncoming{User: "Wang", Text: "我的任务"}), "回声：我的任务")
	c.event("answered")
	same(t, "group", r.say(simwecom.BotIncoming{User: "Wang", Group: "g1", Text: "隐患统计"}), "回声：@督办助手 隐患统计")
	c.event("answered")
	var code int
	c.ask("push", map[string]any{"to": "g1", "text": "日报"}, &code)
	same(t, "push", code, 0)
	ok(t, r.bot.AwaitPings(r.ctx, 10))
	same(t, "connections", r.bot.Dials(), 1)
}

// Cut off or unanswered, the library comes back, as ours does; ended by another
// connection it stays away.
func TestSmartBotComesBack(t *testing.T) {
	r := newRoom(t)
	c := r.official(botSecret)
	c.event("authenticated")
	for _, cut := range []func(){r.bot.DropSocket, r.bot.FreezeSocket, r.bot.DropSocket} {
		cut()
		c.event("reconnecting")
		c.event("authenticated")
		same(t, "after a cut", r.say(simwecom.BotIncoming{User: "wang", Text: "在吗"}), "回声：在吗")
	}
	s, heard := r.ours()
	c.event("event.disconnected_event")
	c.event("disconnected")
	same(t, "answered by ours", r.say(simwecom.BotIncoming{User: "wang", Text: "在吗"}), "回声：在吗")
	same(t, "heard by ours", (<-heard).Text, "在吗")
	same(t, "ended by another", r.bot.Kicks(), 1)
	if s.State().Kicked {
		t.Error("ours was ended in turn")
	}
}

// The other way about: the library's connection ends ours, which stays away too.
func TestSmartBotEndsOurs(t *testing.T) {
	r := newRoom(t)
	_, heard := r.ours()
	ok(t, r.bot.AwaitSocket(r.ctx, true))
	c := r.official(botSecret)
	c.event("authenticated")
	same(t, "answered by the library", r.say(simwecom.BotIncoming{User: "wang", Text: "在吗"}), "回声：在吗")
	c.event("answered")
	same(t, "ended by another", r.bot.Kicks(), 1)
	same(t, "heard by ours", len(heard), 0)
}

func TestSmartBotWithAWrongSecret(t *testing.T) {
	c := newRoom(t).official("wrong")
	for range 2 { // once more than it was allowed to repeat
		same(t, "error", c.event("error").Text, "Authentication failed: invalid credential (code: 40001)")
	}
	if e := c.event("error"); !strings.Contains(e.Text, "Max auth failure attempts exceeded") {
		t.Errorf("in the end %q", e.Text)
	}
}

// The platform's library greets, asks by card and changes the card, and hears of a press
// what our client hears.
func TestSmartBotCardsOnTheOfficialLibrary(t *testing.T) {
	r := newRoom(t)
	c := r.official(botSecret)
	c.event("authenticated")
	same(t, "greeted", r.say(simwecom.BotIncoming{User: "wang", Event: "enter_chat"}), "您好")
	c.event("answered")
	card, err := r.bot.DeliverSocket(r.ctx, simwecom.BotIncoming{User: "wang", Text: "卡片"})
	ok(t, err)
	c.event("answered")
	in, err := r.bot.PressOf(*card, "wang", "确认")
	ok(t, err)
	in.MsgID = "press"
	_, err = r.bot.DeliverSocket(r.ctx, in)
	ok(t, err)
	press := c.event("press")
	same(t, "pressed", press.Kind+" "+press.Text, "button_interaction k-确认")
	c.event("answered")
	text, buttons := r.bot.CardOf(card.TaskID, "wang")
	same(t, "the card", text+" "+buttons[0].Text, "选了k-确认 已选")
	theirs, err := aibot.Decode(press.Body, aibot.Config{CorpID: corp, BotID: "bot1", APIBase: r.url})
	ok(t, err)
	_, heard := r.ours()
	c.event("disconnected")
	_, err = r.bot.DeliverSocket(r.ctx, in)
	ok(t, err)
	ours := <-heard
	same(t, "the press", bare(ours), bare(theirs))
	same(t, "its card", ours.Task, card.TaskID)
}

// Both clients see the same frames, and files open to the same bytes.
func TestSmartBotFramesAreTheSame(t *testing.T) {
	photo := bytes.Repeat([]byte("photo"), 100)
	all := []simwecom.BotIncoming{
		{User: "Wang", Text: "我的任务", MsgID: "text"},
		{User: "Wang", Voice: "食堂漏水了", MsgID: "voice"},
		{User: "Wang", Images: [][]byte{photo}, MsgID: "image"},
		{User: "Wang", Group: "g1", Text: "食堂漏水", Images: [][]byte{photo[:31], photo[:32], photo[:33]}, MsgID: "mixed"},
		{User: "Wang", Group: "g1", Text: "这里漏水", QuoteImage: photo, MsgID: "quote"},
		{User: "x", Group: "g1", Text: "你好", Corp: "wwother", MsgID: "outsider"},
	}
	theirs := map[string]aibot.Message{}
	kinds := map[string]string{}
	r := newRoom(t)
	c := r.official(botSecret)
	c.event("authenticated")
	files := aibot.NewFiles(aibot.Config{APIBase: r.url})
	for _, in := range all {
		r.say(in)
		l := c.event("message")
		m, err := aibot.Decode(l.Body, aibot.Config{CorpID: corp, BotID: "bot1", APIBase: r.url})
		ok(t, err)
		theirs[in.MsgID], kinds[in.MsgID] = m, l.Kind
		r.opens(c, files, m.Message)
	}
	same(t, "kinds", kinds, map[string]string{"text": "text", "voice": "voice", "image": "image", "mixed": "mixed", "quote": "text", "outsider": "text"})
	_, heard := r.ours()
	c.event("disconnected")
	for _, in := range all {
		if _, err := r.bot.DeliverSocket(r.ctx, in); err != nil {
			t.Fatal(err)
		}
		m := <-heard
		same(t, in.MsgID, bare(m), bare(theirs[in.MsgID]))
	}
}

// opens has both clients fetch the files of a message.
func (r *room) opens(c *client, files *aibot.Files, m bot.Message) {
	r.t.Helper()
	list := m.Attachments
	if m.Quote != nil {
		list = append(list, m.Quote.Attachments...)
	}
	for _, a := range list {
		parts := strings.SplitN(a.Ref, ":", 3) // aibot:key:address
		var got struct{ SHA256 string }
		c.ask("file", map[string]any{"key": parts[1], "url": parts[2]}, &got)
		body, err := files.Fetch(r.ctx, a)
		ok(r.t, err)
		sum := sha256.New()
		_, err = io.Copy(sum, body)
		ok(r.t, err)
		same(r.t, "file", got.SHA256, hex.EncodeToString(sum.Sum(nil)))
	}
}

// bare leaves out what is made anew at every delivery: addresses and keys.
func bare(m aibot.Message) bot.Message {
	out := m.Message
	out.ReplyURL, out.ReplyURLEnds = "", time.Time{}
	out.Attachments = kindsOf(out.Attachments)
	if out.Quote != nil {
		q := *out.Quote
		q.Attachments = kindsOf(q.Attachments)
		out.Quote = &q
	}
	return out
}

func kindsOf(list []bot.Attachment) []bot.Attachment {
	var out []bot.Attachment
	for _, a := range list {
		out = append(out, bot.Attachment{Kind: a.Kind})
	}
	return out
}
