package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"duban/internal/app"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/sim/stage"
	"duban/internal/sim/wire"
	"duban/seeds"
)

// nodes is how many processes share the work. The last one is never killed, so
// that its growth can be watched.
const nodes = 3

const adminToken = "soak-operator-token"

// world is the nodes with everything around them.
type world struct {
	clock    *clock.Movable
	stage    *stage.Stage
	gates    []*gate
	nodes    []*node
	dir      string
	db       *sql.DB // straight to the server, past the wire
	redis    *redis.Client
	wires    map[fault]*wire.Wire
	servers  map[fault]*server
	cfg      *config.Config // of the nodes
	head     string         // of the journal, as noted after the last round
	hasty    bool           // clocks move while messages are under way
	street   sync.RWMutex   // people write between the moves of the clocks
	patience time.Duration  // how long somebody may be at work on a message
	last     records        // of the last check
	books    books
	undo     []func()
}

func open(ctx context.Context) (_ *world, err error) {
	w := &world{clock: clock.NewMovable(firstDay.Add(6 * time.Hour)), wires: map[fault]*wire.Wire{}, books: newBooks()}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.dir, err = os.MkdirTemp("", "duban-soak-"); err != nil {
		return nil, err
	}
	env, err := w.openServers(ctx)
	if err != nil {
		return nil, err
	}
	platforms, err := w.platforms()
	if err != nil {
		return nil, err
	}
	env = append(append(env, platforms...), "DUBAN_ADMIN_TOKEN="+adminToken, "DUBAN_DATA_DIR="+w.dir, "DUBAN_LOG_LEVEL=warn")
	if err := w.seed(ctx, env); err != nil {
		return nil, err
	}
	return w, w.launch(ctx, env)
}

// later notes what is to be undone, in the opposite order.
func (w *world) later(f func()) { w.undo = append(w.undo, f) }

func (w *world) close() {
	for i := len(w.undo) - 1; i >= 0; i-- {
		w.undo[i]()
	}
	_ = os.RemoveAll(w.dir)
}

// servers starts a database and a Redis, each behind a wire, and returns how the
// nodes reach them.
func (w *world) openServers(ctx context.Context) ([]string, error) {
	store, err := w.openRedis(ctx)
	if err != nil {
		return nil, err
	}
	database, my, err := w.openMySQL(ctx)
	if err != nil {
		return nil, err
	}
	if w.db, err = sql.Open("mysql", my.FormatDSN()); err != nil {
		return nil, err
	}
	w.later(func() { _ = w.db.Close() })
	w.servers = map[fault]*server{killRedis: store, killMySQL: database}
	for f, s := range map[fault]*server{cutRedis: store, cutMySQL: database} {
		if w.wires[f], err = wire.New(s.addr); err != nil {
			return nil, err
		}
		w.later(w.wires[f].Close)
	}
	my.Addr = w.wires[cutMySQL].Addr()
	return []string{"DUBAN_DATABASE_DSN=mysql:" + my.FormatDSN(), "DUBAN_REDIS_URL=redis://" + w.wires[cutRedis].Addr() + "/0"}, nil
}

// platforms opens the fake platforms, each behind a gate.
func (w *world) platforms() ([]string, error) {
	set, err := seeds.Demo()
	if err != nil {
		return nil, err
	}
	if w.stage, err = stage.Open(set, w.clock.Now); err != nil {
		return nil, err
	}
	w.later(w.stage.Close)
	wecom, err := openGate("wecom", w.stage.WeCom, w.books.strikes)
	if err != nil {
		return nil, err
	}
	w.later(func() { _ = wecom.server.Close() })
	dingtalk, err := openGate("dingtalk", w.stage.DingTalk, w.books.strikes)
	if err != nil {
		return nil, err
	}
	w.later(func() { _ = dingtalk.server.Close() })
	w.gates = []*gate{wecom, dingtalk}
	w.stage.DingTalk.SetBaseURL(dingtalk.base)
	var env []string
	for _, e := range w.stage.Environ() {
		if !strings.Contains(e, "API_BASE=") {
			env = append(env, e)
		}
	}
	return append(env, "DUBAN_WECOM_API_BASE="+wecom.base, "DUBAN_DINGTALK_API_BASE="+dingtalk.base, "DUBAN_DINGTALK_OAPI_BASE="+dingtalk.base,
		"DUBAN_DINGTALK_MONTHLY_CALLS=1000000", "DUBAN_DINGTALK_MONTHLY_PUSHES=1000000"), nil
}

func (w *world) seed(ctx context.Context, env []string) error {
	var err error
	if w.cfg, err = config.FromEnviron(append(env, "DUBAN_DEV_NOW="+w.clock.Now().Format(time.RFC3339))); err != nil {
		return err
	}
	if _, err := app.Migrate(ctx, w.cfg); err != nil {
		return err
	}
	if _, err := app.SeedAt(ctx, w.cfg, app.SeedFiles{Demo: true}, w.clock); err != nil {
		return err
	}
	return w.remember(ctx)
}

// launch builds the program once and starts the nodes.
func (w *world) launch(ctx context.Context, env []string) error {
	program := filepath.Join(w.dir, "duban")
	if out, err := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	for _, e := range os.Environ() { // the surroundings, without settings of somebody's own
		if !strings.HasPrefix(e, "DUBAN_") {
			env = append(env, e)
		}
	}
	for i := range nodes {
		n, err := newNode(program, w.dir, i, env)
		if err != nil {
			return err
		}
		w.nodes = append(w.nodes, n)
		w.later(n.stop)
	}
	return w.revive(ctx)
}

// revive starts what does not run and waits until all may take traffic.
func (w *world) revive(ctx context.Context) error {
	for _, s := range w.servers {
		if err := s.up(ctx); err != nil {
			return err
		}
	}
	for _, n := range w.nodes {
		if err := n.begin(w.clock.Now()); err != nil {
			return err
		}
	}
	for _, n := range w.nodes {
		if err := n.ready(ctx); err != nil {
			return err
		}
	}
	return nil
}
