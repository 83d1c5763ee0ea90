// Package testkit holds what the tests of several packages need: a database of
// their own for each test, a Redis, a clock that is moved by hand.
package testkit

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"duban/internal/store"
)

// The variables that tell the tests which servers they may use.
const (
	// MySQLEnv holds a go-sql-driver DSN of an account that may create and drop
	// databases. A database name in it is ignored. Empty: SQLite only.
	MySQLEnv = "DUBAN_TEST_MYSQL_DSN"
	// RedisEnv holds a redis:// URL. Empty: an in-process Redis.
	RedisEnv = "DUBAN_TEST_REDIS_URL"
	// RequireEnv lists servers and programs, "mysql,redis,libreoffice", without which
	// tests fail instead of doing without them.
	RequireEnv = "DUBAN_TEST_REQUIRE"
)

// Each runs fn on an empty, migrated database of every kind at hand: SQLite, and
// MySQL when MySQLEnv is set. Each call has databases of its own, which are
// removed when the test ends.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	each(t, true, func(t *testing.T, dsn string) { fn(t, Open(t, dsn)) })
}

// EachEmpty is Each with the DSN of a database that has no tables yet.
func EachEmpty(t *testing.T, fn func(t *testing.T, dsn string)) {
	t.Helper()
	each(t, false, fn)
}

func each(t *testing.T, migrated bool, fn func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run(store.SQLite, func(t *testing.T) { fn(t, sqliteDSN(t, migrated)) })
	admin := os.Getenv(MySQLEnv)
	if admin == "" {
		if required("mysql") {
			t.Fatalf("%s asks for mysql, but %s is empty", RequireEnv, MySQLEnv)
		}
		t.Logf("on SQLite only: %s is empty", MySQLEnv)
		return
	}
	t.Run(store.MySQL, func(t *testing.T) { fn(t, mysqlDSN(t, admin, migrated)) })
}

// SQLite returns a migrated SQLite database in the test's directory, for tests
// whose subject is not the database.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, sqliteDSN(t, true))
}

// Open opens a store for the length of a test.
func Open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), dsn)
	if err != nil {
		t.Fatalf("open test database: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func required(server string) bool {
	return strings.Contains(os.Getenv(RequireEnv), server)
}

func sqliteDSN(t testing.TB, migrated bool) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "duban.db")
	if migrated {
		blueprint, err := sqliteBlueprint()
		if err == nil {
			err = os.WriteFile(path, blueprint, 0o600)
		}
		if err != nil {
			t.Fatalf("make test database: %v", err)
		}
	}
	return "sqlite:" + path
}

// sqliteBlueprint is the content of a migrated file; migrating is done once for
// all tests of a program, copying is a millisecond.
var sqliteBlueprint = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "duban-blueprint-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "duban.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// migrate brings a database up and closes it, so that all of it is in the file.
func migrate(dsn string) error {
	s, err := store.Open(context.Background(), dsn)
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = s.Migrate(context.Background())
	return err
}
