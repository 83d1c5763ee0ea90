package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/store"
	"duban/internal/testkit"
	"duban/migrations"
)

// versions returns how many migrations a dialect has.
func versions(t *testing.T, dialect string) int {
	t.Helper()
	fsys, err := migrations.For(dialect)
	ok(t, err)
	names, err := fs.Glob(fsys, "*.sql")
	ok(t, err)
	return len(names)
}

func migrateUp(t *testing.T, s *store.Store) int {
	t.Helper()
	n, err := s.Migrate(ctx)
	ok(t, err)
	return n
}

func TestMigrate(t *testing.T) {
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		s := testkit.Open(t, dsn)
		all := versions(t, s.Dialect())
		err := s.Current(ctx)
		same(t, "an empty database", errs.CodeOf(err), errs.Conflict)
		same(t, "sentence", errs.Say(err), "数据库结构还没有升级，请先运行 duban migrate up")
		before, err := s.Status(ctx)
		ok(t, err)
		same(t, "status lines", len(before), all)
		for i, m := range before {
			if i > 0 && m.Version <= before[i-1].Version || !m.AppliedAt.IsZero() || !strings.HasPrefix(m.Name, fmt.Sprintf("%05d_", m.Version)) {
				t.Errorf("pending: %+v", m)
			}
		}
		same(t, "first run", migrateUp(t, s), all)
		same(t, "second run", migrateUp(t, s), 0)
		ok(t, s.Current(ctx))
		after, err := s.Status(ctx)
		ok(t, err)
		for _, m := range after {
			if m.AppliedAt.IsZero() {
				t.Errorf("not applied: %+v", m)
			}
		}
	})
}

// Several nodes start at the same moment on an empty database.
func TestMigrateAtOnce(t *testing.T) {
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		applied := make([]int, 4)
		ok(t, race(4, func(i int) error {
			s, err := store.Open(ctx, dsn)
			if err != nil {
				return err
			}
			defer s.Close()
			applied[i], err = s.Migrate(ctx)
			return err
		}))
		slices.Sort(applied)
		s := testkit.Open(t, dsn)
		same(t, "applied by", applied, []int{0, 0, 0, versions(t, s.Dialect())})
		ok(t, s.Current(ctx))
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
		_, err := s.Migrate(ctx)
		for what, err := range map[string]error{"migrate": err, "current": s.Current(ctx)} {
			same(t, what, errs.CodeOf(err), errs.Conflict)
			if say := errs.Say(err); !strings.HasPrefix(say, "数据库结构（版本 999）比程序（版本 ") || !strings.HasSuffix(say, "）新，请升级程序；不要用旧程序连新库") {
				t.Errorf("%s says %q", what, say)
			}
		}
	})
}

// A node that died in the middle of a migration leaves tables without a version;
// the next start completes it and keeps what is there. MySQL commits each
// statement, so every migration has to bear this; SQLite keeps a file and its
// version in one transaction.
func TestMigrateAfterCrash(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if s.Dialect() == store.SQLite {
			inTransactions(t)
			return
		}
		addHazards(t, s, hazard.Hazard{Year: 2025})
		before := schemaOf(t, s)
		for last := versions(t, s.Dialect()); last >= 1; last-- {
			exec(t, s, "DELETE FROM goose_db_version WHERE version_id >= ?", last)
			if err := s.Current(ctx); !errs.Is(err, errs.Conflict) {
				t.Errorf("an old schema: %v, want a conflict", err)
			}
			same(t, "applied again", migrateUp(t, s), versions(t, s.Dialect())-last+1)
		}
		exec(t, s, "DROP TABLE runs")
		exec(t, s, "DELETE FROM goose_db_version WHERE version_id >= 4")
		migrateUp(t, s)
		same(t, "schema", schemaOf(t, s), before)
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM hazards"), 1)
	})
}

