// Package fetch brings the files people send into the house at once, before the
// platforms' pointers to them die.
package fetch

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"duban/bot"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/media"
)

// Tx claims files and records what became of them.
type Tx interface {
	FileByID(ctx context.Context, id int64) (media.File, bool, error)
	ClaimFile(ctx context.Context, f media.File, until time.Time) (bool, error)
	FileDone(ctx context.Context, f media.File) error
	TellTx
}

// UnitOfWork opens transactions. fn may run more than once.
type UnitOfWork interface {
	Within(ctx context.Context, fn func(Tx) error) error
}

// Store keeps content; *media.Store does it.
type Store interface {
	Put(ctx context.Context, unit string, r io.Reader) (media.Blob, error)
	Delete(ctx context.Context, unit, sha string) error
}

// Worker fetches files. Pointers and names are never logged: a pointer is a
// credential, and a name may be a person's.
type Worker struct {
	Work    UnitOfWork
	From    func(media.File) (bot.Fetcher, bool) // the platform a file lies on
	Store   Store
	Clock   clock.Clock
	Times   Times
	Wake    func(people ...string) // has them told; may be nil, then they are told a little later
	Timeout time.Duration          // of one try; default 45 s
	Log     *slog.Logger
}

const (
	claimFor = 2 * time.Minute
	maxTries = 16             // over some ten hours
	longest  = 2 * time.Hour  // between two of them
	keepAt   = 72 * time.Hour // how long platforms keep what was sent; a store that is away is tried that long
)

// Do fetches one file if it is due and nobody else is at it. How it went is
// recorded in its row; the error is only about the database.
func (w *Worker) Do(ctx context.Context, id int64) error {
	f, ok, err := w.claim(ctx, id)
	if err != nil || !ok {
		return errs.At("claim file", err)
	}
	blob, err := w.bring(ctx, f)
	done := w.outcome(f, blob, err)
	record, cancel := context.WithTimeout(context.WithoutCancel(ctx), claimFor)
	defer cancel()
	forgotten, used := false, false
	var told []string
	err = w.Work.Within(record, func(tx Tx) error {
		now, there, err := tx.FileByID(record, done.ID)
		if forgotten = err == nil && !there; forgotten && done.State == media.Stored {
			used, err = tx.ContentUsed(record, done.Home, done.SHA256)
		}
		if err != nil || forgotten {
			return err
		}
		done.Subject, done.UnitID, done.Stage = now.Subject, now.UnitID, now.Stage // it may have found its words meanwhile
		if err := tx.FileDone(record, done); err != nil {
			return err
		}
		told, err = w.tell(record, tx, done)
		return err
	})
	if err != nil {
		return errs.At("record file", err)
	}
	if w.Wake != nil && len(told) > 0 {
		w.Wake(told...)
	}
	if forgotten && done.State == media.Stored && !used { // it turned out meanwhile that it must not be kept
		return w.Store.Delete(record, done.Home, done.SHA256)
	}
	level := slog.LevelInfo
	if done.State != media.Stored {
		level = slog.LevelWarn
	}
	w.Log.Log(ctx, level, "file fetched", "file", done.ID, "platform", done.Platform, "state", done.State, "reason", done.Reason, "tries", done.Attempts)
	return nil
}

func (w *Worker) claim(ctx context.Context, id int64) (f media.File, ok bool, err error) {
	err = w.Work.Within(ctx, func(tx Tx) error {
		ok = false
		now := w.Clock.Now()
		var found bool
		if f, found, err = tx.FileByID(ctx, id); err != nil || !found || f.State != media.Pending || f.NextAt.After(now) {
			return err
		}
		if ok, err = tx.ClaimFile(ctx, f, now.Add(claimFor)); ok {
			f.Attempts++
		}
		return err
	})
	return f, ok, err
}

func (w *Worker) bring(ctx context.Context, f media.File) (media.Blob, error) {
	from, ok := w.From(f)
	if !ok {
		return media.Blob{}, &bot.SendError{Class: bot.Config, Reason: "platform_off", Err: errors.New("platform is not configured")}
	}
	timeout := w.Timeout
	if timeout == 0 {
		timeout = 45 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := from.Fetch(ctx, bot.Attachment{Kind: bot.AttachmentKind(f.Kind), Ref: f.Ref, Name: f.Name})
	if err != nil {
		return media.Blob{}, err
	}
	defer r.Close()
	return w.Store.Put(ctx, f.UnitID, r)
}

// refused names what the store has against the content, "" if nothing.
func refused(err error) string {
	switch {
	case errors.Is(err, media.ErrTooLarge):
		return "too_large"
	case errors.Is(err, media.ErrPixels):
		return "pixels"
	case errors.Is(err, media.ErrHEIC):
		return "heic"
	case errors.Is(err, media.ErrEmpty):
		return "empty"
	case errors.Is(err, media.ErrKind):
		return "kind"
	case errors.Is(err, media.ErrDamaged):
		return "damaged"
	}
	return ""
}

// outcome turns a try into the file's next state.
func (w *Worker) outcome(f media.File, blob media.Blob, err error) media.File {
	if err == nil {
		f.State, f.Reason, f.NextAt = media.Stored, "", time.Time{}
		f.Home, f.SHA256, f.MIME, f.Size = f.UnitID, blob.SHA256, blob.MIME, blob.Size
		f.Hash, f.Width, f.Height, f.Seen = blob.Hash, blob.Width, blob.Height, w.Clock.Now()
		return f
	}
	now := w.Clock.Now()
	f.NextAt, f.Reason = now.Add(pause(err, f.Attempts)), "unreachable"
	var said *bot.SendError
	if errors.As(err, &said) {
		f.Reason = said.Reason
	}
	final := bot.ClassOf(err) == bot.Permanent || f.Attempts >= maxTries
	var trouble *media.Trouble
	if errors.As(err, &trouble) { // ours to mend; what was sent waits at the platform
		f.Reason, final = string(trouble.Reason), now.Sub(f.Created) > keepAt
	}
	if reason := refused(err); reason != "" {
		f.Reason, final = reason, true
	}
	if final {
		f.State, f.NextAt = media.Failed, time.Time{}
	}
	return f
}

// pause doubles from two seconds to two hours, or is what the platform asks.
func pause(err error, tries int) time.Duration {
	var e *bot.SendError
	if errors.As(err, &e) && e.Class == bot.RateLimit && e.After > 0 {
		return e.After
	}
	return min(2*time.Second<<min(max(tries-1, 0), 20), longest)
}
