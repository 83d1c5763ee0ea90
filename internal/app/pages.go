package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"strings"

	"duban/handlers"
	"duban/internal/link"
	"duban/internal/media"
	"duban/internal/place"
	"duban/internal/store"
)

// formPhotos puts photos that come with a form where all photos go. It implements
// command.PhotoKeeper.
type formPhotos struct{ kept *media.Store }

// Keep implements command.PhotoKeeper. A form takes pictures only, of all that may be kept.
func (k formPhotos) Keep(ctx context.Context, unit string, photo []byte) (media.File, error) {
	if err := media.IsPicture(photo); err != nil {
		return media.File{}, err
	}
	b, err := k.kept.Put(ctx, unit, bytes.NewReader(photo))
	return media.File{SHA256: b.SHA256, MIME: b.MIME, Size: b.Size, Hash: b.Hash, Width: b.Width, Height: b.Height}, err
}

// placePages are the pages behind the codes, which exist where phones can reach them.
func (a *App) placePages(ctx context.Context) (*handlers.PlacePages, error) {
	if a.cfg.Server.PublicURL == "" {
		return nil, nil
	}
	key, err := a.formKey(ctx)
	return &handlers.PlacePages{Desk: a.core.engine, Tickets: place.Tickets{Key: key}, Public: a.cfg.Server.PublicURL}, err
}

// formKey is what all nodes sign forms with.
func (a *App) formKey(ctx context.Context) (key string, err error) {
	err = a.core.store.Within(ctx, func(tx *store.Tx) error {
		key, err = tx.AppKey(ctx, "form", rand.Text(), a.core.clock.Now())
		return err
	})
	return key, err
}

// links gives links out and opens them.
func (k *core) links() *link.Desk {
	return &link.Desk{Work: work[link.Tx]{k.store, func(tx *store.Tx) link.Tx { return tx }}, Clock: k.clock, Loc: k.cal.Loc}
}

// photoPages are the pages behind the links, which exist where phones can reach them.
func (a *App) photoPages() *handlers.PhotoPages {
	public := a.cfg.Server.PublicURL
	if public == "" {
		return nil
	}
	return &handlers.PhotoPages{Desk: a.core.links(), Store: pictures{a.kept}, Loc: a.cfg.Location(), Secure: strings.HasPrefix(public, "https://")}
}

// Thumb implements handlers.PhotoStore and ledger.Thumbs.
func (p pictures) Thumb(ctx context.Context, home, sha string) (io.ReadCloser, error) {
	return p.kept.Thumb(ctx, home, sha)
}
