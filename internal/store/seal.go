package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"duban/internal/errs"
	"duban/internal/journal"
)

// settleAfter is how long after a higher id was sealed a line with a lower one may
// still be committed. No transaction lives that long: a message's ends after half
// a minute, and the database drops idle ones within hours.
const settleAfter = 24 * time.Hour

// Seal links up to limit committed lines to the chain, in the order of their ids,
// and returns how many those were. Of several nodes at once one does it; the
// others return 0. It runs in a transaction of its own.
func (s *Store) Seal(ctx context.Context, now time.Time, limit int) (n int, err error) {
	err = s.Within(ctx, func(tx *Tx) error {
		n, err = tx.seal(now, limit)
		return err
	})
	if errors.Is(err, ErrDuplicate) || errs.Is(err, errs.Conflict) {
		return 0, nil // another node was faster
	}
	return n, errs.At("seal history", err)
}

func (t *Tx) seal(now time.Time, limit int) (int, error) {
	head, fresh, err := t.sealHead()
	if err != nil {
		return 0, err
	}
	var lines []journalRow
	if err := t.unsealed(head.FloorID, 0).Select("j.*").Order("j.id").Limit(limit).Find(&lines).Error; err != nil {
		return 0, err
	}
	if len(lines) == 0 {
		return 0, nil
	}
	prev, next := journal.Seal{Number: head.Seal, Hash: head.Hash}, head
	seals := make([]sealRow, 0, len(lines))
	for _, line := range lines {
		prev = journal.Link(prev, line.entry())
		seals = append(seals, sealRow{Seal: prev.Number, LineID: prev.Line, Prev: prev.Prev, Hash: prev.Hash})
	}
	next.Seal, next.Hash = prev.Number, prev.Hash
	next.settle(lines[len(lines)-1].ID, now)
	if err := t.moveHead(head, next, fresh); err != nil {
		return 0, err
	}
	return len(seals), t.db.CreateInBatches(seals, copyBatch).Error
}

// settle moves the floor up to the mark once that is old enough, and sets the next.
func (r *sealHeadRow) settle(sealed int64, now time.Time) {
	if r.MarkAt > 0 && now.Before(instant(r.MarkAt).Add(settleAfter)) {
		return
	}
	r.FloorID, r.MarkID, r.MarkAt = max(r.FloorID, r.MarkID), max(r.MarkID, sealed), millis(now)
}

// moveHead is the compare-and-set that lets one node seal: whoever comes second
// finds another head.
func (t *Tx) moveHead(from, to sealHeadRow, fresh bool) error {
	if fresh {
		return t.db.Create(&to).Error
	}
	res := t.db.Model(&sealHeadRow{}).Where("id = 1 AND seal = ? AND hash = ?", from.Seal, from.Hash).
		Updates(map[string]any{"seal": to.Seal, "hash": to.Hash, "floor_id": to.FloorID, "mark_id": to.MarkID, "mark_at": to.MarkAt})
	if res.Error == nil && res.RowsAffected == 0 {
		return errStale
	}
	return res.Error
}

func (t *Tx) sealHead() (head sealHeadRow, fresh bool, err error) {
	var rows []sealHeadRow
	err = t.db.Where("id = 1").Limit(1).Find(&rows).Error
	if len(rows) == 0 {
		return sealHeadRow{ID: 1}, true, err
	}
	return rows[0], false, err
}

// unsealed finds the lines of (from, to] that have no seal.
func (t *Tx) unsealed(from, to int64) *gorm.DB {
	q := t.db.Table("journal AS j").Joins("LEFT JOIN seals AS s ON s.line_id = j.id").Where("j.id > ? AND s.line_id IS NULL", from)
	if to > 0 {
		q = q.Where("j.id <= ?", to)
	}
	return q
}

// SealHead implements journal.Chain.
func (t *Tx) SealHead(context.Context) (journal.Head, error) {
	head, _, err := t.sealHead()
	return journal.Head{Number: head.Seal, Hash: head.Hash, Floor: head.FloorID}, errs.At("load head of history", err)
}

// Seals implements journal.Chain.
func (t *Tx) Seals(_ context.Context, after int64, limit int) ([]journal.Seal, error) {
	var rows []sealRow
	err := t.db.Where("seal > ?", after).Order("seal").Limit(limit).Find(&rows).Error
	out := make([]journal.Seal, 0, len(rows))
	for _, r := range rows {
		out = append(out, journal.Seal{Number: r.Seal, Line: r.LineID, Prev: r.Prev, Hash: r.Hash})
	}
	return out, errs.At("load seals", err)
}

// Lines implements journal.Chain.
func (t *Tx) Lines(_ context.Context, ids []int64) (map[int64]journal.Entry, error) {
	var rows []journalRow
	err := t.db.Where("id IN ?", ids).Find(&rows).Error
	out := make(map[int64]journal.Entry, len(rows))
	for _, r := range rows {
		out[r.ID] = r.entry()
	}
	return out, errs.At("load sealed lines", err)
}

// Unsealed implements journal.Chain.
func (t *Tx) Unsealed(_ context.Context, from, to int64) (journal.Waiting, error) {
	var row struct{ Lines, First, Since int64 }
	err := t.unsealed(from, to).Select("COUNT(*) AS `lines`, COALESCE(MIN(j.id), 0) AS `first`, COALESCE(MIN(j.at), 0) AS since").Scan(&row).Error
	return journal.Waiting{Lines: row.Lines, First: row.First, Since: instant(row.Since)}, errs.At("count unsealed lines", err)
}
