package handlers

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rates lets each key do something so often at once, and once more every so often. It
// remembers a bounded number of keys and forgets the ones not seen for longest.
type rates struct {
	burst int
	every time.Duration

	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

// maxKeys bounds how many keys each half remembers.
const maxKeys = 10_000

// allow takes one from what the key has left.
func (r *rates) allow(key string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.young[key]
	if !ok {
		if l, ok = r.old[key]; !ok {
			l = rate.NewLimiter(rate.Every(r.every), r.burst)
		}
		if r.young == nil || len(r.young) >= maxKeys {
			r.young, r.old = map[string]*rate.Limiter{}, r.young
		}
		r.young[key] = l
	}
	return l.AllowN(now, 1)
}

// neighbourhood is what counts as one address: of the newer kind a household has 2^64.
func neighbourhood(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return "unknown"
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
