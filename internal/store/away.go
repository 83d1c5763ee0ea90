package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	gosqlite "github.com/glebarez/go-sqlite"
	driver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
)

// mysqlAway are the server's answers that pass by themselves: too many
// connections, shutting down, lost deadlocks and lock waits, a read-only server
// during a failover.
var mysqlAway = []uint16{1020, 1040, 1053, 1129, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1290, 1792, 1836, 1927}

// sqliteAway are primary result codes of the same kind: busy, locked, read-only,
// i/o error, disk full, cannot open.
var sqliteAway = []int{5, 6, 8, 10, 13, 14}

// away reports whether a database error may pass by itself. An unknown error is
// a defect: repeating it would only repeat the failure.
func away(err error) bool {
	var my *driver.MySQLError
	if errors.As(err, &my) {
		return slices.Contains(mysqlAway, my.Number)
	}
	var lite *gosqlite.Error
	if errors.As(err, &lite) {
		return slices.Contains(sqliteAway, lite.Code()&0xff)
	}
	var network net.Error
	if errors.As(err, &network) {
		return true
	}
	for _, lost := range []error{sqldriver.ErrBadConn, driver.ErrInvalidConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return strings.Contains(err.Error(), "database is closed") // database/sql has no value for it
}

// nameAway lets reads outside of a transaction, such as those of a sweep, say that
// the database is away in the same way as Within does.
func (s *Store) nameAway() error {
	name := func(db *gorm.DB) {
		if db.Error != nil && away(db.Error) {
			db.Error = s.classify(db.Error)
		}
	}
	const label = "duban:away"
	calls := s.db.Callback()
	return errors.Join(calls.Query().After("gorm:after_query").Register(label, name), calls.Row().After("gorm:row").Register(label, name))
}
