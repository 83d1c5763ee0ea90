package command

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/org"
)

// mostListed bounds what one question reads; a list that is longer says so.
const mostListed = 200

// dueSoon is what “快到期” looks ahead, in days.
const dueSoon = 7

// queryHazard shows one hazard or a list of those the asker may see.
func (s *session) queryHazard() (bot.Reply, error) {
	if s.isMine() {
		return s.mine()
	}
	ref := s.intent.Slots.Hazard
	if ref != nil && ref.ID == 0 && wordsOfActs.MatchString(ref.Keyword) {
		ref, s.intent.Slots.Hazard = nil, nil // "我报的隐患" names none
	}
	if ref != nil && ref.ID > 0 {
		list, err := s.tx.Hazards(s.ctx, hazard.Filter{Seq: ref.ID, Limit: 5})
		if err != nil {
			return bot.Reply{}, err
		}
		if list = s.visible(list); len(list) == 0 {
			return bot.Reply{}, noSuchHazard()
		}
		return s.hazardDetail(list[0])
	}
	wish, err := s.hazardWish()
	if err != nil {
		return bot.Reply{}, err
	}
	list, err := s.wished(wish)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case len(list) == 0 && ref != nil:
		return bot.Reply{}, noSuchHazard()
	case len(list) == 0:
		if err := s.offer(nil); err != nil {
			return bot.Reply{}, err
		}
		return text("%s：没有。%s", wish.title, wish.limits)
	case len(list) == 1 && !slices.Contains(s.intent.Slots.Filter, "done"):
		return s.hazardDetail(list[0])
	}
	return s.hazardList(wish, list)
}

func noSuchHazard() error {
	return errs.New(errs.NotFound, "没有找到您可以查看的这条隐患。只能查看本单位的或您自己上报的，请核对编号。")
}

// hazardWish is a list of hazards somebody asked for.
type hazardWish struct {
	filter hazard.Filter
	title  string // 文昌中学的重大消防隐患（超期未整改）
	unit   string // of this unit only
	listed bool   // under public supervision only
	limits string // why the list may lack what the asker hoped to see
}

// hazardWish reads the wish and says what the list is called.
func (s *session) hazardWish() (hazardWish, error) {
	slots := s.intent.Slots
	w := hazardWish{filter: hazard.Filter{Category: slots.Category, Level: hazard.Level(slots.Level), Today: s.today, Limit: mostListed}}
	own := org.ScopeOf(s.actor, org.ViewHazard) == org.OwnUnit
	if own {
		w.filter.EitherOwn, w.filter.Units, w.filter.Reporter = true, s.actor.Units(), s.actor.PersonID
		w.limits = "只能查看本单位的和您自己上报的。"
	}
	whose := ""
	if name := cmp.Or(slots.School, slots.ScopeDept); name != "" {
		unit, ok := s.unitNamed(name)
		if !ok {
			return w, errNotFound("没有找到“%s”这个单位，请写全名或常用简称。", name)
		}
		w.unit, whose = unit.ID, unit.Label()+"的"
		if !own {
			w.filter.Units = []string{unit.ID}
		}
	} else if slots.Scope == "mine" && !own {
		w.filter.Units, whose = s.actor.Units(), "您单位的"
	}
	notes := append(s.kept(&w), s.within(&w.filter)...)
	w.title = whose + slots.Level + slots.Category + "隐患"
	if len(notes) > 0 {
		w.title += "（" + strings.Join(notes, "，") + "）"
	}
	return w, nil
}

// kept narrows to what the filters of the wish name, and says so.
func (s *session) kept(w *hazardWish) []string {
	f := &w.filter
	has := func(name string) bool { return slices.Contains(s.intent.Slots.Filter, name) }
	switch {
	case has("overdue"), has("red"):
		f.OpenOnly, f.Overdue = true, true // the open ones are few, and an index finds them
		return []string{"超期未整改"}
	case has("review"):
		f.States = []hazard.State{hazard.Fixed}
		return []string{"待复查"}
	case has("done"):
		f.States = []hazard.State{hazard.Verified, hazard.Closed}
		return []string{"已整改"}
	case has("unsigned"):
		f.OpenOnly, f.Unsigned = true, true
		return []string{"未签收"}
	case has("listed"):
		f.OpenOnly, w.listed = true, true
		return []string{"挂牌督办"}
	case has("due"), has("yellow"):
		f.OpenOnly = true
		return nil // the days are said with the period
	case len(s.intent.Slots.Filter) > 0:
		f.OpenOnly = true
		return []string{"未销号"}
	}
	return nil
}

