package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"duban/internal/app"
	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/hazard"
	"duban/internal/ledger"
	"duban/internal/notify"
	"duban/internal/store"
)

const (
	fewHazards = 2_000
	allHazards = 200_000
	repeats    = 5
)

// hazards compares what people ask about hazards among few and among many, on SQLite
// and, where there is one, on MySQL. What is bounded should take about as long; what
// counts or exports everything grows with what there is.
func hazards(ctx context.Context, admin, _ string) error {
	dir, err := os.MkdirTemp("", "duban-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := hazardsOn(ctx, "SQLite", func(name string) (string, func(), error) {
		return "sqlite:" + filepath.Join(dir, name+".db"), func() {}, nil
	}); err != nil || admin == "" {
		return err
	}
	return hazardsOn(ctx, "MySQL", func(string) (string, func(), error) {
		dsn, drop, err := database(ctx, admin)
		return "mysql:" + dsn, drop, err
	})
}

func hazardsOn(ctx context.Context, name string, fresh func(name string) (string, func(), error)) error {
	var few, all []timing
	for _, size := range []struct {
		n  int
		to *[]timing
	}{{fewHazards, &few}, {allHazards, &all}} {
		dsn, drop, err := fresh(fmt.Sprint(size.n))
		if err != nil {
			return err
		}
		*size.to, err = hazardsAmong(ctx, dsn, size.n)
		drop()
		if err != nil {
			return err
		}
	}
	fmt.Printf("hazards on %-32s %10d %10d\n", name, fewHazards, allHazards)
	for i, t := range all {
		fmt.Printf("  %-40s %10s %10s  %6.1f times, heap %d and %d MB at most\n", t.name, short(few[i].took), short(t.took), t.took.Seconds()/few[i].took.Seconds(), few[i].heap>>20, t.heap>>20)
	}
	return nil
}

func short(d time.Duration) time.Duration {
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Millisecond)
}

// timing is the median of some runs of one question.
type timing struct {
	name string
	took time.Duration
	heap uint64 // at most in use beyond what was before
}

