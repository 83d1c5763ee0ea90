package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"strings"

	"duban/handlers"
	"duban/internal/link"
	"duban/internal/media"
	"duban/internal/place"
	"duban/internal/store"
)

// keeper puts photos that come with a form where all photos go. It implements
// command.PhotoKeeper.
type keeper struct{ blobs *media.Blobs }

// Keep implements command.PhotoKeeper. A form takes pictures only, of all that may be kept.
func (k keeper) Keep(_ context.Context, unit string, photo []byte) (media.File, error) {
	if !strings.HasPrefix(http.DetectContentType(photo), "image/") {
		return media.File{}, media.ErrKind
	}
	b, err := k.blobs.Put(unit, bytes.NewReader(photo))
	return media.File{SHA256: b.SHA256, MIME: b.MIME, Size: b.Size}, err
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
	return &handlers.PhotoPages{Desk: a.core.links(), Store: pictures{a.blobs}, Loc: a.cfg.Location(), Secure: strings.HasPrefix(public, "https://")}
}

// Thumb implements handlers.PhotoStore: the small picture where the store has one, else
// the picture itself.
func (p pictures) Thumb(ctx context.Context, home, sha string) (io.ReadCloser, error) {
	if small, ok := any(p.blobs).(interface {
		Thumb(ctx context.Context, unit, sha string) (io.ReadCloser, error)
	}); ok {
		return small.Thumb(ctx, home, sha)
	}
	return p.Picture(ctx, home, sha)
}
