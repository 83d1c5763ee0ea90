package command

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
)

// hazardRegister enters what was reported in the ledger (登记).
func (s *session) hazardRegister() (bot.Reply, error) {
	said, _ := s.hazardSays()
	h, err := s.hazardToAssign(said.Hazard)
	if err != nil {
		return bot.Reply{}, err
	}
	after, err := h.Register(s.actor.PersonID, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.change(*h, after, "register", "", "登记 "+h.Number()); err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Reply{Title: "已登记 " + h.Number(), Text: fmt.Sprintf("已登记：%s %s（%s）\n整改期限：%s%s", h.Number(), render.Placed(*h, 40), s.dir.Label(h.UnitID),
		s.view().DueText(h.FixDue), assumedLimit(*h))}
	if s.mayRule(*h) == nil {
		reply.Text += fmt.Sprintf("\n下一步请定级，发“隐患%d 定为一般”或“隐患%d 定为重大”；交办请发“隐患%d 交办给 姓名”。", h.Seq, h.Seq, h.Seq)
	}
	return reply, nil
}

// hazardToAssign finds the hazard and asks whether the actor may give it to somebody.
func (s *session) hazardToAssign(seq int) (*hazard.Hazard, error) {
	h, err := s.hazardNumbered(seq)
	if err != nil {
		return nil, err
	}
	return h, org.Can(s.actor, org.AssignHazard, s.hazardSubject(*h))
}

// hazardAssign gives a hazard to somebody of its unit, perhaps with a time to fix it
// (交办). Who is given it by name may sign for it and say what was done.
func (s *session) hazardAssign() (bot.Reply, error) {
	said := s.assignment()
	h, err := s.hazardToAssign(said.Hazard)
	if err != nil {
		return bot.Reply{}, err
	}
	if said.To == "" {
		s.intent.Slots.Hazard = refTo(*h)
		return s.missing("to", "%s 交办给谁？请写%s的姓名或岗位，例如“安全专干”。", h.Number(), s.dir.Label(h.UnitID))
	}
	to, name, err := s.assignee(*h, said.To)
	if err != nil {
		return bot.Reply{}, err
	}
	after, err := s.assigned(*h, to, name, said.Words)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.change(*h, after, "assign", said.To+" "+said.Words, h.Number()+" 交办给"+name); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tellAssigned(*h, after, name); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已交办 " + h.Number(), Text: fmt.Sprintf("已交办：%s %s\n由%s办理，已告诉对方。\n整改期限：%s%s", h.Number(), render.Placed(*h, 40), name,
		s.view().DueText(after.FixDue), assumedLimit(after))}, nil
}

// assignment is what the message says, or what was asked for and answered.
func (s *session) assignment() hazardSaid {
	said, ok := s.hazardSays()
	if moved, also := readMoved(s.m.Text); also {
		said, ok = moved, true
	}
	slots := s.intent.Slots
	if !ok && slots.Hazard != nil {
		said.Hazard, said.Words = slots.Hazard.ID, s.m.Text
	}
	if said.To == "" {
		said.To = cmp.Or(slots.To.School, slots.To.Dept, slots.To.Person)
	}
	return said
}

// assigned checks the step and the time to fix it brings along.
func (s *session) assigned(h hazard.Hazard, to, name, words string) (hazard.Hazard, error) {
	days := fixDays(words)
	if days == 0 && asDate.MatchString(words) {
		return h, errs.New(errs.Invalid, "整改时限请写天数，没有交办。例如“7天内整改”。")
	}
	if !h.AssignedAt.IsZero() && h.AssignedTo == to && (days == 0 || days == h.FixDays) && h.State != hazard.Reopened {
		return h, errs.Newf(errs.Conflict, "%s 已经交办给%s了，不用再交办。要催一下请发“催办 隐患%d”。", h.Number(), name, h.Seq)
	}
	after, err := h.Assign(to, days, s.actor.PersonID, s.now)
	if err != nil || days == 0 {
		return after, err
	}
	return s.limited(h, after)
}

// limited gives a hazard its time to fix within what the policy allows. The unit
// itself may only tighten it, and nobody takes a red lamp away by a new limit.
func (s *session) limited(h, after hazard.Hazard) (hazard.Hazard, error) {
	if h.FixDue < s.today && !h.FixDue.IsZero() {
		return h, errs.Newf(errs.Conflict, "%s 已经超过整改期限，期限不变，没有交办。不写天数可以交办。", h.Number())
	}
	after, err := s.Supervise.Limit(s.ctx, after)
	if err != nil {
		return h, errs.With(errs.Invalid, strings.TrimSuffix(errs.Say(err), "。")+fmt.Sprintf("，没有交办。确实来不及的，请到时发“隐患%d 整改不了，原因”提请局里协调。", h.Seq), err)
	}
	if after.Level == hazard.Ordinary && !h.HeldTo.IsZero() { // the days with the bureau stay given back
		after = after.Rest(s.Days, s.Loc)
	}
	if after.FixDue > h.FixDue && s.mayRule(h) != nil {
		return h, errs.Newf(errs.Forbidden, "%s 的整改期限是 %s，本单位只能定得更早，没有交办。要延长请联系安全法规股。", h.Number(), h.FixDue.Say(s.today))
	}
	return after, nil
}

