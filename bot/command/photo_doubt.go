package command

import (
	"duban/bot"
	"duban/bot/render"
	"duban/internal/hazard"
)

// doubt is what the reviewers and the fixer of a hazard are told when the photos show
// the same before and after. Photos that are still on their way are compared once
// they are there (package fetch).
func (s *session) doubt(h hazard.Hazard) (reviewers, fixer string, err error) {
	same, err := s.unchanged(h)
	if err != nil || !same {
		return "", "", err
	}
	return "\n提醒：" + render.SameForReviewer, "\n提醒：" + render.SameForFixer, nil
}

// doubtful adds the same to an answer for who reviews.
func (s *session) doubtful(h hazard.Hazard, reply bot.Reply, err error) (bot.Reply, error) {
	if err != nil {
		return reply, err
	}
	doubt, _, err := s.doubt(h)
	reply.Text += doubt
	return reply, err
}
