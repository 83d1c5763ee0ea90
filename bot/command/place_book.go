package command

import (
	"context"

	"duban/internal/place"
)

// PlaceBook keeps the places that carry a code.
type PlaceBook interface {
	AddPlace(ctx context.Context, p place.Place) (_ place.Place, fresh bool, err error)
	SavePlace(ctx context.Context, p place.Place) error
	Places(ctx context.Context, units ...string) ([]place.Place, error)
}

// PlaceFinder finds a place by what people type.
type PlaceFinder interface {
	PlaceByCode(ctx context.Context, code string) (place.Place, bool, error)
}
