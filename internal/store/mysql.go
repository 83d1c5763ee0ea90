package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"

	"duban/internal/errs"
)

func dialMySQL(dsn string) (gorm.Dialector, error) {
	cfg, err := driver.ParseDSN(dsn)
	if err != nil || cfg.DBName == "" {
		return nil, errs.New(errs.Invalid, "MySQL 地址看不懂，请按 用户:密码@tcp(主机:3306)/库名 填写")
	}
	tune(cfg)
	connector, err := driver.NewConnector(cfg)
	if err != nil {
		return nil, errs.New(errs.Invalid, "MySQL 地址里有不支持的参数，请按 用户:密码@tcp(主机:3306)/库名 填写")
	}
	// Asking for the server's version would connect before Ping can say in
	// plain words that the database is away.
	return mysql.New(mysql.Config{
		Conn: newStatements(sql.OpenDB(readCommitted{connector})), DisableWithReturning: true, SkipInitializeWithVersion: true,
	}), nil
}

// tune sets what correctness depends on, whatever the operator wrote.
func tune(cfg *driver.Config) {
	// One round trip a statement instead of three: a statement prepared within a
	// transaction lives no longer than that. The driver escapes what it puts in,
	// and refuses the character sets in which that would not be safe.
	cfg.InterpolateParams = true
	cfg.ParseTime = true             // the migration tool reads its time stamps so
	cfg.ClientFoundRows = true       // an UPDATE that changes nothing still counts its row
	cfg.Logger = &driver.NopLogger{} // its lines repeat the errors it returns, past our log
	cfg.RejectReadOnly = true        // after a failover, leave the demoted server
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Second
	}
	if cfg.ReadTimeout == 0 {
		cfg.ReadTimeout = 30 * time.Second
	}
	if cfg.WriteTimeout == 0 {
		cfg.WriteTimeout = 30 * time.Second
	}
	if cfg.Params == nil {
		cfg.Params = map[string]string{}
	}
	cfg.Params["sql_mode"] = "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"
}

// readCommitted makes each new connection read committed data only. The variable
// for it is named differently on MySQL 8 and MariaDB 10, so it cannot be a
// parameter of the DSN; the statement is the same.
type readCommitted struct{ sqldriver.Connector }

// Connect opens a connection and sets its isolation level.
func (c readCommitted) Connect(ctx context.Context) (sqldriver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	const set = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
	if _, err := conn.(sqldriver.ExecerContext).ExecContext(ctx, set, nil); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}
