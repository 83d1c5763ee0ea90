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
)

// othersWork finds the work of others that a message means and that the asker may
// act on, among those that fit, or asks. It returns nil with the question when it
// asked. none is said when nothing fits.
func (s *session) othersWork(action org.Action, question, none string, fit func(duty.Work) bool) (*duty.Work, bot.Reply, error) {
	slots := s.intent.Slots
	var ref understand.TaskRef
	if slots.Task != nil {
		ref = *slots.Task
	} else if len(s.memory.list) == 1 && s.memory.list[0].Code != "" && s.memory.asked == nil {
		ref.Code, s.named = s.memory.list[0].Code, s.memory.list[0]
	}
	works, err := s.allWork(ref, false)
	if err != nil {
		return nil, bot.Reply{}, err
	}
	unit, _, err := s.targeted(understand.Party{School: slots.Target.School, Dept: slots.Target.Dept})
	if err != nil {
		return nil, bot.Reply{}, err
	}
	var seen, allowed []duty.Work
	elsewhere := false // others have it, the unit that was named has nothing open on it
	for _, w := range works {
		if org.Can(s.actor, org.ViewItems, subjectOf(w)) != nil {
			continue
		}
		if unit != "" && w.UnitID != unit {
			elsewhere = true
			continue
		}
		seen = append(seen, w)
		if org.Can(s.actor, action, subjectOf(w)) == nil {
			allowed = append(allowed, w)
		}
	}
	switch {
	case len(seen) == 0 && elsewhere:
		return nil, bot.Reply{}, errs.New(errs.NotFound, none)
	case len(seen) == 0 && ref != (understand.TaskRef{}):
		return nil, bot.Reply{}, s.notFound(ref)
	case len(allowed) == 0 && len(seen) > 0 || org.ScopeOf(s.actor, action) == org.Nothing:
		return nil, bot.Reply{}, org.Can(org.Actor{}, action, org.Subject{Unit: "?"})
	}
	fitting := slices.DeleteFunc(allowed, func(w duty.Work) bool { return !fit(w) || unit == "" && s.ofAnother(w.UnitID) })
	switch {
	case len(fitting) == 0:
		return nil, bot.Reply{}, errs.New(errs.NotFound, none)
	case len(fitting) == 1:
		return &fitting[0], bot.Reply{}, nil
	}
	reply, err := s.whichUnit(question, fitting)
	return nil, reply, err
}

// ofAnother reports whether the message names schools and not this unit.
func (s *session) ofAnother(unit string) bool {
	named := slices.DeleteFunc(s.mentioned(s.m.Text), func(u org.Unit) bool { return !u.IsSchool() })
	return len(named) > 0 && !slices.ContainsFunc(named, func(u org.Unit) bool { return u.ID == unit })
}

// whichUnit is which for work of several units on the same item.
func (s *session) whichUnit(question string, works []duty.Work) (bot.Reply, error) {
	shown := works[:min(len(works), maxChoices)]
	var b strings.Builder
	b.WriteString(question + "\n")
	var choices []Listed
	for i, w := range shown {
		fmt.Fprintf(&b, "%d. %s（%s，%s）\n", i+1, render.WorkTitle(w), s.dir.Label(w.UnitID), s.view().DueText(w.Due))
		choices = append(choices, Listed{Code: w.Item.Code, ID: w.ID, Name: s.dir.Label(w.UnitID) + w.Item.Desc})
	}
	b.WriteString("请回复数字。")
	if len(works) > len(shown) {
		fmt.Fprintf(&b, "共 %d 个，不在上面的请写上单位，例如“石码头小学 %s …”。", len(works), works[0].Item.Code)
	}
	if err := s.ask([]string{"task_ref"}, choices, nil); err != nil {
		return bot.Reply{}, err
	}
	return text("%s", b.String())
}

// putWork stores changed work with its history and round, and how to take it back.
func (s *session) putWork(before duty.Work, after duty.Assignment, action, words, label string) error {
	if err := s.tx.SaveAssignment(s.ctx, after); err != nil {
		return err
	}
	was := fmt.Sprintf("%s %s", before.State, before.Due)
	is := fmt.Sprintf("%s %s", after.State, after.Due)
	if err := s.note(notice.Subject{Kind: notice.Assignment, ID: after.ID}, action, was, is, render.Cut(words, 200)); err != nil {
		return err
	}
	if err := s.settled(); err != nil {
		return err
	}
	old := before.Assignment
	s.act = &act{Label: label, Work: &old, Text: s.m.Text}
	w := before
	w.Assignment = after
	return s.Supervise.ReplanWork(s.ctx, s.tx, w)
}

