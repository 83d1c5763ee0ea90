// Package demo runs the whole of duban on one machine without any configuration:
// SQLite and an in-process Redis, fake WeCom and DingTalk that sign, encrypt and
// answer like the real ones, a movable clock, and a phone page in the browser.
package demo

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"duban/internal/app"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/obs"
	"duban/internal/sim/phone"
	"duban/internal/sim/stage"
	"duban/seeds"
)

// Options are the flags of the demo.
type Options struct {
	Addr    string    // default 127.0.0.1:8080, or a free port if that is taken
	Now     time.Time // start of the clock; zero: where the data left off, else Start
	Dir     string    // keeps data there; "" uses a folder that is removed at the end
	Log     *slog.Logger
	Version string
}

// Start is where the clock of a new demo starts: a Wednesday in the first weeks
// of term, with deadlines ahead.
const Start = "2025-09-10T09:30:00+08:00"

// DefaultAddr is where the demo listens if nothing else is asked for.
const DefaultAddr = "127.0.0.1:8080"

// Demo is a running demonstration.
type Demo struct {
	App   *app.App
	Stage *stage.Stage
	Clock *clock.Movable
	World *World
	URL   string // of the phone page

	feed   *phone.Feed
	dir    string
	remove bool
}

// Open starts a demonstration.
func Open(ctx context.Context, o Options) (_ *Demo, err error) {
	d := &Demo{feed: phone.NewFeed(2000), dir: o.Dir}
	defer func() {
		if err != nil {
			_ = d.Close(context.WithoutCancel(ctx))
		}
	}()
	if err := d.folder(); err != nil {
		return nil, err
	}
	if d.Clock, err = d.startClock(o.Now); err != nil {
		return nil, err
	}
	set, err := seeds.Demo()
	if err != nil {
		return nil, errs.At("read seeds", err)
	}
	if d.Stage, err = stage.Open(set, d.Clock.Now); err != nil {
		return nil, err
	}
	cfg, err := d.configure(o)
	if err != nil {
		return nil, err
	}
	if _, err := app.Migrate(ctx, cfg); err != nil {
		return nil, err
	}
	if _, err := app.SeedAt(ctx, cfg, app.SeedFiles{Demo: true}, d.Clock); err != nil {
		return nil, err
	}
	d.World = newWorld(set, d.Stage, d.Clock, cfg.Location(), d.feed)
	page := phone.New(d.World, d.feed)
	mount := func(r gin.IRouter) {
		page.Register(r)
		r.POST("/dev/advance", phone.AdvanceHandler(d.World, d.Clock.Now))
		r.GET("/", func(c *gin.Context) { c.Redirect(302, "/demo/") })
	}
	if d.App, err = app.New(ctx, cfg, app.Options{Log: o.Log, Metrics: obs.NewMetrics(), Clock: d.Clock, Mount: mount, Version: o.Version}); err != nil {
		return nil, err
	}
	d.World.app = d.App
	if err := d.App.Start(); err != nil {
		return nil, err
	}
	base := "http://" + d.App.Addr()
	d.Stage.CallTo(base)
	d.URL = base + "/demo/"
	return d, nil
}

func (d *Demo) folder() error {
	if d.dir != "" {
		return errs.At("make data folder", os.MkdirAll(d.dir, 0o700))
	}
	dir, err := os.MkdirTemp("", "duban-demo-")
	d.dir, d.remove = dir, true
	return errs.At("make data folder", err)
}

// configure sets up what an operator would: the fakes are reached through the
// ordinary settings.
func (d *Demo) configure(o Options) (*config.Config, error) {
	addr, err := address(o.Addr)
	if err != nil {
		return nil, err
	}
	return config.FromEnviron(append(d.Stage.Environ(),
		"DUBAN_DATABASE_DSN=sqlite:"+filepath.Join(d.dir, "duban.db"), "DUBAN_DATA_DIR="+d.dir,
		"DUBAN_SERVER_ADDR="+addr, "DUBAN_SERVER_PUBLIC_URL="+public(addr), "DUBAN_DEV_NOW="+d.Clock.Now().Format(time.RFC3339)))
}

// address keeps the usual port if it is free; a newcomer should not have to
// think about ports.
func address(asked string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	l, err := net.Listen("tcp", DefaultAddr)
	if err != nil {
		return "127.0.0.1:0", nil
	}
	return DefaultAddr, l.Close()
}

// public is how this machine's browser reaches the pages, "" if that is not known
// beforehand.
func public(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || port == "0" || host == "" || ip != nil && ip.IsUnspecified() {
		return ""
	}
	return "http://" + addr
}

const clockFile = "clock"

func (d *Demo) startClock(asked time.Time) (*clock.Movable, error) {
	if !asked.IsZero() {
		return clock.NewMovable(asked), nil
	}
	if saved, err := os.ReadFile(filepath.Join(d.dir, clockFile)); err == nil {
		if t, err := time.Parse(time.RFC3339, strings.TrimSpace(string(saved))); err == nil {
			return clock.NewMovable(t), nil
		}
	}
	t, err := time.Parse(time.RFC3339, Start)
	return clock.NewMovable(t), err
}

// Close stops everything, the fakes last.
func (d *Demo) Close(ctx context.Context) error {
	d.feed.Close()
	var err error
	if d.App != nil {
		err = d.App.Stop(ctx)
	}
	if d.Stage != nil {
		d.Stage.Close()
	}
	switch {
	case d.remove:
		_ = os.RemoveAll(d.dir)
	case d.Clock != nil:
		_ = os.WriteFile(filepath.Join(d.dir, clockFile), []byte(d.Clock.Now().Format(time.RFC3339)), 0o600)
	}
	return err
}

// Run shows the demonstration until ctx ends. visit is called with the page's
// address once it can be opened.
func Run(ctx context.Context, o Options, out io.Writer, visit func(url string)) error {
	d, err := Open(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "督办助手演示已启动，请打开：\n\n    %s\n\n假的企业微信和钉钉都在本机，时钟从 %s 开始，可以在页面上拨动。按 Ctrl-C 结束。\n",
		d.URL, d.World.shown(d.Clock.Now()))
	if visit != nil {
		visit(d.URL)
	}
	select {
	case <-ctx.Done():
	case err = <-d.App.Failed():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	if e := d.Close(stop); err == nil {
		err = e
	}
	return err
}
