package command

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/inbox"
)

// Understander turns text into an intent; *understand.Parser does it.
type Understander interface {
	Parse(in understand.Input) understand.Intent
	Read(in understand.Input, c understand.Command) understand.Intent
	Several(in understand.Input) []understand.Intent
	Roster(units []understand.Unit, people []understand.Person) *understand.Roster
}

// Engine carries out messages. It implements bot.Processor and bot.Screener.
type Engine struct {
	Work      UnitOfWork
	Parser    Understander
	Supervise Supervisor
	Waker     Waker
	Clock     clock.Clock
	Loc       *time.Location
	Days      *calendar.Workdays
	Log       *slog.Logger
	Photos    PhotoKeeper // of forms; nil where there are none
	Public    string      // the address in front of the pages; "" where there are none
	specs     map[understand.Command]Spec
	ordered   []Spec
	rosters   *rosters
}

// NewEngine completes an engine whose exported fields are set.
func NewEngine(e Engine) *Engine {
	e.ordered, e.rosters = inChapters(append(specs(), fixedSpecs()...)), &rosters{}
	e.specs = make(map[understand.Command]Spec, len(e.ordered))
	for _, s := range e.ordered {
		e.specs[s.Command] = s
	}
	return &e
}

// Process carries out a message in one transaction. See bot.Processor.
func (e *Engine) Process(ctx context.Context, m bot.Message) (bot.Reply, error) {
	started := e.Clock.Now()
	var s *session
	err := e.Work.Within(ctx, func(tx Tx) error {
		s = e.session(ctx, tx, m, started)
		reply, err := s.answer()
		if err != nil {
			return err
		}
		s.reply = s.answering(reply)
		return s.remember("done")
	})
	var said *errs.Error
	if errors.As(err, &said) && said.Code != errs.Unavailable && said.Code != errs.Internal {
		err = e.refuse(ctx, m, s, said, started)
	}
	if errors.Is(err, inbox.ErrSeen) {
		return e.again(ctx, m)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if !s.wakes.Empty() {
		e.Waker.Wake(context.WithoutCancel(ctx), s.wakes)
	}
	e.Log.InfoContext(ctx, "message carried out", "platform", m.Platform, "message", m.ID, "command", s.command, "outcome", s.outcome, "why", s.why)
	return s.reply, nil
}

// refuse remembers a message that could not be carried out. Its transaction was
// rolled back, so nothing of it is half stored.
func (e *Engine) refuse(ctx context.Context, m bot.Message, failed *session, said *errs.Error, started time.Time) error {
	return e.Work.Within(ctx, func(tx Tx) error {
		failed.tx, failed.wakes, failed.private = tx, Wakes{}, nil
		failed.reply = bot.Reply{Text: said.Say}
		if failed.inGroup() && failed.actor.PersonID != "" { // the reason may name things
			why := failed.reply
			failed.private, failed.reply = &why, bot.Reply{Text: "这次没有办成，原因已私聊您。"}
		}
		return failed.remember(string(said.Code))
	})
}

// again answers a repeated delivery like the first one.
func (e *Engine) again(ctx context.Context, m bot.Message) (bot.Reply, error) {
	var reply bot.Reply
	err := e.Work.Within(ctx, func(tx Tx) error {
		seen, ok, err := tx.FindInbound(ctx, string(m.Platform), m.Robot, m.ID)
		if err != nil || !ok {
			return errs.At("find first delivery", err)
		}
		reply = bot.Reply{Title: seen.ReplyTitle, Text: seen.Reply}
		if seen.Buttons != "" {
			_ = json.Unmarshal([]byte(seen.Buttons), &reply.Buttons)
		}
		return nil
	})
	return reply, err
}

func (e *Engine) input(m bot.Message, pending *understand.Pending) understand.Input {
	in := understand.Input{Text: m.Text, Attachments: len(m.Attachments), Addressed: true, Pending: pending, Now: e.Clock.Now().In(e.Loc)}
	if m.Quote != nil {
		in.Quote = m.Quote.Text
	}
	return in
}

// legible drops signs nobody sees: zero-width ones, which keyboards and copying
// leave behind, and those that change the direction of reading, which can make a
// text look like another. What joins emoji goes as well; it says nothing here.
func legible(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text))
}
