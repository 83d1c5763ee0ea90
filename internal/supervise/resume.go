package supervise

import (
	"context"

	"duban/internal/errs"
	"duban/internal/notice"
)

// Resume sets the round of something that stood still going again, from now on: what
// would have been told meanwhile is not told afterwards.
func (d *Desk) Resume(ctx context.Context, tx Tx, s notice.Subject) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	sub, ok, err := d.load(ctx, tx, dir, s)
	if err != nil || !ok {
		return errs.At("resume round", err)
	}
	return errs.At("resume round", d.wake(ctx, tx, sub))
}
