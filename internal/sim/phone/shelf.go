package phone

import (
	"crypto/rand"
	"encoding/hex"
	"sync"
)

// shelfBytes bounds what the page keeps of pictures people sent, and of files the
// bot sent; the oldest go first.
const shelfBytes = 64 << 20

// shelf keeps pictures or files in memory, so that the chat can show them.
type shelf struct {
	mu    sync.Mutex
	max   int
	used  int
	byID  map[string]kept
	order []string
}

// kept is a picture with its type, or a file with its name.
type kept struct {
	name, kind string
	data       []byte
}

func newShelf(max int) *shelf { return &shelf{max: max, byID: map[string]kept{}} }

// put stores something and returns an id nobody can guess.
func (s *shelf) put(k kept) string {
	var b [16]byte
	rand.Read(b[:])
	id := hex.EncodeToString(b[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[id] = k
	s.order = append(s.order, id)
	s.used += len(k.data)
	for s.used > s.max && len(s.order) > 1 {
		s.used -= len(s.byID[s.order[0]].data)
		delete(s.byID, s.order[0])
		s.order = s.order[1:]
	}
	return id
}

func (s *shelf) get(id string) (kept, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.byID[id]
	return k, ok
}
