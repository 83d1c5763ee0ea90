// Package contacts follows what platforms tell of their members: who has left loses access
// at once, who has another user id keeps everything, and who works on it has to be told.
// Nothing is ever written to a platform, and nobody is known by a name alone.
package contacts

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"duban/bot"
	"duban/internal/clock"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/inbox"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
)

// Accounts keeps accounts and what was told of their user ids.
type Accounts interface {
	LockPresence(ctx context.Context, a org.Account) (p org.Presence, resting org.BoundAccount, known bool, err error)
	SavePresence(ctx context.Context, a org.Account, p org.Presence, resting org.BoundAccount) error
	LockAccount(ctx context.Context, a org.Account) (org.BoundAccount, bool, error)
	OpenAccount(ctx context.Context, a org.BoundAccount) (bool, error)
	Unbind(ctx context.Context, a org.Account) error
	Renumber(ctx context.Context, a org.Account, userID string) error
	AccountsOf(ctx context.Context, personIDs ...string) (map[string][]org.Account, error)
	EndLinks(ctx context.Context, personID string, now time.Time) error
}

// Work knows people and what their posts have to do.
type Work interface {
	ActorByPerson(ctx context.Context, personID string) (org.Actor, bool, error)
	Directory(ctx context.Context) (*org.Directory, error)
	Work(ctx context.Context, f duty.Filter) ([]duty.Work, error)
	Hazards(ctx context.Context, f hazard.Filter) ([]hazard.Hazard, error)
}

// Tx is one transaction as contacts see it.
type Tx interface {
	Accounts
	Work
	notice.Writer
	journal.Writer
	AddInbound(ctx context.Context, m inbox.Inbound) error
}

// UnitOfWork opens transactions. fn may run more than once.
type UnitOfWork interface {
	Within(ctx context.Context, fn func(Tx) error) error
}

// Times knows when people may be told something.
type Times interface {
	Quiet(ctx context.Context, t time.Time) (time.Time, error)
}

// Desk carries out changes of contacts.
type Desk struct {
	Work  UnitOfWork
	Times Times
	Clock clock.Clock
	Loc   *time.Location
	Log   *slog.Logger
	Told  func(people ...string) // asks for people to be told what waits for them
}

// Take carries out one change in one transaction. Told again it does nothing. An error
// means that nothing was stored, and that the platform must tell it again.
func (d *Desk) Take(ctx context.Context, c bot.ContactChange) error {
	if c.At.IsZero() {
		c.At = d.Clock.Now()
	}
	var s *session
	err := d.Work.Within(ctx, func(tx Tx) error {
		s = &session{Desk: d, ctx: ctx, tx: tx, c: c, now: d.Clock.Now()}
		if err := s.carryOut(); err != nil {
			return err
		}
		// The message's own row comes last, so that a repetition undoes itself.
		return tx.AddInbound(ctx, inbox.Inbound{Platform: string(c.Platform), Robot: c.Robot, MsgID: c.ID, Command: "contact", Outcome: string(c.Kind), ReceivedAt: s.now})
	})
	if errors.Is(err, inbox.ErrSeen) {
		return nil
	}
	if err != nil {
		return errs.At("take change of contacts", err)
	}
	d.Log.InfoContext(ctx, "contacts changed", "platform", c.Platform, "event", c.ID, "kind", c.Kind, "users", len(c.Users), "accounts", s.touched)
	d.Told(s.told...)
	return nil
}

// session is one change being carried out.
type session struct {
	*Desk
	ctx     context.Context
	tx      Tx
	c       bot.ContactChange
	now     time.Time
	touched int      // accounts that were changed
	told    []string // who has something waiting
}

