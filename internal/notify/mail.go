package notify

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/obs"
)

const (
	claimFor = 2 * time.Minute  // how long a worker may take for one message
	sendTime = 20 * time.Second // how long the platform may take
	makeTime = 90 * time.Second // how long a document may take to be made, put on the platform and sent
)

// Mailer sends queued messages.
type Mailer struct {
	Work    UnitOfWork
	Times   Times
	Senders map[string]bot.Sender                      // by platform
	Keys    func(platform, name string) (string, bool) // group robots' credentials by name
	Roads   *Roads                                     // may be nil
	Teller  *Teller                                    // words anew what changed while it waited

	Documents Documents
	Clock     clock.Clock
	Log       *slog.Logger
	Metrics   *obs.Metrics
}

// Send sends messages that are due and that nobody else has, and with them others
// of the same words. How it went is recorded in their rows; the error is only about
// the database.
func (m *Mailer) Send(ctx context.Context, ids ...int64) error {
	letters, err := m.claim(ctx, ids)
	if err != nil || len(letters) == 0 {
		return errs.At("claim messages", err)
	}
	done, failures := m.deliverAll(ctx, m.posts(letters))
	// Once something may have left the house its fate must be written down, even
	// while the process is stopping.
	record, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	if err := m.persist(record, done); err != nil {
		return errs.At("record messages", err)
	}
	for i, msg := range done {
		m.Metrics.Outgoing(msg.Platform, string(msg.Kind), msg.State, msg.Reason)
		m.log(ctx, msg, failures[i])
	}
	return errs.At("alarm", m.alarm(record, done, failures))
}

// letter is a claimed message and where it goes.
type letter struct {
	msg notice.Message
	to  bot.Target
}

// claim takes those of the messages that can be sent now, and others that can leave
// with them. What is not due or taken is passed over, and some are given up for a
// named reason.
func (m *Mailer) claim(ctx context.Context, ids []int64) (letters []letter, err error) {
	err = m.Work.Within(ctx, func(tx Tx) error {
		letters = nil
		now := m.Clock.Now()
		claimed, err := tx.ClaimMessages(ctx, now, now.Add(claimFor), ids...)
		if err != nil {
			return err
		}
		more, err := m.alike(ctx, tx, claimed, now)
		if err != nil {
			return err
		}
		for _, msg := range append(claimed, more...) {
			to, ok, err := m.admit(ctx, tx, msg, now)
			if err != nil {
				return err
			}
			if ok {
				msg.State, msg.Attempts = notice.MsgSending, msg.Attempts+1
				letters = append(letters, letter{msg, to})
			}
		}
		return nil
	})
	return letters, err
}

// admit finds the target of a message just claimed, given as it was before. ok is
// false when it is given up for a named reason.
func (m *Mailer) admit(ctx context.Context, tx Tx, msg notice.Message, now time.Time) (to bot.Target, ok bool, err error) {
	before, crashed := msg, msg.State == notice.MsgSending
	msg.State, msg.Attempts = notice.MsgSending, msg.Attempts+1
	if crashed && !sentTwice(msg) {
		return to, false, m.giveUp(ctx, tx, msg, notice.MsgUnknown, "crash")
	}
	if stale, err := m.expired(ctx, tx, msg, now); err != nil || stale {
		return to, false, err
	}
	if waited(before, now) {
		if ok, err := m.recheck(ctx, tx, msg, now); err != nil || !ok {
			return to, false, err
		}
	}
	if m.Senders[msg.Platform] == nil {
		return to, false, m.giveUp(ctx, tx, msg, notice.MsgFailed, "platform_off")
	}
	if to, ok, err = m.target(ctx, tx, msg); err == nil && !ok {
		return to, false, m.giveUp(ctx, tx, msg, notice.MsgFailed, "no_target")
	}
	return to, ok, err
}

func (m *Mailer) giveUp(ctx context.Context, tx Tx, msg notice.Message, state, reason string) error {
	msg.State, msg.Reason, msg.NextAt = state, reason, time.Time{}
	m.Metrics.Outgoing(msg.Platform, string(msg.Kind), state, reason)
	m.Log.WarnContext(ctx, "message not sent", "message", msg.ID, "kind", msg.Kind, "state", state, "reason", reason)
	if err := tx.MessageDone(ctx, msg); err != nil {
		return err
	}
	if state == notice.MsgFailed {
		return m.fallBack(ctx, tx, msg, new([]string)) // whom it calls the sweeper finds
	}
	return m.tellAgain(ctx, tx, msg)
}

