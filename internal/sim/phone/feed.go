package phone

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Feed is the bounded record of everything said, in order. The World publishes,
// any number of browsers follow, each at its own speed: nobody blocks a
// publisher, and who falls behind further than the record reaches is told so.
type Feed struct {
	epoch string // tells cursors of an earlier process from ours
	files *shelf // that the bot sent

	mu      sync.Mutex
	entries []Entry // up to twice max; kept tells which count
	max     int
	seq     int64 // of the newest entry
	moves   int   // how often the clock was moved
	changed chan struct{}
	closed  bool
}

// NewFeed returns a feed that remembers the newest limit entries, at least one.
func NewFeed(limit int) *Feed {
	var b [6]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return &Feed{epoch: hex.EncodeToString(b[:]), files: newShelf(shelfBytes), max: max(limit, 1), changed: make(chan struct{})}
}

// Publish appends an entry and returns its number. Entries with the same
// non-empty Key are one message; a later one replaces the earlier one's state.
func (f *Feed) Publish(e Entry) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq++
	e.Seq = f.seq
	if len(f.entries) == 2*f.max { // seldom enough to cost nothing
		f.entries = f.entries[:copy(f.entries, f.kept())]
	}
	f.entries = append(f.entries, e)
	f.wake()
	return e.Seq
}

// Attach keeps a file that the bot sent, so that it can be saved from the page,
// as long as there is room.
func (f *Feed) Attach(name string, data []byte) File {
	id := f.files.put(kept{name: name, data: data})
	return File{Name: name, Size: len(data), URL: "/demo/api/file/" + id}
}

// Moved tells the browsers that the clock or the plan changed. Whoever moves
// the clock past this package calls it.
func (f *Feed) Moved() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.moves++
	f.wake()
}

// Close ends all open streams; publishing goes on working. It is called before
// the HTTP server shuts down, which would wait for the streams otherwise.
func (f *Feed) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.wake()
}

// kept returns the newest max entries.
func (f *Feed) kept() []Entry { return f.entries[max(0, len(f.entries)-f.max):] }

func (f *Feed) wake() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// batch is what a follower gets at once.
type batch struct {
	entries []Entry
	gap     bool // entries before these are lost: start over
	moves   int
	closed  bool
	changed <-chan struct{} // closed when there is more
}

// after returns the entries past seq.
func (f *Feed) after(seq int64) batch {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := batch{moves: f.moves, closed: f.closed, changed: f.changed}
	kept := f.kept()
	first := f.seq - int64(len(kept)) // number before the oldest kept
	if seq < first || seq > f.seq {
		b.gap = true
		return b
	}
	b.entries = append(b.entries, kept[seq-first:]...)
	return b
}

// snapshot returns everything kept and the number of the newest.
func (f *Feed) snapshot() ([]Entry, int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Entry{}, f.kept()...), f.seq
}

// cursor writes a position that survives a reconnect and is refused after a
// restart.
func (f *Feed) cursor(seq int64) string { return fmt.Sprintf("%s.%d", f.epoch, seq) }

// parse reads a cursor; ok is false for one that is not ours.
func (f *Feed) parse(cursor string) (seq int64, ok bool) {
	epoch, number, found := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(number, 10, 64)
	if !found || epoch != f.epoch || err != nil || n < 0 {
		return 0, false
	}
	return n, true
}
