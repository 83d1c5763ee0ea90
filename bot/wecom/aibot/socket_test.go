package aibot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/wecom"
	"duban/bot/wecom/aibot"
	"duban/internal/clock"
	simwecom "duban/internal/sim/wecom"
)

const (
	botSecret = "bot-secret-0123456789"
	botKey    = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
)

// world is a fake bot with one or more processes that want to hold its connection.
type world struct {
	t      *testing.T
	ctx    context.Context
	bot    *simwecom.Bot
	record *simwecom.Server
	server *httptest.Server
	clock  *clock.Movable
	lease  *lease
	logs   bytes.Buffer
	logMu  sync.Mutex

	mu     sync.Mutex
	taken  []aibot.Message
	fail   error
	pauses []time.Duration
}

// lease is a lease in memory.
type lease struct {
	mu    sync.Mutex
	owner string
}

type share struct {
	*lease
	name string
}

func (l share) Hold(context.Context) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.owner == "" {
		l.owner = l.name
	}
	return l.owner == l.name, nil
}

func (l share) Release(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.owner == l.name {
		l.owner = ""
	}
	return nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewFrozen(time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)), lease: &lease{}}
	record, err := simwecom.New(simwecom.Config{CorpID: "wwcorp", Now: w.clock.Now})
	w.ok(err)
	w.record = record
	w.bot, err = simwecom.NewBot(simwecom.BotConfig{BotID: "bot1", Name: "督办助手", CorpID: "wwcorp", Secret: botSecret, Token: "tok", EncodingAESKey: botKey, Now: w.clock.Now}, record)
	w.ok(err)
	w.server = httptest.NewServer(w.bot)
	w.bot.SetBaseURL(w.server.URL)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	w.ctx = ctx
	t.Cleanup(func() { w.bot.DropSocket(); w.server.CloseClientConnections(); cancel() })
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) Write(p []byte) (int, error) {
	w.logMu.Lock()
	defer w.logMu.Unlock()
	return w.logs.Write(p)
}

// process starts one that wants the connection and returns how to stop it.
func (w *world) process(name string, change ...func(*aibot.SocketConfig)) (*aibot.Socket, func()) {
	w.t.Helper()
	cfg := aibot.SocketConfig{
		Config: aibot.Config{CorpID: "wwcorp", BotID: "bot1", APIBase: w.server.URL}, Secret: wecom.Secret(botSecret),
		URL: strings.Replace(w.server.URL, "http", "ws", 1) + "/aibot/ws", Lease: share{w.lease, name}, Now: w.clock.Now,
		Logger: slog.New(slog.NewTextHandler(w, nil)),
		Handle: func(_ context.Context, m aibot.Message) (bot.Reply, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.taken = append(w.taken, m)
			return bot.Reply{Text: name + "：" + m.Text}, w.fail
		},
		Wait: func(ctx context.Context, d time.Duration) {
			w.mu.Lock()
			w.pauses = append(w.pauses, d)
			w.mu.Unlock()
			if d >= 10*time.Minute { // told to stay away
				<-ctx.Done()
			}
			runtime.Gosched()
		},
	}
	for _, c := range change {
		c(&cfg)
	}
	s, err := aibot.NewSocket(cfg)
	w.ok(err)
	ctx, end := context.WithCancel(w.ctx)
	var done sync.WaitGroup
	done.Go(func() { s.Run(ctx) })
	stop := sync.OnceFunc(func() { end(); done.Wait() })
	w.t.Cleanup(stop)
	return s, stop
}

func (w *world) say(in simwecom.BotIncoming) string {
	w.t.Helper()
	shown, err := w.bot.DeliverSocket(w.ctx, in)
	w.ok(err)
	return shown.Text
}

func TestSocketAnswers(t *testing.T) {
	w := newWorld(t)
	s, stop := w.process("甲")
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	if got := w.say(simwecom.BotIncoming{User: "Wang", Text: "我的任务"}); got != "甲：我的任务" {
		t.Errorf("private: %q", got)
	}
	if got := w.say(simwecom.BotIncoming{User: "Wang", Group: "g1", Text: "隐患统计", Quote: "昨天的"}); got != "甲：隐患统计" {
		t.Errorf("group: %q", got)
	}
	m := w.taken[1]
	want := bot.Message{Platform: bot.WeCom, Robot: "bot1", ID: m.ID, Corp: "wwcorp", UserID: "wang", Chat: bot.Chat{Kind: bot.Group, ID: "g1"}, Text: "隐患统计",
		Quote: &bot.Quote{Text: "昨天的"}, SentAt: w.clock.Now(), ReplyURL: m.ReplyURL, ReplyURLEnds: w.clock.Now().Add(time.Hour)}
	if diff := cmp.Diff(want, m.Message); diff != "" {
		t.Errorf("message (-want +got)\n%s", diff)
	}
	w.ok(s.Send(w.ctx, "g1", bot.Reply{Text: "日报"}, "k"))
	if err := s.Send(w.ctx, "nobody", bot.Reply{Text: "日报"}, "k"); bot.ClassOf(err) != bot.Permanent {
		t.Errorf("pushed where nobody has written: %v", err)
	}
	stop()
	w.ok(w.bot.AwaitSocket(w.ctx, false))
	if w.lease.owner != "" {
		t.Error("the lease was kept")
	}
}

