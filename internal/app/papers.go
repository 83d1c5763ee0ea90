package app

import (
	"context"
	"io"

	"duban/internal/media"
	"duban/internal/notify"
	"duban/internal/store"
)

// papers makes the files that people ask for.
func (k *core) papers(out outside) notify.Papers {
	asker := notify.Asker{Work: work[notify.PaperTx]{k.store, func(tx *store.Tx) notify.PaperTx { return tx }}, Clock: k.clock, Loc: k.cal.Loc}
	return notify.Papers{Ledgers: k.ledgers(out.pictures), Sheets: notify.Sheets{Asker: asker, Public: out.public}, Photos: notify.PhotoSheets{Asker: asker, Pictures: out.pictures},
		Links: notify.Links{Desk: k.links(), Public: out.public}, Notices: notify.FixNotices{Asker: asker, Pictures: out.pictures, Note: out.small}}
}

// pictures are the stored photos as documents hold them.
type pictures struct{ kept *media.Store }

// Picture implements notify.Pictures.
func (p pictures) Picture(ctx context.Context, home, sha string) (io.ReadCloser, error) {
	return p.kept.Open(ctx, home, sha)
}
