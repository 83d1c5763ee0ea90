package command

import (
	"fmt"
	"time"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
)

// noSubject is that of attachments that wait for theirs.
var noSubject notice.Subject

// personSubject is that of history about a person or unit as a whole.
var personSubject = notice.Subject{Kind: notice.PersonSubj}

// together is how far apart words and photos may be and still belong together.
const together = 3 * time.Minute

// keepFiles stores the attachments of this message under a subject (none yet: the
// zero subject) and has them fetched after the commit.
func (s *session) keepFiles(subject notice.Subject) ([]int64, error) {
	var list []media.File
	for _, a := range s.m.Attachments {
		list = append(list, media.File{Subject: subject, UnitID: s.actor.UnitID, PersonID: s.actor.PersonID, Platform: string(s.m.Platform),
			Kind: string(a.Kind), Ref: a.Ref, Name: a.Name, State: media.Pending, NextAt: s.now, Created: s.now})
	}
	stored, err := s.tx.AddFiles(s.ctx, list)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, f := range stored {
		ids = append(ids, f.ID)
	}
	s.wakes.Files = append(s.wakes.Files, ids...)
	return ids, nil
}

// collectFiles gives a subject everything that belongs to it: this message's
// attachments, those of the open question, and photos sent shortly before.
func (s *session) collectFiles(subject notice.Subject, unit string) ([]int64, error) {
	ids, err := s.keepFiles(subject)
	if err != nil {
		return nil, err
	}
	loose, err := s.tx.LooseFiles(s.ctx, s.actor.PersonID, s.now.Add(-together))
	if err != nil {
		return nil, err
	}
	var found []int64
	for _, f := range loose {
		found = append(found, f.ID)
	}
	if s.memory.asked != nil {
		found = append(found, missingFrom(found, s.memory.asked.Files)...)
	}
	ids = append(found, ids...)
	if err := s.tx.AttachFiles(s.ctx, subject, unit, ids...); err != nil {
		return nil, err
	}
	return ids, s.stageFiles(subject, ids)
}

func missingFrom(have, want []int64) []int64 {
	seen := map[int64]bool{}
	for _, id := range have {
		seen[id] = true
	}
	var out []int64
	for _, id := range want {
		if !seen[id] {
			out = append(out, id)
		}
	}
	return out
}

// loosePhotos deals with a photo without words: it belongs to the hazard just
// filed, or waits for its words.
func (s *session) loosePhotos() (bot.Reply, error) {
	if len(s.m.Attachments) == 0 {
		return s.unserved()
	}
	if q := s.memory.aside; q != nil && q.wants(handOver) { // in a group, after a sensitive message
		return bot.Reply{}, nil
	}
	if reply, done, err := s.photosOfCheck(); done || err != nil {
		return reply, err
	}
	recent, err := s.tx.Hazards(s.ctx, hazard.Filter{Reporter: s.actor.PersonID, Since: s.now.Add(-together), Limit: 1})
	if err != nil {
		return bot.Reply{}, err
	}
	if len(recent) == 1 && recent[0].State.Open() {
		subject := notice.Subject{Kind: notice.HazardSubj, ID: recent[0].ID}
		ids, err := s.collectFiles(subject, recent[0].UnitID)
		if err != nil {
			return bot.Reply{}, err
		}
		shown, err := s.look(ids)
		if err != nil {
			return bot.Reply{}, err
		}
		s.veiled = recent[0].Anonymous
		if err := s.note(subject, "add_photos", "", fmt.Sprint(len(ids)), ""); err != nil {
			return bot.Reply{}, err
		}
		return text("已补到 %s：%s。", recent[0].Number(), shown.say())
	}
	if subject, unit, name, err := s.justReported(); err != nil || name != "" {
		if err != nil {
			return bot.Reply{}, err
		}
		ids, err := s.collectFiles(subject, unit)
		if err != nil {
			return bot.Reply{}, err
		}
		if err := s.note(subject, "add_photos", "", fmt.Sprint(len(ids)), ""); err != nil {
			return bot.Reply{}, err
		}
		return text("已补到刚才的“%s”：%s。", name, s.attached())
	}
	if _, err := s.keepFiles(notice.Subject{}); err != nil {
		return bot.Reply{}, err
	}
	if s.inGroup() {
		return bot.Reply{}, nil
	}
	return text("收到 %s。请再写一句：是什么地方的什么隐患，或是哪一项的进度。例如“食堂门口地砖松动”或“22-3 已完成”。", s.attached())
}

// justReported is what the person reported within the last minutes, which a photo
// without words belongs to.
func (s *session) justReported() (subject notice.Subject, unit, name string, err error) {
	a, at, err := s.lastAct()
	if err != nil || a == nil || s.now.Sub(at) > together {
		return subject, "", "", err
	}
	switch {
	case a.Command == understand.ReportProgress && a.Work != nil:
		return notice.Subject{Kind: notice.Assignment, ID: a.Work.ID}, a.Work.UnitID, a.Label, nil
	case a.Hazard != nil && (a.Command == understand.HazardFix || a.Command == understand.HazardReview):
		return notice.Subject{Kind: notice.HazardSubj, ID: a.Hazard.ID}, a.Hazard.UnitID, a.Label, nil
	}
	return subject, "", "", nil
}

func (s *session) attached() string {
	images := 0
	for _, a := range s.m.Attachments {
		if a.Kind == bot.Image {
			images++
		}
	}
	if images == len(s.m.Attachments) {
		return fmt.Sprintf("%d 张照片", images)
	}
	return fmt.Sprintf("%d 个附件", len(s.m.Attachments))
}
