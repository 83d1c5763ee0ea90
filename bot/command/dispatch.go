package command

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/hazard"
	"duban/internal/org"
)

// dispatch answers the understood message: emergencies first, then the open
// question, then the command.
func (s *session) dispatch(known bool) (bot.Reply, error) {
	if s.command == understand.Emergency {
		return s.emergency(s.intent.Slots.Type, s.intent.Slots.Location, s.m.Text)
	}
	if s.command == understand.Sensitive { // the same message may be judged graver in the light of who is named
		return s.sensitive()
	}
	if s.outdated() {
		s.outcome = "outdated"
		return text("这一步已经过去了，没有改动任何内容。要办请重新发一次。")
	}
	if reply, done, err := s.decideBind(); done || err != nil {
		return reply, err
	}
	if reply, done, err := s.officeOrder(); done || err != nil {
		return reply, err
	}
	if !known && !s.specs[s.command].Stranger {
		return s.stranger()
	}
	if known {
		if reply, done, err := s.burden(); done || err != nil {
			return reply, err
		}
		if reply, done, err := s.morningWord(); done || err != nil {
			return reply, err
		}
		if reply, done, err := s.fixed(); done || err != nil {
			return reply, err
		}
	}
	if reply, done, err := s.afterFiling(); known && (done || err != nil) {
		return reply, err
	}
	if reply, done, err := s.takeUp(); known && (done || err != nil) {
		return reply, err
	}
	if s.memory.asked != nil {
		if reply, done, err := s.resume(); done || err != nil {
			return reply, err
		}
	}
	if s.command == understand.Deny && s.intent.Slots.Correction != "" {
		if reply, done, err := s.amended(); done || err != nil {
			return reply, err
		}
	}
	if parts := s.several(); len(parts) > 1 {
		return s.each(parts)
	}
	if reply, done, err := s.unsure(); known && (done || err != nil) {
		return reply, err
	}
	if s.command == understand.None && len(s.m.Attachments) > 0 || s.command == understand.Clarify {
		return s.loosePhotos()
	}
	return s.run()
}

func (s *session) run() (bot.Reply, error) {
	switch s.command {
	case itemOrder:
		return s.resumedOrder()
	case wholeMorning:
		return s.restOfMorning()
	}
	spec, ok := s.specs[s.command]
	if !ok {
		return s.unserved()
	}
	if spec.Action != "" && org.ScopeOf(s.actor, spec.Action) == org.Nothing {
		return bot.Reply{}, org.Can(org.Actor{}, spec.Action, org.Subject{Unit: "?"})
	}
	return spec.run(s)
}

// stranger answers somebody nobody knows. In a group that would only disturb.
func (s *session) stranger() (bot.Reply, error) {
	s.outcome = "stranger"
	if s.inGroup() && s.command == understand.None {
		return bot.Reply{}, nil
	}
	return text("我还不认识您，先绑定一下就能用了。\n请发：绑定 姓名 单位，例如“绑定 张敏 石码头小学”。\n如遇紧急情况，请直接拨打 110、119 或 120。")
}

// unserved answers what is no command, and commands that only the office or a
// later version serves. In a group chatter stays unanswered.
func (s *session) unserved() (bot.Reply, error) {
	switch s.command {
	case understand.None:
		if s.inGroup() {
			return bot.Reply{}, nil
		}
		if courtesy.MatchString(s.m.Text) {
			return text("不客气，有事随时发给我。")
		}
		return text("没太明白您的意思。可以这样说：%s。发“帮助”看全部用法。", strings.Join(s.suggestions(), "、"))
	case understand.Confirm, understand.Deny, understand.Select, understand.Cancel:
		if s.inGroup() { // people say that to each other
			return bot.Reply{}, nil
		}
		return text("现在没有等您确认的事。发“我的任务”看要办的事。")
	}
	return text("这件事目前还不能在聊天里办，请直接联系局办公室或对口股室。发“帮助”看现在能办什么。")
}

// courtesy is what needs no help in answer.
var courtesy = regexp.MustCompile(`^\s*(?:好的?[,，]?)?(?:谢谢|多谢|感谢|谢了|辛苦了?|麻烦了)(?:您|你|啦|了|大家)*[!！。~]*\s*$`)

// suggestions are three things this person can do right now.
func (s *session) suggestions() []string {
	list := []string{"“我的任务”"}
	if code := s.exampleCode(); code != "" && s.may(s.specs[understand.ReportProgress]) {
		list = append(list, "“"+code+" 60%”")
	}
	return append(list, "“上报隐患 地点 问题”")
}

