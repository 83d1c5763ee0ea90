package notify

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/docx"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/link"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/place"
	"duban/internal/poster"
)

// PaperTx is what making a document with pictures needs of a transaction.
type PaperTx interface {
	ActorByPerson(ctx context.Context, personID string) (org.Actor, bool, error)
	Directory(ctx context.Context) (*org.Directory, error)
	PlacesByID(ctx context.Context, ids ...int64) ([]place.Place, error)
	HazardByID(ctx context.Context, id int64) (hazard.Hazard, bool, error)
	FilesOf(ctx context.Context, subject notice.Subject) ([]media.File, error)
}

// PaperWork opens transactions for reading. fn may run more than once.
type PaperWork interface {
	Within(ctx context.Context, fn func(PaperTx) error) error
}

// Asker finds out who asks, with the rights of now.
type Asker struct {
	Work  PaperWork
	Clock clock.Clock
	Loc   *time.Location
}

var errLeft = errs.New(errs.Forbidden, "您的账号已经停用，文件没有发出。请联系局办公室。")

func (a Asker) within(ctx context.Context, personID string, fn func(tx PaperTx, actor org.Actor, dir *org.Directory) error) error {
	return a.Work.Within(ctx, func(tx PaperTx) error {
		actor, known, err := tx.ActorByPerson(ctx, personID)
		if err != nil {
			return err
		}
		if !known {
			return errLeft
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		actor.Posts = append(actor.Posts, dir.ActingPosts(personID, calendar.In(a.Clock.Now(), a.Loc))...)
		return fn(tx, actor, dir)
	})
}

// Sheets makes the sheets of codes to print. It implements Documents.
type Sheets struct {
	Asker
	Public string // the address in front of the pages, may be empty
}

// Make implements Documents. What was stopped meanwhile is left out.
func (s Sheets) Make(ctx context.Context, personID, request string) (bot.Document, error) {
	ids, err := place.UnpackSheet(request)
	if err != nil {
		return bot.Document{}, err
	}
	var list []place.Place
	var dir *org.Directory
	err = s.within(ctx, personID, func(tx PaperTx, actor org.Actor, d *org.Directory) error {
		dir = d
		var err error
		list, err = tx.PlacesByID(ctx, ids...)
		list = slices.DeleteFunc(list, func(p place.Place) bool {
			return !p.Active() || org.Can(actor, org.ManagePlaces, d.HazardSubject(p.UnitID, "")) != nil
		})
		return err
	})
	if err == nil && len(list) == 0 {
		err = errs.New(errs.NotFound, "刚才要的二维码已经停用或不归您管了，没有做文件。")
	}
	if err != nil {
		return bot.Document{}, err
	}
	content, err := poster.Sheet{Public: s.Public, Unit: dir.Label}.Make(list)
	name := "地点二维码_" + dir.Label(list[0].UnitID)
	if len(list) == 1 {
		name += "_" + list[0].Name + "_" + list[0].Code
	}
	return bot.Document{Name: fileName(name) + ".docx", Content: content}, err
}

// fileName leaves out what a name of a file may not hold.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, s)
}

// Pictures opens stored pictures in a size for documents.
type Pictures interface {
	Picture(ctx context.Context, home, sha string) (io.ReadCloser, error)
}

// PhotoSheets puts a hazard's photos into a document. It implements Documents.
type PhotoSheets struct {
	Asker
	Pictures Pictures
}

// A document holds as many photos as fit: no more than maxPhotos, and no more bytes
// than the platforms take with some room for the rest.
const (
	maxPhotos = 20
	maxBytes  = bot.MaxDocument - 1<<20
)

// Make implements Documents.
func (p PhotoSheets) Make(ctx context.Context, personID, request string) (bot.Document, error) {
	id, err := link.UnpackPhotos(request)
	if err != nil {
		return bot.Document{}, err
	}
	var h hazard.Hazard
	var files []media.File
	var unit string
	err = p.within(ctx, personID, func(tx PaperTx, actor org.Actor, dir *org.Directory) error {
		var found bool
		if h, found, err = tx.HazardByID(ctx, id); err != nil {
			return err
		}
		if err := org.Can(actor, org.ViewHazard, dir.HazardSubject(h.UnitID, h.Reporter)); err != nil || !found {
			return org.Can(org.Actor{}, org.ViewHazard, org.Subject{Unit: "?"})
		}
		unit = dir.Label(h.UnitID)
		files, err = tx.FilesOf(ctx, notice.Subject{Kind: notice.HazardSubj, ID: id})
		return err
	})
	if err != nil {
		return bot.Document{}, err
	}
	return p.document(ctx, h, unit, files)
}

func (p PhotoSheets) document(ctx context.Context, h hazard.Hazard, unit string, files []media.File) (bot.Document, error) {
	var doc docx.Document
	doc.Line(docx.Text{Words: fmt.Sprintf("%s %s %s", h.Number(), unit, h.Location), Size: 14, Bold: true})
	shown, room := 0, int64(maxBytes)
	var out leftOut
	for _, g := range link.Groups(files) {
		doc.Line(docx.Text{Words: g.Name, Size: 12, Bold: true})
		for _, f := range g.Files {
			if shown == maxPhotos || f.State != media.Stored || f.Size > room {
				out.count(f, nil)
				continue
			}
			if err := p.put(ctx, &doc, f); err != nil {
				if isTrouble(err) {
					return bot.Document{}, err // to be made again when the store is back
				}
				out.count(f, err)
				continue
			}
			shown, room = shown+1, room-f.Size
			doc.Line(docx.Text{Words: f.Created.In(p.Loc).Format("2006-01-02 15:04"), Size: 9, Centre: true})
		}
	}
	if shown == 0 {
		return bot.Document{}, errs.New(errs.NotFound, out.instead())
	}
	for _, line := range out.lines() {
		doc.Line(docx.Text{Words: line, Size: 10})
	}
	content, err := doc.Bytes()
	return bot.Document{Name: "照片_" + h.Number() + ".docx", Content: content}, err
}

func (p PhotoSheets) put(ctx context.Context, doc *docx.Document, f media.File) error {
	r, err := p.Pictures.Picture(ctx, f.Home, f.SHA256)
	if err != nil {
		return err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, media.MaxSize))
	if err != nil {
		return err
	}
	return doc.Picture(data, 150, 100)
}
