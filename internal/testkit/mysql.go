package testkit

import (
	"crypto/rand"
	"database/sql"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"
)

// mysqlDSN creates a database with a name of its own and drops it when the test
// ends.
func mysqlDSN(t testing.TB, admin string, migrated bool) string {
	t.Helper()
	db, name, err := createMySQL(admin)
	if err != nil {
		t.Fatalf("make test database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP DATABASE " + name); err != nil {
			t.Errorf("drop test database: %v", err)
		}
		_ = db.Close()
	})
	if migrated {
		schema, err := mysqlBlueprint()
		if err == nil {
			_, err = db.Exec("USE " + name + "; " + schema)
		}
		if err != nil {
			t.Fatalf("make test database: %v", err)
		}
	}
	return appDSN(admin, name)
}

// createMySQL returns a single connection that may do anything, with several
// statements at a time, and the name of a fresh database.
func createMySQL(admin string) (*sql.DB, string, error) {
	cfg, err := mysql.ParseDSN(admin)
	if err != nil {
		return nil, "", err
	}
	cfg.DBName, cfg.MultiStatements = "", true
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, "", err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	name := "duban_test_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4"); err != nil {
		_ = db.Close()
		return nil, "", err
	}
	return db, name, nil
}

func appDSN(admin, name string) string {
	cfg, err := mysql.ParseDSN(admin)
	if err != nil {
		return ""
	}
	cfg.DBName = name
	return "mysql:" + cfg.FormatDSN()
}

// mysqlBlueprint returns the statements that rebuild a migrated schema with its
// version. Migrating is done once for all tests of a program.
var mysqlBlueprint = sync.OnceValues(func() (string, error) { return drawMySQL(os.Getenv(MySQLEnv)) })

func drawMySQL(admin string) (string, error) {
	db, name, err := createMySQL(admin)
	if err != nil {
		return "", err
	}
	defer db.Close()
	defer db.Exec("DROP DATABASE " + name) //nolint:errcheck // the next run has another name
	if err := migrate(appDSN(admin, name)); err != nil {
		return "", err
	}
	tables, err := column(db, "SELECT table_name FROM information_schema.tables WHERE table_schema = '"+name+"'")
	if err != nil {
		return "", err
	}
	var schema strings.Builder
	for _, table := range tables {
		var ddl string
		if err := db.QueryRow("SHOW CREATE TABLE "+name+"."+table).Scan(&table, &ddl); err != nil {
			return "", err
		}
		schema.WriteString(ddl + ";\n")
	}
	versions, err := column(db, "SELECT CONCAT('(', version_id, ',', is_applied, ')') FROM "+name+".goose_db_version ORDER BY id")
	schema.WriteString("INSERT INTO goose_db_version (version_id, is_applied) VALUES " + strings.Join(versions, ","))
	return schema.String(), err
}

func column(db *sql.DB, query string) ([]string, error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
