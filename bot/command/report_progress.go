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

// maxChoices is how many numbered choices a question offers.
const maxChoices = 3

// reportProgress records how far one of the asker's own items is.
func (s *session) reportProgress() (bot.Reply, error) {
	slots := s.intent.Slots
	if len(slots.Filter) > 0 {
		return s.finishAll()
	}
	ref, err := s.drillRef(slots.Task)
	if err != nil {
		return bot.Reply{}, err
	}
	w, reply, err := s.ownWork(org.ReportItem, ref, "这是哪一项的进度？")
	if err != nil || w == nil {
		return reply, err
	}
	if err := org.Can(s.actor, org.ReportItem, org.Subject{Unit: w.UnitID}); err != nil {
		return bot.Reply{}, err
	}
	return s.report(*w)
}

// maxBulk bounds what one confirmation may change.
const maxBulk = 30

// finishAll reports everything open as done, after a preview that names each item.
// The supervising side still reviews every one of them.
func (s *session) finishAll() (bot.Reply, error) {
	works, err := s.findWork(understand.TaskRef{}, true)
	if err != nil {
		return bot.Reply{}, err
	}
	works = slices.DeleteFunc(works, func(w duty.Work) bool {
		return !w.State.Open() || org.Can(s.actor, org.ReportItem, org.Subject{Unit: w.UnitID}) != nil
	})
	switch {
	case len(works) == 0:
		return text("您单位现在没有要办的事项。")
	case len(works) > maxBulk:
		return text("您单位有 %d 项没办完，一次最多报 %d 项。请一项一项报，例如“22-3 已完成”。", len(works), maxBulk)
	case !s.confirmed:
		var names []string
		for _, w := range works {
			names = append(names, render.WorkTitle(w))
		}
		return s.preview("将把下面 %d 项全部报为完成，由牵头股室逐项审核，请确认都属实：\n· %s", len(works), strings.Join(names, "\n· "))
	}
	var acts []act
	for _, w := range works {
		p := duty.Progress{Status: duty.Done, Note: "批量报结"}
		before := w.Assignment
		if w.Assignment, err = before.Report(p, s.now); err != nil {
			return bot.Reply{}, err
		}
		if err := s.store(before, w, p); err != nil {
			return bot.Reply{}, err
		}
		acts = append(acts, *s.act)
	}
	slices.Reverse(acts)
	s.act = &act{Label: fmt.Sprintf("批量报结 %d 项", len(acts)), Many: acts}
	return text("已报结 %d 项，等牵头股室审核。报错了 10 分钟内发“撤回”。", len(works))
}

// ownWork finds the one piece of work a message means, or asks. It returns nil
// with the question when it asked. Work of others that the asker may see is refused in
// the words of the action.
func (s *session) ownWork(action org.Action, ref *understand.TaskRef, question string) (*duty.Work, bot.Reply, error) {
	if ref == nil {
		ref = &understand.TaskRef{}
	}
	works, err := s.findWork(*ref, true)
	if err != nil {
		return nil, bot.Reply{}, err
	}
	works = s.preferAllowed(action, works)
	if len(works) == 1 && *ref != (understand.TaskRef{}) {
		return &works[0], bot.Reply{}, nil
	}
	if len(works) == 0 && *ref != (understand.TaskRef{}) {
		return nil, bot.Reply{}, s.notOwn(action, *ref)
	}
	if len(works) == 0 {
		return nil, bot.Reply{}, errs.New(errs.NotFound, "您单位现在没有要办的事项，没有可以汇报的。有疑问请联系局办公室。")
	}
	reply, err := s.which(question, works)
	return nil, reply, err
}

// preferAllowed leaves out what the asker may not act on, unless that is all: somebody
// who stands in for another school may sign there and not at home.
func (s *session) preferAllowed(action org.Action, works []duty.Work) []duty.Work {
	var allowed []duty.Work
	for _, w := range works {
		if org.Can(s.actor, action, org.Subject{Unit: w.UnitID}) == nil {
			allowed = append(allowed, w)
		}
	}
	if len(allowed) == 0 {
		return works
	}
	return allowed
}

// titled names a piece of work, with its unit where that is not the asker's home.
func (s *session) titled(w duty.Work) string {
	if w.UnitID == s.actor.UnitID {
		return render.WorkTitle(w)
	}
	return render.WorkTitle(w) + "（" + s.dir.Label(w.UnitID) + "）"
}

// notOwn says why there is no own work that a reference means.
func (s *session) notOwn(action org.Action, ref understand.TaskRef) error {
	others, err := s.findWork(ref, false)
	if err != nil {
		return err
	}
	for _, w := range others {
		if org.Can(s.actor, org.ViewItems, subjectOf(w)) == nil {
			return org.Can(s.actor, action, org.Subject{Unit: w.UnitID})
		}
	}
	return s.notFound(ref)
}

// which asks with at most three numbered choices; what was said so far is kept.
func (s *session) which(question string, works []duty.Work) (bot.Reply, error) {
	shown := works[:min(len(works), maxChoices)]
	var b strings.Builder
	b.WriteString(question + "\n")
	var choices []Listed
	var buttons []bot.Button
	for i, w := range shown {
		whose := ""
		if w.UnitID != shown[0].UnitID || w.UnitID != shown[len(shown)-1].UnitID {
			whose = s.dir.Label(w.UnitID) + "，"
		}
		fmt.Fprintf(&b, "%d. %s（%s%s）\n", i+1, render.WorkTitle(w), whose, s.view().DueText(w.Due))
		choices = append(choices, Listed{Code: w.Item.Code, ID: w.ID, Name: whose + w.Item.Desc})
		buttons = append(buttons, bot.Button{Label: w.Item.Code, Send: fmt.Sprint(i + 1)})
	}
	b.WriteString("请回复数字，或直接写编号。")
	if len(works) > len(shown) {
		b.WriteString("不在上面的，发“我的任务”看编号。")
	}
	ids, err := s.keepFiles(notice.Subject{})
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.ask([]string{"task_ref"}, choices, ids); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: b.String(), Buttons: buttons}, nil
}

