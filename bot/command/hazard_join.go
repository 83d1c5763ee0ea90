package command

import (
	"slices"

	"duban/internal/hazard"
	"duban/internal/notice"
)

// joins lets somebody hear of a hazard that carries on what they filed or followed. Who
// filed it hears of it anyway, and who wants to hear no more of it is left alone. It
// returns how to take that back, nil if nothing changed.
func (s *session) joins(into hazard.Hazard, person string, wish hazard.Interest) (*hazard.Follower, error) {
	if person == "" || person == into.Reporter {
		return nil, nil
	}
	list, err := s.tx.Followers(s.ctx, into.ID)
	if err != nil {
		return nil, err
	}
	before := interestOf(list, into.ID, person)
	if before.Interest == hazard.Mutes || before.Interest == hazard.FiledIt || before.Interest == wish {
		return nil, nil
	}
	after := before
	after.Interest = wish
	return &before, s.tx.Follow(s.ctx, after, s.now)
}

// carriedOn has everybody who was told of a merged hazard told of the one that goes on,
// and notes that there.
func (s *session) carriedOn(merged, into hazard.Hazard) (undo []act, err error) {
	list, err := s.tx.Followers(s.ctx, merged.ID)
	if err != nil {
		return nil, err
	}
	audience := hazard.AudienceOf(merged, list)
	for _, person := range slices.Concat(audience.Reporters, audience.Followers) {
		wish := hazard.Follows
		if slices.Contains(audience.Reporters, person) {
			wish = hazard.FiledIt
		}
		before, err := s.joins(into, person, wish)
		if err != nil {
			return nil, err
		}
		if before != nil {
			undo = append(undo, act{Follow: before})
		}
	}
	return undo, s.note(notice.Subject{Kind: notice.HazardSubj, ID: into.ID}, "merge_in", "", merged.Number(), "")
}
