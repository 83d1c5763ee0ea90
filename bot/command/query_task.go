package command

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/org"
	"duban/internal/remind"
)

// pageSize is how many entries an answer lists.
const pageSize = 8

// queryTask answers what is to be done and by when: mine, my section's, due in
// a span, overdue, by lamp, or one item.
func (s *session) queryTask() (bot.Reply, error) {
	slots := s.intent.Slots
	if slots.Task != nil {
		return s.oneItem(*slots.Task)
	}
	filter, title, err := s.workFilter()
	if err != nil {
		return bot.Reply{}, err
	}
	works, err := s.tx.Work(s.ctx, filter)
	if err != nil {
		return bot.Reply{}, err
	}
	if !slices.ContainsFunc(works, doing) && slots.Scope == "mine" && org.ScopeOf(s.actor, org.ViewItems) > org.OwnUnit {
		// Who leads others' work and has none of the own means that.
		filter.Units = nil
		filter, title = s.everything(filter)
		if works, err = s.tx.Work(s.ctx, filter); err != nil {
			return bot.Reply{}, err
		}
	}
	entries := s.keep(s.entries(s.exceptHelp(works)), slots.Filter)
	title += s.keptName(slots.Filter)
	if len(entries) == 0 {
		if err := s.offer(nil); err != nil {
			return bot.Reply{}, err
		}
		return text("%s：没有。", title)
	}
	return s.list(title, entries)
}

// workFilter reads the wish for a list and what it is called.
func (s *session) workFilter() (duty.Filter, string, error) {
	slots := s.intent.Slots
	f := duty.Filter{OpenOnly: true, Today: s.today}
	title := "您要办的事"
	sections := s.ownSections()
	switch {
	case slots.ScopeDept != "":
		unit, ok := s.unitNamed(slots.ScopeDept)
		if !ok {
			return f, "", errNotFound("没有找到“%s”这个股室，请写全名或常用简称，例如“基教股”。", slots.ScopeDept)
		}
		if err := org.Can(s.actor, org.ViewSection, org.Subject{Unit: unit.ID, Sections: []string{unit.ID}}); err != nil {
			return f, "", err
		}
		f.Sections, title = []string{unit.ID}, unit.Label()+"的事项"
	case slots.Scope == "dept_mine" && len(sections) > 0:
		f.Sections, title = sections, s.dir.Label(sections[0])+"的事项"
	case slots.Scope == "all":
		f, title = s.everything(f)
	case slots.Scope == "mine":
		f.Units = s.actor.Units()
	default:
		f, title = s.everything(f)
	}
	if slots.Range != nil {
		f.DueTo = slots.Range.To
		title += fmt.Sprintf("（%s到%s到期）", slots.Range.From.Say(s.today), slots.Range.To.Say(s.today))
		f.DueFrom = slots.Range.From
	} else if slices.Contains(slots.Filter, "due") {
		f.DueTo = s.today.Add(7)
	}
	if slices.Contains(slots.Filter, "overdue") {
		f.DueTo, title = s.today.Add(-1), title+"（已逾期）"
	}
	return f, title, nil
}

// everything is all that the asker may see: own units, the section's items, or
// the whole bureau.
func (s *session) everything(f duty.Filter) (duty.Filter, string) {
	switch org.ScopeOf(s.actor, org.ViewItems) {
	case org.All:
		return f, "全局的事项"
	case org.InCharge:
		if charge := s.actor.Charge(); len(charge) > 0 {
			f.Sections = charge
			return f, "您分管的事项"
		}
		return f, "全局的事项"
	case org.Sections:
		f.Sections = s.actor.Units()
		return f, s.dir.Label(f.Sections[0]) + "的事项"
	}
	f.Units = s.actor.Units()
	return f, "您单位的事项"
}

func (s *session) ownSections() []string {
	return slices.DeleteFunc(s.actor.Units(), func(id string) bool {
		u, ok := s.dir.Unit(id)
		return !ok || u.IsSchool()
	})
}

// unitNamed finds a unit by any of its names.
func (s *session) unitNamed(name string) (org.Unit, bool) {
	name = strings.TrimSpace(name)
	for _, u := range s.dir.Units() {
		if u.Name == name || u.Short == name || slices.Contains(u.Aliases, name) {
			return u, true
		}
	}
	for _, u := range s.dir.Units() {
		if len([]rune(name)) >= 3 && (strings.Contains(u.Name, name) || strings.Contains(name, u.Label())) {
			return u, true
		}
	}
	return org.Unit{}, false
}

func (s *session) entries(works []duty.Work) []render.Entry {
	entries := make([]render.Entry, 0, len(works))
	for _, w := range works {
		entries = append(entries, render.Entry{Work: w, Lamp: s.Supervise.Lamp(s.ctx, w, s.dir)})
	}
	return entries
}

