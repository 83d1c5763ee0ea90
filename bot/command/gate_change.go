package command

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
)

// correction is what an office's sentence wants otherwise; zero fields stay.
type correction struct {
	Due      calendar.Date
	Lead     string
	Audience string
	Desc     string
}

var (
	wordingChange = regexp.MustCompile(`(?:(?:事项|名称|内容)(?:要|请)?[改换](?:为|成)?|改(?:事项|名称|内容)(?:为|成)?)[: ]*(.+)$`)
	leadFirst     = regexp.MustCompile(`^(?:牵头股室|牵头|改牵头)(?:要|请)?(?:改|换)?(?:为|成|由|到)?[: ]*(\S+)$`)
	leadLast      = regexp.MustCompile(`^(?:请|改为|改成|改由|由)?(\S+?)(?:来)?牵头$`)
	doersFirst    = regexp.MustCompile(`^(?:承办单位|承办|改承办)(?:要|请)?(?:改|换)?(?:为|成|由)?[: ]*(\S+)$`)
	doersLast     = regexp.MustCompile(`^(?:请|改为|改成|改由|由)?(\S+?)(?:来)?承办$`)
	dateFirst     = regexp.MustCompile(`^(?:期限|改期限)?(?:要|请)?(?:改|换)?(?:为|成|到|至)?[: ]*(.+)$`)
	groupWords    = regexp.MustCompile(`校|园|中学|小学|股室`)
)

// readChanges reads “期限改为10月31日，计财股牵头，各中小学承办，事项改为…”; the
// wording comes last, because it may hold any signs.
func (s *session) readChanges(words string) (c correction, err error) {
	words = plainSigns.Replace(words)
	if at := wordingChange.FindStringSubmatchIndex(words); at != nil {
		c.Desc, words = render.Cut(sentence(strings.TrimSpace(words[at[2]:at[3]])), 300), words[:at[0]]
	}
	for _, part := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune(",。、 ", r) }) {
		if err = s.readChange(&c, part); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (s *session) readChange(c *correction, part string) error {
	match := func(patterns ...*regexp.Regexp) string {
		for _, p := range patterns {
			if g := p.FindStringSubmatch(part); g != nil {
				return g[1]
			}
		}
		return ""
	}
	if name := match(leadFirst, leadLast); name != "" {
		u, ok := s.unitNamed(name)
		if !ok || u.IsSchool() {
			return errNotFound("没有找到“%s”这个股室，请写全名或常用简称，例如“计财股牵头”。", render.Cut(name, 20))
		}
		c.Lead = u.ID
		return nil
	}
	if name := match(doersFirst, doersLast); name != "" {
		_, _, stored, err := s.tx.Audience(s.ctx, name)
		if _, ok := s.unitNamed(name); err != nil || !stored && !ok && !groupWords.MatchString(name) {
			return errs.At("read audience", cmp.Or(err, errNotFound("没有认出承办单位“%s”，请写单位名称，或“各中小学”“各幼儿园”“各校”。", render.Cut(name, 20))))
		}
		c.Audience = name
		return nil
	}
	m := s.m
	m.Text = "立项：检查 " + match(dateFirst)
	if c.Due = s.parse(m, nil).Slots.Due; c.Due.IsZero() {
		return errs.Newf(errs.Invalid, "没看懂“%s”。可以写“期限改为10月31日”“计财股牵头”“各中小学承办”“事项改为…”。", render.Cut(part, 20))
	}
	return nil
}

// sentence gives words that people will read their own signs back.
func sentence(words string) string { return strings.ReplaceAll(words, ",", "，") }

func (c correction) apply(it duty.Item) duty.Item {
	if !c.Due.IsZero() {
		it.Due, it.DueSource = c.Due, duty.Decided
	}
	if c.Lead != "" {
		it.Assist = slices.DeleteFunc(slices.Clone(it.Assist), func(u string) bool { return u == c.Lead })
		it.Lead, it.LeadSource = c.Lead, duty.Decided
	}
	if c.Audience != "" {
		it.Audience, it.DoersSource = c.Audience, duty.Decided
	}
	if c.Desc != "" {
		it.Desc = c.Desc
	}
	return it
}

// summary is an item as its history shows it.
func summary(it duty.Item) string {
	return render.Cut(fmt.Sprintf("%s %s %s %s", it.Due, it.Lead, it.Audience, it.Desc), 120)
}

// changeItem corrects an item: a draft at once, a live one after a preview.
func (s *session) changeItem(it duty.Item, words string) (bot.Reply, error) {
	if _, err := it.State.After(duty.ToChange); err != nil {
		return bot.Reply{}, err
	}
	c, err := s.readChanges(words)
	if err != nil {
		return bot.Reply{}, err
	}
	if !c.Due.IsZero() && c.Due < s.today {
		return bot.Reply{}, errs.Newf(errs.Invalid, "%s 已经过去了，请写一个今天以后的期限。", c.Due.Say(s.today))
	}
	after := c.apply(it)
	if it.State == duty.Confirmed {
		return s.changeLive(it, after, c)
	}
	if err := s.saveChange(it, after); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "修改 " + it.Code, Final: "要改回去请按原来的内容再改一次。"}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	reply, err := s.showItem(after)
	reply.Text = "已改好。\n" + reply.Text
	return reply, err
}

