package app

import (
	"log/slog"

	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/media"
	"duban/internal/media/fetch"
	"duban/internal/store"
)

// newFetcher returns the worker that brings files in, and the place they go to.
func newFetcher(cfg *config.Config, s *store.Store, p *platforms, c clock.Clock, log *slog.Logger) (*fetch.Worker, *media.Blobs, error) {
	blobs, err := media.OpenBlobs(cfg.Media.Dir)
	if err != nil {
		return nil, nil, err
	}
	return &fetch.Worker{Work: work[fetch.Tx]{s, func(tx *store.Tx) fetch.Tx { return tx }}, From: p.fetcher, Store: blobs, Clock: c, Log: log}, blobs, nil
}
