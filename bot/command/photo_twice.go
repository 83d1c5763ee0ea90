package command

import (
	"context"
	"fmt"

	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
)

// Hashes compares pictures.
type Hashes interface {
	PictureHashes(ctx context.Context, hazards ...int64) (map[int64][]uint64, error)
}

// mostOpen bounds with how many hazards of a unit a photo is compared.
const mostOpen = 200

// photographed finds an open hazard of the unit of which the asker sent nearly the
// same photo just now. A photo that came in the same message is not there yet; what
// it shows is compared once it is (package fetch).
func (s *session) photographed(h hazard.Hazard) (hazard.Hazard, bool, error) {
	sent, err := s.photosAtHand()
	if err != nil || len(sent) == 0 {
		return h, false, err
	}
	return s.withPhoto(h, sent, s.visible)
}

// withPhoto finds another open hazard of the unit, among those that may be named, with
// nearly the same photo.
func (s *session) withPhoto(h hazard.Hazard, sent []uint64, may func([]hazard.Hazard) []hazard.Hazard) (hazard.Hazard, bool, error) {
	open, err := s.tx.Hazards(s.ctx, hazard.Filter{Units: []string{h.UnitID}, OpenOnly: true, Limit: mostOpen})
	if err != nil {
		return h, false, err
	}
	open = may(open)
	ids := make([]int64, 0, len(open))
	for _, o := range open {
		ids = append(ids, o.ID)
	}
	hashes, err := s.tx.PictureHashes(s.ctx, ids...)
	for _, o := range open {
		if o.ID != h.ID && media.Alike(sent, hashes[o.ID]) {
			return o, true, err
		}
	}
	return h, false, err
}

// tellTwice tells the safety section in the morning that a hazard from the page behind a
// code has nearly the same photo as an open one. Whoever passed by is not asked: nothing
// about other hazards is said there.
func (s *session) tellTwice(h hazard.Hazard, files []media.File) error {
	older, found, err := s.withPhoto(h, hashesOf(files), func(all []hazard.Hazard) []hazard.Hazard { return all })
	if err != nil || !found {
		return err
	}
	at, err := s.Supervise.Morning(s.ctx, s.now)
	if err != nil {
		return err
	}
	var list []notice.Notice
	for _, p := range s.dir.SafetySection() {
		list = append(list, notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Merged, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: s.now, Weight: 40,
			Subject: personSubject, Key: fmt.Sprintf("twice:%d:%d:%s", older.ID, h.ID, p.PersonID), Text: s.view().MaybeTwice(h, older)})
	}
	return s.notify(list...)
}

// photosAtHand are the hashes of the photos that will belong to what is filed now.
func (s *session) photosAtHand() ([]uint64, error) {
	files, err := s.tx.LooseFiles(s.ctx, s.actor.PersonID, s.now.Add(-together))
	if err != nil {
		return nil, err
	}
	if q := s.memory.asked; q != nil {
		asked, err := s.tx.FilesByID(s.ctx, q.Files...)
		if err != nil {
			return nil, err
		}
		files = append(files, asked...)
	}
	return hashesOf(files), nil
}

func hashesOf(files []media.File) (hashes []uint64) {
	for _, f := range files {
		if f.Hash != 0 {
			hashes = append(hashes, f.Hash)
		}
	}
	return hashes
}

// filesAtHand keeps what came with a message that is answered with a question, and
// returns it with the photos sent shortly before: they stay with the question, however
// long its answer takes.
func (s *session) filesAtHand() ([]int64, error) {
	loose, err := s.tx.LooseFiles(s.ctx, s.actor.PersonID, s.now.Add(-together))
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, f := range loose {
		ids = append(ids, f.ID)
	}
	fresh, err := s.keepFiles(noSubject)
	return append(ids, fresh...), err
}

// filesOf are the attachments of a hazard.
func (s *session) filesOf(h hazard.Hazard) ([]media.File, error) {
	return s.tx.FilesOf(s.ctx, notice.Subject{Kind: notice.HazardSubj, ID: h.ID})
}