// expired puts the content of a morning message that could not be sent during
// its day back, so that the next morning tells what is still true by then.
func (m *Mailer) expired(ctx context.Context, tx Tx, msg notice.Message, now time.Time) (bool, error) {
	if msg.Kind != notice.Morning && msg.Kind != notice.DigestKind {
		return false, nil
	}
	free, err := m.Times.Quiet(ctx, now)
	if err != nil || !free.After(now) {
		return false, err
	}
	until, err := m.Times.Morning(ctx, now)
	if err != nil {
		return false, err
	}
	if err := reopen(ctx, tx, msg, until, "unsent"); err != nil {
		return false, err
	}
	msg.State, msg.Reason, msg.NextAt = notice.MsgFailed, "expired", time.Time{}
	m.Metrics.Outgoing(msg.Platform, string(msg.Kind), msg.State, msg.Reason)
	return true, tx.MessageDone(ctx, msg)
}

// reopen lets what a message tells wait again. What took another platform's place
// tells what that one was to tell.
func reopen(ctx context.Context, tx Tx, msg notice.Message, until time.Time, reason string, kinds ...notice.Kind) error {
	twins, err := tx.MessagesByKey(ctx, keysOf(msg.Key)...)
	if err != nil {
		return err
	}
	for _, t := range twins {
		if _, err := tx.ReopenNotices(ctx, t.ID, until, reason, kinds...); err != nil {
			return err
		}
	}
	return nil
}

// target resolves where the message goes. The database knows group robots by
// name only.
func (m *Mailer) target(ctx context.Context, tx Tx, msg notice.Message) (bot.Target, bool, error) {
	if msg.GroupID == "" {
		if chat, ok := strings.CutPrefix(msg.Address, chatAddress); ok {
			return bot.Target{ChatID: chat}, chat != "", nil
		}
		return bot.Target{UserID: msg.Address}, msg.Address != "", nil
	}
	g, ok, err := tx.GroupByID(ctx, msg.GroupID)
	if err != nil || !ok {
		return bot.Target{}, false, err
	}
	if g.Webhook != "" {
		key, ok := m.Keys(g.Platform, g.Webhook)
		return bot.Target{Webhook: key}, ok, nil
	}
	return bot.Target{ChatID: g.ChatID}, g.ChatID != "", nil
}

// chatAddress marks the address of a conversation, as opposed to a user.
const chatAddress = "chat:"

// hand gives the message to the platform, by the short road of the conversation
// it answers if there is one. instead says why words took a document's place.
func (m *Mailer) hand(ctx context.Context, msg notice.Message, to bot.Target) (_ bot.Receipt, instead string, err error) {
	limit := sendTime
	if msg.Kind == notice.Document {
		limit = makeTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, instead, err := m.outgoing(ctx, msg, to)
	if err != nil {
		return bot.Receipt{}, "", err
	}
	sender := m.Senders[msg.Platform]
	if url, ok := m.Roads.take(msg.Key, m.Clock.Now()); ok {
		if s, can := sender.(SessionReplier); can {
			err := s.ReplySession(ctx, url, out.Reply)
			if class := bot.ClassOf(err); class == "" || class == bot.Ambiguous {
				return bot.Receipt{}, instead, err
			}
		}
	}
	receipt, err := sender.Send(ctx, out)
	return receipt, instead, err
}

func wordsOf(msg notice.Message) bot.Reply {
	r := bot.Reply{Title: msg.Title, Text: msg.Text}
	if msg.Buttons != "" {
		_ = json.Unmarshal([]byte(msg.Buttons), &r.Buttons)
	}
	return r
}

// called names how a call to a platform ended, from a small fixed set.
func called(err error) string {
	if err == nil {
		return "ok"
	}
	return string(bot.ClassOf(err))
}

func (m *Mailer) log(ctx context.Context, msg notice.Message, err error) {
	attrs := []any{"message", msg.ID, "kind", msg.Kind, "platform", msg.Platform, "state", msg.State, "reason", msg.Reason, "attempts", msg.Attempts}
	switch {
	case bot.ClassOf(err) == bot.Config:
		m.Log.ErrorContext(ctx, "platform refuses our settings", append(attrs, "error", err)...)
	case err != nil:
		m.Log.WarnContext(ctx, "message not delivered", append(attrs, "error", err)...)
	default:
		m.Log.InfoContext(ctx, "message sent", attrs...)
	}
}