// resume takes the message as the answer to the open question if it can be one.
// A new clear command is served instead, and the question is dropped openly.
func (s *session) resume() (bot.Reply, bool, error) {
	q := s.memory.asked
	if s.command == understand.Cancel && len(s.intent.Guesses) > 0 && s.intent.Confidence < sureCancel {
		s.command = understand.None // what was given is not thrown away on a guess
	}
	switch s.command {
	case understand.Cancel, understand.Deny:
		if s.command == understand.Deny && s.intent.Slots.Correction != "" {
			return s.corrected(q)
		}
		if err := s.dropRepeat(q); err != nil {
			return bot.Reply{}, true, err
		}
		if err := s.settled(); err != nil {
			return bot.Reply{}, true, err
		}
		reply, err := text("好的，已取消，没有保存任何内容。")
		return reply, true, err
	case understand.Help:
		return bot.Reply{}, false, nil
	}
	if q.wants(handOver) {
		return s.afterSensitive()
	}
	if q.wants(askConfirm) {
		if s.command == understand.Confirm || yesWords.MatchString(strings.TrimSpace(s.m.Text)) {
			reply, err := s.confirmedBy(q)
			return reply, true, err
		}
		if s.command == understand.None || s.command == understand.Select || s.command == understand.Clarify {
			reply, err := text("请回复“确认”办理，或回复“取消”放弃。")
			return reply, true, err
		}
	}
	if q.wants(askCommand) {
		if choice, ok := q.choose(s.intent.Slots, s.m.Text); ok {
			reply, err := s.meantAs(q, choice)
			return reply, true, err
		}
		if s.command == understand.Select || number(s.m.Text) > 0 {
			reply, err := text("请回复 1 到 %d 中的一个数字，或回复“取消”。", len(q.Choices))
			return reply, true, err
		}
		return bot.Reply{}, false, s.settled() // said in other words: that is the answer
	}
	if s.fills(q) {
		reply, err := s.fill(q)
		return reply, true, err
	}
	name := s.specs[q.Command].Name
	if q.Command == s.command && !s.otherHazard(q) { // said again as a whole
		return bot.Reply{}, false, s.settled()
	}
	if err := s.putAside(q); err != nil {
		return bot.Reply{}, true, err
	}
	reply, err := s.run()
	if err == nil && !reply.Empty() && name != "" && s.memory.draft != nil {
		reply.Text += "\n（刚才没说完的“" + name + "”先放着，回复“继续”接着办。）"
	}
	return reply, true, err
}

// afterSensitive deals with what follows a sensitive message and is not the wish
// for a talk: photos that belong to it are not kept, anything else ends the
// offer and is served.
func (s *session) afterSensitive() (bot.Reply, bool, error) {
	if len(s.m.Attachments) > 0 && s.m.Text == "" {
		reply, err := text("照片我没有保存。这类照片请不要拍、不要传，交给警方。需要有人私下联系您，请回复“请联系我”。")
		return reply, true, err
	}
	return bot.Reply{}, false, s.settled()
}

// corrected starts the asked command again with what the person says instead.
func (s *session) corrected(q *question) (bot.Reply, bool, error) {
	said, words := s.intent, s.intent.Slots.Correction
	s.command, s.intent.Command, s.intent.Slots = q.Command, q.Command, q.slots()
	if !s.correct(q.Command, words) {
		if q.takesAnything() { // "还是不亮" is an answer
			s.intent = said
			reply, err := s.fill(q)
			return reply, true, err
		}
		reply, err := text(unreadCorrection)
		return reply, true, err
	}
	s.memory.asked = nil
	reply, err := s.run()
	return reply, true, err
}

// fills reports whether the message answers the question rather than asking for
// something new.
func (s *session) fills(q *question) bool {
	slots := s.intent.Slots
	switch {
	case s.command == understand.Select || s.command == understand.Confirm || s.command == understand.None || s.command == understand.Clarify:
		return true
	case q.Command == understand.ReportHazard && s.command == understand.ReportHazard:
		return !strings.Contains(s.m.Text, "隐患") && !s.otherHazard(q)
	case s.asksOrReports() && q.wants("hazard_ref") && slots.Hazard != nil:
		return true
	case s.asksOrReports() && q.wants("task_ref") && slots.Task != nil && slots.Percent == nil && slots.Status == "":
		return true
	case len(q.Choices) > 0:
		_, ok := q.choose(slots, s.m.Text)
		return ok
	}
	return q.takesAnything() && !s.clear()
}

