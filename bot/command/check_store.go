package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/hazard"
	"duban/internal/inspect"
	"duban/internal/notice"
)

// checked is a record as it was before an answer; one without a list was new.
type checked struct {
	ID      int64          `json:"id"`
	Version int            `json:"version"` // after the answer
	Was     inspect.Record `json:"was"`
}

func checkSubject(id int64) notice.Subject { return notice.Subject{Kind: "inspection", ID: id} }

// storeCheck puts an answer down: each exception becomes a hazard or is added to the one
// it was said to be.
func (s *session) storeCheck(l inspect.Checklist, c checkup, p inspect.Period, before inspect.Record, drafts []hazard.Hazard) (bot.Reply, error) {
	if before.ID > 0 && len(drafts) == 0 && (before.Fine || !c.Answer.Fine) {
		return s.checkedBefore(l, c, p, before)
	}
	files, err := s.photosHere()
	if err != nil {
		return bot.Reply{}, err
	}
	one := func(subject notice.Subject, unit string) ([]int64, error) { return nil, nil }
	if len(drafts) == 1 {
		one = s.attach(files)
	}
	entered, handlers, acts, err := s.enterAll(c, drafts, one)
	if err != nil {
		return bot.Reply{}, err
	}
	after := s.recordAfter(l, c, p, before, entered)
	if after, err = s.putCheck(before, after); err != nil {
		return bot.Reply{}, err
	}
	if len(drafts) == 0 {
		if _, err := s.attach(files)(checkSubject(after.ID), c.Unit); err != nil {
			return bot.Reply{}, err
		}
	}
	zero, err := s.zeroByCheck(l, c, p, after)
	if err != nil {
		return bot.Reply{}, err
	}
	acts = append(acts, zero.acts...)
	slices.Reverse(acts)
	s.act = &act{Label: l.Name + "（" + p.Name + "）", Text: s.m.Text, Many: acts, Checked: &checked{ID: after.ID, Version: after.Version, Was: before}}
	lines := s.echoCheck(l, c, p, after, entered)
	if len(handlers) > 0 {
		lines = append(lines, "处理："+strings.Join(handlers, "、"))
	}
	if n := len(files); n > 0 && len(entered) < 2 {
		lines = append(lines, fmt.Sprintf("照片：%d 张", n))
	}
	reply := bot.Reply{Title: l.Name, Text: strings.Join(append(lines, zero.lines...), "\n")}
	switch {
	case len(entered) > 1 && len(files) > 0:
		return s.askPhotos(reply, c, entered, files)
	case !after.Fine && after.Rest() > 0:
		return s.askRest(reply, c, after)
	}
	return reply, nil
}

// enterAll files the exceptions in their order.
func (s *session) enterAll(c checkup, drafts []hazard.Hazard, collect collector) (entered []hazard.Hazard, handlers []string, acts []act, err error) {
	for i, h := range drafts {
		open, ok, err := s.tx.HazardByID(s.ctx, c.Same[i])
		switch {
		case err != nil:
		case ok && open.State.Open():
			_, err = s.addWords(open, h.Desc, collect)
			h = open
		default:
			h.Origin = hazard.FromCheck
			h, handlers, _, err = s.enter(h, collect.to)
			s.act = &act{Label: "上报 " + h.Number(), Filed: h.ID, Text: s.m.Text}
		}
		if err != nil {
			return nil, nil, nil, err
		}
		entered, acts = append(entered, h), append(acts, *s.act)
	}
	return entered, handlers, acts, s.settled()
}

// recordAfter is the record with what this answer adds to it.
func (s *session) recordAfter(l inspect.Checklist, c checkup, p inspect.Period, before inspect.Record, entered []hazard.Hazard) inspect.Record {
	r := before
	if r.ID == 0 {
		r = inspect.Record{List: l.Key, Period: p.Key, Unit: c.Unit, From: p.From, To: p.To, Entries: len(l.Entries)}
	}
	r.Person, r.Platform, r.At, r.Found = s.actor.PersonID, string(s.m.Platform), s.now, slices.Clone(r.Found)
	r.Fine = before.Fine || c.Answer.Fine
	for i, e := range c.Answer.Exceptions {
		r.Found = append(r.Found, inspect.Found{Entry: e.Entry, Words: e.Words, Hazard: entered[i].ID})
	}
	return r
}

