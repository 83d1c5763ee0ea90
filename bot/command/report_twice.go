package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/hazard"
	"duban/internal/notice"
)

// askSame is missing when a report sounds like an open hazard.
const askSame = "same"

// another is the choice that it is something else.
const another = "another"

// twice asks whether a report means an open hazard that its reporter may see: because
// the words are alike, or the photo is nearly the same. What may be grave is filed at
// once.
func (s *session) twice(h hazard.Hazard) (bot.Reply, bool, error) {
	if s.confirmed || grave(h) {
		return bot.Reply{}, false, nil
	}
	how := "相近的"
	open, found, err := s.likeness(h)
	if err == nil && !found {
		how = "照片几乎一样的"
		open, found, err = s.photographed(h)
	}
	if err != nil || !found {
		return bot.Reply{}, false, err
	}
	reply, err := s.askSame(open, how)
	return reply, true, err
}

// grave reports whether a hazard must not wait for a question.
func grave(h hazard.Hazard) bool { return h.Urgent || h.LevelHint == hazard.Major }

// likeness finds the open hazard that a report may mean by its words. What may be grave
// never waits for that question.
func (s *session) likeness(h hazard.Hazard) (_ hazard.Hazard, found bool, err error) {
	if grave(h) {
		return hazard.Hazard{}, false, nil
	}
	open, err := s.tx.Hazards(s.ctx, hazard.Filter{Units: []string{h.UnitID}, Category: h.Category, OpenOnly: true})
	if err != nil {
		return hazard.Hazard{}, false, err
	}
	open = slices.DeleteFunc(s.visible(open), func(o hazard.Hazard) bool { return !hazard.Alike(o, h) })
	if len(open) == 0 {
		return hazard.Hazard{}, false, nil
	}
	best := max(0, slices.IndexFunc(open, func(o hazard.Hazard) bool { return o.Desc == h.Desc }))
	return open[best], true, nil
}

func (s *session) askSame(h hazard.Hazard, how string) (bot.Reply, error) {
	ids, err := s.filesAtHand()
	if err != nil {
		return bot.Reply{}, err
	}
	choices := []Listed{{Hazard: h.Seq, ID: h.ID, Name: "补充到这一条"}, {Code: another, Name: "是另一处，另外登记"}}
	if err := s.ask([]string{askSame}, choices, ids); err != nil {
		return bot.Reply{}, err
	}
	body := fmt.Sprintf("%s已经有一条%s：%s %s（%s）。您说的是：", s.dir.Label(h.UnitID), how, h.Number(), render.Placed(h, 40), h.State.Say())
	reply := bot.Reply{Title: "相近的隐患"}
	for i, c := range choices {
		body += fmt.Sprintf("\n%d. %s", i+1, c.Name)
		reply.Buttons = append(reply.Buttons, bot.Button{Label: c.Name, Send: fmt.Sprint(i + 1)})
	}
	reply.Text = body + "\n请回复数字，回复以后才算登记。"
	return reply, nil
}

// sameOrNot goes on with what was chosen.
func (s *session) sameOrNot(choice Listed) (bot.Reply, error) {
	s.command, s.intent.Command = understand.ReportHazard, understand.ReportHazard
	if choice.Code == another {
		s.confirmed = true
		return s.run()
	}
	h, ok, err := s.tx.HazardByID(s.ctx, choice.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok || !h.State.Open() { // ended meanwhile
		s.confirmed = true
		return s.run()
	}
	return s.addTo(h)
}

// addTo puts a second report to the first one.
func (s *session) addTo(h hazard.Hazard) (bot.Reply, error) {
	s.veiled = s.intent.Slots.Anonymous
	shown, err := s.addWords(h, matter(s.intent.Slots.Desc), s.collectFiles)
	if err != nil {
		return bot.Reply{}, err
	}
	seen := "处理的人能看到"
	if !s.veiled { // of what is said without a name no name is kept
		if s.act.Follow, err = s.joins(h, s.actor.PersonID, hazard.FiledIt); err != nil {
			return bot.Reply{}, err
		}
		seen += "，有结果会告诉您"
	}
	lines := []string{fmt.Sprintf("已补充到 %s：%s", h.Number(), render.Placed(h, 40)) + shown.line()}
	return bot.Reply{Title: "已补充 " + h.Number(), Text: strings.Join(append(lines, fmt.Sprintf("%s。发“查隐患%d”看进展。", seen, h.Seq)), "\n")}, nil
}

// collector gives a subject the attachments that belong to it.
type collector func(subject notice.Subject, unit string) ([]int64, error)

// to is the collector for a hazard that is being entered.
func (c collector) to(h hazard.Hazard) (int, error) {
	ids, err := c(notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, h.UnitID)
	return len(ids), err
}

// addWords adds words and photos to an open hazard and tells who deals with it.
func (s *session) addWords(h hazard.Hazard, words string, collect collector) (shown evidence, err error) {
	subject := notice.Subject{Kind: notice.HazardSubj, ID: h.ID}
	files, err := collect(subject, h.UnitID)
	if err != nil {
		return shown, err
	}
	if shown, err = s.look(files); err != nil {
		return shown, err
	}
	if err := s.note(subject, "report_again", "", fmt.Sprint(len(files)), render.Cut(words, 200)); err != nil {
		return shown, err
	}
	if err := s.settled(); err != nil {
		return shown, err
	}
	s.act = &act{Label: "补充 " + h.Number(), Text: s.m.Text}
	return shown, s.tellAbout(h, "again:"+short(s.m.ID), personsOf(s.dir.Safety(h.UnitID)), "%s 又有人报告：%s", h.Number(), render.Cut(words, 80))
}
