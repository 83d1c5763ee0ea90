package store

import (
	"database/sql"

	"gorm.io/gorm"
)

// What the contract tests need from the inside. The tests are outside the
// package, because the test kit imports it.

// SQL returns the connection pool.
func (s *Store) SQL() *sql.DB {
	db, err := s.db.DB()
	if err != nil {
		panic(err)
	}
	return db
}

// Gorm returns the store's gorm handle.
func (s *Store) Gorm() *gorm.DB { return s.db }

// Models returns one value of each row type.
func Models() []any { return models() }

// MaxTries is how often a transaction is run.
const MaxTries = maxTries

// Statement is one query as it went to the database.
type Statement struct {
	SQL  string
	Vars []any
}

// Record returns the statements that fn runs.
func (s *Store) Record(fn func()) []Statement {
	var seen []Statement
	note := func(db *gorm.DB) {
		if text := db.Statement.SQL.String(); text != "" {
			seen = append(seen, Statement{text, db.Statement.Vars})
		}
	}
	const name = "test:record"
	calls := s.db.Callback()
	_ = calls.Query().After("gorm:query").Register(name, note)
	_ = calls.Row().After("gorm:row").Register(name, note)
	_ = calls.Update().After("gorm:update").Register(name, note)
	fn()
	_ = calls.Query().Remove(name)
	_ = calls.Row().Remove(name)
	_ = calls.Update().Remove(name)
	return seen
}
