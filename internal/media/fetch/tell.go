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
	AlikeTx
	ContentUsed(ctx context.Context, home, sha string) (bool, error)
	notice.Writer
}

// Times knows when people may be told something.
type Times interface {
	Quiet(ctx context.Context, t time.Time) (time.Time, error)
	Morning(ctx context.Context, t time.Time) (time.Time, error)
}

// soon is how long after it was sent the sender of a file still has the chat open.
const soon = 10 * time.Minute

// tell tells people what they must know of a file, and returns who has something
// waiting.
func (w *Worker) tell(ctx context.Context, tx Tx, f media.File) ([]string, error) {
	var about *hazard.Hazard
	if f.Subject.Kind == notice.HazardSubj {
		h, ok, err := tx.HazardByID(ctx, f.Subject.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			about = &h
		}
	}
	var list []notice.Notice
	var err error
	switch {
	case f.State == media.Failed:
		list, err = w.refused(ctx, f, about)
	case f.State == media.Stored && f.Hash != 0 && about != nil:
		list, err = w.alike(ctx, tx, f, *about)
	}
	if err != nil || len(list) == 0 {
		return nil, err
	}
	people := make([]string, 0, len(list))
	for _, n := range list {
		people = append(people, n.PersonID)
	}
	_, err = tx.AddNotices(ctx, list)
	return people, err
}

// refused tells the sender that a file will not come, once for those that were sent
// at about the same time and failed alike. Of a recording nobody is told: its words
// are what counts.
func (w *Worker) refused(ctx context.Context, f media.File, about *hazard.Hazard) ([]notice.Notice, error) {
	if f.PersonID == "" || f.Kind == string(bot.Voice) {
		return nil, nil
	}
	n, err := w.answer(ctx, f, render.FileRefused(f, about))
	n.Key = fmt.Sprintf("file_refused:%s:%s:%d:%s:%d", f.PersonID, f.Subject.Kind, f.Subject.ID, f.Reason, f.Created.Unix()/int64(soon.Seconds()))
	return []notice.Notice{n}, err
}

// answer is what the sender of a file is told on the platform it came from: at once,
// or outside quiet hours when a long time has gone by.
func (w *Worker) answer(ctx context.Context, f media.File, text string) (notice.Notice, error) {
	now := w.Clock.Now()
	n := notice.Notice{Kind: notice.Answer, Urgency: notice.Immediate, PersonID: f.PersonID, NotBefore: now, CreatedAt: now,
		Subject: notice.Subject{Kind: notice.PersonSubj}, Step: notice.Via + f.Platform, Text: text}
	if now.Sub(f.Created) > soon {
		at, err := w.Times.Quiet(ctx, now)
		if err != nil {
			return n, err
		}
		n.Urgency, n.NotBefore = notice.Prompt, at
	}
	return n, nil
}