// assignee finds who of the hazard's unit is meant: the unit as a whole (its safety
// officers, to is empty), a post or a person.
func (s *session) assignee(h hazard.Hazard, words string) (to, name string, err error) {
	unit, _ := s.dir.Unit(h.UnitID)
	label := unit.Label()
	rest := withoutUnit(unit, words)
	switch {
	case rest == "" || rest == "学校" || rest == "本校" || rest == "本单位":
		return "", s.safetyOf(h.UnitID), nil
	case slices.Contains([]string{"我", "自己", "我自己", "本人"}, rest) && slices.Contains(s.actor.Units(), h.UnitID):
		return s.actor.PersonID, s.who(), nil
	}
	if other, ok := s.otherUnit(h.UnitID, rest); ok {
		return "", "", errs.Newf(errs.Invalid, "%s 是%s的隐患，只能交办给%s的人，不能给%s，没有交办。要局里或别的单位一起办，请发“隐患%d 整改不了，原因”提请局里协调。",
			h.Number(), label, label, other.Label(), h.Seq)
	}
	if holder, ok := s.holderCalled(h.UnitID, rest); ok {
		return holder.PersonID, s.dir.PostLabel(holder.Post), nil
	}
	people, err := s.tx.PersonsNamed(s.ctx, rest, h.UnitID)
	if err == nil && len(people) == 0 && rest != words {
		people, err = s.tx.PersonsNamed(s.ctx, words, h.UnitID)
	}
	switch {
	case err != nil:
		return "", "", err
	case len(people) == 1:
		return people[0].PersonID, s.titleOf(people[0]), nil
	case len(people) > 1:
		return "", "", errs.Newf(errs.Invalid, "%s叫“%s”的有 %d 位，没法确定是谁，没有交办。请写岗位，例如“安全专干”。", label, render.Cut(rest, 12), len(people))
	}
	return "", "", errNotFound("%s没有叫“%s”的人或岗位，没有交办。请写姓名，或发“隐患%d 交办给%s”，由安全专干安排。", label, render.Cut(rest, 12), h.Seq, label)
}

// withoutUnit cuts the unit's own name from the beginning.
func withoutUnit(u org.Unit, words string) string {
	names := append([]string{u.Name, u.Short}, u.Aliases...)
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	for _, name := range names {
		if rest, ok := strings.CutPrefix(words, name); ok && name != "" {
			return strings.TrimPrefix(rest, "的")
		}
	}
	return words
}

// otherUnit is a unit that the words name and that is not the hazard's.
func (s *session) otherUnit(unit, words string) (org.Unit, bool) {
	for _, u := range s.mentioned(words) {
		if u.ID != unit {
			return u, true
		}
	}
	return org.Unit{}, false
}

// holderCalled finds who holds the post of that title in a unit.
func (s *session) holderCalled(unit, title string) (org.Holder, bool) {
	for _, h := range append(s.dir.Safety(unit), s.dir.HoldersOf(unit)...) {
		if h.Post.UnitID == unit && (h.Post.Title == title || len([]rune(title)) > 1 && strings.HasSuffix(h.Post.Title, title)) {
			return h, true
		}
	}
	return org.Holder{}, false
}

// safetyOf names who answers for a unit's hazards.
func (s *session) safetyOf(unit string) string {
	if people := s.dir.Safety(unit); len(people) > 0 {
		return s.dir.PostLabel(people[0].Post)
	}
	return s.dir.Label(unit)
}

// titleOf names somebody by post if there is one.
func (s *session) titleOf(a org.Actor) string {
	if h, ok := s.dir.HolderNamed(a.PersonID); ok {
		return s.dir.PostLabel(h.Post)
	}
	return a.Name
}

// tellAssigned tells who has it now, the one who had it before, and the unit's safety
// officers, who go on answering for it, once each.
func (s *session) tellAssigned(before, after hazard.Hazard, name string) error {
	what, due := render.Placed(after, 40), s.view().DueText(after.FixDue)
	own := personsOf(s.dir.Safety(after.UnitID))
	now := []string{after.AssignedTo}
	if after.AssignedTo == "" {
		now = own
	}
	if err := s.tellHolder(after, now, "%s把 %s 交办给您：%s\n整改期限：%s。接办请回复“签收隐患%d”，修好请回复“隐患%d 已整改”。", s.who(), after.Number(), what, due, after.Seq, after.Seq); err != nil {
		return err
	}
	if was := before.AssignedTo; was != "" && was != after.AssignedTo && !slices.Contains(own, was) {
		if err := s.tellAbout(after, "handed-on", []string{was}, "%s 改由%s办理，您不用再办了：%s", after.Number(), name, what); err != nil {
			return err
		}
	}
	if after.AssignedTo == "" {
		return nil
	}
	own = slices.DeleteFunc(own, func(p string) bool { return p == after.AssignedTo })
	return s.tellAbout(after, "given", own, "%s 已交办给%s：%s\n整改期限：%s", after.Number(), name, what, due)
}

// tellHolder tells people what was given to them by name: at once outside quiet hours,
// of a major hazard at any hour.
func (s *session) tellHolder(h hazard.Hazard, people []string, format string, args ...any) error {
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return err
	}
	n := notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Prompt, NotBefore: at, CreatedAt: s.now, Weight: 65,
		Subject: notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, Text: fmt.Sprintf(format, args...)}
	if h.Level == hazard.Major {
		n.Urgency, n.NotBefore = notice.Immediate, s.now
	}
	var list []notice.Notice
	for _, p := range people {
		if p == s.actor.PersonID {
			continue
		}
		n.PersonID, n.PostID, n.Key = p, s.dir.PostOf(p, h.UnitID), fmt.Sprintf("assigned:%d:%d:%s", h.ID, h.Version, p)
		list = append(list, n)
	}
	return s.notify(list...)
}
