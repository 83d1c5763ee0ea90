package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"duban/internal/clock"
	"duban/internal/obs"
	"duban/internal/queue"
	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
	"duban/seeds"
)

const (
	people     = 20_000 // every second one on DingTalk
	each       = 5      // notices a person, merged into one message
	emptyTasks = 20_000
	// What one call may name; see bot.BatchSender.
	wecomBatch, dingtalkBatch = 1000, 20
)

// drain sends what many people have waiting, first words of their own, then the
// same words to all, and compares with the library carrying out empty tasks.
func drain(ctx context.Context, admin, redis string) error {
	library, err := libraryRate(strings.TrimSuffix(redis, "/0") + "/1")
	if err != nil {
		return err
	}
	fmt.Printf("drain: the queue's library carries out %.0f empty tasks a second\n", library)
	dsn, drop, err := database(ctx, admin)
	if err != nil {
		return err
	}
	defer drop()
	d, err := openDrain(ctx, dsn, redis)
	if err != nil {
		return err
	}
	defer d.bench.close()
	defer d.db.Close()
	own, same := people, people/2/wecomBatch+people/2/dingtalkBatch
	for _, p := range []part{
		{"words of their own", notices("merged", "reminder", "CONCAT('第', n.seq, '号事项请办理，第', k.seq, '件')", each), people * each, own},
		{"the same words", notices("prompt", "work_update", "'明天下午三点全体开会，请准时参加。'", 1), people, same},
	} {
		if err := d.run(ctx, p, library); err != nil {
			return err
		}
	}
	return nil
}

// part is one crowd of notices: what fills the table, how many they are, and how
// many calls they need at least.
type part struct {
	name    string
	fill    string
	notices int
	least   int
}

// notices is a statement that tells everybody some things.
func notices(urgency, kind, text string, each int) string {
	return fmt.Sprintf(`INSERT INTO notices (dedupe_key, urgency, kind, subject_kind, person_id, not_before, created_at, text, state)
		SELECT UUID(), '%s', '%s', 'person', CONCAT('crowd-', n.seq), ?, ?, %s, 'pending'
		FROM (%s) n JOIN (%s) k ON n.seq <= %d AND k.seq <= %d`, urgency, kind, text, numbers(100_000), numbers(10), people, each)
}

// libraryRate is how many tasks that do nothing the workers carry out a second.
func libraryRate(redis string) (float64, error) {
	log := slog.New(slog.DiscardHandler)
	q, err := queue.Open(queue.Options{URL: redis, Log: log, Metrics: obs.NewMetrics()})
	if err != nil {
		return 0, err
	}
	defer q.Close()
	for i := range emptyTasks {
		if err := q.Enqueue(context.Background(), queue.SendTask(0, int64(i))); err != nil {
			return 0, err
		}
	}
	var left atomic.Int64
	left.Store(emptyTasks)
	done := make(chan struct{})
	w := queue.NewWorker(q, queue.Jobs{Send: func(context.Context, []int64) error {
		if left.Add(-1) == 0 {
			close(done)
		}
		return nil
	}})
	started := time.Now()
	if err := w.Start(); err != nil {
		return 0, err
	}
	defer w.Stop()
	select {
	case <-done:
		return emptyTasks / time.Since(started).Seconds(), nil
	case <-time.After(time.Minute):
		return 0, fmt.Errorf("%d empty tasks left after a minute", left.Load())
	}
}

// drainer is duban with a crowd, and what the platforms count.
type drainer struct {
	bench *bench
	db    *sql.DB
	clock *clock.Movable

	mu     sync.Mutex
	calls  map[string]bool // by the platform's id of the message
	copies int
}