// keep narrows entries by lamp and by silence. Who only assists is not behind with
// anything.
func (s *session) keep(entries []render.Entry, filters []string) []render.Entry {
	if slices.Contains(filters, "overdue") || slices.Contains(filters, "stale") {
		entries = slices.DeleteFunc(entries, func(e render.Entry) bool { return e.Work.Part == duty.Assist })
	}
	var lamps []remind.Lamp
	for _, f := range filters {
		switch f {
		case "red":
			lamps = append(lamps, remind.RedLamp)
		case "yellow":
			lamps = append(lamps, remind.YellowLamp)
		case "stale":
			return s.silent(entries)
		}
	}
	if len(lamps) == 0 {
		return entries
	}
	return slices.DeleteFunc(entries, func(e render.Entry) bool { return !slices.Contains(lamps, e.Lamp) })
}

// keptName says how keep narrowed a list.
func (s *session) keptName(filters []string) string {
	switch {
	case slices.Contains(filters, "stale"):
		return fmt.Sprintf("（%d 天没有新进展）", max(s.intent.Slots.StaleDays, 1))
	case slices.Contains(filters, "red"):
		return "（红灯）"
	case slices.Contains(filters, "yellow"):
		return "（黄灯）"
	}
	return ""
}

func (s *session) silent(entries []render.Entry) []render.Entry {
	days := max(s.intent.Slots.StaleDays, 1)
	limit := s.now.AddDate(0, 0, -days)
	return slices.DeleteFunc(entries, func(e render.Entry) bool {
		last := e.Work.ReportedAt
		if last.IsZero() {
			last = e.Work.AssignedAt
		}
		return last.After(limit)
	})
}

// list shows the first entries and makes them answerable by number.
func (s *session) list(title string, entries []render.Entry) (bot.Reply, error) {
	before := min(s.offset, len(entries))
	shown := entries[before:min(len(entries), before+pageSize)]
	var listed []Listed
	for _, e := range shown {
		listed = append(listed, Listed{Code: e.Work.Item.Code, ID: e.Work.ID, Name: e.Work.Item.Desc})
	}
	if err := s.offerPart(listed, before, len(entries)); err != nil {
		return bot.Reply{}, err
	}
	body := fmt.Sprintf("%s，共 %d 项：\n%s", title, len(entries), s.view().WorkList(shown, before+1, s.showUnit(shown)))
	if before > 0 {
		body = fmt.Sprintf("%s，第 %d–%d 项：\n%s", title, before+1, before+len(shown), s.view().WorkList(shown, before+1, s.showUnit(shown)))
	}
	reply := bot.Reply{Title: title, Text: body}
	if rest := len(entries) - before - len(shown); rest > 0 {
		reply.Text += fmt.Sprintf("\n还有 %d 项，回复“更多”。", rest)
		reply.Buttons = []bot.Button{{Label: "更多", Send: "更多"}}
	}
	reply.Text += "\n" + s.listHint(shown, before)
	return reply, nil
}

// showUnit reports whether the list is about more than the asker's own unit.
func (s *session) showUnit(entries []render.Entry) bool {
	own := s.actor.Units()
	return slices.ContainsFunc(entries, func(e render.Entry) bool { return !slices.Contains(own, e.Work.UnitID) })
}

func (s *session) listHint(entries []render.Entry, before int) string {
	own := s.actor.Units()
	for i, e := range entries {
		if slices.Contains(own, e.Work.UnitID) {
			return fmt.Sprintf("回复“%d 60%%”报进度，“查 %d”看详情。", before+i+1, before+i+1)
		}
	}
	return fmt.Sprintf("回复“查 %d”看详情。", before+1)
}

// oneItem shows one item, or asks which of several is meant.
func (s *session) oneItem(ref understand.TaskRef) (bot.Reply, error) {
	works, err := s.findWork(ref, false)
	if err != nil {
		return bot.Reply{}, err
	}
	var visible []duty.Work
	for _, w := range works {
		if org.Can(s.actor, org.ViewItems, subjectOf(w)) == nil {
			visible = append(visible, w)
		}
	}
	if name := s.intent.Slots.School; name != "" {
		unit, ok := s.unitNamed(name)
		if !ok {
			return bot.Reply{}, errNotFound("没有找到“%s”这所学校，请写全名再发一次。", render.Cut(name, 20))
		}
		visible = slices.DeleteFunc(visible, func(w duty.Work) bool { return w.UnitID != unit.ID })
	}
	switch {
	case len(visible) == 0:
		return bot.Reply{}, s.notFound(ref)
	case len(visible) == 1:
		return s.detail(visible[0])
	}
	return s.list("符合的事项", s.entries(visible))
}

