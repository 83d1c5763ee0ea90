package command

import (
	"cmp"
	"fmt"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/org"
)

// hazardFix records what was done about a hazard: mended, under temporary
// control, being worked on, or stuck.
func (s *session) hazardFix() (bot.Reply, error) {
	if s.movesHazard() {
		return s.run()
	}
	slots := s.intent.Slots
	if len(slots.Filter) > 0 || len(slots.HazardIDs) > 1 {
		return text("整改情况要一条一条报，一次只写一个编号，例如“隐患56 已换好，请复查”。")
	}
	h, reply, err := s.oneHazard("是哪一条隐患的整改情况？", s.mendable)
	if err != nil || h == nil {
		return reply, err
	}
	if err := org.Can(s.actor, org.FixHazard, s.hazardSubject(*h)); err != nil {
		return bot.Reply{}, err
	}
	after, err := s.mended(*h)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.change(*h, after, "fix_"+slots.Status, s.m.Text, "汇报 "+h.Number()+" 的整改情况"); err != nil {
		return bot.Reply{}, err
	}
	reply, err = s.fixReply(after)
	reply.Text += s.shown.line()
	return reply, err
}

// mendable are the hazards whose fixing the asker may tell of.
func (s *session) mendable(h hazard.Hazard) bool {
	return h.State.Open() && h.State != hazard.Verified && h.State != hazard.Fixed && org.Can(s.actor, org.FixHazard, s.hazardSubject(h)) == nil
}

func (s *session) mended(h hazard.Hazard) (hazard.Hazard, error) {
	slots, by := s.intent.Slots, s.actor.PersonID
	words := account(cmp.Or(slots.Text, s.m.Text))
	switch slots.Status {
	case "fixed", "done":
		day := slots.FixDate
		if day.IsZero() || day > s.today {
			day = s.today
		}
		return h.Fix(words, day, by, s.now)
	case "controlled":
		return h.Contain(words, by, s.now)
	case "blocked":
		return h.Stuck(words, by, s.now)
	}
	return h.Progress(slots.ETA, by, s.now)
}

func (s *session) fixReply(h hazard.Hazard) (bot.Reply, error) {
	where := render.Placed(h, 40)
	switch {
	case h.State == hazard.Fixed:
		return s.awaitReview(h)
	case s.intent.Slots.Status == "blocked":
		if err := s.tellAbout(h, "stuck", personsOf(s.dir.SafetySection()), "%s（%s）提请局里协调：%s", h.Number(), s.dir.Label(h.UnitID), render.Cut(h.Blocked, 80)); err != nil {
			return bot.Reply{}, err
		}
		if err := s.awaitHandUp(h); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Title: "已提请协调 " + h.Number(), Text: fmt.Sprintf("已记下：%s %s\n困难已转安全法规股，提请局里协调。协调期间不再催您单位，请先做好临时管控。", h.Number(), where)}, nil
	case s.intent.Slots.Status == "controlled":
		return bot.Reply{Title: "临时管控 " + h.Number(), Text: fmt.Sprintf("已记下：%s %s\n已做临时管控。这不算整改完成，整改期限不变：%s。\n修好后请发“%s 已整改”，可以带照片。", h.Number(), where, s.view().DueText(h.FixDue), h.Number())}, nil
	}
	lines := []string{"已记下：" + h.Number() + " " + where, "正在整改，期限不变：" + s.view().DueText(h.FixDue)}
	if !h.ETA.IsZero() {
		lines = append(lines, "您说的完成日："+h.ETA.Say(s.today))
	}
	return bot.Reply{Title: "整改中 " + h.Number(), Text: strings.Join(lines, "\n")}, nil
}

// awaitReview asks the safety section to review a fix and says how, and tells who filed
// the hazard.
func (s *session) awaitReview(h hazard.Hazard) (bot.Reply, error) {
	files, err := s.filesOf(h)
	if err != nil {
		return bot.Reply{}, err
	}
	where, evidence := render.Placed(h, 40), "没有照片。"
	if shown := evidenceOf(files); !shown.none() {
		evidence = shown.say() + fmt.Sprintf("，先看请发“看照片 隐患%d”。", h.Seq)
	}
	same, hint := doubt(files)
	if err := s.tellAbout(h, "fixed", personsOf(s.dir.SafetySection()), "%s 已报整改完成（%s），请复查：%s\n%s%s\n请回复“隐患%d 复查通过”，或“隐患%d 复查不通过，原因”。",
		h.Number(), s.dir.Label(h.UnitID), where, evidence, same, h.Seq, h.Seq); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tellReporters(h, "fixed-reporter", "已报整改完成，等待复查：%s", where); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "待复查 " + h.Number(), Text: fmt.Sprintf("已记下：%s %s\n整改完成日：%s，等待复查。\n复查要由别人来做，整改期限的提醒先停。%s", h.Number(), where, h.FixDay.Say(s.today), hint)}, nil
}

