package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duban/bot/render"
	"duban/internal/duty"
	"duban/internal/notice"
	"duban/internal/supervise"
)

// helpers is the work of those who assist with an item (协办).
func (s *session) helpers(it duty.Item) ([]duty.Work, error) {
	works, err := s.tx.Work(s.ctx, duty.Filter{Codes: []string{it.Code}, Part: duty.Assist})
	return slices.DeleteFunc(works, func(w duty.Work) bool { return w.ItemID != it.ID }), err
}

// doing reports whether the unit does the work itself.
func doing(w duty.Work) bool { return w.Part != duty.Assist }

// exceptHelp drops what others only assist with: it is nobody's to press or review,
// and the item names them.
func (s *session) exceptHelp(works []duty.Work) []duty.Work {
	own := s.actor.Units()
	return slices.DeleteFunc(works, func(w duty.Work) bool { return w.Part == duty.Assist && !slices.Contains(own, w.UnitID) })
}

// endHelp ends what others assist with once nobody is left who does the item.
func (s *session) endHelp(it duty.Item) ([]act, error) {
	left, err := s.tx.Work(s.ctx, duty.Filter{Codes: []string{it.Code}, Without: duty.Assist, Limit: 1,
		States: []duty.State{duty.Assigned, duty.Signed, duty.InProgress, duty.Returned, duty.Submitted, duty.Paused}})
	if err != nil || len(left) > 0 {
		return nil, err
	}
	list, err := s.helpers(it)
	if err != nil {
		return nil, err
	}
	return s.endWorks(list, duty.Closed)
}

// helpEnds is endHelp after a review; taking the review back takes that back too.
func (s *session) helpEnds(it duty.Item, reviewed duty.Assignment) error {
	if reviewed.State != duty.Closed {
		return nil
	}
	acts, err := s.endHelp(it)
	s.act.Many = append(s.act.Many, acts...)
	return err
}

// endWorks puts open work into an end state and returns how to take that back.
func (s *session) endWorks(list []duty.Work, end duty.State) ([]act, error) {
	var acts []act
	for _, w := range list {
		if !w.State.Open() {
			continue
		}
		old := w.Assignment
		if w.State = end; end == duty.Closed {
			w.ClosedAt = s.now
		}
		if err := s.putHelp(old, w); err != nil {
			return nil, err
		}
		acts = append(acts, act{Label: w.Item.Code, Work: &old})
	}
	return acts, nil
}

func (s *session) putHelp(before duty.Assignment, w duty.Work) error {
	if err := s.tx.SaveAssignment(s.ctx, w.Assignment); err != nil {
		return err
	}
	if err := s.note(notice.Subject{Kind: notice.Assignment, ID: w.ID}, "assist", string(before.Part)+" "+string(before.State), string(w.Part)+" "+string(w.State), ""); err != nil {
		return err
	}
	return s.Supervise.ReplanWork(s.ctx, s.tx, w)
}

// handHelp makes those assist whom the item now names, and nobody else.
func (s *session) handHelp(it duty.Item) ([]act, error) {
	list, err := s.helpers(it)
	if err != nil {
		return nil, err
	}
	acts, err := s.endWorks(slices.DeleteFunc(list, func(w duty.Work) bool { return slices.Contains(it.Assist, w.UnitID) }), duty.Void)
	if err != nil {
		return nil, err
	}
	added, err := s.Supervise.Assist(s.ctx, s.tx, s.dir, s.confirmation(it, nil))
	for _, a := range added { // taken back, it is void
		a.State, a.Version = duty.Void, a.Version-1
		acts = append(acts, act{Label: it.Code, Work: &a})
	}
	if err != nil || len(added) == 0 {
		return acts, err
	}
	fresh := supervise.Confirmation{Item: it}
	fresh.Item.Assist = nil
	for _, a := range added {
		fresh.Item.Assist = append(fresh.Item.Assist, a.UnitID)
	}
	return acts, s.tellHelpers([]supervise.Confirmation{fresh})
}

// takeOver lets a unit that assisted carry on the part of the one that led: what
// was reported so far goes along, and the former row ends.
func (s *session) takeOver(led, helped duty.Work) ([]act, error) {
	old, was := led.Assignment, helped.Assignment
	helped.Assignment, helped.Item = old, led.Item
	helped.ID, helped.Version, helped.UnitID = was.ID, was.Version, was.UnitID
	helped.Part, helped.State = duty.Lead, duty.Assigned
	led.State = duty.Void
	for _, one := range []struct {
		before duty.Assignment
		after  duty.Work
	}{{old, led}, {was, helped}} {
		if err := s.putHelp(one.before, one.after); err != nil {
			return nil, err
		}
	}
	return []act{{Label: led.Item.Code, Work: &old}, {Label: led.Item.Code, Work: &was}}, nil
}

// tellHelpers tells each person once with what the own section is asked to assist.
// Who does the item itself hears of it otherwise.
func (s *session) tellHelpers(list []supervise.Confirmation) error {
	asked := map[string][]duty.Item{}
	for _, c := range list {
		doing := append(performing(c), c.Item.Lead)
		for _, u := range c.Item.Assist {
			if slices.Contains(doing, u) {
				continue
			}
			for _, p := range personsOf(s.dir.HoldersOf(u)) {
				if items := asked[p]; len(items) == 0 || items[len(items)-1].ID != c.Item.ID {
					asked[p] = append(items, c.Item)
				}
			}
		}
	}
	for _, p := range slices.Sorted(maps.Keys(asked)) {
		w := duty.Work{Item: asked[p][0]}
		w.ID = w.Item.ID
		if err := s.tellWork(w, "assist", []string{p}, "%s", s.askedToHelp(asked[p])); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) askedToHelp(items []duty.Item) string {
	const means = "协办不用签收、不考核进度；做了什么可以回复编号加一句话。"
	it := items[0]
	if len(items) == 1 {
		return fmt.Sprintf("请协办 %s：%s\n%s，牵头：%s。%s", it.Code, render.Cut(it.Desc, 100), s.when(it), s.dir.Label(it.Lead), means)
	}
	lines := []string{fmt.Sprintf("请协办 %d 项：", len(items))}
	for _, it := range items[:min(len(items), 20)] {
		lines = append(lines, fmt.Sprintf("· %s %s，%s，牵头：%s", it.Code, render.Cut(it.Desc, 40), s.when(it), s.dir.Label(it.Lead)))
	}
	return strings.Join(append(lines, means), "\n")
}
