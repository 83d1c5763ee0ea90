package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"duban/handlers"
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
