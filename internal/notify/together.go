package notify

import (
	"context"
	"time"

	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/slip"
	"duban/internal/supervise"
)

// together tells several people in one transaction: what it has to know is read
// once for all of them, and what it says is written at the end.
func (t *Teller) together(ctx context.Context, people []string) ([]int64, error) {
	var messages []int64
	var stopped []stop
	var called []string
	err := t.Work.Within(ctx, func(tx Tx) error {
		messages, stopped, called = nil, nil, nil
		now := t.Clock.Now()
		markers := make([]string, 0, len(people))
		for _, p := range people {
			markers = append(markers, t.marker(p, now))
		}
		c, err := gather(ctx, tx, people, markers, now)
		if err != nil {
			return err
		}
		for _, p := range people {
			s := &telling{Teller: t, ctx: ctx, tx: c, person: p, now: now}
			if err := s.run(); err != nil {
				return err
			}
			stopped = append(stopped, s.stopped...)
			called = append(called, s.called...)
		}
		messages, err = c.write(ctx)
		return err
	})
	if err != nil {
		return nil, errs.At("tell together", err)
	}
	t.account(ctx, stopped)
	t.call(called)
	return messages, nil
}

// crowd is a transaction in which several people are told. It answers for one of
// them from what was read for all, and keeps what is to be written.
type crowd struct {
	Tx
	now      time.Time
	waiting  map[string][]notice.Notice
	actors   map[string]org.Actor
	accounts map[string][]org.Account
	quiet    map[string]time.Time
	matters  supervise.Matters
	ran      map[string]bool // whether the days' messages have gone, by their names
	stepsDue *bool

	runs     map[string]string // what runs once, by name
	messages []notice.Message
	taken    map[int64]int // notices by the number of their message
	delays   map[delay][]int64
}

type delay struct {
	until  time.Time
	reason string
}

// gather locks what people have waiting and reads all that telling them asks for.
func gather(ctx context.Context, tx Tx, people, markers []string, now time.Time) (*crowd, error) {
	c := &crowd{Tx: tx, now: now, waiting: map[string][]notice.Notice{}, runs: map[string]string{}, taken: map[int64]int{}, delays: map[delay][]int64{}}
	all, err := tx.LockPending(ctx, now, people...)
	if err != nil || len(all) == 0 {
		return c, err
	}
	for _, n := range all {
		c.waiting[n.PersonID] = append(c.waiting[n.PersonID], n)
	}
	if c.actors, err = tx.ActorsByPerson(ctx, people...); err != nil {
		return nil, err
	}
	if c.accounts, err = tx.AccountsOf(ctx, people...); err != nil {
		return nil, err
	}
	if c.quiet, err = tx.QuietOf(ctx, people...); err != nil {
		return nil, err
	}
	ran, err := tx.RanOf(ctx, markers...)
	if err != nil {
		return nil, err
	}
	c.ran = make(map[string]bool, len(markers))
	for _, m := range markers { // what has not run is known, too
		c.ran[m] = ran[m]
	}
	c.matters, err = supervise.MattersOf(ctx, tx, all)
	return c, err
}

func (c *crowd) LockPending(_ context.Context, _ time.Time, people ...string) ([]notice.Notice, error) {
	var out []notice.Notice
	for _, p := range people {
		out = append(out, c.waiting[p]...)
	}
	return out, nil
}

func (c *crowd) ActorByPerson(_ context.Context, person string) (org.Actor, bool, error) {
	a, ok := c.actors[person]
	return a, ok, nil
}

func (c *crowd) AccountsOf(context.Context, ...string) (map[string][]org.Account, error) {
	return c.accounts, nil
}

func (c *crowd) QuietUntil(_ context.Context, person string) (time.Time, error) {
	return c.quiet[person], nil
}

func (c *crowd) WorkByID(_ context.Context, ids ...int64) ([]duty.Work, error) {
	return known(c.matters.Works, ids), nil
}

func (c *crowd) HazardsByID(_ context.Context, ids ...int64) ([]hazard.Hazard, error) {
	return known(c.matters.Hazards, ids), nil
}

func (c *crowd) SlipsByID(_ context.Context, ids ...int64) ([]slip.Slip, error) {
	return known(c.matters.Slips, ids), nil
}

func known[T any](all map[int64]T, ids []int64) []T {
	var out []T
	for _, id := range ids {
		if one, ok := all[id]; ok {
			out = append(out, one)
		}
	}
	return out
}

func (c *crowd) AnyChaseDue(ctx context.Context, now time.Time) (bool, error) {
	if c.stepsDue == nil {
		due, err := c.Tx.AnyChaseDue(ctx, now)
		if err != nil {
			return false, err
		}
		c.stepsDue = &due
	}
	return *c.stepsDue, nil
}

func (c *crowd) Ran(ctx context.Context, name string) (bool, error) {
	if ran, known := c.ran[name]; known {
		return ran, nil
	}
	return c.Tx.Ran(ctx, name)
}

func (c *crowd) Once(ctx context.Context, name, result string, _ time.Time) (bool, error) {
	if ran, err := c.Ran(ctx, name); err != nil || ran {
		return false, err
	}
	c.runs[name], c.ran[name] = result, true
	return true, nil
}

// AddMessage numbers the message from 1; write gives it its id.
func (c *crowd) AddMessage(_ context.Context, m notice.Message) (int64, error) {
	c.messages = append(c.messages, m)
	return int64(len(c.messages)), nil
}

func (c *crowd) SettleNotices(ctx context.Context, ids []int64, state notice.State, reason string, message int64) error {
	if state != notice.Taken {
		return c.Tx.SettleNotices(ctx, ids, state, reason, message)
	}
	for _, id := range ids {
		c.taken[id] = int(message) - 1
	}
	return nil
}

func (c *crowd) DelayNotices(_ context.Context, ids []int64, until time.Time, reason string) error {
	d := delay{until, reason}
	c.delays[d] = append(c.delays[d], ids...)
	return nil
}

// write stores what was kept and returns the ids of the messages. A message whose
// key exists takes nothing.
func (c *crowd) write(ctx context.Context) ([]int64, error) {
	if err := c.OnceEach(ctx, c.runs, c.now); err != nil {
		return nil, err
	}
	ids, err := c.AddMessages(ctx, c.messages)
	if err != nil {
		return nil, err
	}
	into := make(map[int64]int64, len(c.taken))
	for n, i := range c.taken {
		if ids[i] != 0 {
			into[n] = ids[i]
		}
	}
	if err := c.TakeNotices(ctx, into); err != nil {
		return nil, err
	}
	for d, late := range c.delays {
		if err := c.Tx.DelayNotices(ctx, late, d.until, d.reason); err != nil {
			return nil, err
		}
	}
	var fresh []int64
	for _, id := range ids {
		if id != 0 {
			fresh = append(fresh, id)
		}
	}
	return fresh, nil
}
