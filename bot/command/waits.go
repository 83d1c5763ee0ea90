package command

import (
	"fmt"

	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/supervise"
)

// A leader is not told at once of what may wait for a decision: the section may yet
// decide. It comes with the morning screen, if it still waits by then.

// awaitWish has whoever decides above the section look at a wish for a later
// deadline that nobody has decided for some days.
func (s *session) awaitWish(w duty.Work, e duty.Extension) error {
	day := s.Days.Add(s.today, supervise.WaitsLong)
	return s.await(notice.Subject{Kind: notice.Assignment, ID: w.ID}, fmt.Sprintf("extension:%d", e.ID), day.Sub(s.today), w.Item.Lead)
}

// awaitHandUp has whoever decides above the safety section look at a hazard that a
// school handed up, the next morning.
func (s *session) awaitHandUp(h hazard.Hazard) error {
	return s.await(notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, fmt.Sprintf("hazard:%d:%d", h.ID, h.HelpedAt.Unix()), 0, supervise.SafetySections(s.dir)...)
}

func (s *session) await(of notice.Subject, key string, days int, sections ...string) error {
	from := s.now
	if days > 0 {
		from = s.today.Add(days).At(0, 0, s.Loc)
	}
	at, err := s.Supervise.Morning(s.ctx, from)
	if err != nil {
		return err
	}
	var list []notice.Notice
	for _, h := range supervise.Deciders(s.dir, sections...) {
		if h.PersonID != s.actor.PersonID {
			list = append(list, notice.Notice{Kind: notice.Waiting, Urgency: notice.Merged, PersonID: h.PersonID, PostID: h.Post.ID, NotBefore: at, CreatedAt: s.now, Weight: 65,
				Subject: of, Key: "waits:" + key + ":" + h.PersonID})
		}
	}
	return s.notify(list...)
}
