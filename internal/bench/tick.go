package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/internal/clock"
	"duban/seeds"
)

const (
	dueSteps = 1_000
	fewItems = 10_000
	allItems = 1_000_000
	ticks    = 3
)

// tick compares the taking of the same number of due steps among few and among
// many items.
func tick(ctx context.Context, admin, redis string) error {
	var took []time.Duration
	for _, items := range []int{fewItems, allItems} {
		t, err := tickAmong(ctx, admin, redis, items)
		if err != nil {
			return err
		}
		fmt.Printf("tick: %d due steps among %d items take %s\n", dueSteps, items, t.Round(time.Millisecond))
		took = append(took, t)
	}
	fmt.Printf("tick: %.2f times as long among %d as among %d (at most 1.5)\n", took[1].Seconds()/took[0].Seconds(), allItems, fewItems)
	return nil
}

// tickAmong returns the median of some ticks.
func tickAmong(ctx context.Context, admin, redis string, items int) (time.Duration, error) {
	dsn, drop, err := database(ctx, admin)
	if err != nil {
		return 0, err
	}
	defer drop()
	set, err := seeds.Demo()
	if err != nil {
		return 0, err
	}
	c := clock.NewFrozen(time.Date(2025, 9, 10, 1, 30, 0, 0, time.UTC))
	b, err := openWith(ctx, dsn, redis, set, set, c, "web")
	if err != nil {
		return 0, err
	}
	defer b.close()
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := b.app.Advance(ctx, c.Now().AddDate(0, 0, 7)); err != nil {
		return 0, err
	}
	s, err := findSample(ctx, db)
	if err != nil {
		return 0, err
	}
	if err := multiply(ctx, db, s, c.Now(), items); err != nil {
		return 0, err
	}
	var took []time.Duration
	for range ticks {
		if err := makeDue(ctx, db, s, items); err != nil {
			return 0, err
		}
		started := time.Now()
		if err := b.app.Advance(ctx, c.Now()); err != nil {
			return 0, err
		}
		took = append(took, time.Since(started))
		if err := allTaken(ctx, db, c.Now()); err != nil {
			return 0, err
		}
	}
	slices.Sort(took)
	return took[ticks/2], nil
}

// sample is the round that is copied: one of a recurring duty, whose copies differ
// by their period, that reminded somebody at an instant.
type sample struct {
	chase int64
	at    int64 // milliseconds
}

// position is where the round stood before the reminder.
func (s sample) position() string {
	return fmt.Sprintf(`{"At":%q}`, time.UnixMilli(s.at).Add(-2*time.Hour).UTC().Format(time.RFC3339))
}

func findSample(ctx context.Context, db *sql.DB) (s sample, err error) {
	err = db.QueryRowContext(ctx, `SELECT c.id, n.created_at FROM notices n JOIN chases c ON c.subject_kind = n.subject_kind AND c.subject_id = n.subject_id
		JOIN assignments a ON a.id = c.subject_id AND a.period <> ''
		WHERE n.kind = 'reminder' AND n.subject_kind = 'assignment' ORDER BY n.id DESC LIMIT 1`).Scan(&s.chase, &s.at)
	if err != nil {
		return s, fmt.Errorf("find a sample: %w", err)
	}
	return s, nil
}

// multiply fills the tables with copies of one piece of work, its round planned
// for some day to come.
func multiply(ctx context.Context, db *sql.DB, from sample, now time.Time, items int) error {
	for _, step := range []string{
		"SET SESSION sql_mode = ''",
		fmt.Sprintf("CREATE TEMPORARY TABLE rounds AS SELECT * FROM chases WHERE id = %d", from.chase),
		"CREATE TEMPORARY TABLE sample AS SELECT * FROM assignments WHERE id = (SELECT subject_id FROM rounds)",
		fmt.Sprintf(`INSERT INTO assignments (id, item_id, unit_id, part, period, opens, due, state, status, percent, note, eta, evidence, assigned_at, signed_at, reported_at, version)
			SELECT 1000000 + n.seq, item_id, unit_id, part, CONCAT('bench-', n.seq), opens, due, state, status, percent, note, eta, evidence, assigned_at, signed_at, reported_at, version
			FROM sample JOIN (%s) n`, numbers(items)),
		fmt.Sprintf(`INSERT INTO chases (id, subject_kind, subject_id, profile, policy_version, position, generation, next_at, state, updated_at)
			SELECT 1000000 + n.seq, 'assignment', 1000000 + n.seq, profile, policy_version, position, 1, %d + n.seq, 'active', updated_at
			FROM rounds JOIN (%s) n`, now.Add(24*time.Hour).UnixMilli(), numbers(items)),
		"ANALYZE TABLE assignments, chases, notices",
	} {
		if _, err := db.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("fill the tables: %w", err)
		}
	}
	return nil
}

// numbers is a query for 1 … n (a power of ten) as seq.
func numbers(n int) string {
	const digit = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"
	sum, from := "1", []string{}
	for i, place := 0, 1; place < n; i, place = i+1, place*10 {
		sum += fmt.Sprintf(" + %d * t%d.d", place, i)
		from = append(from, fmt.Sprintf("%s t%d", digit, i))
	}
	return "SELECT " + sum + " AS seq FROM " + strings.Join(from, " JOIN ")
}

// makeDue sets rounds spread over the whole table back to before their first
// step, which is due now.
func makeDue(ctx context.Context, db *sql.DB, from sample, items int) error {
	if _, err := db.ExecContext(ctx, "DELETE FROM notices"); err != nil {
		return fmt.Errorf("make steps due: %w", err)
	}
	_, err := db.ExecContext(ctx, "UPDATE chases SET position = ?, next_at = ?, state = 'active', generation = generation + 1 WHERE id > 1000000 AND id % ? = 0",
		from.position(), from.at, items/dueSteps)
	if err != nil {
		return fmt.Errorf("make steps due: %w", err)
	}
	return nil
}

func allTaken(ctx context.Context, db *sql.DB, now time.Time) error {
	var left int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM chases WHERE state = 'active' AND next_at BETWEEN 1 AND ?", now.UnixMilli()).Scan(&left)
	if err == nil && left > 0 {
		err = fmt.Errorf("%d steps were not taken", left)
	}
	if err != nil {
		return err
	}
	var told int
	err = db.QueryRowContext(ctx, "SELECT COUNT(DISTINCT subject_id) FROM notices").Scan(&told)
	if err == nil && told < dueSteps {
		err = fmt.Errorf("only %d steps told anybody", told)
	}
	return err
}
