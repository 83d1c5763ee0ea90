package store_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/store"
)

func TestOpenErrors(t *testing.T) {
	const form = "MySQL 地址看不懂，请按 用户:密码@tcp(主机:3306)/库名 填写"
	for _, c := range []struct {
		dsn, say string
		code     errs.Code
	}{
		{"", "数据库地址要写成 sqlite:路径 或 mysql:用户:密码@tcp(主机:3306)/库名", errs.Invalid},
		{"sqlite:", "数据库地址要写成 sqlite:路径 或 mysql:用户:密码@tcp(主机:3306)/库名", errs.Invalid},
		{"duban.db", "数据库地址要写成 sqlite:路径 或 mysql:用户:密码@tcp(主机:3306)/库名", errs.Invalid},
		{"postgres://u:hunter2@h/db", `不支持的数据库 "postgres"，请用 sqlite: 或 mysql:`, errs.Invalid},
		{"mysql:u:hunter2@h:3306", form, errs.Invalid},
		{"mysql:u:hunter2@tcp(h:3306)/", form, errs.Invalid},
		{"mysql:u:hunter2@tcp(h:3306)/db?tls=nonesuch", form, errs.Invalid},
		{"mysql:u:hunter2@tcp(" + closedPort(t) + ")/db", "数据库连不上", errs.Unavailable},
		{"sqlite:/nonexistent/hunter2/duban.db", "数据库打不开", errs.Unavailable},
	} {
		s, err := store.Open(ctx, c.dsn)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s: opened", c.dsn)
			continue
		}
		same(t, c.dsn+": code", errs.CodeOf(err), c.code)
		same(t, c.dsn+": sentence", errs.Say(err), c.say)
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the text shows the DSN: %v", c.dsn, err)
		}
	}
}

// closedPort returns an address of this machine where nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	defer l.Close()
	return l.Addr().String()
}

func TestWithinRollsBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		plain, coded := errors.New("a defect"), errs.New(errs.Forbidden, "不行")
		for _, want := range []error{plain, coded} {
			tries := 0
			err := s.Within(ctx, func(tx *store.Tx) error {
				tries++
				_, err := tx.Once(ctx, "job", "", noon)
				return errors.Join(err, want)
			})
			if !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
			same(t, "tries", tries, 1)
			same(t, "code", errs.CodeOf(err), errs.CodeOf(want))
		}
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM runs"), 0)
	})
}

// A statement that the schema refuses is a defect and not a database that is
// away: nobody should try it again.
func TestDefectIsNotAway(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "DROP TABLE runs")
		err := s.Within(ctx, func(tx *store.Tx) error { _, err := tx.Once(ctx, "a", "", noon); return err })
		same(t, "code", errs.CodeOf(err), errs.Internal)
		_, err = s.Read(ctx).Ran(ctx, "a")
		same(t, "read", errs.CodeOf(err), errs.Internal)
	})
}

func TestDatabaseAway(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ok(t, s.Close())
		err := s.Within(ctx, func(*store.Tx) error { return nil })
		same(t, "code", errs.CodeOf(err), errs.Unavailable)
		same(t, "ping", errs.CodeOf(s.Ping(ctx)), errs.Unavailable)
		_, err = s.Read(ctx).DueMessages(ctx, noon, 1)
		same(t, "rows read", errs.CodeOf(err), errs.Unavailable)
		_, err = s.Read(ctx).NextMessageAt(ctx)
		same(t, "one value read", errs.CodeOf(err), errs.Unavailable)
		_, err = s.Read(ctx).OpenStates(ctx)
		same(t, "a sum read", errs.CodeOf(err), errs.Unavailable)
	})
}

func TestCancelled(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		gone, cancel := context.WithCancel(ctx)
		tries := 0
		err := s.Within(gone, func(tx *store.Tx) error {
			tries++
			cancel()
			_, err := tx.Once(gone, "a", "", noon)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want a cancelled context", err)
		}
		same(t, "tries", tries, 1)
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM runs"), 0)
		if _, err := s.Read(gone).Ran(gone, "a"); !errors.Is(err, context.Canceled) {
			t.Errorf("read: %v, want a cancelled context", err)
		}
		late, cancel := context.WithDeadline(ctx, time.Unix(0, 0))
		defer cancel()
		same(t, "out of time", errs.CodeOf(s.Within(late, func(*store.Tx) error { return nil })), errs.Unavailable)
	})
}

// Two transactions lock two rows in opposite order; the loser is run again. On
// SQLite writers queue up, so neither waits for the other halfway.
func TestDeadlock(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		addNotices(t, s, notice.Notice{Key: "a"}, notice.Notice{Key: "b"})
		ids := []int64{int64(count(t, s, "SELECT id FROM notices WHERE dedupe_key='a'")), int64(count(t, s, "SELECT id FROM notices WHERE dedupe_key='b'"))}
		var both sync.WaitGroup
		both.Add(2)
		var tries [2]int
		ok(t, race(2, func(i int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				tries[i]++
				if err := tx.DelayNotices(ctx, ids[i:i+1], noon, "first"); err != nil {
					return err
				}
				if tries[i] == 1 && s.Dialect() == store.MySQL {
					both.Done()
					both.Wait()
				}
				return tx.DelayNotices(ctx, ids[1-i:2-i], noon, "second")
			})
		}))
		want := 2
		if s.Dialect() == store.MySQL {
			want = 3
		}
		same(t, "tries of both", tries[0]+tries[1], want)
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM notices WHERE not_before = ?", noon.UnixMilli()), 2)
	})
}

// Nothing uncommitted is seen, and what others commit meanwhile is.
func TestIsolation(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if s.Dialect() != store.MySQL {
			return // one writer at a time
		}
		do(t, s, func(first *store.Tx) error {
			ran, err := first.Ran(ctx, "a")
			ok(t, err)
			same(t, "before", ran, false)
			do(t, s, func(second *store.Tx) error {
				_, err := second.Once(ctx, "a", "", noon)
				ok(t, err)
				ran, err = first.Ran(ctx, "a")
				same(t, "not committed", ran, false)
				return err
			})
			ran, err = first.Ran(ctx, "a")
			same(t, "committed", ran, true)
			return err
		})
	})
}
