package command

import (
	"context"

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
	open, err := s.tx.Hazards(s.ctx, hazard.Filter{Units: []string{h.UnitID}, OpenOnly: true, Limit: mostOpen})
	if err != nil {
		return h, false, err
	}
	open = s.visible(open)
	ids := make([]int64, 0, len(open))
	for _, o := range open {
		ids = append(ids, o.ID)
	}
	hashes, err := s.tx.PictureHashes(s.ctx, ids...)
	for _, o := range open {
		if media.Alike(sent, hashes[o.ID]) {
			return o, true, err
		}
	}
	return h, false, err
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
	var hashes []uint64
	for _, f := range files {
		if f.Hash != 0 {
			hashes = append(hashes, f.Hash)
		}
	}
	return hashes, nil
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
