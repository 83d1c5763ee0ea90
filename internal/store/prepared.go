package store

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"gorm.io/gorm"
)

// statements keeps prepared statements beyond the transaction they were first
// used in, so that the server parses the handful of queries that every message
// runs once per connection and not once per message. gorm's own cache cannot do
// that: within a transaction it prepares for that transaction alone.
type statements struct {
	db    *sql.DB
	mu    sync.RWMutex
	known map[string]*sql.Stmt // nil while being prepared, or not worth it
}

// maxStatements bounds the cache. Lists of different lengths make different
// texts; those beyond the bound are sent as text.
const maxStatements = 300

// prepareTime bounds preparing, which happens beside the query that wants it.
const prepareTime = 5 * time.Second

func newStatements(db *sql.DB) *statements { return &statements{db: db, known: map[string]*sql.Stmt{}} }

// find returns the prepared statement of a text, or nil and sees to it that there
// will be one. It never waits: the caller may hold the last free connection.
func (s *statements) find(query string) *sql.Stmt {
	s.mu.RLock()
	stmt, seen := s.known[query]
	full := len(s.known) >= maxStatements
	s.mu.RUnlock()
	if seen || full {
		return stmt
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, seen := s.known[query]; !seen {
		s.known[query] = nil
		go s.prepare(query)
	}
	return nil
}

func (s *statements) prepare(query string) {
	ctx, cancel := context.WithTimeout(context.Background(), prepareTime)
	defer cancel()
	stmt, err := s.db.PrepareContext(ctx, query)
	if err != nil { // it will be sent as text, and fail there if it is wrong
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[query] = stmt
}

// GetDBConn implements gorm.GetDBConnector.
func (s *statements) GetDBConn() (*sql.DB, error) { return s.db, nil }

// BeginTx implements gorm.ConnPoolBeginner.
func (s *statements) BeginTx(ctx context.Context, o *sql.TxOptions) (gorm.ConnPool, error) {
	tx, err := s.db.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	return &statementsTx{tx, s}, nil
}

// PrepareContext implements gorm.ConnPool.
func (s *statements) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return s.db.PrepareContext(ctx, query)
}

// ExecContext implements gorm.ConnPool.
func (s *statements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt := s.find(query); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return s.db.ExecContext(ctx, query, args...)
}

// QueryContext implements gorm.ConnPool.
func (s *statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := s.find(query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return s.db.QueryContext(ctx, query, args...)
}

// QueryRowContext implements gorm.ConnPool.
func (s *statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := s.find(query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return s.db.QueryRowContext(ctx, query, args...)
}

// statementsTx is a transaction that uses the statements its connection knows.
type statementsTx struct {
	*sql.Tx
	all *statements
}

// ExecContext implements gorm.ConnPool.
func (t *statementsTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt := t.all.find(query); stmt != nil {
		return t.StmtContext(ctx, stmt).ExecContext(ctx, args...)
	}
	return t.Tx.ExecContext(ctx, query, args...)
}

// QueryContext implements gorm.ConnPool.
func (t *statementsTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := t.all.find(query); stmt != nil {
		return t.StmtContext(ctx, stmt).QueryContext(ctx, args...)
	}
	return t.Tx.QueryContext(ctx, query, args...)
}

// QueryRowContext implements gorm.ConnPool.
func (t *statementsTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := t.all.find(query); stmt != nil {
		return t.StmtContext(ctx, stmt).QueryRowContext(ctx, args...)
	}
	return t.Tx.QueryRowContext(ctx, query, args...)
}
