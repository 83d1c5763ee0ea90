package store

import (
	"context"
	"fmt"
	"strings"

	"duban/internal/errs"
)

// CopyInto copies what a dry run needs into an empty, migrated database: people,
// work, hazards, rounds and what waits to be told. What people wrote, files and
// history stay behind.
func (s *Store) CopyInto(ctx context.Context, to *Store) error {
	for _, table := range []string{"units", "audiences", "persons", "posts", "holdings", "accounts", "chat_groups", "policies", "terms",
		"items", "assignments", "repeats", "counters", "hazards", "hazard_lives", "hazard_courses", "slips", "chases", "notices", "messages", "runs",
		"responses", "response_members", "duty_shifts"} {
		if err := s.copyTable(ctx, to, table); err != nil {
			return errs.At("copy "+table, s.classify(err))
		}
	}
	return nil
}

// copyBatch keeps a statement below SQLite's limit of variables.
const copyBatch = 200

func (s *Store) copyTable(ctx context.Context, to *Store, table string) error {
	rows, err := s.db.WithContext(ctx).Table(table).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	names := "`" + strings.Join(columns, "`,`") + "`"
	marks := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ")"
	var values []any
	flush := func() error {
		n := len(values) / len(columns)
		if n == 0 {
			return nil
		}
		list := strings.TrimSuffix(strings.Repeat(marks+",", n), ",")
		err := to.db.WithContext(ctx).Exec(fmt.Sprintf("INSERT INTO `%s` (%s) VALUES %s", table, names, list), values...).Error
		values = values[:0]
		return err
	}
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok { // MySQL gives texts as bytes
				row[i] = string(b)
			}
		}
		values = append(values, row...)
		if len(values) >= copyBatch*len(columns) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return flush()
}