func (s *session) saveChange(before, after duty.Item) error {
	if err := s.tx.SaveItem(s.ctx, after); err != nil {
		return err
	}
	return s.note(notice.Subject{Kind: "item", ID: after.ID}, "change", summary(before), summary(after), "")
}

// workOf is all work on an item, of every unit and period.
func (s *session) workOf(it duty.Item) ([]duty.Work, error) {
	works, err := s.tx.Work(s.ctx, duty.Filter{Codes: []string{it.Code}, Limit: 5000})
	return slices.DeleteFunc(works, func(w duty.Work) bool { return w.ItemID != it.ID }), err
}

// changeLive corrects an item that is being worked on. What is past its deadline
// keeps it, so that no correction takes a red lamp away.
func (s *session) changeLive(it, after duty.Item, c correction) (bot.Reply, error) {
	if c.Audience != "" {
		return bot.Reply{}, errs.New(errs.Invalid, "已经立项的事项不能整批换承办单位。要换一家请发“单位 编号 转给 单位”；要重新布置请先作废，再重新立项。")
	}
	works, err := s.workOf(it)
	if err != nil {
		return bot.Reply{}, err
	}
	if !c.Due.IsZero() && slices.ContainsFunc(works, func(w duty.Work) bool { return w.Period != "" }) {
		return bot.Reply{}, errs.New(errs.Invalid, "这是周期性事项，各期期限由催办规则定，不能单独改。要停办请发编号加“中止，原因…”。")
	}
	lines, late := []string{fmt.Sprintf("将修改 %s %s", it.Code, render.Cut(it.Desc, 40))}, 0
	for _, w := range works {
		if w.State.Open() && doing(w) && !w.Due.IsZero() && w.Due < s.today {
			late++
		}
	}
	if !c.Due.IsZero() {
		lines = append(lines, fmt.Sprintf("期限：%s → %s", s.view().DueText(it.Due), c.Due.Say(s.today)))
		if late > 0 {
			lines = append(lines, fmt.Sprintf("已逾期的 %d 个单位原期限和红灯保留，新日期只作为预计完成日。", late))
		}
	}
	if c.Lead != "" {
		lines = append(lines, fmt.Sprintf("牵头：%s → %s", s.dir.Label(it.Lead), s.dir.Label(c.Lead)))
	}
	if c.Desc != "" {
		lines = append(lines, "事项改为："+c.Desc)
	}
	body := strings.Join(lines, "\n")
	if !s.confirmed {
		return s.preview("%s\n承办单位会收到一次通知，提醒按新日期重新安排。", body)
	}
	return s.applyLive(it, after, works, strings.Replace(body, "将修改", "已修改", 1))
}

