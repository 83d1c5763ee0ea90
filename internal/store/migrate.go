package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"duban/internal/errs"
	"duban/migrations"
)

// MigrationStatus is one line of `duban migrate status`.
type MigrationStatus struct {
	Version   int64
	Name      string
	AppliedAt time.Time // zero: pending
}

// lockWait bounds how long one node waits for another that is migrating.
const (
	lockWait = 60 * time.Second
	lockPoll = 100 * time.Millisecond
)

// Migrate brings the schema up to this program's version. Several nodes may call
// it at once: one works, the others wait. A schema newer than the program is
// refused.
func (s *Store) Migrate(ctx context.Context) (applied int, err error) {
	err = s.locked(ctx, func() error {
		p, err := s.provider()
		if err != nil {
			return err
		}
		if err := s.refuseNewer(ctx, p); err != nil {
			return err
		}
		results, err := p.Up(ctx)
		applied = len(results)
		return errs.At("migrate", err)
	})
	return applied, err
}

// Status lists all migrations.
func (s *Store) Status(ctx context.Context) ([]MigrationStatus, error) {
	p, err := s.provider()
	if err != nil {
		return nil, err
	}
	list, err := p.Status(ctx)
	if err != nil {
		return nil, errs.At("migration status", err)
	}
	var out []MigrationStatus
	for _, m := range list {
		out = append(out, MigrationStatus{Version: m.Source.Version, Name: m.Source.Path, AppliedAt: m.AppliedAt})
	}
	return out, nil
}

// Current returns nil when the schema is exactly this program's.
func (s *Store) Current(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	if err := s.refuseNewer(ctx, p); err != nil {
		return err
	}
	pending, err := p.HasPending(ctx)
	if err != nil {
		return errs.At("migration status", err)
	}
	if pending {
		return errs.New(errs.Conflict, "数据库结构还没有升级，请先运行 duban migrate up")
	}
	return nil
}

func (s *Store) provider() (*goose.Provider, error) {
	fsys, err := migrations.For(s.dialect)
	if err != nil {
		return nil, errs.At("read migrations", err)
	}
	db, err := s.db.DB()
	if err != nil {
		return nil, errs.At("open database", err)
	}
	dialect := goose.DialectSQLite3
	if s.dialect == MySQL {
		dialect = goose.DialectMySQL
	}
	p, err := goose.NewProvider(dialect, db, fsys, goose.WithDisableGlobalRegistry(true))
	return p, errs.At("read migrations", err)
}

func (s *Store) refuseNewer(ctx context.Context, p *goose.Provider) error {
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return errs.At("read schema version", err)
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	if have > newest {
		return errs.Newf(errs.Conflict, "数据库结构（版本 %d）比程序（版本 %d）新，请升级程序；不要用旧程序连新库", have, newest)
	}
	return nil
}

// locked runs fn while no other node migrates the same database.
func (s *Store) locked(ctx context.Context, fn func() error) error {
	if s.dialect == MySQL {
		return s.lockedMySQL(ctx, fn)
	}
	return s.lockedSQLite(ctx, fn)
}

func (s *Store) lockedMySQL(ctx context.Context, fn func() error) error {
	db, err := s.db.DB()
	if err != nil {
		return errs.At("open database", err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return errs.At("migration lock", hide(err, s.dsn))
	}
	defer conn.Close()
	const name = "CONCAT('duban.migrate.', LEFT(MD5(DATABASE()), 16))"
	if err := waitForLock(ctx, conn, "SELECT GET_LOCK("+name+", 0)"); err != nil {
		return err
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "DO RELEASE_LOCK("+name+")")
	}()
	return fn()
}

// waitForLock asks again and again instead of letting the server wait: the
// connection's read time-out is shorter than the patience for another node.
func waitForLock(ctx context.Context, conn *sql.Conn, query string) error {
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	tick := time.NewTicker(lockPoll)
	defer tick.Stop()
	for {
		var got sql.NullInt64
		err := conn.QueryRowContext(ctx, query).Scan(&got)
		switch {
		case err != nil && ctx.Err() == nil:
			return errs.At("migration lock", err)
		case err == nil && got.Int64 == 1:
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errs.With(errs.Unavailable, "另一台服务器正在升级数据库，等了一分钟还没结束，请稍后再启动", ctx.Err())
		}
	}
}

// lockedSQLite holds a write transaction on a small file beside the database.
// The operating system releases it when the process dies.
func (s *Store) lockedSQLite(ctx context.Context, fn func() error) error {
	if s.inMemory() {
		return fn()
	}
	path, _, _ := strings.Cut(s.dsn, "?")
	db, err := sql.Open("sqlite", path+".lock?_pragma=busy_timeout(60000)&_txlock=immediate")
	if err != nil {
		return errs.At("migration lock", err)
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return errs.At("migration lock", err)
	}
	defer tx.Rollback() //nolint:errcheck // only releases the lock
	return fn()
}