// hazardReview records whether a fix holds.
func (s *session) hazardReview() (bot.Reply, error) {
	slots := s.intent.Slots
	if len(slots.Filter) > 0 || len(slots.HazardIDs) > 1 {
		return text("复查要一条一条看、一条一条报，一次只写一个编号，例如“YH0056 复查通过”。")
	}
	h, reply, err := s.oneHazard("是哪一条隐患的复查结果？", func(h hazard.Hazard) bool { return h.State == hazard.Fixed })
	if err != nil || h == nil {
		return reply, err
	}
	if err := org.Can(s.actor, org.ReviewHazard, s.hazardSubject(*h)); err != nil {
		return bot.Reply{}, err
	}
	own := org.Can(s.actor, org.FixHazard, s.hazardSubject(*h)) == nil
	after, err := h.Review(slots.Result == "pass", s.opinion(), s.actor.PersonID, own, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if slots.Result != "pass" && s.opinion() == "" {
		s.intent.Slots.Hazard = refTo(*h)
		return s.missing("reason", "%s 哪里没有整改好？请用一句话写明。", h.Number())
	}
	if err := s.change(*h, after, "review_"+slots.Result, s.m.Text, h.Number()+" 的复查结果"); err != nil {
		return bot.Reply{}, err
	}
	if slots.Result == "pass" {
		reply, err := s.passed(after)
		return s.doubtful(after, reply, err)
	}
	fixers, opinion := append(personsOf(s.dir.Safety(h.UnitID)), h.FixedBy), render.Cut(s.opinion(), 80)
	if err := s.tellAbout(after, "failed", fixers, "%s 复查没有通过，请继续整改：%s\n复查意见：%s", h.Number(), render.Placed(*h, 40), opinion); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tellReporters(after, "failed", "复查没有通过，已退回继续整改：%s", render.Placed(*h, 40)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "复查未通过 " + h.Number(), Text: fmt.Sprintf("已记下：%s 复查未通过，退回整改。\n整改期限不变：%s，已告诉%s。", h.Number(), s.view().DueText(h.FixDue), s.dir.Label(h.UnitID))}, nil
}

// passed tells how the review ended and who closes the hazard now.
func (s *session) passed(h hazard.Hazard) (bot.Reply, error) {
	people := append(personsOf(s.dir.Safety(h.UnitID)), h.FixedBy)
	if err := s.tellAbout(h, "passed", people, "%s 复查通过：%s", h.Number(), render.Placed(h, 40)); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tellReporters(h, "passed-reporter", "复查通过：%s", render.Placed(h, 40)); err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Reply{Title: "复查通过 " + h.Number(), Text: fmt.Sprintf("%s 复查通过：%s", h.Number(), render.Placed(h, 40))}
	if h.SelfReviewed {
		reply.Text += "\n本单位自查自验的，已列入回头看抽查名单。"
	}
	if s.mayRule(h) == nil {
		reply.Text += fmt.Sprintf("\n可以销号，请发“%s 销号”。", h.Number())
		reply.Buttons = []bot.Button{{Label: "销号", Send: h.Number() + " 销号"}}
		return reply, nil
	}
	reply.Text += "\n由安全法规股销号，已告诉他们。"
	return reply, s.tellAbout(h, "to-close", personsOf(s.dir.SafetySection()), "%s（%s）复查通过，可以销号：%s\n销号请回复“%s 销号”。", h.Number(), s.dir.Label(h.UnitID), render.Placed(h, 40), h.Number())
}

// hazardClose ends a hazard whose fix was reviewed (销号).
func (s *session) hazardClose() (bot.Reply, error) {
	slots := s.intent.Slots
	if len(slots.Filter) > 0 || len(slots.HazardIDs) > 1 {
		return s.closeMany()
	}
	h, reply, err := s.oneHazard("要销号的是哪一条？", func(h hazard.Hazard) bool { return h.State == hazard.Verified })
	if err != nil || h == nil {
		return reply, err
	}
	if err := s.mayRule(*h); err != nil {
		return bot.Reply{}, err
	}
	after, err := h.Close(s.actor.PersonID, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.change(*h, after, "close", "", h.Number()+" 销号"); err != nil {
		return bot.Reply{}, err
	}
	if err := s.thank(after); err != nil {
		return bot.Reply{}, err
	}
	plate := ""
	if !h.ListedAt.IsZero() {
		plate = "挂牌督办同时结束。"
	}
	return bot.Reply{Title: "已销号 " + h.Number(), Text: fmt.Sprintf("已销号：%s %s\n%s上报的人会收到结果。", h.Number(), render.Placed(*h, 40), plate)}, nil
}

// thank tells the reporter and the unit how it ended.
func (s *session) thank(h hazard.Hazard) error {
	took := "当天就办完了"
	if days := calendar.In(h.ClosedAt, s.Loc).Sub(calendar.In(h.CreatedAt, s.Loc)); days > 0 {
		took = fmt.Sprintf("用了 %d 天", days)
	}
	if err := s.tellReporters(h, "closed-reporter", "已解决并销号，%s。谢谢您及时发现：%s%s", took, render.Placed(h, 40), result(h)); err != nil {
		return err
	}
	var unit []string
	for _, p := range personsOf(s.dir.Safety(h.UnitID)) {
		if p != h.Reporter {
			unit = append(unit, p)
		}
	}
	return s.tellAbout(h, "closed", unit, "%s 已销号：%s", h.Number(), render.Placed(h, 40))
}

// closeMany ends everything that was reviewed, after a preview.
func (s *session) closeMany() (bot.Reply, error) {
	list, err := s.hazardsAbout(nil, func(h hazard.Hazard) bool {
		named := len(s.intent.Slots.HazardIDs) == 0
		for _, id := range s.intent.Slots.HazardIDs {
			named = named || id == h.Seq
		}
		return named && h.State == hazard.Verified && s.mayRule(h) == nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if org.ScopeOf(s.actor, org.RuleHazard) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, org.RuleHazard, org.Subject{Unit: "?"})
	}
	if len(list) == 0 {
		return text("没有可以销号的隐患：只有复查通过的才能销号。")
	}
	var names []string
	for _, h := range list {
		names = append(names, h.Number()+" "+render.Placed(h, 24))
	}
	if !s.confirmed {
		return s.preview("将销号 %d 条复查通过的隐患（没复查的不动）：\n· %s", len(list), strings.Join(names, "\n· "))
	}
	var acts []act
	for _, h := range list {
		after, err := h.Close(s.actor.PersonID, s.now)
		if err != nil {
			return bot.Reply{}, err
		}
		if err := s.change(h, after, "close", "", ""); err != nil {
			return bot.Reply{}, err
		}
		acts = append(acts, *s.act)
		if err := s.thank(after); err != nil {
			return bot.Reply{}, err
		}
	}
	s.act = &act{Label: fmt.Sprintf("销号 %d 条隐患", len(acts)), Many: acts}
	return text("已销号 %d 条：\n· %s", len(list), strings.Join(names, "\n· "))
}

// mayRule lets the safety section, the leaders in charge and the office decide.
func (s *session) mayRule(h hazard.Hazard) error {
	return org.Can(s.actor, org.RuleHazard, s.ruled(h))
}

// ruled is a hazard as those see it who decide about it: the section that leads
// is the safety section.
func (s *session) ruled(h hazard.Hazard) org.Subject { return s.hazardSubject(h) }

// hazardReopen opens a hazard again that turned out not to be solved.
func (s *session) hazardReopen() (bot.Reply, error) {
	h, reply, err := s.oneHazard("要重开的是哪一条？", func(h hazard.Hazard) bool {
		return h.State == hazard.Closed || h.State == hazard.Verified || h.State == hazard.Fixed
	})
	if err != nil || h == nil {
		return reply, err
	}
	if err := org.Can(s.actor, org.ReopenHazard, s.hazardSubject(*h)); err != nil {
		return bot.Reply{}, err
	}
	after, err := s.reopened(*h, "reopen", account(s.m.Text))
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已重开 " + h.Number(), Text: fmt.Sprintf("已重新打开：%s %s\n原来的记录和照片都保留。新的整改期限：%s（默认时限），已告诉%s。", h.Number(), render.Placed(*h, 40), s.view().DueText(after.FixDue), s.dir.Label(h.UnitID))}, nil
}

// reopened opens a hazard again with new limits, and tells those who have to mend it why.
func (s *session) reopened(h hazard.Hazard, action, why string) (hazard.Hazard, error) {
	after, err := h.Reopen(s.now)
	if err != nil {
		return h, err
	}
	if after, err = s.Supervise.Limit(s.ctx, after); err != nil {
		return h, err
	}
	if err := s.change(h, after, action, s.m.Text, "重开 "+h.Number()); err != nil {
		return h, err
	}
	people := append(personsOf(s.dir.Safety(h.UnitID)), personsOf(s.dir.SafetySection())...)
	return after, s.tellAbout(after, "reopened", people, "%s 重新打开，请再整改：%s\n说明：%s", h.Number(), render.Placed(h, 40), render.Cut(why, 80))
}

// hazardGrade records how serious the safety section finds a hazard.
func (s *session) hazardGrade() (bot.Reply, error) {
	h, reply, err := s.oneHazard("要定级的是哪一条？", func(h hazard.Hazard) bool { return h.State.Open() })
	if err != nil || h == nil {
		return reply, err
	}
	if err := s.mayRule(*h); err != nil {
		return bot.Reply{}, err
	}
	if s.intent.Slots.Level == "" && h.State.Open() {
		s.intent.Slots.Hazard = refTo(*h)
		reply, err := s.missing("level", "%s 定为一般还是重大？", h.Number())
		reply.Buttons = []bot.Button{{Label: "一般", Send: "一般"}, {Label: "重大", Send: "重大"}}
		return reply, err
	}
	after, err := h.Grade(hazard.Level(s.intent.Slots.Level), fixDays(s.m.Text), s.actor.PersonID, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if h.Level == after.Level && h.FixDue < s.today { // a new limit would take the red lamp away
		return bot.Reply{}, errs.Newf(errs.Conflict, "%s 已经超过整改期限，期限不变。请催一下所在单位，或重新定级。", h.Number())
	}
	if after, err = s.Supervise.Limit(s.ctx, after); err != nil {
		return bot.Reply{}, err
	}
	if h.Level == after.Level && after.Level == hazard.Ordinary && !h.HeldTo.IsZero() { // the days with the bureau stay given back
		after = after.Rest(s.Days, s.Loc)
	}
	if err := s.change(*h, after, "grade", s.m.Text, fmt.Sprintf("%s 定为%s", h.Number(), after.Level)); err != nil {
		return bot.Reply{}, err
	}
	people := personsOf(s.dir.Safety(h.UnitID))
	extra := ""
	if after.Level == hazard.Major || h.Level == hazard.Major {
		people = append(people, personsOf(s.dir.HoldersOf(h.UnitID))...)
	}
	if after.Level == hazard.Major {
		extra = "\n重大隐患要先做临时管控，并落实责任、措施、资金、时限、预案。"
	}
	if err := s.tellAbout(after, "graded", people, "%s 定为%s隐患：%s\n整改期限：%s%s", h.Number(), after.Level, render.Placed(*h, 40), s.view().DueText(after.FixDue), extra); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已定级 " + h.Number(), Text: fmt.Sprintf("%s 定为%s隐患：%s\n整改期限：%s%s，已告诉%s。%s", h.Number(), after.Level, render.Placed(*h, 40), s.view().DueText(after.FixDue), assumedLimit(after), s.dir.Label(h.UnitID), extra)}, nil
}

// hazardSupervise puts a hazard under public supervision (挂牌督办).
func (s *session) hazardSupervise() (bot.Reply, error) {
	h, reply, err := s.oneHazard("要挂牌督办的是哪一条？", func(h hazard.Hazard) bool { return h.State.Open() && h.ListedAt.IsZero() })
	if err != nil || h == nil {
		return reply, err
	}
	if err := s.mayRule(*h); err != nil {
		return bot.Reply{}, err
	}
	after, err := h.List(s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if !s.confirmed {
		s.named = Listed{}
		s.intent.Slots.Hazard = refTo(*h)
		return s.preview("将对 %s 挂牌督办：%s（%s）。", h.Number(), render.Placed(*h, 40), s.dir.Label(h.UnitID))
	}
	if err := s.change(*h, after, "supervise", s.m.Text, h.Number()+" 挂牌督办"); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tellAbout(after, "listed", s.supervisors(*h), "%s 已挂牌督办：%s\n整改期限：%s", h.Number(), render.Placed(*h, 40), s.view().DueText(h.FixDue)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已挂牌 " + h.Number(), Text: fmt.Sprintf("已挂牌督办：%s %s\n整改期限：%s，已告诉%s。", h.Number(), render.Placed(*h, 40), s.view().DueText(h.FixDue), s.dir.Label(h.UnitID))}, nil
}

// hazardVoid ends what was no hazard. The number stays taken.
func (s *session) hazardVoid() (bot.Reply, error) {
	slots := s.intent.Slots
	if len(slots.Filter) > 0 || len(slots.HazardIDs) > 1 {
		return text("作废要一条一条来，不能批量。请一次只写一个编号和原因，例如“隐患56 作废，误报”。")
	}
	h, reply, err := s.oneHazard("要作废的是哪一条？", func(h hazard.Hazard) bool { return h.State.Open() })
	if err != nil || h == nil {
		return reply, err
	}
	if err := s.mayRule(*h); err != nil {
		return bot.Reply{}, err
	}
	after, err := h.Cancel(s.actor.PersonID, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	s.intent.Slots.Hazard = refTo(*h)
	reason := s.opinion()
	if reason == "" {
		return s.missing("reason", "%s 为什么作废？请用一句话写明，例如“误报”。", h.Number())
	}
	if s.intent.Slots.Reason = reason; !s.confirmed {
		return s.preview("将作废 %s：%s（%s）\n原因：%s\n作废后不再提醒，编号保留。", h.Number(), render.Placed(*h, 40), s.dir.Label(h.UnitID), render.Cut(reason, 80))
	}
	if err := s.change(*h, after, "void", reason, "作废 "+h.Number()); err != nil {
		return bot.Reply{}, err
	}
	people := append(personsOf(s.dir.Safety(h.UnitID)), h.Reporter)
	if err := s.tellAbout(after, "void", people, "%s 已作废：%s\n说明：%s", h.Number(), render.Placed(*h, 40), render.Cut(reason, 80)); err != nil {
		return bot.Reply{}, err
	}
	return text("已作废：%s %s", h.Number(), render.Placed(*h, 40))
}

// hazardMerge lets one hazard carry on what was reported twice.
func (s *session) hazardMerge() (bot.Reply, error) {
	slots := s.intent.Slots
	if slots.Keep == 0 {
		var names []string
		for _, id := range slots.HazardIDs {
			names = append(names, fmt.Sprintf("YH%04d", id))
		}
		reply, err := s.missing("keep", "合并后保留哪一条？请回复编号：%s。", strings.Join(names, "、"))
		for _, n := range names {
			reply.Buttons = append(reply.Buttons, bot.Button{Label: n, Send: n})
		}
		return reply, err
	}
	keep, err := s.hazardNumbered(slots.Keep)
	if err != nil {
		return bot.Reply{}, err
	}
	var list []hazard.Hazard
	var names []string
	for _, id := range slots.HazardIDs {
		if id == slots.Keep {
			continue
		}
		h, err := s.hazardNumbered(id)
		if err != nil {
			return bot.Reply{}, err
		}
		for _, one := range []hazard.Hazard{*h, *keep} {
			if err := org.Can(s.actor, org.MergeHazard, s.hazardSubject(one)); err != nil {
				return bot.Reply{}, err
			}
		}
		after, err := h.MergeInto(*keep, s.actor.PersonID, s.now)
		if err != nil {
			return bot.Reply{}, err
		}
		list, names = append(list, *h, after), append(names, h.Number())
	}
	if len(list) == 0 {
		return bot.Reply{}, errs.New(errs.Invalid, "请写两个编号，例如“YH0056 和 YH0060 重复，保留 56”。")
	}
	if !s.confirmed {
		return s.preview("将把 %s 并入 %s：%s。以后只在 %s 上办。", strings.Join(names, "、"), keep.Number(), render.Placed(*keep, 40), keep.Number())
	}
	var acts []act
	for i := 0; i < len(list); i += 2 {
		if err := s.change(list[i], list[i+1], "merge", keep.Number(), "合并 "+list[i].Number()); err != nil {
			return bot.Reply{}, err
		}
		acts = append(acts, *s.act)
		joined, err := s.carriedOn(list[i], *keep)
		if err != nil {
			return bot.Reply{}, err
		}
		acts = append(acts, joined...)
		if err := s.tellAbout(list[i+1], "merged", []string{list[i].Reporter}, "您报的 %s 和 %s 是同一处，已并入 %s 一起整改，有结果会告诉您。", list[i].Number(), keep.Number(), keep.Number()); err != nil {
			return bot.Reply{}, err
		}
	}
	s.act = &act{Label: "合并 " + strings.Join(names, "、"), Many: acts}
	return text("已合并：%s 并入 %s。", strings.Join(names, "、"), keep.Number())
}
