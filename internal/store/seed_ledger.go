package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
)

// seedMark starts the names of the ledger's lines among the runs.
const seedMark = "seed:"

// seedBatch bounds the rows of one INSERT.
const seedBatch = 200

// LockSeeds makes other nodes that seed wait until this transaction ends.
func (t *Tx) LockSeeds(context.Context) error {
	return errs.At("wait for other seeding", t.db.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.Assignments(map[string]any{"result": ""}),
	}).Create(&runRow{Name: "seed"}).Error)
}

// ledger remembers what each entry of the files said at the last seeding, so that
// only what the files changed is applied and what they dropped is known.
type ledger struct {
	tx      *Tx
	now     time.Time
	known   map[string]string // table:key → digest
	added   []runRow
	altered []runRow
	dropped []string
	history []journalRow
}

func (t *Tx) openLedger(now time.Time) (*ledger, error) {
	var rows []runRow
	if err := t.db.Where("name LIKE ?", seedMark+"%").Find(&rows).Error; err != nil {
		return nil, errs.At("read what was seeded", err)
	}
	l := &ledger{tx: t, now: now, known: make(map[string]string, len(rows))}
	for _, r := range rows {
		l.known[strings.TrimPrefix(r.Name, seedMark)] = r.Result
	}
	return l, nil
}

// entryNews tells how an entry compares with the last seeding.
type entryNews int

const (
	entrySame entryNews = iota
	entryNew
	entryChanged
)

func (l *ledger) note(table, key string, row any) entryNews {
	name, digest := table+":"+key, digestOf(row)
	line := runRow{Name: seedMark + name, At: millis(l.now), Result: digest}
	switch before, known := l.known[name]; {
	case !known:
		l.added = append(l.added, line)
		return entryNew
	case before != digest:
		l.altered = append(l.altered, line)
		return entryChanged
	}
	return entrySame
}

// wasLast reports whether the last seeding left the entry as row says.
func (l *ledger) wasLast(table, key string, row any) bool {
	return l.known[table+":"+key] == digestOf(row)
}

// knows reports whether the last seeding had entries of a table.
func (l *ledger) knows(table string) bool {
	for name := range l.known {
		if strings.HasPrefix(name, table+":") {
			return true
		}
	}
	return false
}

// missing returns the keys of a table that the files do not name any more, and
// forgets them.
func (l *ledger) missing(table string, wanted map[string]bool) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(l.known)) {
		if key, ok := strings.CutPrefix(name, table+":"); ok && !wanted[key] {
			list = append(list, key)
			l.dropped = append(l.dropped, seedMark+name)
		}
	}
	return list
}

func (l *ledger) close() error {
	for i := range l.history {
		l.history[i].At, l.history[i].Actor, l.history[i].Channel = millis(l.now), "system", "seed"
	}
	if err := insert(l, l.history); err != nil {
		return err
	}
	if err := insert(l, l.added); err != nil {
		return err
	}
	for _, r := range l.altered {
		if err := l.tx.db.Select("*").Updates(&r).Error; err != nil {
			return err
		}
	}
	if len(l.dropped) == 0 {
		return nil
	}
	return l.tx.db.Where("name IN ?", l.dropped).Delete(&runRow{}).Error
}

func digestOf(row any) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", row))
	return hex.EncodeToString(sum[:])
}

// seedTable describes how entries of the files become rows of one table.
type seedTable[R comparable] struct {
	name string
	want []R
	key  func(R) string
	// create completes a new row; nil leaves it as it is.
	create func(R) R
	// apply returns what becomes of a row whose entry is new or changed; false
	// when the files may not change it any more. again tells that the last seeding
	// did not have the entry. nil takes the entry.
	apply func(old, want R, again bool) (R, bool)
	// retire returns what becomes of a row whose entry is gone; false when it
	// stays although it should end. nil leaves it alone.
	retire func(R) (R, bool)
	// history tells a change; before is zero for a new row. nil tells nothing.
	history func(before, after R) journalRow
}

func merge[R comparable](l *ledger, tab seedTable[R]) (Change, error) {
	c := Change{Table: tab.name}
	rows, err := held[R](l)
	if err != nil {
		return c, err
	}
	have := make(map[string]R, len(rows))
	for _, r := range rows {
		have[tab.key(r)] = r
	}
	var fresh []R
	var changed []pair[R]
	for _, want := range tab.want {
		key := tab.key(want)
		old, exists := have[key]
		news := l.note(tab.name, key, want)
		switch {
		case news == entrySame:
			c.Same++
		case !exists:
			c.Created++
			fresh = append(fresh, tab.fresh(want))
		default:
			row, ok := tab.applied(old, want, news == entryNew)
			switch {
			case !ok:
				c.Kept = append(c.Kept, key)
			case row == old:
				c.Same++
			default:
				c.Changed++
				changed = append(changed, pair[R]{old, row})
			}
		}
	}
	for _, key := range l.missing(tab.name, keys(tab.want, tab.key)) {
		old, exists := have[key]
		if !exists || tab.retire == nil {
			continue
		}
		row, ok := tab.retire(old)
		switch {
		case !ok:
			c.Kept = append(c.Kept, key)
		case row != old:
			c.Ended++
			changed = append(changed, pair[R]{old, row})
		}
	}
	return c, tab.write(l, fresh, changed)
}

type pair[R any] struct{ before, after R }

func (tab seedTable[R]) fresh(want R) R {
	if tab.create == nil {
		return want
	}
	return tab.create(want)
}

func (tab seedTable[R]) applied(old, want R, again bool) (R, bool) {
	if tab.apply == nil {
		return want, true
	}
	return tab.apply(old, want, again)
}

func (tab seedTable[R]) write(l *ledger, fresh []R, changed []pair[R]) error {
	if err := insert(l, fresh); err != nil {
		return err
	}
	for _, r := range fresh {
		var none R
		changed = append(changed, pair[R]{none, r})
	}
	for _, p := range changed {
		var none R
		if p.before != none {
			if err := l.tx.db.Select("*").Updates(&p.after).Error; err != nil {
				return err
			}
		}
		if tab.history != nil {
			l.history = append(l.history, tab.history(p.before, p.after))
		}
	}
	return nil
}

// held reads a table and keeps others from changing its rows meanwhile: an item
// must not be confirmed between being read as a draft and being written as one.
func held[R any](l *ledger) ([]R, error) {
	q := l.tx.db
	if l.tx.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	var rows []R
	err := q.Find(&rows).Error
	return rows, err
}

// insert adds rows and fills their ids.
func insert[R any](l *ledger, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	return l.tx.db.CreateInBatches(&rows, seedBatch).Error
}

func keys[R any](rows []R, key func(R) string) map[string]bool {
	set := make(map[string]bool, len(rows))
	for _, r := range rows {
		set[key(r)] = true
	}
	return set
}