// within narrows to a period: of the day to be fixed by where that is asked for, else
// of the day of filing.
func (s *session) within(f *hazard.Filter) []string {
	r := s.intent.Slots.Range
	if slices.Contains(s.intent.Slots.Filter, "due") || slices.Contains(s.intent.Slots.Filter, "yellow") {
		if r == nil {
			r = &understand.DateRange{From: s.today, To: s.today.Add(dueSoon)}
		}
		f.FixFrom, f.FixTo = r.From, r.To
		return []string{s.daysFrom(r.From, r.To) + "到期"}
	}
	if r == nil {
		return nil
	}
	f.Since, f.Before = r.From.At(0, 0, s.Loc), r.To.Add(1).At(0, 0, s.Loc)
	return []string{s.daysFrom(r.From, r.To) + "上报"}
}

func (s *session) daysFrom(from, to calendar.Date) string {
	if from == to {
		return from.Say(s.today)
	}
	return from.Say(s.today) + "到" + to.Say(s.today)
}

// wished reads the list of a wish: what the asker may see of it, newest first.
func (s *session) wished(w hazardWish) ([]hazard.Hazard, error) {
	list, err := s.tx.Hazards(s.ctx, w.filter)
	if err != nil {
		return nil, err
	}
	if ref := s.intent.Slots.Hazard; ref != nil && ref.Keyword != "" {
		if list, err = s.byWords(list, w.filter, ref.Keyword); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(s.visible(list), func(h hazard.Hazard) bool {
		return w.unit != "" && h.UnitID != w.unit || w.listed && !h.Listed()
	}), nil
}

// withWords keeps the hazards that the words fit best.
func withWords(list []hazard.Hazard, words string) []hazard.Hazard {
	var view understand.View
	byID := map[string]hazard.Hazard{}
	for _, h := range list {
		id := h.Number()
		byID[id] = h
		view.Items = append(view.Items, understand.Item{Code: id, Title: h.Location + " " + h.Desc + " " + h.Category})
	}
	var out []hazard.Hazard
	for _, it := range understand.Resolve(view, understand.TaskRef{Keyword: words}) {
		out = append(out, byID[it.Code])
	}
	return out
}

// visible drops what the asker may not see.
func (s *session) visible(list []hazard.Hazard) []hazard.Hazard {
	var out []hazard.Hazard
	for _, h := range list {
		if org.Can(s.actor, org.ViewHazard, s.hazardSubject(h)) == nil {
			out = append(out, h)
		}
	}
	return out
}

func (s *session) hazardList(w hazardWish, list []hazard.Hazard) (bot.Reply, error) {
	before := min(s.offset, len(list))
	shown := list[before:min(len(list), before+pageSize)]
	var listed []Listed
	for _, h := range shown {
		listed = append(listed, Listed{Hazard: h.Seq, ID: h.ID, Name: h.Location + h.Desc})
	}
	if err := s.offerPart(listed, before, len(list)); err != nil {
		return bot.Reply{}, err
	}
	count := fmt.Sprintf("共 %d 条", len(list))
	if len(list) >= mostListed {
		count = fmt.Sprintf("很多，只列最近 %d 条，全部请导出台账", len(list))
	}
	body := fmt.Sprintf("%s%s：\n%s", w.title, count, s.view().HazardList(shown, before+1))
	if before > 0 {
		body = fmt.Sprintf("%s第 %d–%d 条：\n%s", w.title, before+1, before+len(shown), s.view().HazardList(shown, before+1))
	}
	reply := bot.Reply{Title: "隐患", Text: body}
	if rest := len(list) - before - len(shown); rest > 0 {
		reply.Text += fmt.Sprintf("\n还有 %d 条，回复“更多”。", rest)
		reply.Buttons = []bot.Button{{Label: "更多", Send: "更多"}}
	}
	reply.Text += fmt.Sprintf("\n回复“查 %d”看详情。", before+1)
	return reply, nil
}
