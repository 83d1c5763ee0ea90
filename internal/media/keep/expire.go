package keep

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/media"
	"duban/internal/notice"
)

const day = 24 * time.Hour

// expire marks files whose time is over, with a line of history for what they belong
// to. Marking comes first: bytes are deleted without a row that speaks of them as
// kept, and a crash in between leaves the mark, so that no bytes stay behind.
func (k *Keeper) expire(ctx context.Context) error {
	now := k.Clock.Now()
	ended, loose := now.Add(-time.Duration(k.Days)*day), now.Add(-looseDays*day)
	for range batches {
		n := 0
		err := k.Work.Within(ctx, func(tx Tx) error {
			list, err := tx.ExpireFiles(ctx, ended, loose, batch)
			if n = len(list); err != nil || n == 0 {
				return err
			}
			return tx.Append(ctx, lines(list, now)...)
		})
		if err != nil || n < batch {
			return errs.At("expire files", err)
		}
	}
	return nil
}

// lines tell the history of each subject how many of its files are deleted.
func lines(list []media.File, now time.Time) (out []journal.Entry) {
	counts := map[notice.Subject]int{}
	for _, f := range list {
		if f.Subject.ID != 0 {
			counts[f.Subject]++
		}
	}
	for subject, n := range counts {
		out = append(out, journal.Entry{At: now, Actor: "system", Channel: "system", Subject: subject, Action: "drop_photos", After: fmt.Sprint(n)})
	}
	slices.SortFunc(out, func(a, b journal.Entry) int { return int(a.Subject.ID - b.Subject.ID) })
	return out
}

// delete removes the bytes of what was marked, unless another file that is kept has
// the same.
func (k *Keeper) delete(ctx context.Context, r *Report) error {
	for range batches {
		var list []media.File
		err := k.Work.Within(ctx, func(tx Tx) (err error) {
			list, err = tx.ExpiredFiles(ctx, batch)
			return err
		})
		if err != nil || len(list) == 0 {
			return errs.At("find expired files", err)
		}
		gone, failed := k.remove(ctx, list)
		if err := k.Work.Within(ctx, func(tx Tx) error { return tx.FilesDeleted(ctx, gone...) }); err != nil {
			return errs.At("record deleted files", err)
		}
		if r.Deleted += len(gone); failed != nil {
			return failed
		}
	}
	return nil
}

// remove stops at the first that cannot be removed.
func (k *Keeper) remove(ctx context.Context, list []media.File) (gone []int64, err error) {
	for _, f := range list {
		used := false
		err := k.Work.Within(ctx, func(tx Tx) (err error) {
			used, err = tx.ContentUsed(ctx, f.Home, f.SHA256)
			return err
		})
		if err == nil && !used && f.SHA256 != "" {
			err = k.Store.Delete(ctx, f.Home, f.SHA256)
		}
		if err != nil {
			return gone, errs.At("delete file", err)
		}
		gone = append(gone, f.ID)
	}
	return gone, nil
}
