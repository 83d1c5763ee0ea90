package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"duban/internal/app"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/sim/stage"
	"duban/seeds"
)

// peer is a bot in a process of its own, between fake platforms of its own, so that its
// processor time and memory can be told from the callers'.
type peer struct {
	name  string
	table string // where it stores; empty: duban's own tables
	stage *stage.Stage
	cmd   *exec.Cmd
}

// The bots that are compared on each road.
const (
	theFloor = "floor"
	theDuban = "duban"
	theNode  = "node"
)

// hurry is how many times faster the platforms' clock runs where they count answers.
const hurry = 30

// nodeBot is the bot on the platforms' own libraries, which `make bench` installs.
const nodeBot = "internal/bench/peers/bot.mjs"

// openPeers starts the three bots on one database, either for callbacks or with their long
// connections.
func openPeers(ctx context.Context, dsn, redis, program string, set *seeds.Set, connections bool) ([]*peer, func(), error) {
	var all []*peer
	end := func() {
		for _, p := range all {
			p.stop()
		}
	}
	at, err := time.Parse(time.RFC3339, "2025-09-10T09:30:00+08:00")
	if err != nil {
		return nil, nil, err
	}
	c := clock.NewMovable(at)
	now := c.Now
	if connections { // a conversation of the smart bot takes thirty answers a minute
		now = func() time.Time { return at.Add(hurry * c.Now().Sub(at)) }
	}
	for _, name := range []string{theFloor, theDuban, theNode} {
		p := &peer{name: name}
		if p.stage, err = stage.Open(set, now); err != nil {
			end()
			return nil, nil, err
		}
		all = append(all, p)
		p.stage.UseSmartBot(connections)
		if connections {
			p.stage.UseStream()
		}
		switch name {
		case theDuban:
			err = p.startDuban(ctx, dsn, redis, program, set, c)
		case theNode:
			err = p.start(ctx, dsn, connections, c.Now(), "node", nodeBot)
		default:
			var self string
			if self, err = os.Executable(); err == nil {
				err = p.start(ctx, dsn, connections, c.Now(), self, "-serve-floor")
			}
		}
		if err != nil {
			end()
			return nil, nil, fmt.Errorf("start %s: %w", name, err)
		}
		if connections {
			err = p.connected(ctx)
		}
		if err != nil {
			end()
			return nil, nil, fmt.Errorf("%s did not connect: %w", name, err)
		}
	}
	return all, end, nil
}

func (p *peer) connected(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := p.stage.DingTalk.AwaitStreams(ctx, 1); err != nil {
		return err
	}
	return p.stage.SmartBot.AwaitSocket(ctx, true)
}

// start runs an echo-and-store bot, which prints where it listens.
func (p *peer) start(ctx context.Context, dsn string, connections bool, now time.Time, program string, args ...string) error {
	p.table = "echo_" + p.name
	if connections {
		p.table += "_lines"
	}
	p.cmd = exec.CommandContext(ctx, program, args...)
	p.cmd.Env = append(append(os.Environ(), p.stage.Environ()...), "PEER_DSN="+dsn, "PEER_TABLE="+p.table, "PEER_NOW="+now.Format(time.RFC3339))
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if base, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			p.stage.CallTo(base)
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return nil
		}
	}
	return fmt.Errorf("it ended before it was ready")
}

// startDuban runs the program as it is installed.
func (p *peer) startDuban(ctx context.Context, dsn, redis, program string, set *seeds.Set, c clock.Clock) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	addr := l.Addr().String()
	_ = l.Close()
	dir, err := os.MkdirTemp("", "duban-bench-")
	if err != nil {
		return err
	}
	env := append(p.stage.Environ(), "DUBAN_DINGTALK_MONTHLY_CALLS=1000000", "DUBAN_DINGTALK_MONTHLY_PUSHES=1000000", "DUBAN_DATABASE_DSN=mysql:"+dsn, "DUBAN_REDIS_URL="+redis,
		"DUBAN_SERVER_ADDR="+addr, "DUBAN_DATA_DIR="+dir, "DUBAN_DEV_NOW="+c.Now().Format(time.RFC3339))
	cfg, err := config.FromEnviron(env)
	if err != nil {
		return err
	}
	if _, err := app.Migrate(ctx, cfg); err != nil {
		return err
	}
	if err := seed(ctx, cfg, set, c); err != nil {
		return err
	}
	p.cmd = exec.CommandContext(ctx, program, "serve")
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Dir = dir
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.stage.CallTo("http://" + addr)
	return ready(ctx, "http://"+addr+"/readyz")
}

// ready waits until an address answers well.
func ready(ctx context.Context, url string) error {
	for range 200 {
		if resp, err := http.Get(url); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("it was not ready within 20 seconds")
}

func (p *peer) stop() {
	if p.cmd != nil && p.cmd.Process != nil {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		_ = p.cmd.Wait()
		if p.name == theDuban {
			_ = os.RemoveAll(p.cmd.Dir)
		}
	}
	p.stage.Close()
}

// stored counts the messages a bot has kept.
func (p *peer) stored(ctx context.Context, db *sql.DB) (n int, err error) {
	table := p.table
	if table == "" {
		table = "reports"
	}
	err = db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n)
	return n, err
}

// programs builds duban and checks that the Node bot is installed.
func programs(ctx context.Context) (duban string, clean func(), err error) {
	if _, err := os.Stat("internal/bench/peers/node_modules"); err != nil {
		return "", nil, fmt.Errorf("the Node bot is not installed; run me with: make bench")
	}
	dir, err := os.MkdirTemp("", "duban-bench-")
	if err != nil {
		return "", nil, err
	}
	duban = filepath.Join(dir, "duban")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", duban, ".").CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("build: %w: %s", err, out)
	}
	return duban, func() { _ = os.RemoveAll(dir) }, nil
}
