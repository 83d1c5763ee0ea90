// Package scenario plays whole days with the real program between fake
// platforms: people write, the clock moves, and every word that leaves the house
// is looked at.
package scenario

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/app"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/obs"
	"duban/internal/org"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
	"duban/internal/store"
	"duban/internal/testkit"
	"duban/internal/testkit/script"
	"duban/seeds"
)

// start is a Wednesday in the first weeks of term.
const start = "2025-09-10T09:30:00+08:00"

// said is one message of the bot as its reader sees it.
type said struct {
	Road string // answer, push, group, file
	To   string // person or group id
	Text string // of a file its name
}

// world is duban between its platforms. Everything pushed must be taken by the
// test, and nothing may be logged as an error, or the test fails.
type world struct {
	t     *testing.T
	ctx   context.Context
	stage *stage.Stage
	clock *clock.Movable
	nodes []*app.App
	logs  *obs.LogCapture
	env   []string
	redis string // its URL; empty for the one inside the program
	who   map[string]string

	mu     sync.Mutex
	pushed []said
	news   chan struct{} // has room for one: something was pushed

	beside *sql.DB
}

type setup struct {
	nodes int
	roles string // default web: what is due is carried out by settle, in order
	now   string
	env   []string
	redis bool // a Redis outside the program also on SQLite, to look into

	everywhere bool // everybody has an account on both platforms
	smartBot   road // how WeCom's smart bot is reached, if there is one
	stream     bool // DingTalk hands messages over its stream; answers are pushed
	logins     bool // pages are logged in to with both platforms
}

// road is how a smart bot receives.
type road string

const (
	callback road = "callback"
	socket   road = "socket"
)

// each runs a scenario on SQLite with an in-process Redis and, where there is
// one, on MySQL with a real Redis.
func each(t *testing.T, o setup, play func(w *world)) {
	t.Helper()
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		redis := ""
		if !strings.HasPrefix(dsn, "sqlite:") || o.redis {
			redis = testkit.Redis(t)
		}
		play(open(t, dsn, redis, o))
	})
}

// onSQLite is each without MySQL, for what is played there elsewhere.
func onSQLite(t *testing.T, o setup, play func(w *world)) {
	t.Helper()
	play(open(t, "sqlite:"+filepath.Join(t.TempDir(), "duban.db"), "", o))
}

func open(t *testing.T, dsn, redis string, o setup) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), redis: redis, logs: obs.NewLogCapture(), who: map[string]string{}, news: make(chan struct{}, 1)}
	if o.now == "" {
		o.now = start
	}
	at, err := time.Parse(time.RFC3339, o.now)
	w.ok(err)
	w.clock = clock.NewFrozen(at)
	set, err := seeds.Demo()
	w.ok(err)
	given := set.Accounts
	if o.everywhere {
		set.Accounts = script.Everywhere(set.Accounts)
	}
	for _, a := range set.Accounts {
		w.who[a.Platform+"/"+a.UserID] = a.Person
	}
	w.stage, err = stage.Open(set, w.clock.Now)
	w.ok(err)
	t.Cleanup(w.stage.Close)
	if o.stream {
		w.stage.UseStream()
	}
	if o.smartBot != "" {
		w.stage.UseSmartBot(o.smartBot == socket)
	}
	if o.logins {
		w.stage.UseLogins(public)
	}
	w.listen(o.stream)
	if o.roles == "" {
		o.roles = "web"
	}
	w.env = append(append(w.stage.Environ(), "DUBAN_DATABASE_DSN="+dsn, "DUBAN_REDIS_URL="+redis, "DUBAN_SERVER_ADDR=127.0.0.1:0",
		"DUBAN_SERVER_ROLES="+o.roles, "DUBAN_DATA_DIR="+t.TempDir(), "DUBAN_DEV_NOW="+o.now), o.env...)
	cfg := w.config()
	_, err = app.Migrate(w.ctx, cfg)
	w.ok(err)
	_, err = app.SeedAt(w.ctx, cfg, app.SeedFiles{Demo: true}, w.clock)
	w.ok(err)
	for range max(o.nodes, 1) {
		w.node()
	}
	w.bind(set.Accounts[len(given):])
	t.Cleanup(func() {
		if left := w.take(); len(left) > 0 && !t.Failed() {
			t.Errorf("nobody expected these:\n%s", list(left))
		}
		for _, line := range w.logs.Lines(8) { // errors
			t.Errorf("logged: %s", line)
		}
	})
	return w
}

