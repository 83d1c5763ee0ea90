package queue

import (
	"context"
	"sync"
	"time"

	"duban/internal/clock"
	"duban/internal/errs"
)

// Mover moves a movable clock and carries out what falls due on the way, in the
// order of time, as if the days had passed. It serves the demo, tests and dry
// runs.
type Mover struct {
	Clock   *clock.Movable
	Sweeper *Sweeper
	Jobs    Jobs
	mu      sync.Mutex
}

// slack forgives a target that the running clock has just passed.
const slack = time.Minute

// Advance moves the clock to an instant, stopping wherever something falls due,
// and returns when everything is done. Going back is refused.
func (m *Mover) Advance(ctx context.Context, to time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.Clock.Now(); to.Before(now.Add(-slack)) {
		return errs.New(errs.Conflict, "时钟只能往前拨。")
	} else if to.Before(now) {
		to = now
	}
	for {
		if err := m.settle(ctx); err != nil {
			return err
		}
		now := m.Clock.Now()
		next, err := m.Sweeper.Next(ctx)
		if err != nil {
			return err
		}
		if !next.After(now) && !next.IsZero() { // it cannot be done yet: look again later
			next = now.Add(time.Hour)
		}
		if next.IsZero() || !next.Before(to) {
			break
		}
		m.Clock.Set(next)
	}
	if m.Clock.Now().Before(to) {
		m.Clock.Set(to)
	}
	return m.settle(ctx)
}

func (m *Mover) settle(ctx context.Context) error {
	return m.Sweeper.Settle(ctx, func(ctx context.Context, t Task) error { return guarded(ctx, m.Jobs, t) })
}