// otherHazard reports whether a message tells the whole of another hazard than the one
// that is being asked about.
func (s *session) otherHazard(q *question) bool {
	said := s.intent.Slots
	if q.Command != understand.ReportHazard || s.command != understand.ReportHazard || said.Location == "" || said.Desc == "" {
		return false
	}
	before := matter(q.slots().Desc)
	return before != "" && !hazard.SameMatter(before, hazard.Hazard{Desc: matter(said.Desc)}.Without(said.Location))
}

// onlyPlace reports whether words name a place and nothing that is wrong there.
func (s *session) onlyPlace(words string) bool {
	m := s.m
	m.Text = "上报隐患 " + words
	it := s.parse(m, nil)
	return len(s.m.Attachments) == 0 && it.Slots.Location != "" && slices.Contains(it.Missing, "desc")
}

// asksOrReports reports whether a message is of the kinds that a bare name looks like.
func (s *session) asksOrReports() bool {
	return s.command == understand.ReportProgress || s.command == understand.QueryTask || s.command == understand.QueryHazard
}

// sureCancel is how sure it must be that an open question is given up.
const sureCancel = 0.8

// clear reports whether a message is a command of its own beyond doubt, even while any
// words would answer the open question: in a taught form, about something by its number,
// or a question.
func (s *session) clear() bool {
	it := s.intent
	if len(it.Guesses) == 0 {
		return true
	}
	numbered := it.Slots.Task != nil && it.Slots.Task.Keyword == "" || it.Slots.Hazard != nil && it.Slots.Hazard.ID > 0
	switch it.Command {
	case understand.QueryTask, understand.QueryHazard, understand.Stats, understand.Digest, understand.Export:
		numbered = true
	}
	return numbered && it.Confidence >= 0.8
}

// fill puts the answer where it belongs and goes on with the asked command.
func (s *session) fill(q *question) (bot.Reply, error) {
	answer := s.intent.Slots
	s.command, s.intent.Command, s.intent.Slots = q.Command, q.Command, q.slots()
	slots := &s.intent.Slots
	if len(q.Choices) > 0 {
		choice, ok := q.choose(answer, s.m.Text)
		if !ok {
			return text("请回复 1 到 %d 中的一个数字，或回复“取消”。", len(q.Choices))
		}
		if q.wants(askSame) {
			return s.sameOrNot(choice)
		}
		slots.Task, s.named = &understand.TaskRef{Code: choice.Code}, choice
		if choice.Hazard > 0 {
			slots.Task, slots.Hazard = nil, &understand.HazardRef{ID: choice.Hazard}
		}
	} else if done, err := s.fillWords(q, answer); err != nil || !done {
		return bot.Reply{Text: s.unread(q)}, err
	}
	if q.Text != "" {
		s.m.Text = q.Text // the act was said there, this is only its detail
	}
	return s.run()
}

// unread says what an answer should look like.
func (s *session) unread(q *question) string {
	switch {
	case q.wants("new_due"), q.wants("due"), q.wants("range"), q.wants("until"):
		return "没认出日期，请写具体日期，例如“9月19日”或“下周五”；不办了请回复“取消”。"
	case q.wants("desc"):
		return "请写一句是什么地方的什么隐患；不报了请回复“取消”。"
	case q.wants("location"):
		return "请写在什么地方；不清楚请回复“跳过”，不报了请回复“取消”。"
	case q.wants("level"):
		return "请回复“一般”或“重大”；不办了请回复“取消”。"
	case q.wants("keep"):
		return "请从上面的编号里回复一个；不办了请回复“取消”。"
	case q.wants("hazard_ref"):
		return "还是没认出来，请写隐患编号，例如“YH0056”；不办了请回复“取消”。"
	}
	return "还是没认出来，请写编号，例如“22-3”；不办了请回复“取消”。"
}

// fillWords takes free text for what was asked.
func (s *session) fillWords(q *question, answer understand.Slots) (bool, error) {
	slots, words := &s.intent.Slots, strings.TrimSpace(s.m.Text)
	switch {
	case q.wants("task_ref"):
		slots.Task = answer.Task
		if slots.Task == nil && words != "" {
			slots.Task = &understand.TaskRef{Keyword: words}
		}
		return slots.Task != nil, nil
	case (q.wants("desc") || q.wants("location")) && (yesWords.MatchString(words) || courtesy.MatchString(words)):
		return false, nil // says that an answer will come
	case q.wants("desc"):
		slots.Desc = words
		if slots.Location == "" && s.onlyPlace(words) {
			slots.Location, slots.Desc = words, ""
		} else if answer.Location != "" {
			slots.Location = answer.Location
		}
		if answer.Category != "" {
			slots.Category = answer.Category
		}
		return words != "" || len(s.m.Attachments) > 0, nil
	case q.wants("location"):
		slots.Location = words
		if answer.Location != "" && answer.Desc != "" && answer.Desc != answer.Location { // more than the place: the matter as well
			slots.Location, slots.Desc = answer.Location, matter(slots.Desc+" "+answer.Desc)
		}
		if skipped(words) {
			slots.Location = skipMark
		}
		return words != "" || len(s.m.Attachments) > 0, nil
	}
	return s.fillDetail(q, words, answer), nil
}