func (s *session) applyLive(it, after duty.Item, works []duty.Work, body string) (bot.Reply, error) {
	if err := s.saveChange(it, after); err != nil {
		return bot.Reply{}, err
	}
	var people []string
	for i, w := range works {
		if after.Due != it.Due {
			changed := w.Assignment.Change(after.Due, s.today)
			if changed != w.Assignment {
				if err := s.moveDue(w.Assignment, changed); err != nil {
					return bot.Reply{}, err
				}
				changed.Version++
			}
			w.Assignment = changed
		}
		if w.Item = after; after.Lead != it.Lead { // handed on below
			w.Item.Lead = it.Lead
		}
		works[i] = w
		if err := s.Supervise.ReplanWork(s.ctx, s.tx, w); err != nil {
			return bot.Reply{}, err
		}
		if w.State.Open() {
			people = append(people, personsOf(s.dir.HoldersOf(w.UnitID))...)
		}
	}
	if after.Lead != it.Lead {
		from := after
		from.Lead = it.Lead
		if _, err := s.handItem(from, works, after.Lead, nil); err != nil {
			return bot.Reply{}, err
		}
		people = append(people, append(personsOf(s.dir.HoldersOf(after.Lead)), personsOf(s.dir.HoldersOf(it.Lead))...)...)
	}
	s.act = &act{Label: "修改 " + it.Code, Final: "要改回去请按原来的内容再改一次。"}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	w := duty.Work{Item: after}
	w.ID = after.ID
	if err := s.tellWork(w, "changed", people, "%s%s", s.who(), body); err != nil {
		return bot.Reply{}, err
	}
	return text("%s", body)
}

// moveDue stores one unit's new date.
func (s *session) moveDue(before, after duty.Assignment) error {
	if err := s.tx.SaveAssignment(s.ctx, after); err != nil {
		return err
	}
	return s.note(notice.Subject{Kind: notice.Assignment, ID: after.ID}, "change_due", before.Due.String(), max(after.Due, after.ETA).String(), "")
}

// refuseDrafts ends drafts without making them live. Nobody was asked to do
// anything yet, so only who proposed one by chat hears of it.
func (s *session) refuseDrafts(items []duty.Item, reason string) (bot.Reply, error) {
	var names []string
	for _, it := range items {
		next, err := it.State.After(duty.ToRefuse)
		if err != nil {
			return bot.Reply{}, err
		}
		names = append(names, it.Code+" "+render.Cut(it.Desc, 40))
		before := it.State
		if it.State = next; !s.confirmed && len(items) > 1 {
			continue
		}
		if err := s.tx.SaveItem(s.ctx, it); err != nil {
			return bot.Reply{}, err
		}
		if err := s.note(notice.Subject{Kind: "item", ID: it.ID}, "refuse", string(before), string(next), render.Cut(sentence(reason), 200)); err != nil {
			return bot.Reply{}, err
		}
	}
	if !s.confirmed && len(items) > 1 {
		return s.preview("将不予立项 %d 项：\n· %s", len(items), strings.Join(names, "\n· "))
	}
	if reason != "" {
		reason = "\n原因：" + render.Cut(sentence(reason), 200)
	}
	s.act = &act{Label: "不予立项", Final: "需要立项请重新提交。"}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	for _, it := range items {
		if err := s.tellRefused(it, reason); err != nil {
			return bot.Reply{}, err
		}
	}
	return text("已退回立项 %s。%s", strings.Join(names, "；"), reason)
}

func (s *session) tellRefused(it duty.Item, reason string) error {
	if it.Point != duty.AdHocPoint {
		return nil
	}
	w := duty.Work{Item: it}
	w.ID = it.ID
	return s.tellWork(w, "refused", personsOf(s.dir.HoldersOf(it.Lead)), "立项 %s 没有同意：%s%s\n有疑问请联系局办公室。", it.Code, render.Cut(it.Desc, 100), reason)
}

// exit suspends, resumes, ends or archives an item.
func (s *session) exit(o order) (bot.Reply, error) {
	items, err := s.tx.Items(s.ctx, s.today.Year(), o.Codes...)
	if err != nil {
		return bot.Reply{}, err
	}
	if org.ScopeOf(s.actor, org.RuleItem) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, org.RuleItem, org.Subject{Unit: "?"})
	}
	if len(items) == 0 {
		return bot.Reply{}, errNotFound("没有找到“%s”，请核对编号。", o.Codes[0])
	}
	it := items[0]
	if err := org.Can(s.actor, org.RuleItem, org.Subject{Sections: []string{it.Lead}}); err != nil {
		return bot.Reply{}, err
	}
	next, err := it.State.After(o.Verb)
	if err != nil {
		return bot.Reply{}, err
	}
	if o.Rest == "" && (o.Verb == duty.ToSuspend || o.Verb == duty.ToVoid) {
		return bot.Reply{}, errs.Newf(errs.Invalid, "%s要写原因，请再发一次，例如“%s %s，原因：政策调整”。", exitNames[o.Verb], it.Code, exitNames[o.Verb])
	}
	return s.leave(it, next, o)
}

