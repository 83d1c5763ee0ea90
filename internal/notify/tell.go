package notify

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/obs"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/supervise"
)

// Teller turns a person's waiting notices into outgoing messages.
type Teller struct {
	Work      UnitOfWork
	Times     Times
	Clock     clock.Clock
	Loc       *time.Location
	Days      *calendar.Workdays
	Platforms []string                   // those that can send
	Scarce    func(platform string) bool // has so little quota left that others are to be used first; may be nil
	Log       *slog.Logger
	Metrics   *obs.Metrics

	Alarms  Alarms                 // may be nil where nobody is called to incidents
	Loudest remind.Ring            // how loudly a call may ring where a platform can; none by default
	Called  func(people ...string) // hears who else is to be told at once; may be nil
}

// Tell looks at everything people have waiting and returns the ids of the messages
// that are to be sent now. It may be called by anybody at any time: what is not
// yet to be told is left waiting or put off. Several people are told in one
// transaction if that works; one who cannot be told does not keep the others from
// it.
func (t *Teller) Tell(ctx context.Context, people ...string) ([]int64, error) {
	first, rest, err := t.inOrder(ctx, people)
	if err != nil {
		return nil, errs.At("tell", err)
	}
	if len(rest) > 1 {
		messages, err := t.together(ctx, rest)
		if err == nil {
			more, err := t.alone(ctx, first)
			return append(messages, more...), err
		}
		t.Log.WarnContext(ctx, "people are told one by one", "people", len(rest), "error", err)
	}
	return t.alone(ctx, append(first, rest...))
}

// inOrder puts those first for whom somebody stands in: what they hand over belongs
// into the message of the day that the other gets.
func (t *Teller) inOrder(ctx context.Context, people []string) (first, rest []string, err error) {
	if len(people) < 2 {
		return nil, people, nil
	}
	err = t.Work.Within(ctx, func(tx Tx) error {
		first, rest = nil, nil
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		for _, p := range people {
			if _, away := dir.StandIn(p, calendar.In(t.Clock.Now(), t.Loc)); away {
				first = append(first, p)
			} else {
				rest = append(rest, p)
			}
		}
		return nil
	})
	return first, rest, err
}

// alone tells people one by one.
func (t *Teller) alone(ctx context.Context, people []string) (messages []int64, err error) {
	for _, p := range people {
		var s *telling
		failed := t.Work.Within(ctx, func(tx Tx) error {
			s = &telling{Teller: t, ctx: ctx, tx: tx, person: p, now: t.Clock.Now()}
			return s.run()
		})
		if failed != nil {
			err = errors.Join(err, errs.At("tell", failed))
			continue
		}
		t.account(ctx, s.stopped)
		t.call(s.called)
		messages = append(messages, s.messages...)
	}
	return messages, err
}

// account shows what was stopped, and why.
func (t *Teller) account(ctx context.Context, stopped []stop) {
	for _, o := range stopped {
		t.Metrics.Outgoing("", string(o.kind), string(notice.Dropped), o.reason)
		t.Log.InfoContext(ctx, "notice stopped", "notice", o.id, "kind", o.kind, "reason", o.reason)
	}
}

// telling is one run for one person.
type telling struct {
	*Teller
	ctx      context.Context
	tx       TellTx
	person   string
	now      time.Time
	actor    org.Actor
	dir      *org.Directory
	accounts []org.Account
	stopped  []stop
	messages []int64
	called   []string // who was called in somebody's place
}

// stop is a notice that a stage ended, and why.
type stop struct {
	id     int64
	kind   notice.Kind
	reason string
}

func (s *telling) run() error {
	waiting, err := s.tx.LockPending(s.ctx, s.now, s.person)
	if err != nil || len(waiting) == 0 {
		return err
	}
	if s.dir, err = s.tx.Directory(s.ctx); err != nil {
		return err
	}
	if waiting, err = supervise.HandOver(s.ctx, s.tx, s.dir, calendar.In(s.now, s.Loc), waiting); err != nil || len(waiting) == 0 {
		return err
	}
	known, err := s.recipient()
	if err != nil {
		return err
	}
	if !known {
		return s.drop(waiting, "left")
	}
	if waiting, err = s.delegated(waiting); err != nil || len(waiting) == 0 {
		return err
	}
	if len(s.accounts) == 0 {
		return s.unreachable(waiting)
	}
	single, merged, err := s.hold(waiting)
	if err != nil {
		return err
	}
	for _, n := range single {
		if err := s.one(n); err != nil {
			return err
		}
	}
	return s.morning(merged)
}

// recipient loads the person; ok is false for somebody who has left.
func (s *telling) recipient() (ok bool, err error) {
	if s.actor, ok, err = s.tx.ActorByPerson(s.ctx, s.person); err != nil || !ok {
		return false, err
	}
	all, err := s.tx.AccountsOf(s.ctx, s.person)
	if err != nil {
		return false, err
	}
	for _, a := range all[s.person] {
		if slices.Contains(s.Platforms, a.Platform) {
			s.accounts = append(s.accounts, a)
		}
	}
	if s.Scarce != nil {
		slices.SortStableFunc(s.accounts, func(a, b org.Account) int { return scarcity(s.Scarce(a.Platform)) - scarcity(s.Scarce(b.Platform)) })
	}
	return true, nil
}

func scarcity(scarce bool) int {
	if scarce {
		return 1
	}
	return 0
}

// delegated hands what comes with the work but names no post to whoever stands in
// today. Answers and what concerns the person alone stay, and so do calls to an
// incident: whoever calls calls the stand-in as well. The stand-in gets it
// merged with the own notices; the sweeper or the next wake brings it.
func (s *telling) delegated(waiting []notice.Notice) ([]notice.Notice, error) {
	to, ok := s.dir.StandIn(s.person, calendar.In(s.now, s.Loc))
	if !ok {
		return waiting, nil
	}
	var own, moved []notice.Notice
	for _, n := range waiting {
		switch n.Kind {
		case notice.Reminder, notice.Escalation, notice.NewHazard, notice.WorkUpdate, notice.BindRequest,
			notice.Slip, notice.SlipLate, notice.Receipt:
			moved = append(moved, n)
		default:
			own = append(own, n)
		}
	}
	if len(moved) == 0 {
		return own, nil
	}
	return own, s.tx.ReaddressNotices(s.ctx, ids(moved), to)
}

func ids(ns []notice.Notice) []int64 {
	out := make([]int64, 0, len(ns))
	for _, n := range ns {
		out = append(out, n.ID)
	}
	return out
}

func (s *telling) drop(ns []notice.Notice, reason string) error {
	for _, n := range ns {
		s.stopped = append(s.stopped, stop{n.ID, n.Kind, reason})
	}
	return s.tx.SettleNotices(s.ctx, ids(ns), notice.Dropped, reason, 0)
}