// putCheck stores a record with its line of history.
func (s *session) putCheck(before, after inspect.Record) (inspect.Record, error) {
	was := ""
	var err error
	if before.ID == 0 {
		after, err = s.tx.AddInspection(s.ctx, after)
	} else {
		was = render.Outcome(before)
		err = s.tx.SaveInspection(s.ctx, after)
		after.Version++
	}
	if err != nil {
		return after, err
	}
	return after, s.note(checkSubject(after.ID), "inspect", was, render.Outcome(after), after.List+" "+after.Period)
}

// checkedBefore answers what was put down already.
func (s *session) checkedBefore(l inspect.Checklist, c checkup, p inspect.Period, r inspect.Record) (bot.Reply, error) {
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	reply, err := text("%s %s（%s）已经记过：%s，不用再报。", s.dir.Label(c.Unit), l.Name, p.Name, render.Outcome(r))
	if len(r.Found) > 0 {
		found, err := s.foundLines(l, r.Found)
		if err != nil {
			return reply, err
		}
		reply.Text += "\n" + strings.Join(found, "\n") + "\n这些隐患按编号办理，修好了请发编号加“已修好”。"
	}
	reply.Text += "\n有新发现请写编号，例如“" + shortest(l) + " 2 坏了”。"
	reply.Title = l.Name
	return reply, err
}

