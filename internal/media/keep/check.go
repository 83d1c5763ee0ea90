package keep

import (
	"context"
	"errors"
	"slices"

	"duban/internal/errs"
	"duban/internal/media"
)

// strange is from how many files on a place in which none of them is looks like
// another one, as a folder that is not mounted, and not like lost files.
const strange = 5

// check looks whether files are in their place, those first that were not looked at
// for longest, and those again that were missing before.
func (k *Keeper) check(ctx context.Context, r *Report) error {
	if err := k.Store.Probe(ctx); err != nil {
		return errs.At("try out the store", err)
	}
	var stored, missing []media.File
	err := k.Work.Within(ctx, func(tx Tx) (err error) {
		if stored, err = tx.FilesToCheck(ctx, media.Stored, checks); err != nil {
			return err
		}
		missing, err = tx.FilesToCheck(ctx, media.Missing, checks)
		return err
	})
	if err != nil {
		return errs.At("find files to check", err)
	}
	there, lost, failed := k.look(ctx, stored)
	if len(there) == 0 && len(lost) >= strange {
		return media.NewTrouble(media.StoreStrange, errors.New("none of the files that were looked for is there"))
	}
	back, _, again := k.look(ctx, missing)
	r.Checked, r.Lost = len(there)+len(lost), len(lost)
	if err := k.record(ctx, append(there, back...), lost); err != nil {
		return err
	}
	return errors.Join(failed, again)
}

// look sorts files by whether their bytes are there, all of them, until the store
// fails.
func (k *Keeper) look(ctx context.Context, list []media.File) (there, lost []int64, err error) {
	for _, f := range list {
		size, err := k.Store.Stat(ctx, f.Home, f.SHA256)
		switch {
		case errs.Is(err, errs.NotFound), err == nil && size != f.Size:
			lost = append(lost, f.ID)
		case err != nil:
			return there, lost, errs.At("look for file", err)
		default:
			there = append(there, f.ID)
		}
	}
	return there, lost, nil
}

func (k *Keeper) record(ctx context.Context, there, lost []int64) error {
	for part := range slices.Chunk(there, batch) {
		if err := k.Work.Within(ctx, func(tx Tx) error { return tx.FilesSeen(ctx, k.Clock.Now(), part...) }); err != nil {
			return errs.At("record files", err)
		}
	}
	for part := range slices.Chunk(lost, batch) {
		if err := k.Work.Within(ctx, func(tx Tx) error { return tx.FilesMissing(ctx, part...) }); err != nil {
			return errs.At("record files", err)
		}
	}
	return nil
}
