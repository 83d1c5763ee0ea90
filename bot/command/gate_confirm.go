package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/burden"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/supervise"
)

// confirmDrafts makes drafts live after a preview of what that sets going: how
// many units, which dates, and when the first reminder goes out.
func (s *session) confirmDrafts(items []duty.Item, words string) (bot.Reply, error) {
	c, err := s.readChanges(words)
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Desc != "" && len(items) > 1 {
		return bot.Reply{}, errs.New(errs.Invalid, "事项的文字要一项一项改，请先单独确认要改的那一项。")
	}
	var list []supervise.Confirmation
	var lines, labels, past []string
	var before []duty.Item
	for _, it := range items {
		if due := c.apply(it).Due; len(items) > 1 && due < s.today { // also without a date
			past = append(past, it.Code)
			continue
		}
		word, label, err := s.word(it, c)
		if err != nil {
			return bot.Reply{}, err
		}
		before, list, labels = append(before, it), append(list, word), append(labels, label)
		lines = append(lines, fmt.Sprintf("· %s %s\n　　%s%s，牵头：%s，承办：%s", it.Code, render.Cut(word.Item.Desc, 40), s.when(word.Item), s.dayOffMark(word.Due),
			s.dir.Label(word.Item.Lead), label))
	}
	if len(list) == 0 {
		return bot.Reply{}, errs.Newf(errs.Invalid, "%s 的期限都已经过了。请在后面写上新的期限，例如“，期限改为12月20日”。", strings.Join(past, "、"))
	}
	again, err := s.repeatsOf(list)
	if err != nil {
		return bot.Reply{}, err
	}
	read := len(list) == 1 && before[0].Point == duty.AdHocPoint && summary(before[0]) == summary(list[0].Item) // when it was proposed
	if s.confirmed || read && len(again) == 0 {
		for i, c := range list {
			if a, ok := again[i]; ok {
				if err := s.keepRepeat(c.Item, a); err != nil {
					return bot.Reply{}, err
				}
			}
		}
		return s.makeLive(before, list, labels)
	}
	units, tasks, first, err := s.outlook(list)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(lines) > 12 {
		lines = append(lines[:12], fmt.Sprintf("…… 共 %d 项", len(lines)))
	}
	when, err := s.firstReminder(first)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(past) > 0 {
		lines = append(lines, "期限已过，这次不包括："+strings.Join(past, "、")+"。请另外写上新期限再确认。")
	}
	body := fmt.Sprintf("将立项 %d 项：\n%s\n共 %d 个单位承办，分 %d 项任务；确认后通知承办单位，开始提醒和催办。%s", len(list), strings.Join(lines, "\n"), units, tasks, when)
	for i := range list {
		if a, ok := again[i]; ok && len(again) == 1 {
			return s.warned(body, a)
		} else if ok {
			body += fmt.Sprintf("\n%s %s", list[i].Item.Code, s.repeatWarning(a))
		}
	}
	return s.preview("%s", body)
}

// repeatsOf finds which of the items filed by chat ask again for what was collected
// lately, by their place in the list. The document's own items repeat nothing.
func (s *session) repeatsOf(list []supervise.Confirmation) (map[int]burden.Asked, error) {
	out := map[int]burden.Asked{}
	for i, c := range list {
		if c.Item.Point != duty.AdHocPoint {
			continue
		}
		a, again, err := s.repeated(c.Item, c.Units)
		if err != nil {
			return nil, err
		}
		if again {
			out[i] = a
		}
	}
	return out, nil
}

// firstReminder says with which morning message the chasing begins.
func (s *session) firstReminder(step time.Time) (string, error) {
	if step.IsZero() {
		return "这些事项不定时提醒。", nil
	}
	at, err := s.Supervise.Morning(s.ctx, step)
	return fmt.Sprintf("第一次提醒：%s %s。", calendar.In(at, s.Loc).Say(s.today), at.In(s.Loc).Format("15:04")), err
}

func (s *session) dayOffMark(d calendar.Date) string {
	if s.Days.IsWorkday(d) {
		return ""
	}
	return "（休息日，提醒会提前）"
}

