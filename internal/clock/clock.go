// Package clock provides the one source of time. Nothing else in duban asks the
// operating system what time it is when the answer decides anything.
package clock

import (
	"sync"
	"time"
)

// Clock tells the current instant.
type Clock interface {
	Now() time.Time
}

// System is the real clock.
type System struct{}

// Now returns the operating system's time.
func (System) Now() time.Time { return time.Now() }

// Movable is a clock that goes on at real speed from where it was last set. It
// serves the demo, the tests and DUBAN_DEV_NOW. It is safe for concurrent use.
type Movable struct {
	mu     sync.RWMutex
	offset time.Duration
	frozen bool
	at     time.Time
	real   Clock
}

// NewMovable returns a clock that shows start now and runs on.
func NewMovable(start time.Time) *Movable {
	return &Movable{real: System{}, offset: time.Until(start)}
}

// NewFrozen returns a clock that stands at start until it is moved.
func NewFrozen(start time.Time) *Movable {
	return &Movable{real: System{}, frozen: true, at: start}
}

// Now returns the shown instant.
func (m *Movable) Now() time.Time {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.frozen {
		return m.at
	}
	return m.real.Now().Add(m.offset)
}

// Set moves the clock to t. Moving backwards is allowed; callers decide whether
// that makes sense.
func (m *Movable) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = t
	m.offset = t.Sub(m.real.Now())
}
