package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/redis/go-redis/v9"

	"duban/internal/app"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/sim/stage"
	"duban/seeds"
)

// nodes is how many processes share the work. The last one is never killed, so
// that its growth can be watched.
const nodes = 3

const adminToken = "soak-operator-token"

// world is the nodes with everything around them.
type world struct {
	clock *clock.Movable
	stage *stage.Stage
	gates []*gate
	nodes []*node
	dir   string
	db    *sql.DB // straight to the server, past the wire
	redis *redis.Client
	wires map[fault]*wire
	books books
	undo  []func()
}

func open(ctx context.Context) (_ *world, err error) {
	admin, address := os.Getenv("DUBAN_TEST_MYSQL_DSN"), os.Getenv("DUBAN_TEST_REDIS_URL")
	if admin == "" || address == "" {
		return nil, errors.New("run me with: make soak")
	}
	w := &world{clock: clock.NewMovable(firstDay.Add(6 * time.Hour)), wires: map[fault]*wire{}, books: newBooks()}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.dir, err = os.MkdirTemp("", "duban-soak-"); err != nil {
		return nil, err
	}
	env, err := w.servers(ctx, admin, address)
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

// servers makes a database of the run's own and puts a wire before each server.
func (w *world) servers(ctx context.Context, admin, address string) ([]string, error) {
	my, err := mysql.ParseDSN(admin)
	if err != nil {
		return nil, fmt.Errorf("read DUBAN_TEST_MYSQL_DSN: %w", err)
	}
	my.DBName = ""
	root, err := sql.Open("mysql", my.FormatDSN())
	if err != nil {
		return nil, err
	}
	w.later(func() { _ = root.Close() })
	name := "duban_soak_" + strings.ToLower(rand.Text()[:10])
	if _, err := root.ExecContext(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4"); err != nil {
		return nil, err
	}
	w.later(func() { _, _ = root.Exec("DROP DATABASE " + name) })
	my.DBName = name
	if w.db, err = sql.Open("mysql", my.FormatDSN()); err != nil {
		return nil, err
	}
	w.later(func() { _ = w.db.Close() })
	opt, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("DUBAN_TEST_REDIS_URL is not a Redis address")
	}
	w.redis = redis.NewClient(opt)
	w.later(func() { _ = w.redis.Close() })
	if err := w.redis.FlushDB(ctx).Err(); err != nil {
		return nil, err
	}
	for f, to := range map[fault]string{cutMySQL: my.Addr, cutRedis: opt.Addr} {
		if w.wires[f], err = newWire(to); err != nil {
			return nil, err
		}
		w.later(w.wires[f].close)
	}
	my.Addr = w.wires[cutMySQL].addr()
	return []string{"DUBAN_DATABASE_DSN=mysql:" + my.FormatDSN(), "DUBAN_REDIS_URL=" + strings.Replace(address, opt.Addr, w.wires[cutRedis].addr(), 1)}, nil
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
	wecom, err := openGate("wecom", w.stage.WeCom)
	if err != nil {
		return nil, err
	}
	w.later(func() { _ = wecom.server.Close() })
	dingtalk, err := openGate("dingtalk", w.stage.DingTalk)
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
	return append(env, "DUBAN_WECOM_API_BASE="+wecom.base, "DUBAN_DINGTALK_API_BASE="+dingtalk.base, "DUBAN_DINGTALK_OAPI_BASE="+dingtalk.base), nil
}

func (w *world) seed(ctx context.Context, env []string) error {
	cfg, err := config.FromEnviron(append(env, "DUBAN_DEV_NOW="+w.clock.Now().Format(time.RFC3339)))
	if err != nil {
		return err
	}
	if _, err := app.Migrate(ctx, cfg); err != nil {
		return err
	}
	_, err = app.SeedAt(ctx, cfg, app.SeedFiles{Demo: true}, w.clock)
	return err
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
	for _, n := range w.nodes {
		if err := n.start(w.clock.Now()); err != nil {
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
