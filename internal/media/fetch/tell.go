package fetch

import (
	"context"
	"fmt"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
)

// TellTx is what telling people about files needs of a transaction.
type TellTx interface {
	HazardByID(ctx context.Context, id int64) (hazard.Hazard, bool, error)
	notice.Writer
}

// soon is how long after it was sent the sender of a file still has the chat open.
const soon = 10 * time.Minute

// tellRefused tells the sender that a file will not come, once for those that were
// sent at about the same time and failed alike. Of a recording nobody is told: its
// words are what counts.
func (w *Worker) tellRefused(ctx context.Context, tx Tx, f media.File) error {
	if f.State != media.Failed || f.PersonID == "" || f.Kind == string(bot.Voice) {
		return nil
	}
	var about *hazard.Hazard
	if f.Subject.Kind == notice.HazardSubj {
		h, ok, err := tx.HazardByID(ctx, f.Subject.ID)
		if err != nil {
			return err
		}
		if ok {
			about = &h
		}
	}
	n, err := w.answer(ctx, f, render.FileRefused(f, about))
	if err != nil {
		return err
	}
	n.Key = fmt.Sprintf("file_refused:%s:%s:%d:%s:%d", f.PersonID, f.Subject.Kind, f.Subject.ID, f.Reason, f.Created.Unix()/int64(soon.Seconds()))
	_, err = tx.AddNotices(ctx, []notice.Notice{n})
	return err
}

// answer is what the sender of a file is told on the platform it came from: at once,
// or outside quiet hours when a long time has gone by.
func (w *Worker) answer(ctx context.Context, f media.File, text string) (notice.Notice, error) {
	now := w.Clock.Now()
	n := notice.Notice{Kind: notice.Answer, Urgency: notice.Immediate, PersonID: f.PersonID, NotBefore: now, CreatedAt: now,
		Subject: notice.Subject{Kind: notice.PersonSubj}, Step: notice.Via + f.Platform, Text: text}
	if now.Sub(f.Created) > soon {
		at, err := w.Quiet(ctx, now)
		if err != nil {
			return n, err
		}
		n.Urgency, n.NotBefore = notice.Prompt, at
	}
	return n, nil
}