// word is the confirmation of one draft with the changes asked for.
func (s *session) word(it duty.Item, c correction) (supervise.Confirmation, string, error) {
	var none supervise.Confirmation
	if _, err := it.State.After(duty.ToConfirm); err != nil {
		return none, "", err
	}
	it = c.apply(it)
	if it.Due.IsZero() || it.Due < s.today {
		return none, "", errs.Newf(errs.Invalid, "%s 的期限是 %s，已经不能用了。请写上新的期限，例如“确认立项 %s，期限改为12月20日”。", it.Code, s.view().DueText(it.Due), it.Code)
	}
	label, units, err := s.performers(it)
	if err != nil {
		return none, "", err
	}
	return s.confirmation(it, units), s.audience(it, label, units), nil
}

func (s *session) outlook(list []supervise.Confirmation) (units, tasks int, first time.Time, err error) {
	who := map[string]bool{}
	for _, c := range list {
		o, err := s.Supervise.Outlook(s.ctx, s.dir, c)
		if err != nil {
			return 0, 0, first, err
		}
		if tasks += o.Tasks; !o.First.IsZero() && (first.IsZero() || o.First.Before(first)) {
			first = o.First
		}
		for _, u := range performing(c) {
			who[u] = true
		}
	}
	return len(who), tasks, first, nil
}

func performing(c supervise.Confirmation) []string {
	if len(c.Units) == 0 {
		return []string{c.Item.Lead}
	}
	return c.Units
}

// makeLive confirms each item and tells each person once about all that is new,
// at once, because it was given by name today.
func (s *session) makeLive(before []duty.Item, list []supervise.Confirmation, audiences []string) (bot.Reply, error) {
	for i, c := range list {
		if err := s.enact(before[i], c); err != nil {
			return bot.Reply{}, err
		}
	}
	s.act = undoLive(before[0], list)
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	fresh, empty := s.newWork(list)
	if err := s.tellLeads(list, audiences); err != nil {
		return bot.Reply{}, err
	}
	if err := s.assign(fresh); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tellHelpers(list); err != nil {
		return bot.Reply{}, err
	}
	return s.lived(list, audiences, len(fresh), empty), nil
}

// enact makes one item live; what the office changed with its word has a line of
// its own.
func (s *session) enact(before duty.Item, c supervise.Confirmation) error {
	if summary(before) != summary(c.Item) {
		if err := s.note(notice.Subject{Kind: "item", ID: c.Item.ID}, "change", summary(before), summary(c.Item), ""); err != nil {
			return err
		}
	}
	return s.Supervise.Confirm(s.ctx, s.tx, s.dir, c)
}

// undoLive is how a confirmation is taken back: what was filed by chat ends with it,
// what stands in the plan of the year is ended by its own order.
func undoLive(before duty.Item, list []supervise.Confirmation) *act {
	item := list[0].Item
	if len(list) == 1 && item.Point == duty.AdHocPoint {
		return &act{Label: "立项 " + item.Code, Item: &movedItem{Was: before, Lead: item.Lead, State: duty.Confirmed, Created: true}}
	}
	return &act{Label: "确认立项", Final: "承办单位已经收到通知。不办了请发编号加“作废，原因…”。"}
}

// newWork lists what each person was given, and the units where nobody was.
func (s *session) newWork(list []supervise.Confirmation) (fresh map[string][]duty.Item, empty []string) {
	fresh = map[string][]duty.Item{}
	for _, c := range list {
		for _, u := range performing(c) {
			holders := personsOf(s.dir.HoldersOf(u))
			if len(holders) == 0 && !slices.Contains(empty, u) {
				empty = append(empty, u)
			}
			for _, p := range holders {
				if items := fresh[p]; len(items) == 0 || items[len(items)-1].ID != c.Item.ID {
					fresh[p] = append(items, c.Item)
				}
			}
		}
	}
	return fresh, empty
}