var exitNames = map[duty.Verb]string{duty.ToSuspend: "中止", duty.ToResume: "恢复办理", duty.ToVoid: "作废", duty.ToArchive: "归档"}

var exitMeans = map[duty.Verb]string{
	duty.ToSuspend: "中止期间不提醒、不催办、不亮灯；各单位已报的进展、原来的期限都保留。",
	duty.ToResume:  "各单位接着原来的进展办，原来的期限不变；中止期间错过的提醒不补发。",
	duty.ToVoid:    "作废后不再办理，已排的提醒全部停止，历史记录保留，不能恢复。",
	duty.ToArchive: "归档后只供查阅和导出，不再改动。",
}

var exitUndo = map[duty.Verb]string{duty.ToSuspend: "要接着办请发编号加“恢复办理”。", duty.ToResume: "要停下来请发编号加“中止，原因…”。",
	duty.ToVoid: "需要的话请重新立项。", duty.ToArchive: "需要的话请重新立项。"}

// leave previews and carries out a side exit.
func (s *session) leave(it duty.Item, next duty.ItemState, o order) (bot.Reply, error) {
	live := it
	live.State = next
	works, err := s.workOf(it)
	if err != nil {
		return bot.Reply{}, err
	}
	open := 0
	for _, w := range works {
		if doing(w) && (w.State.Open() || w.State == duty.Submitted) { // who assists holds nobody up
			open++
		}
	}
	if o.Verb == duty.ToArchive && open > 0 {
		return bot.Reply{}, errs.Newf(errs.Conflict, "%s 还有 %d 项没有办结，不能归档。请先审核办结，或发“%s 作废，原因…”。", it.Code, open, it.Code)
	}
	title := exitNames[o.Verb] + " " + it.Code + " " + render.Cut(it.Desc, 40)
	if !s.confirmed {
		return s.preview("将%s\n%s", title, exitMeans[o.Verb])
	}
	if err := s.tx.SaveItem(s.ctx, live); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(notice.Subject{Kind: "item", ID: it.ID}, string(o.Verb), string(it.State), string(next), render.Cut(o.Rest, 200)); err != nil {
		return bot.Reply{}, err
	}
	if o.Verb == duty.ToResume {
		if works, err = s.workOf(live); err == nil {
			err = s.Supervise.Wake(s.ctx, s.tx, works)
		}
	} else {
		err = s.tx.StopItem(s.ctx, it.ID, string(next), s.now)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: title, Final: exitUndo[o.Verb]}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	return s.tellExit(it, works, o, title)
}

// tellExit tells the performing units once. Nobody is told of an archive.
func (s *session) tellExit(it duty.Item, works []duty.Work, o order, title string) (bot.Reply, error) {
	reason := ""
	if o.Rest != "" {
		reason = "\n原因：" + render.Cut(o.Rest, 200)
	}
	if o.Verb == duty.ToArchive {
		return text("已%s", title)
	}
	var people []string
	for _, w := range works {
		if w.State.Open() || w.State == duty.Submitted {
			people = append(people, personsOf(s.dir.HoldersOf(w.UnitID))...)
		}
	}
	if it.State != duty.Draft {
		people = append(people, personsOf(s.dir.HoldersOf(it.Lead))...)
	}
	w := duty.Work{Item: it}
	w.ID = it.ID
	if err := s.tellWork(w, string(o.Verb), people, "%s已%s%s\n%s", s.who(), title, reason, exitMeans[o.Verb]); err != nil {
		return bot.Reply{}, err
	}
	return text("已%s%s\n%s", title, reason, exitMeans[o.Verb])
}
