package store_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm/schema"

	"duban/internal/store"
	"duban/internal/testkit"
)

// table is what the two dialects have in common about a table.
type table struct {
	Columns map[string]string // "text", "int null" …
	Indexes map[string]string // "unique year, seq"
}

// schemaOf reads the tables of a database, without goose's own.
func schemaOf(t *testing.T, s *store.Store) map[string]table {
	t.Helper()
	names, columns, indexes := sqliteTables, sqliteColumns, sqliteIndexes
	if s.Dialect() == store.MySQL {
		names, columns, indexes = mysqlTables, mysqlColumns, mysqlIndexes
	}
	out := map[string]table{}
	for _, row := range query(t, s, names) {
		name := row[0]
		tab := table{map[string]string{}, map[string]string{}}
		for _, c := range query(t, s, columns, name) {
			tab.Columns[c[0]] = family(c[1]) + c[2]
		}
		for _, i := range query(t, s, indexes, name) {
			if tab.Indexes[i[0]] == "" {
				tab.Indexes[i[0]] = i[1] + " " + i[2]
			} else {
				tab.Indexes[i[0]] += ", " + i[2]
			}
		}
		out[name] = tab
	}
	return out
}

const (
	sqliteTables  = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'"
	sqliteColumns = `SELECT name, type, CASE WHEN "notnull" = 1 OR pk > 0 THEN '' ELSE ' null' END FROM pragma_table_info(?)`
	sqliteIndexes = `SELECT l.name, CASE l."unique" WHEN 1 THEN 'unique' ELSE 'plain' END, i.name FROM pragma_index_list(?) l, pragma_index_info(l.name) i
		WHERE l.origin = 'c' ORDER BY l.name, i.seqno`
	mysqlTables  = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'goose_%'"
	mysqlColumns = `SELECT column_name, data_type, CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name = ?`
	mysqlIndexes = `SELECT index_name, CASE non_unique WHEN 0 THEN 'unique' ELSE 'plain' END, column_name FROM information_schema.statistics
		WHERE table_schema = DATABASE() AND table_name = ? AND index_name <> 'PRIMARY' ORDER BY index_name, seq_in_index`
)

// query returns rows as text.
func query(t *testing.T, s *store.Store, text string, args ...any) [][]string {
	t.Helper()
	rows, err := s.SQL().QueryContext(ctx, text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	ok(t, err)
	var out [][]string
	for rows.Next() {
		cells, into := make([]*string, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		ok(t, rows.Scan(into...))
		line := make([]string, len(names))
		for i, c := range cells {
			if c != nil {
				line[i] = *c
			}
		}
		out = append(out, line)
	}
	ok(t, rows.Err())
	return out
}

func family(kind string) string {
	switch strings.ToLower(kind) {
	case "integer", "int", "bigint", "tinyint", "smallint":
		return "int"
	case "real", "double", "float":
		return "float"
	case "text", "mediumtext", "varchar", "char":
		return "text"
	}
	return kind
}

// modelColumns reads the columns out of the row types.
func modelColumns(t *testing.T, s *store.Store) map[string]map[string]string {
	t.Helper()
	kinds := map[reflect.Kind]string{reflect.String: "text", reflect.Int: "int", reflect.Int64: "int", reflect.Bool: "int", reflect.Float64: "float"}
	out := map[string]map[string]string{}
	for _, m := range store.Models() {
		parsed, err := schema.Parse(m, new(sync.Map), s.Gorm().NamingStrategy)
		ok(t, err)
		columns := map[string]string{}
		for _, f := range parsed.Fields {
			columns[f.DBName] = kinds[f.IndirectFieldType.Kind()]
			if f.FieldType.Kind() == reflect.Pointer {
				columns[f.DBName] += " null"
			}
		}
		out[parsed.Table] = columns
	}
	return out
}

func TestRowsMirrorTheSchema(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		have := map[string]map[string]string{}
		for name, tab := range schemaOf(t, s) {
			have[name] = tab.Columns
		}
		same(t, "tables", have, modelColumns(t, s))
	})
}

// What works on one database works on the other.
func TestDialectsHaveOneSchema(t *testing.T) {
	var lite map[string]table
	each(t, func(t *testing.T, s *store.Store) {
		if s.Dialect() == store.SQLite {
			lite = schemaOf(t, s)
			return
		}
		same(t, "MySQL against SQLite", schemaOf(t, s), lite)
	})
	same(t, "hazards_number", lite["hazards"].Indexes["hazards_number"], "unique year, seq")
}

// The kit's copies are what migrating makes.
func TestKitCopiesTheSchema(t *testing.T) {
	migrated := map[string]map[string]table{}
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		s := testkit.Open(t, dsn)
		migrateUp(t, s)
		migrated[s.Dialect()] = schemaOf(t, s)
	})
	each(t, func(t *testing.T, s *store.Store) {
		ok(t, s.Current(ctx))
		same(t, "copy", schemaOf(t, s), migrated[s.Dialect()])
	})
}
