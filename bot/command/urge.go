package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/slip"
)

// urge asks those who do the work how far they are (催办), once a day per item.
func (s *session) urge() (bot.Reply, error) {
	slots := s.intent.Slots
	if org.ScopeOf(s.actor, org.Urge) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, org.Urge, org.Subject{Unit: "?"})
	}
	if slots.Hazard != nil || len(slots.HazardIDs) > 0 {
		return s.urgeHazard()
	}
	if slots.Task == nil && len(slots.Filter) == 0 && slots.Target.IsZero() && (len(s.memory.list) != 1 || s.memory.list[0].Code == "") {
		return s.missing("task_ref", "要催哪一项？请写编号，例如“22-3”，或写“催一下逾期的”。")
	}
	works, err := s.toUrge()
	if err != nil {
		return bot.Reply{}, err
	}
	if len(works) == 0 {
		return bot.Reply{}, errs.New(errs.NotFound, "没有找到可以催办的事项：可能已经报结，或不是您牵头的。发“查”加编号看看。")
	}
	if !s.confirmed && (len(works) > 1 || len(slots.Filter) > 0 || slots.Form != "") {
		return s.preview("%s", s.urgeSummary(works))
	}
	if slots.Form != "" {
		return s.issueSlips(s.matters(works), slip.Colour(slots.Form))
	}
	told, err := s.urgeAll(works)
	if err != nil {
		return bot.Reply{}, err
	}
	if told == 0 {
		return text("今天已经催过了，一天只催一次，免得打扰。")
	}
	s.act = &act{Label: "催办 " + s.urgedNames(works)}
	when, err := s.delay()
	if err != nil {
		return bot.Reply{}, err
	}
	return text("已催办 %s，%s送给 %d 人。对方汇报后会有记录，您可以发“查 %s”看进展。", s.urgedNames(works), when, told, works[0].Item.Code)
}

// toUrge lists the open work that is meant and that the asker may urge.
func (s *session) toUrge() ([]duty.Work, error) {
	slots := s.intent.Slots
	var ref understand.TaskRef
	if slots.Task != nil {
		ref = *slots.Task
	}
	if slots.Task == nil && len(slots.Filter) == 0 && slots.Target.IsZero() {
		ref.Code, s.named = s.memory.list[0].Code, s.memory.list[0]
	}
	find := s.findWork
	if slices.Contains(slots.Filter, "overdue") { // a period that passed is overdue although the next one runs
		find = s.allWork
	}
	works, err := find(ref, false)
	if err != nil {
		return nil, err
	}
	unit, person, err := s.targeted(slots.Target)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(works, func(w duty.Work) bool {
		if !w.State.Open() || org.Can(s.actor, org.Urge, subjectOf(w)) != nil || unit != "" && w.UnitID != unit {
			return true
		}
		if person != "" && !slices.Contains(personsOf(s.dir.HoldersOf(w.UnitID)), person) {
			return true
		}
		if len(slots.Filter) > 0 && !slices.Contains(slots.Filter, "all") {
			return len(s.keep(s.entries([]duty.Work{w}), slots.Filter)) == 0 || w.Due >= s.today && slices.Contains(slots.Filter, "overdue")
		}
		return false
	}), nil
}

// targeted reads whom a command names: a unit, or a person.
func (s *session) targeted(p understand.Party) (unit, person string, err error) {
	name := p.School
	if name == "" {
		name = p.Dept
	}
	if name != "" {
		u, ok := s.unitNamed(name)
		if !ok {
			return "", "", errNotFound("没有找到“%s”这个单位，请写全名再发一次。", render.Cut(name, 20))
		}
		return u.ID, "", nil
	}
	if p.Person != "" {
		list, err := s.tx.PersonsNamed(s.ctx, p.Person, "")
		if err != nil {
			return "", "", err
		}
		if len(list) != 1 {
			return "", "", errNotFound("没有认出“%s”，请写单位全名或常用简称，例如“石码头小学”“计财股”。", render.Cut(p.Person, 12))
		}
		return "", list[0].PersonID, nil
	}
	return "", "", nil
}

func (s *session) urgedNames(works []duty.Work) string {
	if len(works) == 1 {
		return render.WorkTitle(works[0]) + "（" + s.dir.Label(works[0].UnitID) + "）"
	}
	codes := map[string]bool{}
	var names []string
	for _, w := range works {
		if !codes[w.Item.Code] {
			codes[w.Item.Code] = true
			names = append(names, w.Item.Code)
		}
	}
	return fmt.Sprintf("%s，共 %d 个单位的 %d 项", strings.Join(names[:min(len(names), 6)], "、"), s.unitsIn(works), len(works))
}

