package app

import (
	"context"
	"io"

	"duban/internal/media"
	"duban/internal/notify"
	"duban/internal/store"
)

// papers makes the files that people ask for.
func (k *core) papers(stored notify.Pictures, small string) notify.Papers {
	asker := notify.Asker{Work: work[notify.PaperTx]{k.store, func(tx *store.Tx) notify.PaperTx { return tx }}, Clock: k.clock, Loc: k.cal.Loc}
	return notify.Papers{Ledgers: k.ledgers(stored), Sheets: notify.Sheets{Asker: asker}, Photos: notify.PhotoSheets{Asker: asker, Pictures: stored},
		Notices: notify.FixNotices{Asker: asker, Pictures: stored, Note: small}}
}

// pictures are the stored photos as documents hold them.
type pictures struct{ blobs *media.Blobs }

// Picture implements notify.Pictures.
func (p pictures) Picture(_ context.Context, home, sha string) (io.ReadCloser, error) {
	return p.blobs.Open(home, sha)
}
