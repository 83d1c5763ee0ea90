package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/ledger"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/workbook"
)

// Documents makes a file from what was asked for, by the rights the person has
// by now. A coded error is a sentence for the person instead of the file.
type Documents interface {
	Make(ctx context.Context, personID, request string) (bot.Document, error)
}

// LedgerTx is what making a ledger needs of a transaction.
type LedgerTx interface {
	ledger.Source
	ledger.LineSource
	ActorByPerson(ctx context.Context, personID string) (org.Actor, bool, error)
	Directory(ctx context.Context) (*org.Directory, error)
}

// LedgerWork opens transactions for reading. fn may run more than once.
type LedgerWork interface {
	Within(ctx context.Context, fn func(LedgerTx) error) error
}

// Ledgers makes ledgers. It implements Documents.
type Ledgers struct {
	Work   LedgerWork
	Thumbs ledger.Thumbs
	Lamps  ledger.Lamps
	Clock  clock.Clock
	Loc    *time.Location
	Days   *calendar.Workdays
}

// Make implements Documents.
func (l *Ledgers) Make(ctx context.Context, personID, request string) (bot.Document, error) {
	q, err := ledger.Unpack(request)
	if err != nil {
		return bot.Document{}, err
	}
	book, asker, err := l.collect(ctx, personID, q)
	switch {
	case err != nil:
		return bot.Document{}, errs.At("collect ledger", err)
	case book.Empty():
		return bot.Document{}, errs.New(errs.NotFound, "刚才要的台账现在已经没有内容可导出了，没有做文件。")
	}
	view := render.Context{Dir: asker.Dir, Today: calendar.In(book.Made, l.Loc), Days: l.Days, Loc: l.Loc}
	lines, write := ledger.Lines{Read: l.lines, Thumbs: l.Thumbs, Asker: asker}, workbook.XLSX
	if q.Format == ledger.CSV {
		lines.Thumbs, write = nil, workbook.CSV
	}
	content, err := write(view.Tables(book, lines.Of(ctx, book)))
	if err == nil && len(content) > bot.MaxDocument {
		err = errs.New(errs.Invalid, "要导出的内容太多，文件超过 20 MB 发不出来。请缩小范围再导出，例如“导出9月台账”。")
	}
	return bot.Document{Name: view.LedgerFile(book), Content: content}, err
}

// lines opens a transaction for one batch of lines.
func (l *Ledgers) lines(ctx context.Context, fn func(ledger.LineSource) error) error {
	return l.Work.Within(ctx, func(tx LedgerTx) error { return fn(tx) })
}

func (l *Ledgers) collect(ctx context.Context, personID string, q ledger.Query) (book ledger.Book, asker ledger.Asker, err error) {
	err = l.Work.Within(ctx, func(tx LedgerTx) error {
		actor, known, err := tx.ActorByPerson(ctx, personID)
		if err != nil {
			return err
		}
		if !known {
			return errs.New(errs.Forbidden, "您的账号已经停用，台账没有发出。请联系局办公室。")
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		now := l.Clock.Now()
		actor.Posts = append(actor.Posts, dir.ActingPosts(personID, calendar.In(now, l.Loc))...)
		asker = ledger.Asker{Actor: actor, Dir: dir, Now: now, Loc: l.Loc}
		book, err = ledger.Collect(ctx, tx, l.Lamps, asker, q)
		return err
	})
	return book, asker, err
}

// outgoing is what leaves the house: a message's own words, or the document it asks
// for. reason is set when words had to take the document's place.
func (m *Mailer) outgoing(ctx context.Context, msg notice.Message, to bot.Target) (out bot.Outgoing, reason string, err error) {
	out = bot.Outgoing{To: to, Reply: wordsOf(msg), Key: msg.Key}
	if msg.Kind != notice.Document {
		return out, "", nil
	}
	doc, err := m.Documents.Make(ctx, msg.PersonID, msg.Text)
	var said *errs.Error
	switch {
	case errors.As(err, &said) && said.Code != errs.Unavailable && said.Code != errs.Internal:
		out.Reply = bot.Reply{Text: said.Say}
		return out, string(said.Code), nil
	case err != nil:
		return out, "", &bot.SendError{Class: bot.Temporary, Reason: "not_made", Err: err}
	}
	if doc.Words != "" {
		out.Reply = bot.Reply{Text: doc.Words}
		return out, "", nil
	}
	out.Document = &doc
	return out, "", nil
}

// tellUnsent tells a person who waits for a document that it will not come.
func (m *Mailer) tellUnsent(ctx context.Context, tx Tx, msg notice.Message, now time.Time) error {
	_, err := tx.AddNotices(ctx, []notice.Notice{{Kind: notice.Answer, Urgency: notice.Immediate, PersonID: msg.PersonID, NotBefore: now, CreatedAt: now,
		Subject: notice.Subject{Kind: notice.PersonSubj}, Step: notice.Via + msg.Platform, Key: fmt.Sprintf("unsent:%d", msg.ID),
		Text: "刚才要的文件没有发成。请过一会儿再发一次导出；还不行请联系平台管理员。"}})
	return err
}
