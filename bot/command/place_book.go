package command

import (
	"context"

	"duban/internal/media"
	"duban/internal/place"
)

// PlaceBook keeps the places that carry a code.
type PlaceBook interface {
	AddPlace(ctx context.Context, p place.Place) (_ place.Place, fresh bool, err error)
	SavePlace(ctx context.Context, p place.Place) error
	Places(ctx context.Context, units ...string) ([]place.Place, error)
}

// PlaceFinder finds a place by what people type, or by what their phone read.
type PlaceFinder interface {
	PlaceByCode(ctx context.Context, code string) (place.Place, bool, error)
	PlaceByToken(ctx context.Context, token string) (place.Place, bool, error)
}

// Scans remembers the forms that were sent, each once.
type Scans interface {
	AddScan(ctx context.Context, s place.Scan) error
	ScanOnce(ctx context.Context, key string) (place.Scan, bool, error)
	ScanOf(ctx context.Context, hazard int64) (place.Scan, bool, error)
}

// PhotoKeeper keeps photos that came with a form. What it refuses it refuses with the
// errors of media.
type PhotoKeeper interface {
	Keep(ctx context.Context, unit string, photo []byte) (media.File, error)
}
