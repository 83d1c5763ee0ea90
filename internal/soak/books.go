package main

import (
	"sync"
	"time"
)

// books say which messages were acknowledged, and which of those the database
// does not know yet: they are held in Redis and must still be carried out.
type books struct{ *book }

type book struct {
	mu      sync.Mutex
	entries map[string]*entry // by platform and id
	slowest time.Duration     // until a held message was carried out
	late    int               // how many were
	struck  map[fault]int     // how often each fault happened
	sizes   []size            // of the node that is never killed
}

type entry struct {
	line
	acked, answered, done bool
	shown                 int // answers in the call
	at                    time.Time
}

func newBooks() books { return books{&book{entries: map[string]*entry{}, struck: map[fault]int{}}} }

func (b *book) heard(l line, acked, answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := string(l.platform) + l.id
	e := b.entries[key]
	if e == nil {
		e = &entry{line: l, at: time.Now()}
		b.entries[key] = e
	}
	e.acked, e.answered = e.acked || acked, e.answered || answered
	if answered {
		e.shown++
	}
}

// owed are the acknowledged messages not seen in the database yet, by our count
// or because nobody has looked.
func (b *book) owed() []entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []entry
	for _, e := range b.entries {
		if e.acked && !e.done && !e.answered {
			out = append(out, *e)
		}
	}
	return out
}

func (b *book) all() []entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []entry
	for _, e := range b.entries {
		out = append(out, *e)
	}
	return out
}

// finished notes that a message was found carried out and answered.
func (b *book) finished(l line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[string(l.platform)+l.id]
	if e.done {
		return
	}
	e.done = true
	if !e.answered {
		b.late++
		b.slowest = max(b.slowest, time.Since(e.at))
	}
}

// strikes notes that a fault happened.
func (b *book) strikes(f fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.struck[f]++
}
