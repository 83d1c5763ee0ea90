package main

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"duban/internal/app"
	"duban/internal/clock"
	"duban/internal/config"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
	"duban/seeds"
)

// morning is when the soak begins: a Wednesday in the first weeks of term.
const morning = "2025-09-10T09:30:00+08:00"

// world is duban between its platforms, in one process, so that what it holds can be counted.
type world struct {
	app   *app.App
	stage *stage.Stage
	clock *clock.Movable
	book  *book
	db    *sql.DB
	dir   string

	writing sync.WaitGroup // what is under way
}

func open(ctx context.Context) (*world, error) {
	at, err := time.Parse(time.RFC3339, morning)
	if err != nil {
		return nil, err
	}
	set, err := seeds.Demo()
	if err != nil {
		return nil, err
	}
	w := &world{clock: clock.NewMovable(at), book: newBook()}
	if w.stage, err = stage.Open(set, w.clock.Now); err != nil {
		return nil, err
	}
	w.stage.UseStream()
	w.stage.UseSmartBot(true)
	w.stage.DingTalk.Subscribe(func(s simdingtalk.Sent) { w.book.answered(s.UserID) })
	w.stage.WeCom.Subscribe(func(s simwecom.Sent) { w.book.answered(s.To) })
	if w.dir, err = os.MkdirTemp("", "duban-lines-"); err != nil {
		return nil, err
	}
	return w, w.start(ctx)
}

func (w *world) start(ctx context.Context) error {
	file := filepath.Join(w.dir, "duban.db")
	cfg, err := config.FromEnviron(append(w.stage.Environ(), "DUBAN_DINGTALK_MONTHLY_CALLS=1000000", "DUBAN_DINGTALK_MONTHLY_PUSHES=1000000",
		"DUBAN_DATABASE_DSN=sqlite:"+file, "DUBAN_SERVER_ADDR=127.0.0.1:0", "DUBAN_DATA_DIR="+w.dir, "DUBAN_DEV_NOW="+morning))
	if err != nil {
		return err
	}
	if _, err := app.Migrate(ctx, cfg); err != nil {
		return err
	}
	if w.app, err = app.New(ctx, cfg, app.Options{Log: slog.New(slog.DiscardHandler), Clock: w.clock}); err != nil {
		return err
	}
	if w.db, err = sql.Open("sqlite", file); err != nil {
		return err
	}
	return w.app.Start()
}

func (w *world) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if w.app != nil {
		_ = w.app.Stop(ctx)
	}
	if w.db != nil {
		_ = w.db.Close()
	}
	w.stage.Close()
	_ = os.RemoveAll(w.dir)
}

// during has people write while the connections are cut. It returns when everybody has
// stopped, both connections are back and what was taken has been answered.
func (w *world) during(ctx context.Context, cut func(context.Context) error) error {
	writing, stop := context.WithCancel(ctx)
	defer stop()
	for range writers {
		w.writing.Go(func() { w.write(writing, w.overStream) })
		w.writing.Go(func() { w.write(writing, w.overSocket) })
	}
	err := cut(ctx)
	stop()
	w.writing.Wait()
	if err == nil {
		err = w.rest(ctx)
	}
	return err
}

// rest waits until both connections are there and nothing is under way.
func (w *world) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := w.stage.DingTalk.AwaitStreams(ctx, 1); err != nil {
		return err
	}
	if err := w.stage.SmartBot.AwaitSocket(ctx, true); err != nil {
		return err
	}
	for last, same := -1, 0; same < 6; {
		if n := w.book.total(); n == last {
			same++
		} else {
			last, same = n, 0
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
	return nil
}

// stored returns whose messages are in the database, and how often.
func (w *world) stored(ctx context.Context) (map[string]int, error) {
	rows, err := w.db.QueryContext(ctx, "SELECT user_id, COUNT(*) FROM inbox GROUP BY user_id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var user string
		var n int
		if err := rows.Scan(&user, &n); err != nil {
			return nil, err
		}
		out[user] = n
	}
	return out, rows.Err()
}