// tellWork tells people outside quiet hours what was done about a piece of work.
func (s *session) tellWork(w duty.Work, what string, people []string, format string, args ...any) error {
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return err
	}
	var list []notice.Notice
	seen := map[string]bool{s.actor.PersonID: true, "": true}
	for _, p := range people {
		if seen[p] {
			continue
		}
		seen[p] = true
		list = append(list, notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Prompt, PersonID: p, PostID: s.dir.PostOf(p, w.UnitID, w.Item.Lead), NotBefore: at, CreatedAt: s.now, Weight: 60,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("%s:%d:%s:%s:%s", what, w.ID, s.m.Platform, short(s.m.ID), p), Text: fmt.Sprintf(format, args...)})
	}
	return s.notify(list...)
}

// reviewTask decides about what was reported as done (审核报结).
func (s *session) reviewTask() (bot.Reply, error) {
	slots := s.intent.Slots
	if len(slots.Filter) > 0 || slots.Task == nil && strings.Contains(s.m.Text, "全部") {
		return s.passMany()
	}
	w, reply, err := s.othersWork(org.ReviewItem, "要审核哪一家的？", "没有等您审核的报结：可能还没报结，或已经审核过了。发“查”加编号看看。", func(w duty.Work) bool { return w.State == duty.Submitted })
	if err != nil || w == nil {
		return reply, err
	}
	pass := slots.Result != "fail" && slots.Result != "reject"
	after, err := w.Review(pass, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if !pass && s.opinion() == "" {
		s.intent.Slots.Task, s.intent.Slots.Target.School = refOf(*w), s.dir.Label(w.UnitID)
		return s.missing("reason", "退回 %s（%s）的原因是什么？请用一句话写明要补什么。", render.WorkTitle(*w), s.dir.Label(w.UnitID))
	}
	if err := s.putWork(*w, after, "review", s.m.Text, "审核 "+w.Item.Code); err != nil {
		return bot.Reply{}, err
	}
	if err := s.helpEnds(w.Item, after); err != nil {
		return bot.Reply{}, err
	}
	people := personsOf(s.dir.HoldersOf(w.UnitID))
	title, unit := render.WorkTitle(*w), s.dir.Label(w.UnitID)
	if after.State == duty.Closed {
		if err := s.tellWork(*w, "closed", people, "已办结：%s，%s审核通过。", title, s.who()); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Title: "已办结 " + w.Item.Code, Text: fmt.Sprintf("已同意办结：%s（%s）", title, unit)}, nil
	}
	if err := s.tellWork(*w, "returned", people, "退回重办：%s\n%s的意见：%s\n期限不变：%s", title, s.who(), render.Cut(s.opinion(), 100), s.view().DueText(w.Due)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已退回 " + w.Item.Code, Text: fmt.Sprintf("已退回：%s（%s）\n期限不变：%s。意见已转给对方。", title, unit, s.view().DueText(w.Due))}, nil
}

// passMany closes everything that waits for the asker's review, after a preview.
func (s *session) passMany() (bot.Reply, error) {
	if org.ScopeOf(s.actor, org.ReviewItem) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, org.ReviewItem, org.Subject{Unit: "?"})
	}
	works, err := s.findWork(understand.TaskRef{}, false)
	if err != nil {
		return bot.Reply{}, err
	}
	works = slices.DeleteFunc(works, func(w duty.Work) bool {
		return w.State != duty.Submitted || org.Can(s.actor, org.ReviewItem, subjectOf(w)) != nil
	})
	if len(works) == 0 {
		return text("没有等您审核的事项。")
	}
	works = works[:min(len(works), 50)]
	var names []string
	for _, w := range works {
		names = append(names, render.WorkTitle(w)+"（"+s.dir.Label(w.UnitID)+"）")
	}
	if !s.confirmed {
		return s.preview("将同意办结 %d 项：\n· %s", len(works), strings.Join(names, "\n· "))
	}
	var acts []act
	for _, w := range works {
		after, err := w.Review(true, s.now)
		if err != nil {
			return bot.Reply{}, err
		}
		if err := s.putWork(w, after, "review", "", ""); err != nil {
			return bot.Reply{}, err
		}
		if err := s.helpEnds(w.Item, after); err != nil {
			return bot.Reply{}, err
		}
		acts = append(acts, append(s.act.Many, *s.act)...)
		if err := s.tellWork(w, "closed", personsOf(s.dir.HoldersOf(w.UnitID)), "已办结：%s，%s审核通过。", render.WorkTitle(w), s.who()); err != nil {
			return bot.Reply{}, err
		}
	}
	s.act = &act{Label: fmt.Sprintf("同意办结 %d 项", len(works)), Many: acts}
	return text("已同意办结 %d 项。", len(works))
}
