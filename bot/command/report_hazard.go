package command

import (
	"fmt"
	"regexp"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/org"
)

// asking matches the words that ask for filing and say nothing of the matter.
var asking = regexp.MustCompile(`^(?:我?[要想]?)(?:匿名)?(?:上报|报告|举报|反映|登记|报)(?:一?[个处条])?(?:重大|一般|安全)*隐患[:：,，。\s]*` +
	`|^(?:我?[要想]?)匿名(?:(?:上报|举报|反映|报告)[:：,，。\s]*|报?[:：,，。\s]+)` +
	`|^(?:安全)?隐患(?:上报|报告|登记|举报)?[:：,，\s]+`)

// matter is what is wrong, without the words that ask for filing it.
func matter(desc string) string {
	return strings.TrimSpace(asking.ReplaceAllString(strings.TrimSpace(desc), ""))
}

// skipMark stands for a location that was asked for and skipped.
const skipMark = "-"

func skipped(words string) bool {
	switch strings.TrimSpace(words) {
	case "跳过", "不清楚", "不知道", "无", "没有":
		return true
	}
	return false
}

// reportHazard files a hazard. What and where are asked for at most once; a
// photo is welcome and never required.
func (s *session) reportHazard() (bot.Reply, error) {
	draft, err := s.draft()
	if err != nil {
		return bot.Reply{}, err
	}
	askedBefore := s.memory.asked != nil
	if missing := draft.Missing(); len(missing) > 0 && !(askedBefore && draft.Desc != "") {
		return s.askHazard(missing)
	}
	if draft.Location == skipMark {
		draft.Location = ""
	}
	h, err := hazard.File(draft, s.actor.PersonID, s.now, s.today)
	if err != nil {
		return bot.Reply{}, err
	}
	if reply, asked, err := s.twice(h); asked || err != nil {
		return reply, err
	}
	return s.file(h)
}

// draft reads the slots. The unit is the asker's own unless another school is
// named.
func (s *session) draft() (hazard.Draft, error) {
	s.placed()
	slots := s.intent.Slots
	d := hazard.Draft{UnitID: s.actor.UnitID, Category: slots.Category, Location: strings.TrimSpace(slots.Location), Desc: matter(slots.Desc),
		Level: hazard.Level(slots.Level), Urgent: slots.Urgent, Anonymous: slots.Anonymous}
	if slots.School != "" {
		unit, ok := s.unitNamed(slots.School)
		if !ok {
			return d, errNotFound("没有找到“%s”这所学校，没有登记。请写学校全名再发一次。", render.Cut(slots.School, 20))
		}
		d.UnitID = unit.ID
	}
	if len([]rune(d.Location)) > 100 {
		d.Desc, d.Location = d.Location+" "+d.Desc, ""
	}
	return d, nil
}

func (s *session) askHazard(missing []string) (bot.Reply, error) {
	ids, err := s.filesAtHand()
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.ask(missing, nil, ids); err != nil {
		return bot.Reply{}, err
	}
	if missing[0] == "desc" && s.intent.Slots.Location != "" {
		return text("%s有什么问题？请用一句话写，例如“地砖松动，容易绊倒”，也可以直接发照片。", render.Cut(s.intent.Slots.Location, 20))
	}
	if missing[0] == "desc" {
		return text("好的，是什么地方的什么隐患？请用一句话写，例如“食堂后厨燃气软管老化”，也可以直接发照片。")
	}
	return text("在什么地方？例如“教学楼二楼东侧走廊”。不清楚可以回复“跳过”。")
}

