// Package store keeps everything in MySQL or SQLite through gorm. It is the only
// package that knows either.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	driver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"duban/internal/errs"
)

// The dialects, as named in migrations.
const (
	MySQL  = "mysql"
	SQLite = "sqlite"
)

// Store is an open database.
type Store struct {
	db      *gorm.DB
	dialect string
	dsn     string // without prefix; a credential, never logged

	directories *directories // nil: read each time
}

// Open connects to dsn: "sqlite:PATH" or "mysql:" and a go-sql-driver DSN.
// It does not migrate.
func Open(ctx context.Context, dsn string) (*Store, error) {
	dialect, rest, ok := strings.Cut(dsn, ":")
	if !ok || rest == "" {
		return nil, errs.New(errs.Invalid, "数据库地址要写成 sqlite:路径 或 mysql:用户:密码@tcp(主机:3306)/库名")
	}
	dialector, err := dial(dialect, rest)
	if err != nil {
		return nil, err
	}
	db, err := connect(ctx, dialector, &gorm.Config{
		SkipDefaultTransaction: true,
		PrepareStmt:            dialect == SQLite,
		TranslateError:         true,
		Logger:                 logger.Discard,
		DisableAutomaticPing:   true,
	})
	if err != nil {
		return nil, errs.With(errs.Unavailable, "数据库打不开", errs.At("open database", hide(err, rest)))
	}
	s := &Store{db: db, dialect: dialect, dsn: rest}
	if err := s.pool(); err != nil {
		return nil, err
	}
	if err := s.nameAway(); err != nil {
		return nil, errs.At("open database", err)
	}
	if err := s.Ping(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// connect opens the database. SQLite refuses it for a moment, whatever its busy
// time-out, while another process turns on WAL for a new file.
func connect(ctx context.Context, dialector gorm.Dialector, cfg *gorm.Config) (*gorm.DB, error) {
	for try := 0; ; try++ {
		db, err := gorm.Open(dialector, cfg)
		if !transient(err) || try == 100 {
			return db, err
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func dial(dialect, rest string) (gorm.Dialector, error) {
	switch dialect {
	case SQLite:
		return sqlite.Open(sqliteDSN(rest)), nil
	case MySQL:
		return dialMySQL(rest)
	}
	return nil, errs.Newf(errs.Invalid, "不支持的数据库 %q，请用 sqlite: 或 mysql:", dialect)
}

// sqliteDSN turns on WAL, foreign safety and immediate transactions: a deferred
// transaction that writes late fails at once instead of waiting its turn.
func sqliteDSN(path string) string {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(10000)")
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "synchronous(FULL)")
	q.Set("_txlock", "immediate")
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + q.Encode()
}

func (s *Store) pool() error {
	db, err := s.db.DB()
	if err != nil {
		return errs.At("open database", err)
	}
	conns := 32
	if s.dialect == SQLite {
		conns = 4
		if s.inMemory() {
			conns = 1
		}
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxLifetime(30 * time.Minute)
	if conns == 1 {
		db.SetConnMaxLifetime(0)
	}
	return nil
}

// Dialect returns MySQL or SQLite.
func (s *Store) Dialect() string { return s.dialect }

// Ping checks that the database answers.
func (s *Store) Ping(ctx context.Context) error {
	db, err := s.db.DB()
	if err != nil {
		return errs.At("ping database", err)
	}
	if err := db.PingContext(ctx); err != nil {
		return errs.With(errs.Unavailable, "数据库连不上", errs.At("ping database", hide(err, s.dsn)))
	}
	return nil
}

// Close releases all connections. That MySQL had ended one of them before, which its
// driver says in an error of no type, is no failure: all is committed by then.
func (s *Store) Close() error {
	db, err := s.db.DB()
	if err != nil {
		return err
	}
	if err := db.Close(); s.dialect != MySQL {
		return err
	}
	return nil
}

// Tx is one transaction. It must not outlive the function it was given to.
type Tx struct {
	db          *gorm.DB
	dialect     string
	directories *directories
}

// maxTries bounds how often a transaction that lost a deadlock or a race is
// repeated.
const maxTries = 4

// Within runs fn in one transaction and commits when it returns nil. A
// transaction that loses a deadlock, a lock wait or a version race is run again,
// so fn must have no effect outside it.
func (s *Store) Within(ctx context.Context, fn func(*Tx) error) error {
	var err error
	for try := 0; try < maxTries; try++ {
		err = s.db.WithContext(ctx).Transaction(func(db *gorm.DB) error {
			return fn(&Tx{db: db, dialect: s.dialect, directories: s.directories})
		})
		if !transient(err) || ctx.Err() != nil {
			break
		}
	}
	return s.classify(err)
}

// Read runs fn without a transaction, for answers that need no common snapshot.
func (s *Store) Read(ctx context.Context) *Tx {
	return &Tx{db: s.db.WithContext(ctx), dialect: s.dialect, directories: s.directories}
}

// errStale is a lost optimistic race: the row changed since it was read.
var errStale = errors.New("row changed meanwhile")

// ErrDuplicate is returned when a row with the same unique key exists.
var ErrDuplicate = gorm.ErrDuplicatedKey

func transient(err error) bool {
	if errors.Is(err, errStale) {
		return true
	}
	var my *driver.MySQLError
	if errors.As(err, &my) {
		return my.Number == 1213 || my.Number == 1205 || my.Number == 1020
	}
	return err != nil && strings.Contains(err.Error(), "SQLITE_BUSY")
}

// classify tells a database that is away, where trying again may help, from
// everything else, which passes as it is.
func (s *Store) classify(err error) error {
	var coded *errs.Error
	switch {
	case err == nil, errors.As(err, &coded), errors.Is(err, ErrDuplicate):
		return err
	case errors.Is(err, errStale):
		return errs.With(errs.Conflict, "别人刚刚也在改这一条，您的没有保存。请再发一次。", err)
	}
	if !away(err) {
		return errs.At("database", hide(err, s.dsn))
	}
	return errs.With(errs.Unavailable, "", errs.At("database", hide(err, s.dsn)))
}

// hide removes the DSN from driver errors.
func hide(err error, dsn string) error {
	if err == nil || dsn == "" || !strings.Contains(err.Error(), dsn) {
		return err
	}
	return fmt.Errorf("%s", strings.ReplaceAll(err.Error(), dsn, "[redacted]"))
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func (s *Store) inMemory() bool {
	return strings.Contains(s.dsn, ":memory:") || strings.Contains(s.dsn, "mode=memory")
}