// inTransactions holds that no migration of SQLite runs outside of one.
func inTransactions(t *testing.T) {
	t.Helper()
	sqlite, err := migrations.For(store.SQLite)
	ok(t, err)
	names, err := fs.Glob(sqlite, "*.sql")
	ok(t, err)
	for _, name := range names {
		text, err := fs.ReadFile(sqlite, name)
		ok(t, err)
		if strings.Contains(string(text), "NO TRANSACTION") {
			t.Errorf("%s runs without a transaction", name)
		}
	}
	if len(names) == 0 {
		t.Error("no migrations found")
	}
}

// A node waits for another that migrates, longer than a single read may take,
// and gives up with its context.
func TestMigrateWaitsForTheLock(t *testing.T) {
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		if !strings.HasPrefix(dsn, "mysql:") {
			return // the file's lock has no read time-out; see TestMigrateAtOnce
		}
		holder := testkit.Open(t, dsn)
		conn, err := holder.SQL().Conn(ctx)
		ok(t, err)
		const name = "CONCAT('duban.migrate.', LEFT(MD5(DATABASE()), 16))"
		var got int
		ok(t, conn.QueryRowContext(ctx, "SELECT GET_LOCK("+name+", 1)").Scan(&got))
		same(t, "locked", got, 1)
		sep := "?"
		if strings.Contains(dsn, "?") {
			sep = "&"
		}
		late, cancel := context.WithTimeout(ctx, 700e6)
		defer cancel()
		_, err = testkit.Open(t, dsn+sep+"readTimeout=200ms").Migrate(late)
		same(t, "code", errs.CodeOf(err), errs.Unavailable)
		if late.Err() == nil {
			t.Errorf("gave up before its time: %v", err)
		}
		_, err = conn.ExecContext(ctx, "DO RELEASE_LOCK("+name+")")
		ok(t, err)
		ok(t, conn.Close())
		migrateUp(t, holder)
	})
}

func TestInMemory(t *testing.T) {
	s := testkit.Open(t, "sqlite::memory:")
	migrateUp(t, s)
	ok(t, race(8, func(i int) error {
		return s.Within(ctx, func(tx *store.Tx) error { _, err := tx.AddHazard(ctx, hazard.Hazard{Year: 2025}); return err })
	}))
	same(t, "hazards", count(t, s, "SELECT COUNT(*) FROM hazards"), 8)
}

// A path with parameters keeps its lock file beside the database.
func TestLockFileBesideTheDatabase(t *testing.T) {
	path := t.TempDir() + "/duban.db"
	migrateUp(t, testkit.Open(t, "sqlite:file:"+path+"?_pragma=foreign_keys(1)"))
	for _, name := range []string{path, path + ".lock"} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}

// A migration that has landed is never edited: databases that ran it would differ
// from new ones. A new file needs a new line; see testdata/migrations.sum.
func TestLandedMigrationsAreUnchanged(t *testing.T) {
	sums, err := os.ReadFile("testdata/migrations.sum")
	ok(t, err)
	var have strings.Builder
	for _, dialect := range []string{store.MySQL, store.SQLite} {
		fsys, err := migrations.For(dialect)
		ok(t, err)
		names, err := fs.Glob(fsys, "*.sql")
		ok(t, err)
		for _, name := range names {
			text, err := fs.ReadFile(fsys, name)
			ok(t, err)
			sum := sha256.Sum256(text)
			have.WriteString(hex.EncodeToString(sum[:]) + "  " + dialect + "/" + name + "\n")
		}
	}
	same(t, "migrations", strings.Split(have.String(), "\n"), strings.Split(string(sums), "\n"))
}

// Both dialects have the same steps, and no step of MySQL needs a transaction.
func TestMigrationPairs(t *testing.T) {
	var lists [2][]string
	for i, dialect := range []string{store.MySQL, store.SQLite} {
		fsys, err := migrations.For(dialect)
		ok(t, err)
		lists[i], err = fs.Glob(fsys, "*.sql")
		ok(t, err)
		for _, name := range lists[i] {
			text, err := fs.ReadFile(fsys, name)
			ok(t, err)
			same(t, dialect+"/"+name+" without transaction", strings.Contains(string(text), "+goose NO TRANSACTION"), dialect == store.MySQL)
		}
	}
	same(t, "files", lists[0], lists[1])
}
