package fetch

import (
	"context"
	"fmt"

	"duban/bot/render"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/org"
)

// AlikeTx is what comparing photos needs of a transaction.
type AlikeTx interface {
	FilesOf(ctx context.Context, subject notice.Subject) ([]media.File, error)
	Hazards(ctx context.Context, f hazard.Filter) ([]hazard.Hazard, error)
	PictureHashes(ctx context.Context, hazards ...int64) (map[int64][]uint64, error)
	Directory(ctx context.Context) (*org.Directory, error)
}

// mostOpen bounds with how many hazards of a unit a photo is compared.
const mostOpen = 200

// alike compares a photo that has just come with those that are there: one of a
// mended hazard with those from before, one of a new hazard with those of others.
func (w *Worker) alike(ctx context.Context, tx Tx, f media.File, h hazard.Hazard) ([]notice.Notice, error) {
	switch f.Stage {
	case media.After:
		return w.unchanged(ctx, tx, f, h)
	case media.Before:
		return w.twice(ctx, tx, f, h)
	}
	return nil, nil
}

// unchanged tells who sent the photo at once, and who reviews, that it shows what was
// there before. Nothing is held up by it.
func (w *Worker) unchanged(ctx context.Context, tx Tx, f media.File, h hazard.Hazard) ([]notice.Notice, error) {
	files, err := tx.FilesOf(ctx, f.Subject)
	if err != nil || !media.Unchanged(files) {
		return nil, err
	}
	dir, err := tx.Directory(ctx)
	if err != nil {
		return nil, err
	}
	fix := fmt.Sprintf("same_photo:%d:%d", h.ID, h.FixedAt.UnixMilli())
	n, err := w.answer(ctx, f, render.SamePhotos(h))
	if err != nil {
		return nil, err
	}
	n.Key = fix + ":fixer"
	at, err := w.Times.Quiet(ctx, w.Clock.Now())
	return append(toEach(dir.SafetySection(), f.PersonID, notice.Notice{Kind: notice.HazardUpdate, Urgency: notice.Prompt, NotBefore: at, CreatedAt: w.Clock.Now(),
		Weight: 45, Subject: f.Subject, Key: fix, Text: h.Number() + " " + render.SameForReviewer}), n), err
}

// twice tells those who may merge that two open hazards of a unit have nearly the same
// photo. It can wait for the morning: what was filed is dealt with already.
func (w *Worker) twice(ctx context.Context, tx Tx, f media.File, h hazard.Hazard) ([]notice.Notice, error) {
	if !h.State.Open() {
		return nil, nil
	}
	open, err := tx.Hazards(ctx, hazard.Filter{Units: []string{h.UnitID}, OpenOnly: true, Limit: mostOpen})
	if err != nil {
		return nil, err
	}
	others, ids := map[int64]hazard.Hazard{}, []int64{}
	for _, o := range open {
		if o.ID != h.ID {
			others[o.ID], ids = o, append(ids, o.ID)
		}
	}
	hashes, err := tx.PictureHashes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !media.Alike([]uint64{f.Hash}, hashes[id]) {
			continue
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return nil, err
		}
		at, err := w.Times.Morning(ctx, w.Clock.Now())
		first, last := inOrder(h, others[id])
		return toEach(dir.SafetySection(), "", notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Merged, NotBefore: at, CreatedAt: w.Clock.Now(), Weight: 40,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("twice:%d:%d", first.ID, last.ID),
			Text: render.Context{Dir: dir}.MaybeTwice(last, first)}), err
	}
	return nil, nil
}

// inOrder is in the order of filing.
func inOrder(a, b hazard.Hazard) (first, last hazard.Hazard) {
	if a.ID < b.ID {
		return a, b
	}
	return b, a
}

// toEach copies a notice for each holder but one.
func toEach(holders []org.Holder, but string, n notice.Notice) (list []notice.Notice) {
	key := n.Key
	for _, p := range holders {
		if p.PersonID != but {
			n.PersonID, n.PostID, n.Key = p.PersonID, p.Post.ID, key+":"+p.PersonID
			list = append(list, n)
		}
	}
	return list
}
