package conformance

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/internal/clock"
	simdingtalk "duban/internal/sim/dingtalk"
)

const (
	clientID     = "dingapp1"
	clientSecret = "ding-secret-0123456789"
)

// gateway is a fake DingTalk with nobody connected.
type gateway struct {
	t   *testing.T
	ctx context.Context
	sim *simdingtalk.Sim
	url string
	now func() time.Time
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	g := &gateway{t: t, ctx: ctx, now: clock.NewFrozen(time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)).Now}
	g.sim = simdingtalk.New(simdingtalk.Config{ClientID: clientID, ClientSecret: clientSecret, RobotName: "督办助手", CorpID: "dingcorp1",
		Users: []simdingtalk.User{{ID: "u1", Name: "王老师"}}, Groups: []simdingtalk.Group{{ConversationID: "cidG==", Title: "安全群"}}, Now: g.now})
	server := httptest.NewServer(g.sim)
	g.url = server.URL
	g.sim.SetBaseURL(server.URL)
	t.Cleanup(func() { g.sim.DropStreams(); server.CloseClientConnections(); server.Close(); cancel() })
	return g
}

func (g *gateway) settings() map[string]any {
	return map[string]any{"api": g.url, "clientId": clientID, "clientSecret": clientSecret, "ua": "duban-conformance/1.0"}
}

// official connects a robot on the platform's own library. With a heartbeat it ends a
// connection that answers no ping of the websocket.
func (g *gateway) official(heartbeat int) *client {
	g.t.Helper()
	c := start(g.t, "stream")
	settings := g.settings()
	settings["heartbeat"] = heartbeat // milliseconds; 0: none
	c.ask("connect", settings, nil)
	ok(g.t, g.sim.AwaitStreams(g.ctx, 1))
	return c
}

// answered returns what the last answer by the session showed.
func (g *gateway) answered() simdingtalk.Sent {
	g.t.Helper()
	sent := g.sim.Sent()
	if len(sent) == 0 {
		g.t.Fatal("nothing was sent")
	}
	return sent[len(sent)-1]
}

// The platform's library opens a stream at the fake, hears, answers by the session and
// acknowledges: DeliverStream returns only then.
func TestStreamOnTheOfficialLibrary(t *testing.T) {
	g := newGateway(t)
	c := g.official(20)
	ok(t, g.sim.PingStreams(g.ctx))
	ok(t, g.sim.DeliverStream(g.ctx, simdingtalk.Incoming{UserID: "u1", Text: "我的任务"}))
	if s := g.answered(); s.UserID != "u1" || s.Text != "回声：我的任务" || s.Road != simdingtalk.RoadSession {
		t.Errorf("private: %+v", s)
	}
	ok(t, g.sim.DeliverStream(g.ctx, simdingtalk.Incoming{UserID: "u1", GroupID: "cidG==", Text: "隐患统计"}))
	if s := g.answered(); s.GroupID != "cidG==" || s.Text != "回声：隐患统计" {
		t.Errorf("group: %+v", s)
	}
	first, second := c.event("message").Headers, c.event("message").Headers
	if first["topic"] != dingtalk.TopicRobot || first["messageId"] == second["messageId"] {
		t.Errorf("headers %v, %v", first, second)
	}
	same(t, "tickets", g.sim.OpenCalls(), 1)
}

// Told to end or cut off, the library opens another connection with a ticket of its own.
func TestStreamComesBack(t *testing.T) {
	g := newGateway(t)
	c := g.official(0)
	for i, cut := range []func(){g.sim.DropStreams, func() { ok(t, g.sim.EndStreams(g.ctx)); g.sim.CloseEnding() }, g.sim.DropStreams} {
		cut()
		ok(t, g.sim.AwaitStreams(g.ctx, 1))
		ok(t, g.sim.DeliverStream(g.ctx, simdingtalk.Incoming{UserID: "u1", Text: "在吗"}))
		c.event("message")
		same(t, "tickets", g.sim.OpenCalls(), i+2)
	}
}

// What the gateway refuses, the library is told in the words it knows.
func TestStreamIsRefused(t *testing.T) {
	g := newGateway(t)
	c := start(t, "stream")
	for name, change := range map[string]struct {
		key, value string
		status     int
		code       string
	}{
		"wrong secret": {"clientSecret", "wrong", 401, "authFailed"},
		"bad agent":    {"ua", "no version", 400, "invalidParameter.ua"},
		"nothing":      {"ua", "a/1", 200, ""},
	} {
		settings := g.settings()
		settings[change.key] = change.value
		var got struct {
			Status int
			Code   string
		}
		c.ask("ticket", settings, &got)
		if got.Status != change.status || got.Code != change.code {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Both clients see the same pushes.
func TestStreamFramesAreTheSame(t *testing.T) {
	g := newGateway(t)
	photo := g.sim.AddFile([]byte("photo"), "image/jpeg")
	all := []simdingtalk.Incoming{
		{UserID: "u1", Text: "我的任务", MsgID: "text"},
		{UserID: "u1", Codes: []string{photo}, MsgID: "picture"},
		{UserID: "u1", GroupID: "cidG==", Text: "食堂漏水", Codes: []string{photo, photo}, MsgID: "richText"},
		{UserID: "u1", Kind: "audio", Text: "食堂漏水了", Codes: []string{photo}, MsgID: "audio"},
		{UserID: "u1", GroupID: "cidG==", Text: "这里漏水", Quote: &simdingtalk.Quoted{Codes: []string{photo}}, MsgID: "quote"},
		{UserID: "u2", GroupID: "cidG==", Text: "你好", Outsider: true, Nick: "客人", MsgID: "outsider"},
	}
	how := dingtalk.DecodeConfig{RobotCode: clientID, CorpID: "dingcorp1", OAPIBase: g.url}
	c := g.official(0)
	theirs := map[string]bot.Message{}
	for _, in := range all {
		ok(t, g.sim.DeliverStream(g.ctx, in))
		m, err := dingtalk.Decode([]byte(c.event("message").Data), how)
		ok(t, err)
		theirs[in.MsgID] = m
	}
	c.ask("disconnect", nil, nil)
	ok(t, g.sim.AwaitStreams(g.ctx, 0))
	heard := g.ours()
	for _, in := range all {
		ok(t, g.sim.DeliverStream(g.ctx, in))
		m, err := dingtalk.Decode((<-heard).Data, how)
		ok(t, err)
		want := theirs[in.MsgID]
		m.ReplyURL, want.ReplyURL = "", "" // a new session each time
		same(t, in.MsgID, m, want)
	}
}

// ours connects duban's own client and returns what it hears.
func (g *gateway) ours() <-chan dingtalk.Frame {
	g.t.Helper()
	heard := make(chan dingtalk.Frame, 100)
	s, err := dingtalk.NewStream(dingtalk.StreamConfig{
		ClientConfig: dingtalk.ClientConfig{ClientID: clientID, ClientSecret: dingtalk.NewSecret(clientSecret), APIBase: g.url, OAPIBase: g.url, Now: g.now},
		Topics:       []string{dingtalk.TopicRobot},
		Handle: func(_ context.Context, f dingtalk.Frame) (any, error) {
			heard <- f
			return nil, nil
		},
	})
	ok(g.t, err)
	ctx, end := context.WithCancel(g.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	g.t.Cleanup(func() { end(); <-done })
	ok(g.t, g.sim.AwaitStreams(g.ctx, 1))
	return heard
}
