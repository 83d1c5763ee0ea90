package store

import (
	"context"
	"sync"
	"time"

	"duban/internal/org"
)

// directories keeps the last directory for a while. Posts change hands a few
// times a year, but every message asks who is responsible.
type directories struct {
	mu   sync.Mutex
	life time.Duration
	last *org.Directory
	read time.Time // by the machine's clock: this is a cache, not a decision
}

// KeepDirectory lets directories be reused for life. A change by another process
// is seen after that time at the latest. Call it before the store is shared.
func (s *Store) KeepDirectory(life time.Duration) { s.directories = &directories{life: life} }

// Directory returns units, posts and present holders.
func (t *Tx) Directory(ctx context.Context) (*org.Directory, error) {
	d := t.directories
	if d == nil {
		return t.loadDirectory(ctx)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last != nil && time.Since(d.read) < d.life {
		return d.last, nil
	}
	loaded, err := t.loadDirectory(ctx)
	if err == nil {
		d.last, d.read = loaded, time.Now()
	}
	return loaded, err
}

// forget makes the next question read again: a change of this process is seen at
// once, one of another node within the life of the copy.
func (d *directories) forget() {
	if d == nil {
		return
	}
	d.mu.Lock()
	d.last = nil
	d.mu.Unlock()
}