func (s *session) detail(w duty.Work) (bot.Reply, error) {
	if err := s.offer([]Listed{{Code: w.Item.Code, ID: w.ID, Name: w.Item.Desc}}); err != nil {
		return bot.Reply{}, err
	}
	e := s.entries([]duty.Work{w})[0]
	if w.Value != nil && !w.Item.Metric.IsZero() {
		first, known, err := s.tx.FirstValue(s.ctx, w.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		if known {
			e.First = &first
		}
	}
	drills, err := s.drillLines(w)
	return bot.Reply{Title: w.Item.Code, Text: s.view().WorkDetail(e) + drills}, err
}

// findWork finds the work a reference may mean. own limits it to what the
// asker's units do themselves. An entry named by its number means that very
// period, a code the current one.
func (s *session) findWork(ref understand.TaskRef, own bool) ([]duty.Work, error) {
	works, err := s.allWork(ref, own)
	if err != nil || s.named.ID > 0 && s.named.Code == ref.Code {
		return works, err
	}
	return s.current(works), nil
}

// allWork is findWork with every period that is running or passed.
func (s *session) allWork(ref understand.TaskRef, own bool) ([]duty.Work, error) {
	f := duty.Filter{Today: s.today, States: []duty.State{duty.Assigned, duty.Signed, duty.InProgress, duty.Returned, duty.Submitted}}
	if own {
		f.Units = s.actor.Units()
	} else if g, _ := s.everything(duty.Filter{}); len(g.Units)+len(g.Sections) > 0 {
		f.Units, f.Sections = g.Units, g.Sections
	}
	switch {
	case ref.Code != "":
		f.Codes = []string{ref.Code}
	case ref.Point > 0:
		f.Point = ref.Point
	}
	works, err := s.tx.Work(s.ctx, f)
	if err != nil {
		return nil, err
	}
	works = s.exceptHelp(works)
	if s.named.ID > 0 && s.named.Code == ref.Code {
		return slices.DeleteFunc(works, func(w duty.Work) bool { return w.ID != s.named.ID }), nil
	}
	ref.Keyword = strings.TrimRight(pointing.ReplaceAllString(ref.Keyword, ""), "的")
	if ref.Code == "" && ref.Keyword != "" {
		works = s.matching(works, ref)
	}
	return works, nil
}

// pointing are words that point at a thing without naming it.
var pointing = regexp.MustCompile(`(?:那个|这个|那项|这项|那件|这件|那条|这条)(?:事|事情|工作|任务)?$`)

// ownItems are the items the asker is concerned with, as far as understanding needs them.
func (s *session) ownItems() ([]understand.Item, error) {
	if s.actor.PersonID == "" {
		return nil, nil
	}
	works, err := s.allWork(understand.TaskRef{}, false)
	if err != nil {
		return nil, err
	}
	return itemsOf(works), nil
}

func itemsOf(works []duty.Work) []understand.Item {
	var items []understand.Item
	seen := map[string]bool{}
	for _, w := range works {
		if !seen[w.Item.Code] {
			seen[w.Item.Code] = true
			items = append(items, understand.Item{Code: w.Item.Code, Point: w.Item.Point, Title: w.Item.Desc})
		}
	}
	return items
}

// matching keeps the work whose item fits the words best.
func (s *session) matching(works []duty.Work, ref understand.TaskRef) []duty.Work {
	keep := map[string]bool{}
	for _, it := range understand.Resolve(understand.View{Items: itemsOf(works)}, ref) {
		keep[it.Code] = true
	}
	return slices.DeleteFunc(works, func(w duty.Work) bool { return !keep[w.Item.Code] })
}

// current leaves one period per unit and item, the one a person means today: the
// running one, else the last that passed and is still open, else the last one
// submitted.
func (s *session) current(works []duty.Work) []duty.Work {
	type key struct{ item, unit string }
	best := map[key]int{}
	var out []duty.Work
	for _, w := range works {
		k := key{w.Item.Code, w.UnitID}
		i, ok := best[k]
		if !ok {
			best[k] = len(out)
			out = append(out, w)
			continue
		}
		if s.meant(w, out[i]) {
			out[i] = w
		}
	}
	return out
}

// meant reports whether w is rather meant than the period due before it.
func (s *session) meant(w, before duty.Work) bool {
	if w.State.Open() != before.State.Open() {
		return w.State.Open()
	}
	return before.Due < s.today
}

func (s *session) notFound(ref understand.TaskRef) error {
	name := ref.Code
	switch {
	case name != "" && s.suspended(name):
		return errs.Newf(errs.Conflict, "%s 目前中止，暂时不用办。有疑问请联系局办公室。", name)
	case name != "":
	case ref.Point > 0:
		name = fmt.Sprintf("第%d条", ref.Point)
	default:
		name = render.Cut(ref.Keyword, 20)
	}
	return errs.Newf(errs.NotFound, "没有找到“%s”。可能还没有立项，或不是您单位的事项。发“我的任务”看看有哪些。", name)
}

func subjectOf(w duty.Work) org.Subject {
	return org.Subject{Unit: w.UnitID, Sections: append([]string{w.Item.Lead}, w.Item.Assist...)}
}
