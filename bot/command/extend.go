package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/duty"
	"duban/internal/org"
)

// extend asks for a later deadline. It is asked for with a new date and a reason
// and decided by the supervising side.
func (s *session) extend() (bot.Reply, error) {
	slots := s.intent.Slots
	if slots.Hazard != nil && slots.Hazard.ID > 0 {
		return text("隐患的整改期限由安全法规股定，请发“隐患%d 整改不了”说明困难，提请局里协调。", slots.Hazard.ID)
	}
	w, reply, err := s.ownWork(org.AskExtension, slots.Task, "要延期的是哪一项？")
	if err != nil || w == nil {
		return reply, err
	}
	if err := org.Can(s.actor, org.AskExtension, org.Subject{Unit: w.UnitID}); err != nil {
		return bot.Reply{}, err
	}
	to := slots.NewDue
	if to.IsZero() && slots.Delta > 0 && !w.Due.IsZero() {
		to = w.Due.Add(slots.Delta)
	}
	s.intent.Slots.Task, s.intent.Slots.NewDue = refOf(*w), to
	if to.IsZero() {
		return s.missing("new_due", "%s 要延到哪一天？现在的期限是 %s。", render.WorkTitle(*w), s.view().DueText(w.Due))
	}
	if slots.Reason == "" {
		return s.missing("reason", "延到 %s，原因是什么？请用一句话说明。", to.Say(s.today))
	}
	e, err := w.AskExtension(to, render.Cut(slots.Reason, 300), s.actor.PersonID, s.now, s.today)
	if err != nil {
		return bot.Reply{}, err
	}
	earlier, err := s.tx.OpenExtensions(s.ctx, w.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if e, err = s.tx.AddExtension(s.ctx, e); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(subjectFor(*w), "ask_extension", w.Due.String(), to.String(), e.Reason); err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: w.Item.Code + " 的延期申请", Wish: &e, Text: s.m.Text}
	judges := s.judges(*w)
	err = s.tellWork(*w, "extension", personsOf(judges), "%s申请延期：%s\n从 %s 到 %s\n原因：%s\n现在：%s\n回复“同意延期 %s %s”或“不同意延期 %s %s”。", s.dir.Label(w.UnitID), render.WorkTitle(*w),
		w.Due.Say(s.today), to.Say(s.today), e.Reason, render.Progress(*w), s.dir.Label(w.UnitID), w.Item.Code, s.dir.Label(w.UnitID), w.Item.Code)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.awaitWish(*w, e); err != nil {
		return bot.Reply{}, err
	}
	lines := []string{"已提交延期申请：" + render.WorkTitle(*w), "从 " + w.Due.Say(s.today) + " 到 " + to.Say(s.today), "由" + s.judgeNames(judges) + "审批，批准前期限不变。"}
	for _, old := range earlier {
		lines = append(lines, "之前到 "+old.NewDue.Say(s.today)+" 的申请由这一条代替。")
	}
	if e.Late {
		lines = append(lines, "期限已经过了才申请：即使批准，逾期记录也保留。")
	}
	return bot.Reply{Title: "延期申请 " + w.Item.Code, Text: strings.Join(lines, "\n")}, nil
}

// judges are who decides about a piece of work: the chief of the leading section,
// for the section's own work the deputy in charge, else the office.
func (s *session) judges(w duty.Work) []org.Holder {
	people := s.dir.HoldersOf(w.Item.Lead)
	if w.UnitID == w.Item.Lead || len(people) == 0 {
		if people = s.dir.Deputies(w.Item.Lead); len(people) == 0 {
			people = s.dir.Office()
		}
	}
	return people
}

func (s *session) judgeNames(people []org.Holder) string {
	if len(people) == 0 {
		return "局办公室"
	}
	return s.dir.PostLabel(people[0].Post)
}

// reviewExtend decides about a wish for a later deadline.
func (s *session) reviewExtend() (bot.Reply, error) {
	slots := s.intent.Slots
	if org.ScopeOf(s.actor, org.ReviewItem) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, org.ReviewItem, org.Subject{Unit: "?"})
	}
	if h := slots.Hazard; h != nil && h.ID > 0 {
		return text("隐患没有延期审批。学校整改有困难会提请局里协调，请发“查隐患%d”看情况；要改等级和时限请发“隐患%d 定为一般”或“定为重大”。", h.ID, h.ID)
	}
	open, err := s.tx.OpenExtensions(s.ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	wish := map[int64]duty.Extension{}
	for _, e := range open {
		wish[e.AssignmentID] = e
	}
	w, reply, err := s.othersWork(org.ReviewItem, "要审批哪一家的延期？", "没有等您审批的延期申请，可能已经处理过了。", func(w duty.Work) bool { _, ok := wish[w.ID]; return ok })
	if err != nil || w == nil {
		return reply, err
	}
	e := wish[w.ID]
	approve := slots.Result == "approve" || slots.Result == "pass"
	e, after, err := e.Decide(w.Assignment, approve, s.actor.PersonID, render.Cut(s.opinion(), 200), s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.tx.SaveExtension(s.ctx, e); err != nil {
		return bot.Reply{}, err
	}
	if err := s.putWork(*w, after, "extension_"+string(e.State), s.m.Text, ""); err != nil {
		return bot.Reply{}, err
	}
	s.act.Label, s.act.Wish = w.Item.Code+" 的延期审批", &e
	people := append(personsOf(s.dir.HoldersOf(w.UnitID)), e.AskedBy)
	slices.Sort(people)
	title := render.WorkTitle(*w)
	switch {
	case !approve:
		why := ""
		if opinion := s.opinion(); opinion != "" {
			why = "意见：" + render.Cut(opinion, 80)
		}
		if err := s.tellWork(*w, "extension", people, "%s没有批准延期：%s\n期限不变：%s。%s", s.who(), title, s.view().DueText(w.Due), why); err != nil {
			return bot.Reply{}, err
		}
		return text("已退回延期申请：%s（%s），期限不变：%s。", title, s.dir.Label(w.UnitID), s.view().DueText(w.Due))
	case e.Late:
		if err := s.tellWork(*w, "extension", people, "延期已批准：%s，请在 %s前完成。申请时已过期限，逾期记录保留。", title, e.NewDue.Say(s.today)); err != nil {
			return bot.Reply{}, err
		}
		return text("已批准：%s（%s）按 %s 继续办。申请时已过期限，红灯和逾期记录保留。", title, s.dir.Label(w.UnitID), e.NewDue.Say(s.today))
	}
	if err := s.tellWork(*w, "extension", people, "延期已批准：%s，新的期限 %s。", title, e.NewDue.Say(s.today)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "延期已批准 " + w.Item.Code, Text: fmt.Sprintf("已批准延期：%s（%s）\n%s → %s", title, s.dir.Label(w.UnitID), e.OldDue.Say(s.today), e.NewDue.Say(s.today))}, nil
}