// report applies the progress and answers with what was recorded.
func (s *session) report(w duty.Work) (bot.Reply, error) {
	p := s.progress(w)
	if p.Status == "" && p.Percent == nil && p.Value == nil && p.Note == "" && len(s.m.Attachments) == 0 {
		return text("%s 现在到哪一步了？请写进度、数字或情况，例如“%s 60%%”或“%s 已完成”。", w.Item.Code, w.Item.Code, w.Item.Code)
	}
	before := w.Assignment
	files, err := s.collectFiles(notice.Subject{Kind: notice.Assignment, ID: w.ID}, w.UnitID)
	if err != nil {
		return bot.Reply{}, err
	}
	p.Files = len(files)
	after, err := before.Report(p, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	w.Assignment = after
	if err := s.store(before, w, p); err != nil {
		return bot.Reply{}, err
	}
	drill, err := s.putDrill(w, p)
	if err != nil {
		return bot.Reply{}, err
	}
	reply, err := s.reported(w, p)
	reply.Text = strings.Join(append([]string{reply.Text}, drill...), "\n")
	return reply, err
}

// store writes the report, its history and the new plan.
func (s *session) store(before duty.Assignment, w duty.Work, p duty.Progress) error {
	after := w.Assignment
	if err := s.tx.SaveAssignment(s.ctx, after); err != nil {
		return err
	}
	line := duty.ReportLine{AssignmentID: after.ID, PersonID: s.actor.PersonID, Platform: string(s.m.Platform), At: s.now, Progress: p}
	report, err := s.tx.AddReport(s.ctx, line)
	if err != nil {
		return err
	}
	s.act = &act{Label: "汇报 " + w.Item.Code, Work: &before, Report: report, Text: s.m.Text}
	subject := notice.Subject{Kind: notice.Assignment, ID: after.ID}
	was := fmt.Sprintf("%s %s%%", before.State, duty.Number(before.Percent))
	is := fmt.Sprintf("%s %s%%", after.State, duty.Number(after.Percent))
	if err := s.note(subject, "report", was, is, render.Cut(p.Note, 200)); err != nil {
		return err
	}
	if err := s.settled(); err != nil {
		return err
	}
	return s.Supervise.ReplanWork(s.ctx, s.tx, w)
}

// progress reads the slots in the light of the item: a percentage of an item
// whose target is a percentage is its value, unless it is called progress.
func (s *session) progress(w duty.Work) duty.Progress {
	slots := s.intent.Slots
	p := duty.Progress{Status: duty.Status(slots.Status), Percent: slots.Percent, Note: strings.TrimSpace(slots.Text), ETA: slots.ETA}
	if p.Note == "" {
		p.Note = strings.TrimSpace(s.m.Text)
	}
	metric := w.Item.Metric
	if slots.Figure != nil && !metric.IsZero() && sameUnit(slots.Figure.Unit, metric.Unit) {
		v := slots.Figure.N
		p.Value = &v
	}
	if slots.Percent != nil && metric.Unit == "%" && !strings.Contains(s.m.Text, "进度") && !strings.Contains(s.m.Text, "完成") {
		p.Percent, p.Value = nil, slots.Percent
	}
	if p.Value != nil && p.Status == "" {
		p.Status = duty.Working
	}
	return p
}

func sameUnit(a, b string) bool {
	people := strings.NewReplacer("名", "人", "位", "人")
	return a == b || a == "" || strings.HasPrefix(b, a) || people.Replace(a) == people.Replace(b)
}

// reported says what was recorded, so that a misunderstanding is seen at once.
func (s *session) reported(w duty.Work, p duty.Progress) (bot.Reply, error) {
	lines := []string{"已记下：" + s.titled(w)}
	if text := render.Progress(w); text != "" {
		lines = append(lines, "现在："+text)
	}
	if w.Value != nil && !w.Item.Metric.IsZero() && !w.Item.Metric.Met(*w.Value) {
		lines = append(lines, "离目标"+w.Item.Metric.String()+render.Gap(w.Item.Metric, *w.Value)+"。")
	}
	if p.Files > 0 {
		lines = append(lines, fmt.Sprintf("附件：%d 个", p.Files))
	}
	switch {
	case w.State == duty.Closed:
		lines = append(lines, "协办的事不用审核，已经办结。还没办完请发“撤回”，再报一次进度。")
	case w.State == duty.Submitted:
		lines = append(lines, "已报给"+s.dir.Label(w.Item.Lead)+"审核，这段时间不再提醒您。")
	case w.Status == duty.Blocked:
		lines = append(lines, "困难已记下，"+s.dir.Label(w.Item.Lead)+"能看到。")
	}
	if !p.ETA.IsZero() {
		lines = append(lines, "您说的完成日："+p.ETA.Say(s.today)+"（期限不变："+w.Due.Say(s.today)+"）")
	}
	return bot.Reply{Title: "已记下 " + w.Item.Code, Text: strings.Join(lines, "\n")}, nil
}
