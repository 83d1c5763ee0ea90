// Command bench measures duban against the floor under it, in one run: progress
// reports through the real WeCom callback beside a bare handler that decrypts,
// stores one row and answers; every road beside that and beside the same on the platforms'
// Node libraries; a tick among many items beside one among few; the
// sending of many messages beside the library's empty tasks; what people ask about
// hazards among many beside among few. It prints ratios; the absolute figures belong
// to the machine. It needs the MySQL and Redis of the tests; hazards alone do without.
package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime/pprof"
	"strings"
	"time"

	_ "github.com/go-sql-driver/mysql"

	"duban/bot/wecom"
	"duban/internal/app"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/seeding"
	"duban/internal/sim/stage"
	"duban/internal/store"
	"duban/seeds"
)

// How the load is made: as many callers as a busy morning brings, alternating
// rounds so that what disturbs the machine disturbs both.
const (
	callers = 16
	rounds  = 3
	length  = 6 * time.Second
	schools = 200
)

func main() {
	profile := flag.String("cpuprofile", "", "write a CPU profile of the whole run to this file")
	only := flag.String("only", "", "one part: callback, roads, tick, drain, hazards or demo")
	asFloor := flag.Bool("serve-floor", false, "serve as the floor that the roads are measured beside")
	flag.Parse()
	if *asFloor {
		if err := serveFloor(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	if err := run(context.Background(), *only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) error {
	admin, redis := os.Getenv("DUBAN_TEST_MYSQL_DSN"), os.Getenv("DUBAN_TEST_REDIS_URL")
	if only != "hazards" && (admin == "" || redis == "") {
		return fmt.Errorf("run me with: make bench")
	}
	for _, part := range []struct {
		name string
		run  func(ctx context.Context, admin, redis string) error
	}{{"callback", callback}, {"roads", roads}, {"tick", tick}, {"drain", drain}, {"hazards", hazards}, {"demo", func(ctx context.Context, _, _ string) error { return demo(ctx) }}} {
		if only != "" && only != part.name {
			continue
		}
		if err := part.run(ctx, admin, redis); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// callback compares progress reports with the floor.
func callback(ctx context.Context, admin, redis string) error {
	dsn, drop, err := database(ctx, admin)
	if err != nil {
		return err
	}
	defer drop()
	b, err := open(ctx, dsn, redis)
	if err != nil {
		return err
	}
	defer b.close()
	f, err := openFloor(ctx, dsn, b.codec, b.cfg.WeCom.CorpID)
	if err != nil {
		return err
	}
	defer f.close()
	return compare(ctx, b, f)
}

// compare runs the rounds and prints what came out.
func compare(ctx context.Context, b *bench, f *floor) error {
	var floorRuns, dubanRuns []result
	for range rounds {
		r, err := load(ctx, b, f.url)
		if err != nil {
			return err
		}
		floorRuns = append(floorRuns, r)
		if r, err = load(ctx, b, b.stage.WeComCallback()); err != nil {
			return err
		}
		dubanRuns = append(dubanRuns, r)
	}
	floor, duban := merge(floorRuns), merge(dubanRuns)
	fmt.Printf("%-22s %12s %10s %10s\n", fmt.Sprintf("%d callers, %d rounds", callers, rounds), "messages/s", "p50", "p99")
	for _, line := range []struct {
		name string
		r    result
	}{{"floor", floor}, {"duban", duban}} {
		fmt.Printf("%-22s %12.0f %10s %10s\n", line.name, line.r.rate(), line.r.at(0.50).Round(10*time.Microsecond), line.r.at(0.99).Round(10*time.Microsecond))
	}
	fmt.Printf("duban reaches %.0f %% of the floor\n", 100*duban.rate()/floor.rate())
	return b.verify(ctx, len(duban.took))
}

// database makes a database of its own and returns how to drop it.
func database(ctx context.Context, admin string) (dsn string, drop func(), err error) {
	db, err := sql.Open("mysql", admin)
	if err != nil {
		return "", nil, err
	}
	name := "duban_bench_" + strings.ToLower(rand.Text()[:10])
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4"); err != nil {
		return "", nil, err
	}
	return admin[:strings.LastIndex(admin, "/")+1] + name, func() {
		_, _ = db.Exec("DROP DATABASE " + name)
		_ = db.Close()
	}, nil
}

// bench is duban, ready to be called.
type bench struct {
	app   *app.App
	cfg   *config.Config
	stage *stage.Stage
	codec *wecom.Codec
}

// open runs duban as for a busy morning, its clock running.
func open(ctx context.Context, dsn, redis string) (*bench, error) {
	set, err := crowd()
	if err != nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339, "2025-09-10T09:30:00+08:00")
	if err != nil {
		return nil, err
	}
	return openWith(ctx, dsn, redis, set, set, clock.NewMovable(at), "web,worker,scheduler")
}

// openWith runs duban with the people of a seed set; the platforms may know more.
func openWith(ctx context.Context, dsn, redis string, set, onPlatforms *seeds.Set, c *clock.Movable, roles string) (*bench, error) {
	b := &bench{}
	var err error
	if b.stage, err = stage.Open(onPlatforms, c.Now); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "duban-bench-")
	if err != nil {
		return nil, err
	}
	b.cfg, err = config.FromEnviron(append(b.stage.Environ(), "DUBAN_DINGTALK_MONTHLY_CALLS=1000000", "DUBAN_DINGTALK_MONTHLY_PUSHES=1000000", "DUBAN_DATABASE_DSN=mysql:"+dsn, "DUBAN_REDIS_URL="+redis,
		"DUBAN_SERVER_ADDR=127.0.0.1:0", "DUBAN_DATA_DIR="+dir, "DUBAN_DEV_NOW="+c.Now().Format(time.RFC3339), "DUBAN_SERVER_ROLES="+roles))
	if err != nil {
		return nil, err
	}
	if _, err := app.Migrate(ctx, b.cfg); err != nil {
		return nil, err
	}
	if err := seed(ctx, b.cfg, set, c); err != nil {
		return nil, err
	}
	if b.app, err = app.New(ctx, b.cfg, app.Options{Log: slog.New(slog.DiscardHandler), Clock: c}); err != nil {
		return nil, err
	}
	if err := b.app.Start(); err != nil {
		return nil, err
	}
	b.stage.CallTo("http://" + b.app.Addr())
	b.codec, err = wecom.NewCodec(b.cfg.WeCom.Token.Reveal(), b.cfg.WeCom.EncodingAESKey.Reveal(), b.cfg.WeCom.CorpID)
	return b, err
}

func (b *bench) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	_ = b.app.Stop(ctx)
	b.stage.Close()
	_ = os.RemoveAll(b.cfg.Data.Dir)
}

// item is what everybody reports on: one with a date, due in some weeks.
const item = "5-4"

// crowd is the demonstration with many more schools, a teacher each, all of whom
// have the item to do.
func crowd() (*seeds.Set, error) { return crowdOf(schools, "wecom") }

// crowdOf is a crowd of so many schools with accounts on the platforms named.
func crowdOf(schools int, platforms ...string) (*seeds.Set, error) {
	set, err := seeds.Demo()
	if err != nil {
		return nil, err
	}
	var units []string
	for i := range schools {
		id := user(i)
		units = append(units, id)
		set.Units = append(set.Units, seeds.Unit{ID: id, Name: fmt.Sprintf("第%d测试小学", i), Kind: "primary", Parent: "ju", Term: "primary_middle"})
		set.Persons = append(set.Persons, seeds.Person{ID: id, Name: fmt.Sprintf("测试教师%d", i), Unit: id})
		for _, p := range platforms {
			set.Accounts = append(set.Accounts, seeds.Account{Person: id, Platform: p, UserID: id})
		}
	}
	for i, c := range set.Confirmations {
		if c.Item == item {
			set.Confirmations[i].Units = units
		}
	}
	return set, nil
}

func user(i int) string { return fmt.Sprintf("bench-%03d", i) }

func seed(ctx context.Context, cfg *config.Config, set *seeds.Set, c clock.Clock) error {
	s, err := store.Open(ctx, cfg.Database.DSN.Reveal())
	if err != nil {
		return err
	}
	defer s.Close()
	seeder := seeding.Seeder{Store: s, Desk: app.DeskFor(cfg, c), Corps: map[string]string{"wecom": cfg.WeCom.CorpID, "dingtalk": cfg.DingTalk.CorpID}}
	_, err = seeder.Apply(ctx, set, seeds.Policies())
	return err
}

// verify holds that every answered message was stored.
func (b *bench) verify(ctx context.Context, sent int) error {
	db, err := sql.Open("mysql", strings.TrimPrefix(b.cfg.Database.DSN.Reveal(), "mysql:"))
	if err != nil {
		return err
	}
	defer db.Close()
	var reports int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM reports").Scan(&reports); err != nil {
		return err
	}
	fmt.Printf("%d messages answered, %d reports stored\n", sent, reports)
	if reports != sent {
		return fmt.Errorf("answers and rows differ")
	}
	return nil
}
