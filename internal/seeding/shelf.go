package seeding

import (
	"bytes"
	"context"
	"sync"

	"duban/internal/errs"
	"duban/internal/remind"
	"duban/internal/store"
)

// Shelf keeps the stored policies in memory, for a supervise.Book. Asking it for
// the newest version never touches the database, since that would need a second
// connection within a transaction; Refresh does, from outside of transactions. It
// is safe for concurrent use.
type Shelf struct {
	read   func(ctx context.Context) *store.Tx
	mu     sync.Mutex
	known  map[int]remind.Policies
	newest int
}

// NewShelf returns an empty shelf. read is the store's Read.
func NewShelf(read func(ctx context.Context) *store.Tx) *Shelf {
	return &Shelf{read: read, known: map[int]remind.Policies{}}
}

// Refresh learns the versions stored meanwhile; call it at the start and now and
// then.
func (s *Shelf) Refresh(ctx context.Context) error {
	versions, err := s.read(ctx).PolicyVersions(ctx)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if _, err := s.version(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// Source is a supervise.PolicySource. Before the first Refresh, and for a version
// of another node, it reads the database.
func (s *Shelf) Source(ctx context.Context, version int) (remind.Policies, error) {
	if version == 0 {
		s.mu.Lock()
		version = s.newest
		s.mu.Unlock()
	}
	return s.version(ctx, version)
}

func (s *Shelf) version(ctx context.Context, version int) (remind.Policies, error) {
	s.mu.Lock()
	p, ok := s.known[version]
	s.mu.Unlock()
	if ok {
		return p, nil
	}
	raw, err := s.read(ctx).Policies(ctx, version)
	if err != nil {
		return p, err
	}
	p, err = remind.LoadPolicies(bytes.NewReader(raw.Body))
	if err != nil {
		return p, errs.At("read stored policies", err)
	}
	p.Version = raw.Version // what the file calls itself does not matter
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[p.Version] = p
	s.newest = max(s.newest, p.Version)
	return p, nil
}
