package command

import (
	"fmt"
	"regexp"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/burden"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/supervise"
)

// createTask files a new item (立项). From the bureau office it is live after a
// confirmation; from others it is a draft that the office confirms.
func (s *session) createTask() (bot.Reply, error) {
	slots := s.intent.Slots
	if org.ScopeOf(s.actor, org.CreateItem) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, org.CreateItem, org.Subject{Unit: "?"})
	}
	if strings.TrimSpace(slots.Title) == "" {
		return s.missing("title", "要立什么项？请用一句话写，例如“各校9月30日前上报消防自查表”。")
	}
	if slots.Due.IsZero() && slots.Recur == "" {
		return s.missing("due", "“%s”要在哪天前完成？例如“9月30日”。", render.Cut(slots.Title, 30))
	}
	item, units, err := s.newItem()
	if err != nil {
		return bot.Reply{}, err
	}
	office := org.ScopeOf(s.actor, org.ConfirmItem) == org.All
	earlier, again, err := s.repeated(item, units)
	if err != nil {
		return bot.Reply{}, err
	}
	if !s.confirmed && (again || office && slots.Recur == "") {
		return s.previewItem(item, units, office, earlier, again)
	}
	if item, err = s.tx.AddItem(s.ctx, item); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(notice.Subject{Kind: "item", ID: item.ID}, "create", "", item.Code, slots.Source); err != nil {
		return bot.Reply{}, err
	}
	if again {
		if err := s.keepRepeat(item, earlier); err != nil {
			return bot.Reply{}, err
		}
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	if office && slots.Recur == "" {
		return s.makeLive([]duty.Item{item}, []supervise.Confirmation{s.confirmation(item, units)}, []string{s.audience(item, item.Audience, units)})
	}
	s.act = &act{Label: "立项 " + item.Code, Item: &movedItem{Was: item, Lead: item.Lead, State: item.State, Created: true}}
	when := s.when(item)
	w := duty.Work{Item: item}
	w.ID = item.ID
	err = s.tellWork(w, "draft", personsOf(s.dir.Office()), "%s提出立项 %s：%s\n%s，牵头：%s，承办：%s\n回复“确认立项 %s”生效，或“不予立项 %s”。", s.who(), item.Code, render.Cut(item.Desc, 100),
		when, s.dir.Label(item.Lead), s.audience(item, item.Audience, units), item.Code, item.Code)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已提交立项 " + item.Code, Text: fmt.Sprintf("已提交立项 %s：%s\n%s，牵头：%s，承办：%s\n局办公室确认后生效，生效前不提醒、不催办。", item.Code, render.Cut(item.Desc, 100), when, s.dir.Label(item.Lead), s.audience(item, item.Audience, units))}, nil
}

// previewItem shows what is going to be asked of whom, and whether it was asked
// already.
func (s *session) previewItem(item duty.Item, units []string, office bool, earlier burden.Asked, again bool) (bot.Reply, error) {
	verb := "将提交立项"
	if office && item.Every == "" {
		verb = "将立项"
	}
	when := "期限：" + item.Due.Say(s.today)
	if item.Every != "" {
		when = s.when(item)
	}
	body := fmt.Sprintf("%s：%s\n%s\n牵头：%s\n承办：%s", verb, render.Cut(item.Desc, 100), when, s.dir.Label(item.Lead), s.audience(item, item.Audience, units))
	if item.Every == "" {
		body += s.dayOff(item.Due)
	}
	if again {
		return s.warned(body, earlier)
	}
	return s.preview("%s", body)
}

// dayOff says that a deadline falls on a day off; the date stays.
func (s *session) dayOff(d calendar.Date) string {
	if s.Days.IsWorkday(d) {
		return ""
	}
	return "\n（这天是休息日，期限不变，提醒会提前到之前的工作日。）"
}