func hazardsAmong(ctx context.Context, dsn string, n int) ([]timing, error) {
	c := clock.NewFrozen(time.Date(2025, 9, 10, 1, 30, 0, 0, time.UTC))
	cfg, err := config.FromEnviron([]string{"DUBAN_DATABASE_DSN=" + dsn, "DUBAN_DATA_DIR=" + os.TempDir()})
	if err != nil {
		return nil, err
	}
	if _, err := app.Migrate(ctx, cfg); err != nil {
		return nil, err
	}
	set, err := crowd()
	if err != nil {
		return nil, err
	}
	if err := seed(ctx, cfg, set, c); err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := fillHazards(ctx, dsn, c.Now(), n); err != nil {
		return nil, err
	}
	var out []timing
	for _, q := range questions(ctx, s, c.Now(), n) {
		t, err := q.measure()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

// question is something to be measured.
type question struct {
	name string
	ask  func() error
}

func (q question) measure() (timing, error) {
	var took []time.Duration
	before, stop := heap(), watchHeap()
	for range repeats {
		started := time.Now()
		if err := q.ask(); err != nil {
			stop()
			return timing{name: q.name}, err
		}
		took = append(took, time.Since(started))
	}
	slices.Sort(took)
	return timing{name: q.name, took: took[repeats/2], heap: stop() - before}, nil
}

// fillHazards writes n hazards of five years in 200 schools, nineteen of twenty closed,
// each with a photo before and every second one with a photo after.
func fillHazards(ctx context.Context, dsn string, now time.Time, n int) error {
	driver, source, _ := strings.Cut(dsn, ":") // the drivers are called like the prefixes
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	defer db.Close()
	const five = 5 * 365 * 24 * time.Hour
	first, step := now.Add(-five).UnixMilli(), five.Milliseconds()/int64(n)
	from := fmt.Sprintf("FROM (%s) n WHERE seq <= %d", numbers(1_000_000), n)
	state := fmt.Sprintf("CASE WHEN seq %% 20 = 0 OR seq > %d THEN CASE WHEN seq %% 3 = 0 THEN 'fixing' ELSE 'signed' END ELSE 'closed' END", n-n/100)
	for _, into := range []string{
		`hazards (id, year, seq, unit_id, category, location, descr, level, state, reporter, sign_due, fix_due, signed_at, created_at, version)
			SELECT seq, 2025, seq, CONCAT('bench-', CONCAT(CASE WHEN seq % 200 < 10 THEN '00' WHEN seq % 200 < 100 THEN '0' ELSE '' END, seq % 200)),
			CASE WHEN seq % 5000 = 0 THEN '特种设备' WHEN seq % 3 = 0 THEN '消防' WHEN seq % 3 = 1 THEN '食品' ELSE '建筑设施' END, CONCAT(seq % 7, '号楼二楼走廊'),
			CONCAT('疏散指示灯不亮，灯箱破损，编号', seq), CASE WHEN seq % 100 = 0 THEN '重大' ELSE '一般' END, ` + state + `, CONCAT('bench-', seq % 997), '2025-01-01', '2025-09-01', 1, ` +
			fmt.Sprintf("%d + seq * %d, 3 ", first, step),
		"hazard_lives (hazard_id, graded_at, control, fixed_at, fix_day, fix_note, reviewed_at, reviewed_by, closed_at) SELECT seq, 1, '已拉警戒线，安排专人看守', " +
			fmt.Sprintf("%d + seq * %d + seq %% 20 * 86400000", first, step) + ", '2025-09-01', '已更换全部灯具并测试', 2, 'ban-ducha', 3 ",
		"hazard_courses (hazard_id, duty, measures, money, limits, plan, coordination) SELECT seq, '', '', '', '', '', '' ",
		"files (subject_kind, subject_id, unit_id, home, kind, ref, state, sha256, stage) SELECT 'hazard', seq, '', '', 'image', '', 'stored', CONCAT('sha', seq), 'before' ",
		"files (subject_kind, subject_id, unit_id, home, kind, ref, state, sha256, stage) SELECT 'hazard', seq, '', '', 'image', '', 'stored', CONCAT('sha', seq), 'after' ",
	} {
		if _, err := db.ExecContext(ctx, "INSERT INTO "+into+from); err != nil {
			return fmt.Errorf("fill the tables: %w", err)
		}
	}
	analyse := "ANALYZE"
	if driver == "mysql" {
		analyse = "ANALYZE TABLE hazards, hazard_lives, hazard_courses, files"
	}
	_, err = db.ExecContext(ctx, analyse)
	return err
}

func questions(ctx context.Context, s *store.Store, now time.Time, n int) []question {
	tx := s.Read(ctx)
	today := calendar.In(now, time.UTC)
	list := func(name string, f hazard.Filter) question {
		return question{name, func() error { _, err := tx.Hazards(ctx, f); return err }}
	}
	figures := func(name, by string, f hazard.Filter) question {
		f.Today = today
		return question{name, func() error {
			_, err := tx.HazardTally(ctx, by, f)
			if err == nil {
				_, err = tx.FixTimes(ctx, by, f, 8*time.Hour)
			}
			return err
		}}
	}
	school, month := []string{user(7)}, now.AddDate(0, -1, 0)
	out := []question{
		list("list: open ones of a school", hazard.Filter{Units: school, OpenOnly: true}),
		list("list: open ones", hazard.Filter{OpenOnly: true}),
		list("list: overdue ones", hazard.Filter{Overdue: true, OpenOnly: true, Today: today}),
		list("list: the newest 100", hazard.Filter{Limit: 100}),
		list("list: the newest of a school or a person", hazard.Filter{EitherOwn: true, Units: school, Reporter: "bench-3", Limit: 100}),
		list("list: a rare category", hazard.Filter{Category: "特种设备"}),
		list("list: major ones", hazard.Filter{Level: hazard.Major}),
		list("list: of a week", hazard.Filter{Since: now.AddDate(0, 0, -7), Before: now, Limit: 200}),
		list("list: to be fixed within a week", hazard.Filter{OpenOnly: true, FixFrom: today, FixTo: today.Add(7), Limit: 200}),
		list("search: by words, a school's", hazard.Filter{Units: school, Words: []string{"软管", "没有这个词"}, Limit: 100}),
		list("search: by words, everything", hazard.Filter{Words: []string{"软管", "没有这个词"}, Limit: 100}),
		list("search: by number", hazard.Filter{Seq: n / 2, Limit: 5}),
		figures("figures: everything by school", "unit", hazard.Filter{}),
		figures("figures: everything by category", "category", hazard.Filter{}),
		figures("figures: a month by school", "unit", hazard.Filter{Since: month, Before: now}),
		figures("figures: one school", "category", hazard.Filter{Units: school}),
	}
	count := func() error {
		_, err := tx.HazardIDs(ctx, hazard.Filter{Told: true, Today: today, Limit: ledger.MaxHazards + 1})
		return err
	}
	return append(append(out, question{"export: what the answer counts", count}), exports(ctx, s, now)...)
}

// exports are the making of files, for one school and for everything there is.
func exports(ctx context.Context, s *store.Store, now time.Time) []question {
	made := &notify.Ledgers{Work: readers{s}, Thumbs: sameThumb(thumbnail()), Clock: clock.NewFrozen(now), Loc: time.FixedZone("CST", 8*3600), Days: calendar.DefaultWorkdays()}
	make := func(q ledger.Query) func() error {
		q.What, q.Format = ledger.Hazard, ledger.XLSX
		return func() error {
			doc, err := made.Make(ctx, "ban-ducha", q.Pack())
			if err == nil && !strings.HasSuffix(doc.Name, ".xlsx") {
				err = errors.New("no workbook came")
			}
			return err
		}
	}
	return []question{{"export: one school", make(ledger.Query{Unit: user(7)})}, {"export: everything", make(ledger.Query{})}}
}

// readers opens transactions for the making of files.
type readers struct{ store *store.Store }

// Within implements notify.LedgerWork.
func (r readers) Within(ctx context.Context, fn func(notify.LedgerTx) error) error {
	return r.store.Within(ctx, func(tx *store.Tx) error { return fn(tx) })
}

// sameThumb is the small copy of every photo.
type sameThumb []byte

// Thumb implements ledger.Thumbs.
func (s sameThumb) Thumb(context.Context, string, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(s)), nil
}

// thumbnail is a picture of 480 points that does not compress well.
func thumbnail() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 480, 360))
	for y := range 360 {
		for x := range 480 {
			m.SetRGBA(x, y, color.RGBA{uint8(x * y), uint8(x ^ y), uint8(x + y), 255})
		}
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, m, nil) // into memory
	return out.Bytes()
}

// watchHeap samples the memory in use until stopped, and returns its peak.
func watchHeap() (stop func() uint64) {
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
			select {
			case <-done:
				peak <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 { close(done); return <-peak }
}
