package notify

import (
	"bytes"
	"context"
	"image"
	"io"
	"strings"

	"duban/bot"
	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/fixnotice"
	"duban/internal/hazard"
	"duban/internal/link"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/org"
)

// FixNotices makes the notices that units are handed to mend a hazard. It implements
// Documents.
type FixNotices struct {
	Asker
	Pictures Pictures
	Note     string // small print
}

// noticePhotos is how many photos a notice has at most: it is one page of paper.
const noticePhotos = 2

// Make implements Documents. The rights and the state of the moment count.
func (f FixNotices) Make(ctx context.Context, personID, request string) (bot.Document, error) {
	id, err := link.UnpackNotice(request)
	if err != nil {
		return bot.Document{}, err
	}
	var paper fixnotice.Paper
	var files []media.File
	err = f.within(ctx, personID, func(tx PaperTx, actor org.Actor, dir *org.Directory) error {
		h, found, err := tx.HazardByID(ctx, id)
		if err != nil {
			return err
		}
		if err := org.Can(actor, org.IssueNotice, dir.HazardSubject(h.UnitID, "")); err != nil || !found {
			return org.Can(org.Actor{}, org.IssueNotice, org.Subject{Unit: "?"})
		}
		if err := h.Printable(); err != nil {
			return err
		}
		paper = f.paper(h, actor, dir)
		files, err = tx.FilesOf(ctx, notice.Subject{Kind: notice.HazardSubj, ID: id})
		return err
	})
	if err != nil {
		return bot.Document{}, err
	}
	if paper.Photos, paper.More, err = f.photos(ctx, files); err != nil {
		return bot.Document{}, err
	}
	content, err := paper.Make()
	return bot.Document{Name: fixnotice.Name(paper.Hazard), Content: content}, err
}

// paper fills in what is known without the photos. A unit writes to itself; everybody
// else writes for the section that handles hazards.
func (f FixNotices) paper(h hazard.Hazard, actor org.Actor, dir *org.Directory) fixnotice.Paper {
	from := h.UnitID
	if section := dir.SafetySection(); len(section) > 0 && org.ScopeOf(actor, org.IssueNotice) != org.OwnUnit {
		from = section[0].Post.UnitID
	}
	return fixnotice.Paper{Hazard: h, Unit: fullName(dir, h.UnitID), From: fullName(dir, from), Note: f.Note,
		Found: calendar.In(h.CreatedAt, f.Loc), Today: calendar.In(f.Clock.Now(), f.Loc)}
}

// fullName is what paper calls a unit; a section has its bureau before it.
func fullName(dir *org.Directory, id string) string {
	u, ok := dir.Unit(id)
	if !ok || u.Name == "" {
		return dir.Label(id)
	}
	if bureau, ok := dir.Unit(u.Parent); ok && u.Kind == org.KindSection && !strings.HasPrefix(u.Name, bureau.Name) {
		return bureau.Name + u.Name
	}
	return u.Name
}

// photos reads the first photos of the state before, and counts the others.
func (f FixNotices) photos(ctx context.Context, files []media.File) (photos [][]byte, more int, err error) {
	room := int64(maxBytes)
	for _, file := range files {
		if file.Kind != string(bot.Image) || file.Stage != media.Before && file.Stage != "" {
			continue
		}
		var data []byte
		if len(photos) < noticePhotos && file.State == media.Stored && file.Size <= room {
			if data, err = f.photo(ctx, file); err != nil {
				return nil, 0, err
			}
		}
		if data == nil {
			more++
			continue
		}
		photos, room = append(photos, data), room-file.Size
	}
	return photos, more, nil
}

// photo reads a stored photo; nil if it is lost or of a form that documents do not take.
func (f FixNotices) photo(ctx context.Context, file media.File) ([]byte, error) {
	r, err := f.Pictures.Picture(ctx, file.Home, file.SHA256)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, errs.At("open photo", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, media.MaxSize))
	if err != nil {
		return nil, errs.At("read photo", err)
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil {
		return nil, nil
	}
	return data, nil
}