// fillDetail takes what was asked for by commands of supervision: it is read the
// way it would be read within the whole command.
func (s *session) fillDetail(q *question, words string, answer understand.Slots) bool {
	slots := &s.intent.Slots
	within := func(prefix string) understand.Slots {
		m := s.m
		m.Text = prefix + words
		return s.parse(m, nil).Slots
	}
	switch {
	case q.wants("reason"):
		slots.Reason = words
	case q.wants("new_due"):
		read := within("22-3申请延期到")
		slots.NewDue, slots.Delta = read.NewDue, read.Delta
		return !read.NewDue.IsZero() || read.Delta > 0
	case q.wants("due"):
		slots.Due = within("立项：检查 ").Due
		return !slots.Due.IsZero()
	case q.wants("title"):
		slots.Title = words
	case q.wants("complaint"):
		slots.Text = words
	case q.wants("to"):
		if slots.To = within("22-3转给").To; slots.To.IsZero() {
			slots.To = understand.Party{Person: words}
		}
	case q.wants("range"):
		slots.Range = within("委托王强").Range
		return slots.Range != nil
	case q.wants("until"):
		slots.Until = within("免打扰到").Until
		return !slots.Until.IsZero()
	case q.wants("hazard_ref"):
		slots.Hazard = answer.Hazard
		if n := whole(words); slots.Hazard == nil && n > 0 {
			slots.Hazard = &understand.HazardRef{ID: n}
		} else if slots.Hazard == nil && words != "" {
			slots.Hazard = &understand.HazardRef{Keyword: words}
		}
		return slots.Hazard != nil
	case q.wants("level"):
		slots.Level = within("隐患1定为").Level
		return slots.Level != ""
	case q.wants("keep"):
		slots.Keep = whole(words)
		return slices.Contains(slots.HazardIDs, slots.Keep)
	default:
		return false
	}
	return words != ""
}

// takesAnything reports whether any words may be the answer.
func (q *question) takesAnything() bool {
	for _, what := range []string{"reason", "title", "new_due", "due", "to", "range", "until", "keep", "hazard_ref", "complaint", "level"} {
		if q.wants(what) {
			return true
		}
	}
	return false
}

var wholeNumber = regexp.MustCompile(`\d{1,5}`)

func whole(words string) int {
	n, _ := strconv.Atoi(wholeNumber.FindString(words))
	return n
}

// choose finds the chosen entry by number or by word.
func (q *question) choose(answer understand.Slots, words string) (Listed, bool) {
	n := answer.N
	if n == 0 {
		n = number(words)
	}
	if n >= 1 && n <= len(q.Choices) {
		return q.Choices[n-1], true
	}
	for _, c := range q.Choices {
		if answer.Task != nil && answer.Task.Code != "" && answer.Task.Code == c.Code {
			return c, true
		}
		if w := strings.TrimSpace(answer.Keyword); w != "" && strings.Contains(c.Name, w) {
			return c, true
		}
	}
	return q.called(words)
}

// called finds the one entry that the words fit best: 树那个.
func (q *question) called(words string) (Listed, bool) {
	words = strings.TrimSpace(pointingEnd.ReplaceAllString(strings.TrimSpace(words), ""))
	if n := len([]rune(words)); n == 0 || n > 12 {
		return Listed{}, false
	}
	var view understand.View
	for i, c := range q.Choices {
		view.Items = append(view.Items, understand.Item{Code: strconv.Itoa(i), Title: c.Code + " " + c.Name})
	}
	found := understand.Resolve(view, understand.TaskRef{Keyword: words})
	if len(found) != 1 {
		return Listed{}, false
	}
	i, _ := strconv.Atoi(found[0].Code)
	return q.Choices[i], true
}

var pointingEnd = regexp.MustCompile(`的?(?:那|这)(?:一)?(?:个|条|项|处|件)?(?:吧|啊|呀|哈)?[。!！]*$`)

func number(words string) int {
	words = strings.TrimSpace(words)
	if len(words) == 1 && words[0] >= '1' && words[0] <= '9' {
		return int(words[0] - '0')
	}
	return 0
}