// Only one process connects; when it goes, the other does.
func TestSocketHasOneOwner(t *testing.T) {
	w := newWorld(t)
	_, stop := w.process("甲")
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	other, _ := w.process("乙")
	for !other.State().Standby {
		runtime.Gosched()
	}
	if got := w.say(simwecom.BotIncoming{User: "wang", Text: "1"}); got != "甲：1" {
		t.Errorf("answered by %q", got)
	}
	stop()
	for !other.State().Connected {
		if w.ctx.Err() != nil {
			t.Fatal("nobody took over")
		}
		runtime.Gosched()
	}
	if got := w.say(simwecom.BotIncoming{User: "wang", Text: "2"}); got != "乙：2" {
		t.Errorf("answered by %q", got)
	}
	if w.bot.Kicks() != 0 {
		t.Errorf("%d connections ended by another", w.bot.Kicks())
	}
}

// Whoever is kicked out by a foreign connection stays away instead of kicking back.
func TestSocketDoesNotKickBack(t *testing.T) {
	w := newWorld(t)
	s, _ := w.process("甲")
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	for !s.State().Connected {
		runtime.Gosched()
	}
	_, _ = w.process("测试机", func(c *aibot.SocketConfig) { c.Lease = share{&lease{}, "x"} })
	for !s.State().Kicked {
		if w.ctx.Err() != nil {
			t.Fatal("not noticed")
		}
		runtime.Gosched()
	}
	if w.bot.Kicks() != 1 || w.bot.Dials() != 2 {
		t.Errorf("%d kicks, %d dials", w.bot.Kicks(), w.bot.Dials())
	}
	var away time.Duration
	for w.ctx.Err() == nil && away == 0 {
		runtime.Gosched()
		w.mu.Lock()
		if n := len(w.pauses); n > 0 {
			away = w.pauses[n-1]
		}
		w.mu.Unlock()
	}
	if away < 10*time.Minute {
		t.Errorf("stays away for %v", away)
	}
}

func TestSocketComesBack(t *testing.T) {
	w := newWorld(t)
	_, _ = w.process("甲")
	for i := range 20 {
		w.ok(w.bot.AwaitSocket(w.ctx, true))
		if got := w.say(simwecom.BotIncoming{User: "wang", Text: fmt.Sprint(i)}); got != fmt.Sprintf("甲：%d", i) {
			t.Errorf("answer %q", got)
		}
		w.bot.DropSocket()
	}
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	if got := w.bot.Dials(); got != 21 {
		t.Errorf("%d connections for 20 cuts: more than one loop connects", got)
	}
}

// What people write while nobody is connected is lost: a connection that lived well is
// replaced at once.
func TestSocketIsReplacedAtOnce(t *testing.T) {
	w := newWorld(t)
	s, _ := w.process("甲")
	for i := range 5 {
		for s.State().Opened <= i {
			if w.ctx.Err() != nil {
				t.Fatal("not replaced")
			}
			runtime.Gosched()
		}
		w.clock.Set(w.clock.Now().Add(time.Minute))
		w.bot.DropSocket()
	}
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.pauses) != 0 {
		t.Errorf("paused %v", w.pauses)
	}
}

func TestSocketGivesUpADeadConnection(t *testing.T) {
	w := newWorld(t)
	s, _ := w.process("甲", func(c *aibot.SocketConfig) { c.Ping, c.Timeout = 10*time.Millisecond, 50*time.Millisecond })
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	w.bot.FreezeSocket()
	for s.State().Opened < 2 {
		if w.ctx.Err() != nil {
			t.Fatal("still on the dead connection")
		}
		runtime.Gosched()
	}
}

// A wrong secret is a matter for the operator, and shows nowhere.
func TestSocketWithAWrongSecret(t *testing.T) {
	w := newWorld(t)
	s, stop := w.process("甲", func(c *aibot.SocketConfig) { c.Secret = "wrong-secret-9876" })
	for s.State().Err == nil {
		if w.ctx.Err() != nil {
			t.Fatal("no failure")
		}
		runtime.Gosched()
	}
	if err := s.State().Err; bot.ClassOf(err) != bot.Config {
		t.Errorf("class of %v", err)
	}
	stop()
	if out := w.logs.String(); strings.Contains(out, "wrong-secret") || !strings.Contains(out, "ERROR") {
		t.Errorf("log:\n%s", out)
	}
}

// What was not stored is told: nothing hands it over again.
func TestSocketTellsWhatWasNotStored(t *testing.T) {
	w := newWorld(t)
	_, _ = w.process("甲")
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	w.mu.Lock()
	w.fail = errors.New("database away")
	w.mu.Unlock()
	if got := w.say(simwecom.BotIncoming{User: "wang", Text: "上报隐患 食堂漏水"}); !strings.Contains(got, "没有存下") {
		t.Errorf("answer %q", got)
	}
}

func TestFilesOverTheSocket(t *testing.T) {
	w := newWorld(t)
	_, _ = w.process("甲")
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	photo := bytes.Repeat([]byte("photo"), 100)
	w.say(simwecom.BotIncoming{User: "wang", Group: "g1", Text: "食堂漏水", Images: [][]byte{photo, photo[:32]}, QuoteImage: photo})
	m := w.taken[0]
	if len(m.Attachments) != 2 || m.Quote == nil || len(m.Quote.Attachments) != 1 {
		t.Fatalf("message %+v", m)
	}
	files := aibot.NewFiles(aibot.Config{APIBase: w.server.URL})
	for i, want := range [][]byte{photo, photo[:32]} {
		r, err := files.Fetch(w.ctx, m.Attachments[i])
		w.ok(err)
		got, err := io.ReadAll(r)
		w.ok(err)
		if !bytes.Equal(got, want) {
			t.Errorf("file %d: %d bytes", i, len(got))
		}
	}
	w.clock.Set(w.clock.Now().Add(6 * time.Minute))
	if _, err := files.Fetch(w.ctx, m.Attachments[0]); bot.ClassOf(err) != bot.Permanent {
		t.Errorf("after six minutes: %v", err)
	}
}
