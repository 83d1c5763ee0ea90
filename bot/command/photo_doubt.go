package command

import (
	"duban/bot"
	"duban/bot/render"
	"duban/internal/hazard"
	"duban/internal/media"
)

// doubt is what the reviewers and the fixer of a hazard are told when the photos show
// the same before and after. Photos that are still on their way are compared once
// they are there (package fetch).
func doubt(files []media.File) (reviewers, fixer string) {
	if !media.Unchanged(files) {
		return "", ""
	}
	return "\n提醒：" + render.SameForReviewer, "\n提醒：" + render.SameForFixer
}

// doubtful adds the same to an answer for who reviews.
func (s *session) doubtful(h hazard.Hazard, reply bot.Reply, err error) (bot.Reply, error) {
	if err != nil {
		return reply, err
	}
	files, err := s.filesOf(h)
	words, _ := doubt(files)
	reply.Text += words
	return reply, err
}
