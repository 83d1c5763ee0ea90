package supervise

import (
	"context"
	"maps"
	"slices"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
)

// HandTx is what handing over needs of a transaction.
type HandTx interface {
	WorkByID(ctx context.Context, ids ...int64) ([]duty.Work, error)
	PostByID(ctx context.Context, id string) (org.Post, bool, error)
	ReaddressNotices(ctx context.Context, ids []int64, personID string) error
}

// HandAllTx is what handing over everything needs of a transaction.
type HandAllTx interface {
	HandTx
	Misaddressed(ctx context.Context, away ...string) ([]notice.Notice, error)
}

// HandOverAll hands over all that waits and may have another reader since posts
// changed hands or a delegation began or ended.
func HandOverAll(ctx context.Context, tx HandAllTx, dir *org.Directory, day calendar.Date) error {
	waiting, err := tx.Misaddressed(ctx, dir.Away(day)...)
	if err != nil {
		return err
	}
	_, err = HandOver(ctx, tx, dir, day, waiting)
	return errs.At("hand over", err)
}

// HandOver gives what waits to be told to whoever answers for its post on the day
// (岗位交接): the holder or who stands in, for a vacant post the heir. It returns
// what stays where it is. Items and their rounds belong to units and need nothing.
func HandOver(ctx context.Context, tx HandTx, dir *org.Directory, day calendar.Date, waiting []notice.Notice) (stay []notice.Notice, err error) {
	moved := map[string][]int64{}
	for _, n := range waiting {
		to, err := ReaderOf(ctx, tx, dir, day, n)
		if err != nil {
			return nil, err
		}
		if to == n.PersonID {
			stay = append(stay, n)
			continue
		}
		moved[to] = append(moved[to], n.ID)
	}
	for _, to := range slices.Sorted(maps.Keys(moved)) { // every node in the same order
		if err := tx.ReaddressNotices(ctx, moved[to], to); err != nil {
			return nil, err
		}
	}
	return stay, nil
}

// ReaderOf is who is told a notice on a day. What is meant for a post goes to who
// answers for it; of several people, who had it so far keeps it, since each has one.
func ReaderOf(ctx context.Context, tx HandTx, dir *org.Directory, day calendar.Date, n notice.Notice) (string, error) {
	if n.PostID == "" {
		return n.PersonID, nil
	}
	readers := dir.Readers(n.PostID, day)
	switch {
	case slices.Contains(readers, n.PersonID):
		return n.PersonID, nil
	case len(readers) > 0:
		return readers[0], nil
	}
	post, ok, err := tx.PostByID(ctx, n.PostID)
	if err != nil || !ok {
		return n.PersonID, errs.At("find vacant post", err)
	}
	section, err := sectionOf(ctx, tx, dir, n.Subject)
	if err != nil {
		return "", errs.At("find next level", err)
	}
	if to, ok := dir.Heir(post, n.PersonID, section, day); ok {
		return to, nil
	}
	return n.PersonID, nil
}

// sectionOf is the section that supervises what a notice is about.
func sectionOf(ctx context.Context, tx HandTx, dir *org.Directory, s notice.Subject) (string, error) {
	switch s.Kind {
	case notice.Assignment:
		works, err := tx.WorkByID(ctx, s.ID)
		if err != nil || len(works) == 0 {
			return "", err
		}
		return works[0].Item.Lead, nil
	case notice.HazardSubj:
		for _, h := range dir.SafetySection() {
			return h.Post.UnitID, nil
		}
	}
	return "", nil
}
