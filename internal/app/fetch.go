package app

import (
	"log/slog"

	"duban/internal/clock"
	"duban/internal/media"
	"duban/internal/media/fetch"
	"duban/internal/store"
)

// newFetcher returns the worker that brings files in. Who is told what of them is
// known once the core is there.
func newFetcher(kept *media.Store, s *store.Store, p *platforms, c clock.Clock, log *slog.Logger) *fetch.Worker {
	return &fetch.Worker{Work: work[fetch.Tx]{s, func(tx *store.Tx) fetch.Tx { return tx }}, From: p.fetcher, Store: kept, Clock: c, Log: log}
}
