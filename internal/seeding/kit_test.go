package seeding_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/glebarez/go-sqlite"
	_ "github.com/go-sql-driver/mysql"
	"github.com/google/go-cmp/cmp"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/remind"
	"duban/internal/seeding"
	"duban/internal/store"
	"duban/internal/supervise"
	"duban/internal/testkit"
	"duban/seeds"
)

var (
	ctx      = context.Background()
	shanghai = time.FixedZone("CST", 8*3600)
	start    = time.Date(2025, 9, 10, 9, 30, 0, 0, shanghai)
)

// base is a migrated database with a look at its tables.
type base struct {
	*store.Store
	db *sql.DB
}

func each(t *testing.T, fn func(t *testing.T, b base)) {
	t.Helper()
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		s := testkit.Open(t, dsn)
		_, err := s.Migrate(ctx)
		ok(t, err)
		driver, rest, _ := strings.Cut(dsn, ":")
		db, err := sql.Open(driver, rest)
		ok(t, err)
		t.Cleanup(func() { _ = db.Close() })
		fn(t, base{s, db})
	})
}

// rows returns what a query finds as text, a line each.
func (b base) rows(t *testing.T, text string) []string {
	t.Helper()
	found, err := b.db.QueryContext(ctx, text)
	ok(t, err)
	defer found.Close()
	names, err := found.Columns()
	ok(t, err)
	out := []string{}
	for found.Next() {
		cells, into := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		ok(t, found.Scan(into...))
		line := make([]string, len(names))
		for i, c := range cells {
			line[i] = c.String
		}
		out = append(out, strings.Join(line, "|"))
	}
	ok(t, found.Err())
	return out
}

func (b base) exec(t *testing.T, text string) {
	t.Helper()
	_, err := b.db.ExecContext(ctx, text)
	ok(t, err)
}

// dump returns every row of every table.
func (b base) dump(t *testing.T) map[string][]string {
	t.Helper()
	tables := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'"
	if b.Dialect() == store.MySQL {
		tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'goose_%'"
	}
	out := map[string][]string{}
	for _, name := range b.rows(t, tables) {
		out[name] = b.rows(t, "SELECT * FROM `"+name+"`")
		slices.Sort(out[name])
	}
	return out
}

func (b base) seeder() seeding.Seeder {
	return seeding.Seeder{
		Store: b.Store,
		Desk: &supervise.Desk{
			Cal:   remind.Calendars{Days: calendar.DefaultWorkdays(), Terms: calendar.DefaultTerms(), Loc: shanghai},
			Clock: clock.NewFrozen(start),
		},
		Corps: map[string]string{"wecom": "corp-w", "dingtalk": "corp-d"},
	}
}

// apply seeds and returns the report.
func (b base) apply(t *testing.T, set *seeds.Set) seeding.Report {
	t.Helper()
	r, err := b.seeder().Apply(ctx, set, seeds.Policies())
	ok(t, err)
	return r
}

func demo(t *testing.T) *seeds.Set {
	t.Helper()
	set, err := seeds.Demo()
	ok(t, err)
	return set
}

func production(t *testing.T) *seeds.Set {
	t.Helper()
	set, err := seeds.Default()
	ok(t, err)
	return set
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