// file stores the hazard, tells those responsible and starts the round.
func (s *session) file(h hazard.Hazard) (bot.Reply, error) {
	var shown evidence
	h, handlers, _, err := s.enter(s.contain(h), func(h hazard.Hazard) (int, error) {
		files, err := s.collectFiles(notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, h.UnitID)
		if err != nil {
			return 0, err
		}
		shown, err = s.look(files)
		return shown.photos, err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "上报 " + h.Number(), Filed: h.ID, Text: s.m.Text}
	return bot.Reply{Title: "已登记 " + h.Number(), Text: s.view().HazardFiled(h, handlers, shown.photos) + shown.extra()}, nil
}

// enter puts a hazard into the ledger with the files that attach gives it, tells those
// responsible, whose names it returns, and starts the round. Whoever files goes this way,
// through a chat or a page.
func (s *session) enter(h hazard.Hazard, attach func(hazard.Hazard) (int, error)) (_ hazard.Hazard, handlers []string, photos int, err error) {
	if h, err = s.Supervise.Limit(s.ctx, h); err != nil {
		return h, nil, 0, err
	}
	if h, err = s.tx.AddHazard(s.ctx, h); err != nil {
		return h, nil, 0, err
	}
	if photos, err = attach(h); err != nil {
		return h, nil, 0, err
	}
	subject := notice.Subject{Kind: notice.HazardSubj, ID: h.ID}
	s.veiled = h.Anonymous
	if err := s.note(subject, "file", "", h.Number(), h.Category); err != nil {
		return h, nil, 0, err
	}
	if handlers, err = s.tellHandlers(h, photos); err != nil {
		return h, nil, 0, err
	}
	return h, handlers, photos, s.Supervise.Start(s.ctx, s.tx, subject)
}

// tellHandlers tells the unit's safety officers at once outside quiet hours, the
// bureau's safety section with the next morning's message. What may be major or
// is urgent goes to both at once, whatever the hour.
func (s *session) tellHandlers(h hazard.Hazard, photos int) ([]string, error) {
	prompt, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return nil, err
	}
	morning, err := s.Supervise.Morning(s.ctx, s.now)
	if err != nil {
		return nil, err
	}
	own := s.dir.Safety(h.UnitID)
	n := notice.Notice{Kind: notice.NewHazard, Urgency: notice.Prompt, NotBefore: prompt, CreatedAt: s.now, Weight: 65,
		Subject: notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, Text: s.view().HazardAlert(h, s.reporterName(h), photos)}
	if h.LevelHint == hazard.Major || h.Urgent {
		n.Urgency, n.NotBefore, n.Weight, morning = notice.Immediate, s.now, 120, s.now
	}
	list := s.toEach(own, n, h)
	if len(own) > 0 && n.Urgency != notice.Immediate {
		n.Urgency, n.NotBefore = notice.Merged, morning
	}
	list = append(list, s.toEach(s.dir.SafetySection(), n, h)...)
	if err := s.notify(list...); err != nil {
		return nil, err
	}
	return s.handlersOf(h.UnitID), nil
}

// handlersOf names who deals with the hazards of a unit.
func (s *session) handlersOf(unit string) []string {
	var names []string
	for _, p := range s.dir.Safety(unit) {
		names = append(names, s.dir.PostLabel(p.Post))
	}
	if len(names) == 0 {
		for _, p := range s.dir.SafetySection() {
			return []string{s.dir.Label(p.Post.UnitID)}
		}
	}
	return names
}

func (s *session) reporterName(h hazard.Hazard) string {
	if h.Anonymous {
		return ""
	}
	return s.actor.Name
}

// toEach copies a notice for each person but the reporter.
func (s *session) toEach(people []org.Holder, n notice.Notice, h hazard.Hazard) []notice.Notice {
	var list []notice.Notice
	for _, p := range people {
		if p.PersonID == s.actor.PersonID {
			continue
		}
		n.PersonID, n.PostID = p.PersonID, p.Post.ID
		n.Key = fmt.Sprintf("new_hazard:%d:%s", h.ID, p.PersonID)
		list = append(list, n)
	}
	return list
}

// hazardSubject says whose a hazard is: its unit's, and the safety sections'.
func (s *session) hazardSubject(h hazard.Hazard) org.Subject {
	subject := s.dir.HazardSubject(h.UnitID, h.Reporter)
	subject.Assignee = h.AssignedTo
	return subject
}

func (s *session) hazardDetail(h hazard.Hazard) (bot.Reply, error) {
	files, err := s.filesOf(h)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.offer([]Listed{{Hazard: h.Seq, ID: h.ID, Name: h.Desc}}); err != nil {
		return bot.Reply{}, err
	}
	formers, err := s.tx.Formers(s.ctx, h.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	shown := evidenceOf(files)
	body := s.view().HazardDetail(h, shown.photos, formers...) + shown.extra()
	if contact, err := s.contact(h); err != nil {
		return bot.Reply{}, err
	} else if contact != "" {
		body += "\n扫码上报的人：" + contact
	}
	if shown.photos > 0 {
		body += fmt.Sprintf("\n看照片请发“看照片 %s”。", h.Number())
	}
	if media.Unchanged(files) {
		body += "\n提醒：" + render.SameForReviewer
	}
	if into, ok, err := s.tx.HazardByID(s.ctx, h.Life.MergedInto); err != nil {
		return bot.Reply{}, err
	} else if ok && h.State == hazard.MergedInto {
		body += "\n已并入 " + into.Number() + "，以后只在那一条上办。"
	}
	return bot.Reply{Title: h.Number(), Text: body}, nil
}