func (s *session) carryOut() error {
	for _, user := range s.c.Users {
		var err error
		at := org.Account{Platform: string(s.c.Platform), Corp: s.c.Corp, UserID: user}
		switch s.c.Kind {
		case bot.ContactLeft:
			err = s.learn(at, org.Presence{Left: s.c.At})
		case bot.ContactHidden:
			err = s.learn(at, org.Presence{Hidden: s.c.At})
		case bot.ContactHere:
			err = s.learn(at, org.Presence{Here: s.c.At})
		case bot.ContactRenumbered:
			err = s.renumber(at, s.c.NewUser)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// learn adds what was told of a user id to what is known, and settles its account.
func (s *session) learn(at org.Account, told org.Presence) error {
	p, resting, known, err := s.tx.LockPresence(s.ctx, at)
	if err != nil {
		return err
	}
	open, bound, err := s.tx.LockAccount(s.ctx, at)
	if err != nil {
		return err
	}
	if !known && !bound && !told.Here.IsZero() && told.Left.IsZero() && told.Hidden.IsZero() {
		return nil // one more member: there is nothing that could come back
	}
	return s.settle(at, p.Merge(told), open, resting)
}

// settle brings the account of a user id into the standing that follows from what is
// known. open and resting have an empty PersonID where there is none.
func (s *session) settle(at org.Account, p org.Presence, open, resting org.BoundAccount) error {
	var err error
	if open.PersonID != "" {
		switch standing := p.Of(open.Bound); standing {
		case org.Gone:
			resting, err = org.BoundAccount{}, s.end(open, standing)
		case org.Resting:
			resting, err = open, s.end(open, standing)
		}
	} else if resting.PersonID != "" {
		switch p.Of(resting.Bound) {
		case org.Gone:
			resting, err = org.BoundAccount{}, s.note(resting, "contact_left", resting.UserID, "")
		case org.Open:
			resting, err = org.BoundAccount{}, s.wake(resting)
		}
	}
	if err != nil {
		return err
	}
	return s.tx.SavePresence(s.ctx, at, p, resting)
}

// end closes an account: access ends here, what the person did stays.
func (s *session) end(a org.BoundAccount, standing org.Standing) error {
	if err := s.tx.Unbind(s.ctx, a.Account); err != nil {
		return err
	}
	action := "contact_left"
	if standing == org.Resting {
		action = "contact_hidden"
	}
	if err := s.note(a, action, a.UserID, ""); err != nil {
		return err
	}
	others, err := s.tx.AccountsOf(s.ctx, a.PersonID)
	if err != nil {
		return err
	}
	if len(others[a.PersonID]) == 0 {
		if err := s.tx.EndLinks(s.ctx, a.PersonID, s.now); err != nil {
			return err
		}
	}
	return s.tell(a, others[a.PersonID])
}

// wake opens an account again, unless its person is bound otherwise by now.
func (s *session) wake(a org.BoundAccount) error {
	ok, err := s.tx.OpenAccount(s.ctx, a)
	if err != nil || !ok {
		return err
	}
	return s.note(a, "contact_back", "", a.UserID)
}

// renumber moves what an old user id has to the new one, and what was told of it.
func (s *session) renumber(old org.Account, userID string) error {
	if userID == "" || userID == old.UserID {
		return nil
	}
	was, rested, _, err := s.tx.LockPresence(s.ctx, old)
	if err != nil {
		return err
	}
	open, _, err := s.tx.LockAccount(s.ctx, old)
	if err != nil {
		return err
	}
	at := old
	at.UserID = userID
	p, resting, _, err := s.tx.LockPresence(s.ctx, at)
	if err != nil {
		return err
	}
	own, _, err := s.tx.LockAccount(s.ctx, at)
	if err != nil {
		return err
	}
	if open.PersonID != "" && !open.Bound.After(s.c.At.Add(time.Second)) { // else somebody who has got the old id since
		if own.PersonID == "" {
			if own, err = s.move(open, userID); err != nil {
				return err
			}
		} else if err := s.end(open, org.Gone); err != nil { // the new id was bound to somebody else: nobody can guess who is who
			return err
		}
	}
	if rested.PersonID != "" && !rested.Bound.After(s.c.At.Add(time.Second)) {
		if resting.PersonID == "" {
			resting = rested
			resting.UserID = userID
		}
		rested = org.BoundAccount{}
		if err := s.tx.SavePresence(s.ctx, old, was, rested); err != nil {
			return err
		}
	}
	return s.settle(at, p.Merge(until(was, s.c.At)), own, resting)
}

// move gives an open account another user id.
func (s *session) move(a org.BoundAccount, userID string) (org.BoundAccount, error) {
	if err := s.tx.Unbind(s.ctx, a.Account); err != nil {
		return a, err
	}
	if err := s.tx.Renumber(s.ctx, a.Account, userID); err != nil {
		return a, err
	}
	moved := a
	moved.UserID = userID
	if _, err := s.tx.OpenAccount(s.ctx, moved); err != nil {
		return a, err
	}
	return moved, s.note(a, "contact_renumbered", a.UserID, userID)
}

// until is what was told up to a time.
func until(p org.Presence, at time.Time) org.Presence {
	for _, t := range []*time.Time{&p.Left, &p.Hidden, &p.Here} {
		if t.After(at) {
			*t = time.Time{}
		}
	}
	return p
}

// note appends a line of history: which user id, of whom, from what to what.
func (s *session) note(a org.BoundAccount, action, before, after string) error {
	s.touched++
	return s.tx.Append(s.ctx, journal.Entry{At: s.now, Actor: "system", Channel: a.Platform, Subject: notice.Subject{Kind: notice.PersonSubj},
		Action: action, Before: before, After: after, Note: a.PersonID})
}
