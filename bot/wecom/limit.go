package wecom

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"
)

// quota allows n events in any span of per.
type quota struct {
	n   int
	per time.Duration
}

// The platform's quotas (documents 90454, 99110). Beyond the member quota it
// drops messages without a word, so staying below is the only way to know. The
// extra second covers the way to the platform's own clock.
var (
	memberQuotas  = [...]quota{{30, time.Minute + time.Second}, {1000, time.Hour + time.Second}}
	webhookQuotas = [...]quota{{20, time.Minute + time.Second}}
)

// pacer keeps each key below its quotas with an exact sliding window; a token
// bucket would let twice the number through in the first minute. It never
// blocks. It is safe for concurrent use.
type pacer struct {
	quotas []quota // shortest span first
	now    func() time.Time

	mu    sync.Mutex
	hits  map[string][]time.Time
	sweep time.Time
}

func newPacer(now func() time.Time, quotas ...quota) *pacer {
	return &pacer{quotas: quotas, now: now, hits: map[string][]time.Time{}}
}

// reserve takes n events for key, all or none. If they don't fit it returns how
// long to wait until they do; ok is false then. A wait of zero with ok false
// means that n never fits.
func (p *pacer) reserve(key string, n int) (wait time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.forget(now)
	hits := p.hits[key]
	for _, q := range p.quotas {
		if n > q.n {
			return 0, false
		}
		// The hit that must have left the window before n more fit in.
		if i := len(hits) + n - q.n - 1; i >= 0 {
			wait = max(wait, hits[i].Add(q.per).Sub(now))
		}
	}
	if wait > 0 {
		return wait, false
	}
	for range n {
		hits = append(hits, now)
	}
	p.hits[key] = trim(hits, now.Add(-p.longest()))
	return 0, true
}

func (p *pacer) longest() time.Duration { return p.quotas[len(p.quotas)-1].per }

// forget drops the keys that have been silent for the longest span, once a span.
func (p *pacer) forget(now time.Time) {
	if now.Sub(p.sweep) < p.longest() {
		return
	}
	p.sweep = now
	for key, hits := range p.hits {
		if hits = trim(hits, now.Add(-p.longest())); len(hits) == 0 {
			delete(p.hits, key)
		} else {
			p.hits[key] = hits
		}
	}
}

func trim(hits []time.Time, before time.Time) []time.Time {
	i := 0
	for i < len(hits) && !hits[i].After(before) {
		i++
	}
	return hits[i:]
}

// fingerprint stands for a credential as a map key.
func fingerprint(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:8])
}