// lived answers the office.
func (s *session) lived(list []supervise.Confirmation, audiences []string, people int, empty []string) bot.Reply {
	without := ""
	if len(empty) > 0 {
		without = fmt.Sprintf("\n还没有负责人的单位，请另行通知：%s。", s.labels(empty[:min(len(empty), 10)]))
	}
	if len(list) == 1 {
		item := list[0].Item
		return bot.Reply{Title: "已立项 " + item.Code, Text: fmt.Sprintf("已立项 %s：%s\n%s，承办：%s，已通知 %d 人。%s", item.Code, render.Cut(item.Desc, 100), s.when(item), audiences[0], people, without)}
	}
	title := fmt.Sprintf("已立项 %d 项", len(list))
	lines := []string{fmt.Sprintf("%s，已通知 %d 人：", title, people)}
	for i, c := range list[:min(len(list), 12)] {
		lines = append(lines, fmt.Sprintf("· %s %s\n　　%s，承办：%s", c.Item.Code, render.Cut(c.Item.Desc, 60), s.when(c.Item), audiences[i]))
	}
	if len(list) > 12 {
		lines = append(lines, fmt.Sprintf("…… 共 %d 项", len(list)))
	}
	return bot.Reply{Title: title, Text: strings.Join(lines, "\n") + without}
}

// tellLeads tells each leading section once what others have to do for it. It may
// be the one that proposed it.
func (s *session) tellLeads(list []supervise.Confirmation, audiences []string) error {
	lines, items := map[string][]string{}, map[string][]duty.Item{}
	for i, c := range list {
		lead := c.Item.Lead
		if units := performing(c); len(units) == 1 && units[0] == lead {
			continue
		}
		items[lead] = append(items[lead], c.Item)
		lines[lead] = append(lines[lead], fmt.Sprintf("%s\n%s，承办：%s。", render.Cut(c.Item.Desc, 100), s.when(c.Item), audiences[i]))
	}
	for _, lead := range slices.Sorted(maps.Keys(lines)) {
		w := duty.Work{Item: items[lead][0]}
		w.ID = w.Item.ID
		words := fmt.Sprintf("已立项 %s，由%s牵头：%s", w.Item.Code, s.dir.Label(lead), lines[lead][0])
		if n := len(lines[lead]); n > 1 {
			words = fmt.Sprintf("已立项 %d 项，由%s牵头：", n, s.dir.Label(lead))
			for i, line := range lines[lead][:min(n, 12)] {
				words += "\n· " + items[lead][i].Code + " " + line
			}
		}
		if err := s.tellWork(w, "lead", personsOf(s.dir.HoldersOf(lead)), "%s", words); err != nil {
			return err
		}
	}
	return nil
}

// assign tells each person what was given to the own unit today, in one message.
func (s *session) assign(fresh map[string][]duty.Item) error {
	for _, p := range slices.Sorted(maps.Keys(fresh)) {
		w := duty.Work{Item: fresh[p][0]}
		w.ID = w.Item.ID
		if err := s.tellWork(w, "live", []string{p}, "%s", s.given(fresh[p])); err != nil {
			return err
		}
	}
	return nil
}

// given says what is new for a unit.
func (s *session) given(items []duty.Item) string {
	it := items[0]
	if len(items) == 1 {
		next := fmt.Sprintf("回复“签收 %s”签收。", it.Code)
		if it.Every != "" { // its first period may not have begun
			next = "每期到时间会提醒您。"
		}
		return fmt.Sprintf("新交办 %s：%s\n%s，牵头：%s。%s", it.Code, render.Cut(it.Desc, 100), s.when(it), s.dir.Label(it.Lead), next)
	}
	lines := []string{fmt.Sprintf("新交办 %d 项：", len(items))}
	for _, it := range items[:min(len(items), 20)] {
		lines = append(lines, fmt.Sprintf("· %s %s，%s", it.Code, render.Cut(it.Desc, 40), s.when(it)))
	}
	return strings.Join(append(lines, fmt.Sprintf("回复“签收 %s”逐项签收，发“我的任务”看全部。", it.Code)), "\n")
}