// newItem reads the item and the units that do it.
func (s *session) newItem() (duty.Item, []string, error) {
	slots := s.intent.Slots
	item := duty.Item{Year: s.today.Year(), Point: duty.AdHocPoint, PointTitle: "临时交办", Desc: render.Cut(strings.TrimSpace(slots.Title), 300), Kind: "event",
		Due: slots.Due, DueSource: duty.Stated, DueText: slots.Source, Profile: "deadline", State: duty.Draft, Audience: slots.Reports}
	if slots.Recur != "" {
		unit, _, _ := strings.Cut(slots.Recur, ":")
		item.Every, item.Kind, item.Profile = recurName(slots.Recur), "recurring", unit
		item.Due = calendar.Of(s.today.Year(), 12, 31)
		if unit != "weekly" && unit != "monthly" && unit != "quarterly" {
			item.Profile = "monthly"
		}
	}
	if item.Due < s.today {
		return item, nil, errs.Newf(errs.Invalid, "%s 已经过去了，请写一个今天以后的期限。", item.Due.Say(s.today))
	}
	if slots.Lead.IsZero() && strings.Contains(s.m.Text, "牵头") {
		return item, nil, errNotFound("没有认出由哪个股室牵头，请写股室全名再发一次，例如“安全法规股牵头”。")
	}
	lead, err := s.leader(slots.Lead)
	if u, _ := s.dir.Unit(lead); err == nil && u.IsSchool() { // a school does it, it leads nobody
		lead, err = s.leader(understand.Party{})
	}
	if err != nil {
		return item, nil, err
	}
	item.Lead = lead
	if item.Assist, err = s.unitsNamed(slots.Co); err != nil {
		return item, nil, err
	}
	if item.Audience == "" {
		item.Audience = s.audienceIn(item.Desc)
	}
	return item, s.reporters(item.Audience), nil
}

var allOf = regexp.MustCompile(`各(?:中小学|学校|校|中学|小学|幼儿园|园|股室)`)

// audienceIn finds who has to do it in the words of what is to be done.
func (s *session) audienceIn(title string) string {
	if all := allOf.FindString(title); all != "" {
		return all
	}
	var names []string
	for _, u := range s.mentioned(title) {
		if u.IsSchool() {
			names = append(names, u.Label())
		}
	}
	return strings.Join(names, "、")
}

var recurUnits = map[string]string{"weekly": "每周", "monthly": "每月", "quarterly": "每季度", "termly": "每学期", "daily": "每天", "yearly": "每年"}

func recurName(recur string) string {
	unit, at, _ := strings.Cut(recur, ":")
	name := recurUnits[unit]
	if unit == "monthly" && at != "" {
		return name + at + "日"
	}
	if name == "" {
		return recur
	}
	return name
}

// leader is the section that leads: the one named, else the asker's own, else the
// bureau office.
func (s *session) leader(p understand.Party) (string, error) {
	if !p.IsZero() {
		return s.receiver(p)
	}
	if own := s.ownSections(); len(own) > 0 {
		return own[0], nil
	}
	for _, h := range s.dir.Office() {
		return h.Post.UnitID, nil
	}
	return s.actor.UnitID, nil
}

// reporters are the units that have to do it, by the words that name them.
func (s *session) reporters(words string) []string {
	if words == "" {
		return nil
	}
	var out []string
	if !strings.HasPrefix(words, "各") {
		for _, u := range s.mentioned(words) {
			out = append(out, u.ID)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, u := range s.dir.Units() {
		match := u.IsSchool()
		switch {
		case strings.Contains(words, "幼儿园") || strings.Contains(words, "园") && !strings.Contains(words, "校"):
			match = u.Kind == "kindergarten"
		case strings.Contains(words, "股室"):
			match = u.Kind == org.KindSection
		case strings.Contains(words, "小学"):
			match = u.Kind == "primary"
		case strings.Contains(words, "中学"):
			match = u.Kind == "middle" || u.Kind == "senior"
		}
		if match {
			out = append(out, u.ID)
		}
	}
	return out
}

// performers are the units that a stored item is for and what people call them
// together. A seeded item refers to a list of units, one filed by chat to words.
func (s *session) performers(item duty.Item) (label string, units []string, err error) {
	if item.Audience == "" {
		return "", nil, nil
	}
	label, units, ok, err := s.tx.Audience(s.ctx, item.Audience)
	if err != nil || ok {
		return label, units, err
	}
	return item.Audience, s.reporters(item.Audience), nil
}

// audience says who performs an item.
func (s *session) audience(item duty.Item, label string, units []string) string {
	switch {
	case len(units) == 0:
		return s.dir.Label(item.Lead)
	case len(units) == 1:
		return s.dir.Label(units[0])
	}
	return fmt.Sprintf("%s（%d 个单位）", label, len(units))
}

// when says by which day or how often an item is due.
func (s *session) when(item duty.Item) string {
	every, assumed := strings.CutPrefix(item.Every, "假定")
	switch {
	case assumed:
		return "周期：" + every + "（推定）"
	case every != "":
		return "周期：" + every
	}
	return "期限：" + item.Due.Say(s.today)
}

// confirmation is the word of whoever speaks that an item is real.
func (s *session) confirmation(item duty.Item, units []string) supervise.Confirmation {
	return supervise.Confirmation{Item: item, Units: units, Due: item.Due, By: s.actor.PersonID, Channel: string(s.m.Platform), At: s.now}
}
