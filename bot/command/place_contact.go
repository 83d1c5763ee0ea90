package command

import (
	"strings"

	"duban/internal/hazard"
	"duban/internal/org"
)

// contact is how to reach who filed a hazard through a page and left that, for those
// alone who deal with it; else "".
func (s *session) contact(h hazard.Hazard) (string, error) {
	if h.Reporter != "" || h.Anonymous || org.Can(s.actor, org.ReviewHazard, s.hazardSubject(h)) != nil {
		return "", nil
	}
	scan, found, err := s.tx.ScanOf(s.ctx, h.ID)
	if err != nil || !found {
		return "", err
	}
	return strings.TrimSpace(scan.Name + " " + scan.Phone), nil
}
