package bot

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"duban/internal/errs"
)

// fakes are a processor that takes its time, and a fallback that remembers.
type fakes struct {
	mu    sync.Mutex
	takes time.Duration
	err   error
	reply Reply
	hold  error

	processed, held []Message
	later           []Reply
}

func (f *fakes) Process(_ context.Context, m Message) (Reply, error) {
	time.Sleep(f.takes) // within a bubble of synctest, so no real time passes
	f.mu.Lock()
	defer f.mu.Unlock()
	f.processed = append(f.processed, m)
	return f.reply, f.err
}

func (f *fakes) Hold(_ context.Context, m Message) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hold == nil {
		f.held = append(f.held, m)
	}
	return f.hold
}

func (f *fakes) Later(_ context.Context, _ Message, r Reply) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.later = append(f.later, r)
	return nil
}

func (f *fakes) Screen(m Message) Message {
	if strings.Contains(m.Text, "secret") {
		m.Text = ""
	}
	return m
}

func receiver(f *fakes) *Receiver {
	return &Receiver{Processor: f, Fallback: f, Screener: f, Log: slog.New(slog.DiscardHandler), Budget: 2500 * time.Millisecond, Limit: 30 * time.Second}
}

func TestReceive(t *testing.T) {
	away := errs.New(errs.Unavailable, "")
	full := errors.New("queue is away")
	hello := Reply{Text: "好的"}
	cases := []struct {
		name        string
		f           *fakes
		want        Reply
		notStored   bool
		held, later int
	}{
		{name: "in time", f: &fakes{reply: hello}, want: hello},
		{name: "nothing to say", f: &fakes{}, want: Reply{}},
		{name: "late: held, and answered as a message", f: &fakes{takes: 4 * time.Second, reply: hello}, held: 1, later: 1},
		{name: "late with nothing to say", f: &fakes{takes: 4 * time.Second}, held: 1},
		{name: "late and not to be held: the call stays open", f: &fakes{takes: 4 * time.Second, reply: hello, hold: full}, later: 1},
		{name: "the database is away: held", f: &fakes{err: away}, held: 1},
		{name: "database and queue are away: sent again", f: &fakes{err: away, hold: full}, notStored: true},
		{name: "a defect is said", f: &fakes{err: errors.New("boom")}, want: Reply{Text: errs.Say(errors.New("boom"))}},
		{name: "a late defect waits in the queue", f: &fakes{takes: 4 * time.Second, err: away}, held: 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := receiver(c.f)
				got, err := r.Receive(t.Context(), Message{ID: "1", Text: "x"})
				if errors.Is(err, ErrNotStored) != c.notStored || (err != nil) != c.notStored {
					t.Errorf("error %v", err)
				}
				if got.Text != c.want.Text {
					t.Errorf("answered %q, want %q", got.Text, c.want.Text)
				}
				if err := r.Drain(t.Context()); err != nil {
					t.Error(err)
				}
				if len(c.f.held) != c.held || len(c.f.later) != c.later {
					t.Errorf("held %d, answered later %d; want %d and %d", len(c.f.held), len(c.f.later), c.held, c.later)
				}
			})
		})
	}
}

func TestReceiveScreensBeforeAnythingCanKeepTheWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakes{err: errs.New(errs.Unavailable, "")}
		if _, err := receiver(f).Receive(t.Context(), Message{Text: "a secret"}); err != nil {
			t.Fatal(err)
		}
		if len(f.held) != 1 || f.held[0].Text != "" || f.processed[0].Text != "" {
			t.Errorf("the words went on: held %+v, processed %+v", f.held, f.processed)
		}
	})
}

func TestACallerWhoLeavesDoesNotEndTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakes{takes: 10 * time.Second, reply: Reply{Text: "好的"}, hold: errors.New("no queue")}
		r := receiver(f)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := r.Receive(ctx, Message{ID: "1"}); !errors.Is(err, ErrNotStored) {
			t.Errorf("error %v, want %v", err, ErrNotStored)
		}
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(f.processed) != 1 || len(f.later) != 1 {
			t.Errorf("processed %d, answered later %d; want both once", len(f.processed), len(f.later))
		}
	})
}

func TestResume(t *testing.T) {
	away := errs.New(errs.Unavailable, "")
	for _, c := range []struct {
		name  string
		f     *fakes
		fails bool
		later string
	}{
		{"answered as a message", &fakes{reply: Reply{Text: "好的"}}, false, "好的"},
		{"nothing to say", &fakes{}, false, ""},
		{"the database is still away", &fakes{err: away}, true, ""},
		{"a defect is said once, not tried for ever", &fakes{err: errors.New("boom")}, false, errs.Say(errors.New("boom"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := receiver(c.f).Resume(t.Context(), Message{ID: "1"})
			if (err != nil) != c.fails {
				t.Errorf("error %v", err)
			}
			said := ""
			for _, r := range c.f.later {
				said += r.Text
			}
			if said != c.later {
				t.Errorf("said %q, want %q", said, c.later)
			}
		})
	}
}

func TestDrainCanBeGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakes{takes: 20 * time.Second}
		r := receiver(f)
		if _, err := r.Receive(t.Context(), Message{ID: "1"}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("drain ended with %v", err)
		}
		if err := r.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestClassOf(t *testing.T) {
	if ClassOf(nil) != "" || ClassOf(errors.New("x")) != Ambiguous || ClassOf(errs.At("step", &SendError{Class: RateLimit})) != RateLimit {
		t.Error("classes are wrong")
	}
}
