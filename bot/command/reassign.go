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

func subjectFor(w duty.Work) notice.Subject {
	return notice.Subject{Kind: notice.Assignment, ID: w.ID}
}

// refOf names a piece of work so that a confirmation means that very item.
func refOf(w duty.Work) *understand.TaskRef { return &understand.TaskRef{Code: w.Item.Code} }

// reassign gives an item another leading section, or a unit's part of it to
// another unit (转派). Deadlines and history stay.
func (s *session) reassign() (bot.Reply, error) {
	slots := s.intent.Slots
	if s.movesHazard() {
		return s.run()
	}
	if org.ScopeOf(s.actor, org.Reassign) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, org.Reassign, org.Subject{Unit: "?"})
	}
	if slots.Task == nil {
		return s.missing("task_ref", "要转派哪一项？请写编号，例如“22-3”。")
	}
	if slots.To.IsZero() {
		return s.missing("to", "转给哪个股室或单位？请写名称，例如“计财股”。")
	}
	to, err := s.receiver(slots.To)
	if err != nil {
		return bot.Reply{}, err
	}
	co, err := s.unitsNamed(slots.Co)
	if err != nil {
		return bot.Reply{}, err
	}
	items, works, err := s.toReassign(*slots.Task)
	if err != nil {
		return bot.Reply{}, err
	}
	var names []string
	for _, it := range items {
		names = append(names, it.Code+" "+render.Cut(it.Desc, 24))
	}
	if !s.confirmed {
		body := fmt.Sprintf("将转给%s牵头，共 %d 项：\n· %s", s.dir.Label(to), len(items), strings.Join(names, "\n· "))
		if len(co) > 0 {
			body += "\n协办：" + s.labels(co)
		}
		return s.preview("%s\n期限不变。", body)
	}
	var acts []act
	for _, it := range items {
		done, err := s.handItem(it, works[it.ID], to, co)
		if err != nil {
			return bot.Reply{}, err
		}
		acts = append(acts, done...)
	}
	slices.Reverse(acts)
	s.act = &act{Label: "转派 " + strings.Join(names, "；"), Many: acts}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	var w duty.Work
	w.ID = items[0].ID
	if err := s.tellWork(w, "reassigned", append(personsOf(s.dir.HoldersOf(to)), personsOf(s.dir.HoldersOf(items[0].Lead))...),
		"%s把 %s 转给%s牵头，期限不变。发“查 %s”看详情。", s.who(), strings.Join(names, "；"), s.dir.Label(to), items[0].Code); err != nil {
		return bot.Reply{}, err
	}
	return text("已转给%s：%s", s.dir.Label(to), strings.Join(names, "；"))
}

// receiver is the unit that gets the work: the one named, or that of the person.
func (s *session) receiver(p understand.Party) (string, error) {
	unit, person, err := s.targeted(p)
	if err != nil || unit != "" {
		return unit, err
	}
	if h, ok := s.dir.HolderNamed(person); ok {
		return h.Post.UnitID, nil
	}
	return "", errNotFound("没有认出要转给谁，请写股室或单位名称，例如“转给计财股”。")
}

func (s *session) unitsNamed(names []string) ([]string, error) {
	var out []string
	for _, n := range names {
		u, ok := s.unitNamed(n)
		if !ok {
			return nil, errNotFound("没有找到“%s”这个单位，请写全名再发一次。", render.Cut(n, 20))
		}
		out = append(out, u.ID)
	}
	return out, nil
}

func (s *session) labels(units []string) string {
	var out []string
	for _, u := range units {
		out = append(out, s.dir.Label(u))
	}
	return strings.Join(out, "、")
}

// toReassign finds the items meant and the work on each.
func (s *session) toReassign(ref understand.TaskRef) ([]duty.Item, map[int64][]duty.Work, error) {
	works, err := s.findWork(ref, false)
	if err != nil {
		return nil, nil, err
	}
	var items []duty.Item
	byItem := map[int64][]duty.Work{}
	seen := false
	for _, w := range works {
		if org.Can(s.actor, org.ViewItems, subjectOf(w)) != nil {
			continue
		}
		seen = true
		if s.mayMove(w) != nil {
			continue
		}
		if len(byItem[w.ItemID]) == 0 {
			items = append(items, w.Item)
		}
		byItem[w.ItemID] = append(byItem[w.ItemID], w)
	}
	switch {
	case !seen:
		return nil, nil, s.notFound(ref)
	case len(items) == 0:
		return nil, nil, org.Can(org.Actor{}, org.Reassign, org.Subject{Unit: "?"})
	case len(items) > 20:
		return nil, nil, errs.New(errs.Invalid, "符合的事项太多了，请写具体编号，例如“22-3 转给计财股”。")
	}
	return items, byItem, nil
}

// mayMove lets a section hand on what it leads, its own part included.
func (s *session) mayMove(w duty.Work) error {
	if s.actor.Has(org.SectionChief) && slices.Contains(s.actor.Units(), w.Item.Lead) {
		return nil
	}
	return org.Can(s.actor, org.Reassign, subjectOf(w))
}

// handItem changes who leads an item; the former leader's own part goes along.
func (s *session) handItem(it duty.Item, works []duty.Work, to string, co []string) ([]act, error) {
	before, was := it.Lead, it
	it.Lead = to
	if len(co) > 0 {
		it.Assist = co
	}
	it.Assist = slices.DeleteFunc(slices.Clone(it.Assist), func(u string) bool { return u == to })
	if err := s.tx.SaveItem(s.ctx, it); err != nil {
		return nil, err
	}
	if err := s.note(notice.Subject{Kind: "item", ID: it.ID}, "reassign", before, to, strings.Join(it.Assist, ",")); err != nil {
		return nil, err
	}
	var acts []act
	moved := movedItem{Was: was, Lead: to, State: it.State}
	taken := slices.ContainsFunc(works, func(w duty.Work) bool { return w.UnitID == to && w.Part != duty.Assist })
	helpers, err := s.helpers(was)
	if err != nil {
		return nil, err
	}
	for _, w := range works {
		if w.Part == duty.Assist { // below
			continue
		}
		w.Item = it
		moved.Replan = append(moved.Replan, w.ID)
		if i := slices.IndexFunc(helpers, func(h duty.Work) bool { return h.UnitID == to && h.Period == w.Period }); w.UnitID == before && !taken && i >= 0 {
			swapped, err := s.takeOver(w, helpers[i])
			if err != nil {
				return nil, err
			}
			acts = append(acts, swapped...)
			continue
		}
		if w.UnitID == before && !taken {
			old := w.Assignment
			acts = append(acts, act{Label: it.Code, Work: &old})
			w.UnitID, w.Part = to, duty.Lead
			w.State = duty.Assigned
			if err := s.tx.SaveAssignment(s.ctx, w.Assignment); err != nil {
				return nil, err
			}
			if err := s.note(notice.Subject{Kind: notice.Assignment, ID: w.ID}, "reassign", before, to, ""); err != nil {
				return nil, err
			}
		}
		if err := s.Supervise.ReplanWork(s.ctx, s.tx, w); err != nil {
			return nil, err
		}
	}
	helping, err := s.handHelp(it)
	return append(append(acts, helping...), act{Label: it.Code, Item: &moved}), err
}
