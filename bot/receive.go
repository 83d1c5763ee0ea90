package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"duban/internal/errs"
)

// Processor does everything a message asks for in one transaction.
type Processor interface {
	// Process returns the reply after all effects are committed. The same message
	// (Platform, Robot, ID) acts once; a repetition gets the first reply. An error
	// means that nothing was stored.
	Process(ctx context.Context, m Message) (Reply, error)
}

// Fallback takes over when an answer is not ready in time.
type Fallback interface {
	// Hold keeps a message durably until it can be processed.
	Hold(ctx context.Context, m Message) error
	// Later sends the reply as a message of its own, once per message.
	Later(ctx context.Context, m Message, r Reply) error
}

// Screener looks at a message before anything may keep it. It returns the
// message without the words that must not be stored anywhere.
type Screener interface {
	Screen(m Message) Message
}

// Receiver takes verified messages from the platforms' callbacks.
type Receiver struct {
	Processor Processor
	Fallback  Fallback
	Screener  Screener
	Log       *slog.Logger
	Budget    time.Duration // how long a callback may wait for the answer
	Limit     time.Duration // how long processing may take in all
	running   waitGroup
}

// ErrNotStored says that a message could be neither processed nor kept: the
// platform must be told to send it again.
var ErrNotStored = errors.New("message not stored")

// Receive processes m and returns the reply to give in the same call. The reply
// is empty when there is nothing to say or when the answer follows as a message.
// An error wraps ErrNotStored.
func (r *Receiver) Receive(ctx context.Context, m Message) (Reply, error) {
	m = r.Screener.Screen(m)
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.Limit)
	done := make(chan outcome, 1)
	var late atomic.Bool
	r.running.add()
	go func() {
		defer r.running.done()
		defer cancel()
		reply, err := r.Processor.Process(work, m)
		afterwards := err == nil && late.Load()
		if afterwards {
			r.later(work, m, reply)
		}
		done <- outcome{reply, err, afterwards}
	}()
	budget := time.NewTimer(r.Budget)
	defer budget.Stop()
	select {
	case o := <-done:
		return r.settle(ctx, m, o)
	case <-budget.C:
	}
	late.Store(true)
	if err := r.Fallback.Hold(work, m); err == nil {
		return Reply{}, nil
	}
	return r.wait(ctx, m, done)
}

type outcome struct {
	reply Reply
	err   error
	sent  bool // the reply went out as a message
}

// wait is the last resort: the answer is late and cannot be kept, so the call
// stays open as long as the platform lets it.
func (r *Receiver) wait(ctx context.Context, m Message, done <-chan outcome) (Reply, error) {
	select {
	case o := <-done:
		if o.sent {
			return Reply{}, nil
		}
		return r.settle(ctx, m, o)
	case <-ctx.Done():
		return Reply{}, errs.At("wait for answer", ErrNotStored)
	}
}

// settle turns an outcome within the budget into an answer. A database that is
// away is no answer: the message is held, or the platform must repeat it.
func (r *Receiver) settle(ctx context.Context, m Message, o outcome) (Reply, error) {
	if o.err == nil {
		return o.reply, nil
	}
	if !errs.Is(o.err, errs.Unavailable) {
		r.Log.ErrorContext(ctx, "message failed", "platform", m.Platform, "message", m.ID, "error", o.err)
		return Reply{Text: errs.Say(o.err)}, nil
	}
	r.Log.WarnContext(ctx, "database away, holding message", "platform", m.Platform, "message", m.ID, "error", o.err)
	if err := r.Fallback.Hold(context.WithoutCancel(ctx), m); err != nil {
		r.Log.WarnContext(ctx, "message refused", "platform", m.Platform, "message", m.ID, "error", err)
		return Reply{}, errs.At("hold message", errors.Join(ErrNotStored, err))
	}
	return Reply{}, nil
}

// Resume processes a message that was held. Its answer goes out as a message.
func (r *Receiver) Resume(ctx context.Context, m Message) error {
	reply, err := r.Processor.Process(ctx, m)
	if err != nil {
		if errs.Is(err, errs.Unavailable) {
			return errs.At("process held message", err)
		}
		r.Log.ErrorContext(ctx, "held message failed", "platform", m.Platform, "message", m.ID, "error", err)
		reply = Reply{Text: errs.Say(err)}
	}
	if reply.Empty() {
		return nil
	}
	return r.Fallback.Later(ctx, m, reply)
}

func (r *Receiver) later(ctx context.Context, m Message, reply Reply) {
	if reply.Empty() {
		return
	}
	if err := r.Fallback.Later(ctx, m, reply); err != nil {
		r.Log.ErrorContext(ctx, "late answer not queued", "platform", m.Platform, "message", m.ID, "error", err)
	}
}

// Drain waits until no message is being processed any more, or ctx ends.
func (r *Receiver) Drain(ctx context.Context) error { return r.running.wait(ctx) }