func (s *session) unitsIn(works []duty.Work) int {
	units := map[string]bool{}
	for _, w := range works {
		units[w.UnitID] = true
	}
	return len(units)
}

func (s *session) urgeSummary(works []duty.Work) string {
	return fmt.Sprintf("将催办 %s，%s。", s.urgedNames(works), slipLabel(s.intent.Slots.Form))
}

// slipLabel names the form of a written reminder.
func slipLabel(form string) string {
	switch form {
	case "red":
		return "发红单"
	case "yellow":
		return "发黄单"
	}
	return "每家负责人收到一条消息"
}

func (s *session) urgeAll(works []duty.Work) (int, error) {
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return 0, err
	}
	var list []notice.Notice
	for _, w := range works {
		subject := notice.Subject{Kind: notice.Assignment, ID: w.ID}
		for _, p := range s.dir.HoldersOf(w.UnitID) {
			list = append(list, notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Prompt, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: s.now, Weight: 75,
				Subject: subject, Step: "urge", Key: fmt.Sprintf("urge:%d:%s:%s", w.ID, s.today, p.PersonID),
				Text: fmt.Sprintf("%s催办：%s\n期限：%s。请回复“%s 进展”说明情况。", s.who(), render.WorkTitle(w), s.view().DueText(w.Due), w.Item.Code)})
		}
		if err := s.note(subject, "urge", "", "", ""); err != nil {
			return 0, err
		}
	}
	if err := s.settled(); err != nil {
		return 0, err
	}
	return s.notifyCount(list...)
}

// delay says when people will be told what is ordered in quiet hours.
func (s *session) delay() (string, error) {
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil || !at.After(s.now) {
		return "", err
	}
	return "现在是休息时间，" + s.moment(at) + " ", nil
}

// notifyCount is notify that tells how many notices were new.
func (s *session) notifyCount(ns ...notice.Notice) (int, error) {
	n, err := s.tx.AddNotices(s.ctx, ns)
	if err != nil {
		return 0, err
	}
	for _, one := range ns {
		s.keys = append(s.keys, one.Key)
		if !one.NotBefore.After(s.now) {
			s.wakes.People = append(s.wakes.People, one.PersonID)
		}
	}
	return n, nil
}

// who names the asker by post, as others know them.
func (s *session) who() string {
	if h, ok := s.dir.HolderNamed(s.actor.PersonID); ok {
		return s.dir.PostLabel(h.Post)
	}
	unit := s.dir.Label(s.actor.UnitID)
	if strings.HasPrefix(s.actor.Name, unit) {
		return s.actor.Name
	}
	return unit + s.actor.Name
}

// urgeHazard asks a unit to get on with a hazard.
func (s *session) urgeHazard() (bot.Reply, error) {
	h, reply, err := s.oneHazard("要催哪一条隐患？", nil)
	if err != nil || h == nil {
		return reply, err
	}
	if err := s.mayRule(*h); err != nil {
		return bot.Reply{}, err
	}
	if !h.State.Open() {
		return text("%s %s，不用再催。", h.Number(), h.State.Say())
	}
	if form := s.intent.Slots.Form; form != "" {
		name := h.Number() + "（" + s.dir.Label(h.UnitID) + "）"
		if !s.confirmed {
			return s.preview("将催办 %s，%s。", name, slipLabel(form))
		}
		return s.issueSlips([]slipFor{{notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, name}}, slip.Colour(form))
	}
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	var list []notice.Notice
	for _, p := range s.dir.Safety(h.UnitID) {
		list = append(list, notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Prompt, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: s.now, Weight: 75,
			Subject: notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, Step: "urge", Key: fmt.Sprintf("urge:h%d:%s:%s", h.ID, s.today, p.PersonID),
			Text: fmt.Sprintf("%s催办 %s：%s\n整改期限：%s。修好请回复“%s 已整改”，有困难请写明。", s.who(), h.Number(), render.Placed(*h, 40), s.view().DueText(h.FixDue), h.Number())})
	}
	told, err := s.notifyCount(list...)
	if err != nil {
		return bot.Reply{}, err
	}
	if told == 0 {
		return text("%s 今天已经催过了，一天只催一次，免得打扰。", h.Number())
	}
	if err := s.note(notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, "urge", "", "", ""); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "催办 " + h.Number()}
	when, err := s.delay()
	if err != nil {
		return bot.Reply{}, err
	}
	return text("已催办 %s，%s送给%s的 %d 人。", h.Number(), when, s.dir.Label(h.UnitID), told)
}