func openDrain(ctx context.Context, dsn, redis string) (*drainer, error) {
	set, err := seeds.Demo()
	if err != nil {
		return nil, err
	}
	all := *set
	for i := range people {
		id := fmt.Sprintf("crowd-%d", i+1)
		all.Persons = append(all.Persons, seeds.Person{ID: id, Name: id})
		all.Accounts = append(all.Accounts, seeds.Account{Person: id, Platform: []string{"wecom", "dingtalk"}[i%2], UserID: id})
	}
	d := &drainer{clock: clock.NewFrozen(time.Date(2025, 9, 10, 1, 30, 0, 0, time.UTC))}
	if d.bench, err = openWith(ctx, dsn, redis, set, &all, d.clock, "web,worker"); err != nil {
		return nil, err
	}
	if d.db, err = sql.Open("mysql", dsn); err != nil {
		return nil, err
	}
	corp := fmt.Sprintf("CASE WHEN seq %% 2 = 1 THEN '%s' ELSE '%s' END", d.bench.cfg.WeCom.CorpID, d.bench.cfg.DingTalk.CorpID)
	for _, step := range []string{
		"DELETE FROM chases", // nothing but the crowd has something waiting
		"DELETE FROM notices",
		fmt.Sprintf("INSERT INTO persons (id, name, unit_id, active) SELECT CONCAT('crowd-', seq), CONCAT('测试', seq), 'wenchang', 1 FROM (%s) n WHERE seq <= %d", numbers(100_000), people),
		fmt.Sprintf("INSERT INTO accounts (platform, corp, user_id, person_id) SELECT CASE WHEN seq %% 2 = 1 THEN 'wecom' ELSE 'dingtalk' END, %s, CONCAT('crowd-', seq), CONCAT('crowd-', seq) FROM (%s) n WHERE seq <= %d", corp, numbers(100_000), people),
		"ANALYZE TABLE persons, accounts, notices",
	} {
		if _, err := d.db.ExecContext(ctx, step); err != nil {
			return nil, fmt.Errorf("fill the tables: %w", err)
		}
	}
	d.bench.stage.WeCom.Subscribe(func(m simwecom.Sent) { d.count(m.MsgID) })
	d.bench.stage.DingTalk.Subscribe(func(m simdingtalk.Sent) { d.count(m.Key) })
	return d, nil
}

func (d *drainer) count(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls[id] = true
	d.copies++
}

// run fills the table and waits until everything has left.
func (d *drainer) run(ctx context.Context, p part, library float64) error {
	d.calls, d.copies = map[string]bool{}, 0
	now := d.clock.Now().UnixMilli()
	if _, err := d.db.ExecContext(ctx, p.fill, now, now); err != nil {
		return fmt.Errorf("fill the notices: %w", err)
	}
	first, peak := heap(), uint64(0)
	started, seen := time.Now(), time.Now()
	for {
		if err := d.bench.app.Sweep(ctx); err != nil {
			return err
		}
		left, copies, err := d.left(ctx)
		if err != nil {
			return err
		}
		peak = max(peak, heap())
		d.bench.stage.WeCom.Reset() // what the platforms remember is not duban's memory
		d.bench.stage.DingTalk.ClearSent()
		if left == 0 {
			break
		}
		if copies > 0 {
			seen = time.Now()
		}
		if time.Since(seen) > 2*time.Minute {
			return fmt.Errorf("%d notices and messages do not leave", left)
		}
		time.Sleep(200 * time.Millisecond)
	}
	took := time.Since(started)
	share := func(n int) float64 { return 100 * float64(n) / took.Seconds() / library }
	fmt.Printf("drain, %s: %d notices in %d messages in %s, %.0f %% of the empty tasks a second by notices (aim 33 %%), %.0f %% by messages\n",
		p.name, p.notices, d.copies, took.Round(time.Millisecond), share(p.notices), share(d.copies))
	fmt.Printf("drain, %s: %d platform calls, at least %d; heap %d MB before, at most %d MB, %d MB after\n", p.name, len(d.calls), p.least, first>>20, peak>>20, heap()>>20)
	if d.copies != people {
		return fmt.Errorf("%d copies arrived for %d people", d.copies, people)
	}
	return nil
}

// left counts what has not yet gone.
func (d *drainer) left(ctx context.Context) (n, copies int, err error) {
	err = d.db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM notices WHERE state = 'pending') + (SELECT COUNT(*) FROM messages WHERE state IN ('queued', 'sending'))`).Scan(&n)
	d.mu.Lock()
	defer d.mu.Unlock()
	return n, d.copies, err
}

// heap is what is in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
