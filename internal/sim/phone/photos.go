package phone

import (
	"crypto/rand"
	"encoding/hex"
	"sync"
)

// photoBytes bounds what the page keeps of sent pictures; the oldest go first.
const photoBytes = 64 << 20

// photos keeps sent pictures in memory, so that the chat can show them.
type photos struct {
	mu    sync.Mutex
	max   int
	used  int
	byID  map[string]Photo
	order []string
}

func newPhotos(max int) *photos { return &photos{max: max, byID: map[string]Photo{}} }

// put stores a picture and returns an id nobody can guess.
func (p *photos) put(ph Photo) string {
	var b [16]byte
	rand.Read(b[:])
	id := hex.EncodeToString(b[:])
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byID[id] = ph
	p.order = append(p.order, id)
	p.used += len(ph.Data)
	for p.used > p.max && len(p.order) > 1 {
		p.used -= len(p.byID[p.order[0]].Data)
		delete(p.byID, p.order[0])
		p.order = p.order[1:]
	}
	return id
}

func (p *photos) get(id string) (Photo, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ph, ok := p.byID[id]
	return ph, ok
}
