package app

import (
	"context"

	"duban/internal/store"
)

// work lets packages see the store's transactions as the small interface T of
// theirs. That *store.Tx is a T is checked where work is made.
type work[T any] struct {
	store *store.Store
	as    func(*store.Tx) T
}

// Within opens a transaction. fn may run more than once.
func (w work[T]) Within(ctx context.Context, fn func(T) error) error {
	return w.store.Within(ctx, func(tx *store.Tx) error { return fn(w.as(tx)) })
}
