package dingtalk

import "sync"

const maxProgress = 1000

// progress remembers how many parts of a message are out, so that a retry does
// not repeat them. It holds messages under way only, and a bounded number.
type progress struct {
	mu   sync.Mutex
	done map[string]int
}

func newProgress() *progress { return &progress{done: map[string]int{}} }

func (p *progress) parts(key string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done[key]
}

func (p *progress) note(key string, parts int) {
	if key == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.done[key]; !known && len(p.done) >= maxProgress {
		clear(p.done) // forgetting may repeat a part, growing for ever is worse
	}
	p.done[key] = parts
}

func (p *progress) forget(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.done, key)
}