// bind gives people further accounts than the demonstration does.
func (w *world) bind(accounts []seeds.Account) {
	w.t.Helper()
	if len(accounts) == 0 {
		return
	}
	corps := map[string]string{string(bot.WeCom): stage.WeComCorp, string(bot.DingTalk): stage.DingTalkCorp}
	w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
		for _, a := range accounts {
			if err := tx.Bind(w.ctx, org.Account{Platform: a.Platform, Corp: corps[a.Platform], UserID: a.UserID, PersonID: a.Person}, w.clock.Now()); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *world) config() *config.Config {
	w.t.Helper()
	cfg, err := config.FromEnviron(w.env)
	w.ok(err)
	return cfg
}

// node starts one more process on the same database and Redis. The first one
// receives the callbacks.
func (w *world) node() *app.App {
	w.t.Helper()
	a, err := app.New(w.ctx, w.config(), app.Options{Log: w.logs.Logger(), Metrics: obs.NewMetrics(), Clock: w.clock})
	w.ok(err)
	w.ok(a.Start())
	w.t.Cleanup(func() { w.stop(a) })
	if len(w.nodes) == 0 {
		w.stage.CallTo("http://" + a.Addr())
	}
	w.nodes = append(w.nodes, a)
	return a
}

func (w *world) stop(a *app.App) {
	i := slices.Index(w.nodes, a)
	if i < 0 {
		return
	}
	w.nodes = slices.Delete(w.nodes, i, i+1)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := a.Stop(ctx); err != nil {
		w.t.Errorf("stop: %v", err)
	}
	if i == 0 && len(w.nodes) > 0 {
		w.stage.CallTo("http://" + w.nodes[0].Addr())
	}
}

func (w *world) listen(stream bool) {
	w.stage.WeCom.Subscribe(func(s simwecom.Sent) {
		switch s.Channel {
		case simwecom.Webhook, simwecom.AppChat:
			w.push(said{"group", s.To, s.Text})
		case simwecom.App:
			if s.File != nil {
				w.push(said{"file", w.who["wecom/"+s.To], s.File.Name})
				return
			}
			w.push(said{"push", w.who["wecom/"+s.To], s.Text})
		}
	})
	w.stage.DingTalk.Subscribe(func(s simdingtalk.Sent) {
		switch {
		case stream && s.Road == simdingtalk.RoadSession:
			w.push(said{"answer", w.who["dingtalk/"+s.UserID] + s.GroupID, s.Text})
		case s.Road == simdingtalk.RoadBody || s.Road == simdingtalk.RoadSession:
		case s.Road == simdingtalk.RoadWork:
			w.push(said{"work", w.who["dingtalk/"+s.UserID], s.Text})
		case s.Road == simdingtalk.RoadDing:
			w.push(said{"ding " + s.Kind, w.who["dingtalk/"+s.UserID], s.Text})
		case s.GroupID != "":
			w.push(said{"group", s.GroupID, s.Text})
		case s.File != nil:
			w.push(said{"file", w.who["dingtalk/"+s.UserID], s.File.Name})
		default:
			w.push(said{"push", w.who["dingtalk/"+s.UserID], s.Text})
		}
	})
}

func (w *world) push(s said) {
	w.mu.Lock()
	w.pushed = append(w.pushed, s)
	w.mu.Unlock()
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// take returns everything pushed since the last time, by reader, so that the
// order in which a tick works does not matter.
func (w *world) take() []said {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.pushed
	w.pushed = nil
	slices.SortStableFunc(out, func(a, b said) int { return strings.Compare(a.To+a.Text, b.To+b.Text) })
	return out
}

// say has a person write and returns the answer. The answer must come with the
// callback.
func (w *world) say(platform bot.Platform, person, text string, photos ...stage.Photo) string {
	w.t.Helper()
	return w.line(person, stage.Line{Platform: platform, Text: text, Photos: photos})
}

func (w *world) wecom(person, text string, photos ...stage.Photo) string {
	w.t.Helper()
	return w.say(bot.WeCom, person, text, photos...)
}

func (w *world) dingtalk(person, text string, photos ...stage.Photo) string {
	w.t.Helper()
	return w.say(bot.DingTalk, person, text, photos...)
}

func (w *world) line(person string, l stage.Line) string {
	w.t.Helper()
	if l.UserID == "" {
		id, ok := w.stage.UserID(person, l.Platform)
		if !ok {
			w.t.Fatalf("%s has no account on %s", person, l.Platform)
		}
		l.UserID = id
	}
	answer, err := w.stage.Say(w.ctx, l)
	w.ok(err)
	return answer
}

// settle carries out what is due now.
func (w *world) settle() {
	w.t.Helper()
	w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now()))
}

// until moves the clock, given as 2025-09-11 08:30 in Shanghai.
func (w *world) until(text string) {
	w.t.Helper()
	loc, err := time.LoadLocation("Asia/Shanghai")
	w.ok(err)
	to, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	w.ok(err)
	w.ok(w.nodes[0].Advance(w.ctx, to))
}