// foundLines names what was found with the numbers it got.
func (s *session) foundLines(l inspect.Checklist, found []inspect.Found) ([]string, error) {
	var ids []int64
	for _, f := range found {
		ids = append(ids, f.Hazard)
	}
	hazards, err := s.tx.HazardsByID(s.ctx, ids...)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, f := range found {
		line := render.Numbered(f.Entry, render.FoundWords(l, f))
		if at := slices.IndexFunc(hazards, func(h hazard.Hazard) bool { return h.ID == f.Hazard }); at >= 0 {
			line += " → " + hazards[at].Number()
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// echoCheck says what was understood, so that a misunderstanding is seen at once.
func (s *session) echoCheck(l inspect.Checklist, c checkup, p inspect.Period, after inspect.Record, entered []hazard.Hazard) []string {
	lines := []string{fmt.Sprintf("已记下：%s %s（%s），%s。", s.dir.Label(c.Unit), l.Name, p.Name, render.Outcome(after))}
	if len(entered) > 0 && s.intent.Chance(understand.Emergency) >= maybeDanger {
		lines = append([]string{"如果现在有人受伤或有危险，请马上拨打 120、119 或 110。"}, lines...)
	}
	for i, h := range entered {
		e := c.Answer.Exceptions[i]
		line := fmt.Sprintf("%s → %s", render.Numbered(e.Entry, render.FoundWords(l, inspect.Found{Entry: e.Entry, Words: e.Words})), h.Number())
		if c.Same[i] == h.ID {
			line += "（补充到原来的）"
		} else if !h.FixDue.IsZero() {
			line += "，" + h.FixDue.Say(s.today) + "前整改"
		}
		lines = append(lines, line)
	}
	return lines
}

// askPhotos asks what photos show when there are several things they may show.
func (s *session) askPhotos(reply bot.Reply, c checkup, entered []hazard.Hazard, files []int64) (bot.Reply, error) {
	var choices []Listed
	for i, h := range entered[:min(len(entered), 9)] {
		e := c.Answer.Exceptions[i]
		choices = append(choices, Listed{Code: "photo", ID: h.ID, Name: render.Cut(render.Numbered(e.Entry, e.Words), 20) + "（" + h.Number() + "）"})
	}
	if err := s.askCheck(checkup{List: c.List, Unit: c.Unit}, photoOf, choices); err != nil {
		return reply, err
	}
	s.memory.asked.Files = files
	asked := choosing(reply.Title, reply.Text+fmt.Sprintf("\n%d 张照片是哪一项的？", len(files)), choices, "请回复数字。")
	return asked, s.save()
}

func (s *session) askRest(reply bot.Reply, c checkup, r inspect.Record) (bot.Reply, error) {
	if err := s.askCheck(checkup{List: c.List, Unit: c.Unit, Back: c.Back}, restFine, nil); err != nil {
		return reply, err
	}
	reply.Text += fmt.Sprintf("\n其余 %d 项您没有说，都正常请回复“其余正常”。", r.Rest())
	reply.Buttons = []bot.Button{{Label: "其余正常", Send: "其余正常"}}
	return reply, nil
}

// photosTo gives the photos of an answer to one of its hazards.
func (s *session) photosTo(id int64) (bot.Reply, error) {
	h, ok, err := s.tx.HazardByID(s.ctx, id)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	subject := notice.Subject{Kind: notice.HazardSubj, ID: h.ID}
	ids, err := s.collectFiles(subject, h.UnitID)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(subject, "add_photos", "", fmt.Sprint(len(ids)), ""); err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	return text("已补到 %s：照片 %d 张。", h.Number(), len(ids))
}

// photosHere keeps what came with the answer, and finds what came just before.
func (s *session) photosHere() ([]int64, error) {
	ids, err := s.keepFiles(noSubject)
	if err != nil {
		return nil, err
	}
	s.m.Attachments = nil
	loose, err := s.tx.LooseFiles(s.ctx, s.actor.PersonID, s.now.Add(-together))
	if err != nil {
		return nil, err
	}
	for _, f := range loose {
		ids = append(ids, missingFrom(ids, []int64{f.ID})...)
	}
	if q := s.checkAsked(); q != nil {
		ids = append(ids, missingFrom(ids, q.Files)...)
	}
	return ids, nil
}

// attach is a collector of the files given.
func (s *session) attach(ids []int64) collector {
	return func(subject notice.Subject, unit string) ([]int64, error) {
		if len(ids) == 0 {
			return nil, nil
		}
		if err := s.tx.AttachFiles(s.ctx, subject, unit, ids...); err != nil {
			return nil, err
		}
		return ids, s.stageFiles(subject, ids)
	}
}

// restoreCheck takes an answer back; what it found is taken back beside it.
func (s *session) restoreCheck(c checked, action string) error {
	r, ok, err := s.tx.InspectionByID(s.ctx, c.ID)
	if err != nil {
		return err
	}
	if !ok || r.Version != c.Version {
		return errMovedOn
	}
	if c.Was.ID == 0 {
		if err := s.tx.DropInspection(s.ctx, c.ID); err != nil {
			return err
		}
		return s.note(checkSubject(c.ID), action, render.Outcome(r), "", r.List+" "+r.Period)
	}
	was := c.Was
	was.Version = r.Version
	if err := s.tx.SaveInspection(s.ctx, was); err != nil {
		return err
	}
	return s.note(checkSubject(c.ID), action, render.Outcome(r), render.Outcome(was), r.List+" "+r.Period)
}

// photosOfCheck asks what photos show that follow an answer which found several things.
func (s *session) photosOfCheck() (bot.Reply, bool, error) {
	a, at, err := s.lastAct()
	if err != nil || a == nil || a.Checked == nil || len(a.Many) < 2 || s.now.Sub(at) > together {
		return bot.Reply{}, false, err
	}
	r, ok, err := s.tx.InspectionByID(s.ctx, a.Checked.ID)
	if err != nil || !ok {
		return bot.Reply{}, false, err
	}
	c, entered := checkup{List: r.List, Unit: r.Unit}, []hazard.Hazard{}
	for _, f := range r.Found[max(0, len(r.Found)-len(a.Many)):] {
		h, ok, err := s.tx.HazardByID(s.ctx, f.Hazard)
		if err != nil {
			return bot.Reply{}, false, err
		}
		if ok {
			c.Answer.Exceptions, entered = append(c.Answer.Exceptions, inspect.Exception{Entry: f.Entry, Words: f.Words}), append(entered, h)
		}
	}
	files, err := s.photosHere()
	if err != nil || len(entered) < 2 {
		return bot.Reply{}, false, err
	}
	s.command, s.intent.Command = inspection, inspection
	reply, err := s.askPhotos(bot.Reply{Title: "照片", Text: "收到照片。"}, c, entered, files)
	return reply, true, err
}