// expect takes what was pushed and compares it whole.
func (w *world) expect(want ...said) {
	w.t.Helper()
	got := w.take()
	slices.SortStableFunc(want, func(a, b said) int { return strings.Compare(a.To+a.Text, b.To+b.Text) })
	if !slices.Equal(got, want) {
		w.t.Errorf("pushed:\n%s\nwant:\n%s", list(got), list(want))
	}
}

// to picks what one reader got out of everything pushed.
func to(all []said, reader string) []string {
	var out []string
	for _, s := range all {
		if s.To == reader {
			out = append(out, s.Text)
		}
	}
	return out
}

func (w *world) same(what, got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) store() *store.Store { return w.nodes[0].Store() }

func list(all []said) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "  [%s → %s] %s\n", s.Road, s.To, strings.ReplaceAll(s.Text, "\n", "\n      "))
	}
	return strings.TrimRight(b.String(), "\n")
}

// photo is a small picture; equal shades are equal pictures.
func photo(shade uint8) stage.Photo {
	m := image.NewGray(image.Rect(0, 0, 16, 16))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{Y: shade}.Y
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil) // into memory
	return stage.Photo{ContentType: "image/jpeg", Data: b.Bytes()}
}

// query returns the first value of a query.
func (w *world) query(sql string) string {
	w.t.Helper()
	var out string
	w.ok(w.db().QueryRowContext(w.ctx, sql).Scan(&out))
	return out
}

// dump is every value of every table.
func (w *world) dump() string {
	w.t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if w.store().Dialect() == store.MySQL {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
	}
	var b strings.Builder
	for _, table := range w.rows(list) {
		for _, row := range w.rows("SELECT * FROM `" + table + "`") {
			b.WriteString(table + ": " + row + "\n")
		}
	}
	return b.String()
}

// rows returns each row as its values joined.
func (w *world) rows(sql string) []string {
	w.t.Helper()
	r, err := w.db().QueryContext(w.ctx, sql)
	w.ok(err)
	defer r.Close()
	names, err := r.Columns()
	w.ok(err)
	var out []string
	for r.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		w.ok(r.Scan(into...))
		texts := make([]string, len(values))
		for i, v := range values {
			if raw, ok := v.([]byte); ok {
				v = string(raw)
			}
			texts[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(texts, "|"))
	}
	w.ok(r.Err())
	return out
}

// db opens the database beside the program.
func (w *world) db() *sql.DB {
	w.t.Helper()
	if w.beside != nil {
		return w.beside
	}
	driver, dsn := "sqlite", ""
	for _, e := range w.env {
		if rest, ok := strings.CutPrefix(e, "DUBAN_DATABASE_DSN=sqlite:"); ok {
			dsn = rest
		} else if rest, ok := strings.CutPrefix(e, "DUBAN_DATABASE_DSN=mysql:"); ok {
			driver, dsn = "mysql", rest
		}
	}
	db, err := sql.Open(driver, dsn)
	w.ok(err)
	w.t.Cleanup(func() { _ = db.Close() })
	w.beside = db
	return db
}

// wecomKind sends a message of a kind the bot cannot read.
func (w *world) wecomKind(user, kind string) string {
	w.t.Helper()
	d, err := w.stage.WeCom.Deliver(w.ctx, w.stage.WeComCallback(), simwecom.Incoming{User: user, Kind: kind})
	w.ok(err)
	if d.Reply == nil {
		return ""
	}
	return d.Reply.Text
}

// outsider writes on DingTalk without belonging to the organisation.
func (w *world) outsider(nick, text string) string {
	w.t.Helper()
	reply, _, err := w.stage.DingTalk.Deliver(w.ctx, w.stage.DingTalkCallback(), simdingtalk.Incoming{Outsider: true, Nick: nick, UserID: "x", Text: text})
	w.ok(err)
	if reply == nil {
		return ""
	}
	return reply.Text
}

func toJSON(w *world, v any) string {
	w.t.Helper()
	b, err := json.Marshal(v)
	w.ok(err)
	return string(b)
}

// photoOnly sends photos without words, each a message of its own.
func (w *world) photoOnly(l stage.Line) string {
	w.t.Helper()
	d, err := w.stage.WeCom.Deliver(w.ctx, w.stage.WeComCallback(), simwecom.Incoming{User: l.UserID, Image: w.stage.WeCom.AddMedia(l.Photos[0].Data, l.Photos[0].ContentType)})
	w.ok(err)
	if d.Reply == nil {
		return ""
	}
	return d.Reply.Text
}

// blobs counts the stored files.
func (w *world) blobs() int {
	w.t.Helper()
	n := 0
	w.ok(filepath.WalkDir(w.config().Media.Dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	}))
	return n
}
