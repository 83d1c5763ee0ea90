package command

import (
	"fmt"
	"regexp"
	"strings"

	"duban/bot"
	"duban/bot/understand"
)

// The words for what is missing that only this package asks for.
const askConfirm = "confirm"

// previewEnd says how to answer a preview.
const previewEnd = "回复“确认”办理，回复“取消”放弃。"

// preview shows what is going to happen and asks for a yes. After it the same
// command runs again with confirmed set and checks everything anew, so that what
// changed meanwhile is seen.
func (s *session) preview(format string, args ...any) (bot.Reply, error) {
	ids, err := s.keepFiles(noSubject)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.ask([]string{askConfirm}, nil, ids); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf(format, args...) + "\n" + previewEnd,
		Buttons: []bot.Button{{Label: "确认", Send: "确认"}, {Label: "取消", Send: "取消"}}}, nil
}

// missing asks for a detail in one sentence; the answer is any text.
func (s *session) missing(what, format string, args ...any) (bot.Reply, error) {
	ids, err := s.keepFiles(noSubject)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.ask([]string{what}, nil, ids); err != nil {
		return bot.Reply{}, err
	}
	return text(format, args...)
}

var (
	yesWords    = regexp.MustCompile(`^(?:确认|确定|是的?|对的?|好的?|可以|行|嗯+|没错|同意|ok|OK|办吧|就这样)[。！!~ ]*$`)
	resumeWords = regexp.MustCompile(`^(?:继续|接着办|接着来|继续办|接着说|继续填)[。！!~ ]*$`)
	moreWords   = regexp.MustCompile(`^(?:更多|下一页|还有呢|再看看|继续看|后面的|下页|翻页)[。！!~？? ]*$`)
)

// confirmed runs the command that asked for a yes.
func (s *session) confirmedBy(q *question) (bot.Reply, error) {
	s.command, s.intent.Command, s.intent.Slots, s.confirmed = q.Command, q.Command, q.slots(), true
	s.m.Text = q.Text // what is done was said there, not in the yes
	return s.run()
}

// takeUp goes on with what was put aside, or with the rest of a list.
func (s *session) takeUp() (reply bot.Reply, done bool, err error) {
	words := strings.TrimSpace(s.m.Text)
	switch {
	case s.memory.more != nil && moreWords.MatchString(words):
		part := *s.memory.more
		s.command, s.intent.Command, s.intent.Slots, s.offset, s.m.Text = part.Command, part.Command, part.slots(), part.Offset, part.Text
		reply, err = s.run()
		return reply, true, err
	case s.memory.more == nil && moreWords.MatchString(words) && s.memory.asked == nil:
		reply, err = text("没有更多了。")
		return reply, true, err
	case s.memory.draft == nil && s.memory.asked == nil && resumeWords.MatchString(words):
		reply, err = text("现在没有没说完的事。发“我的任务”看要办的事。")
		return reply, true, err
	case s.memory.draft != nil && s.memory.asked == nil && resumeWords.MatchString(words):
		q := s.memory.draft
		q.Draft = false
		s.memory.draft, s.memory.asked = nil, q
		s.command, s.intent.Command, s.intent.Slots, s.m.Text = q.Command, q.Command, q.slots(), ""
		s.resumed = true
		reply, err = s.run()
		return reply, true, err
	}
	return bot.Reply{}, false, nil
}

// putAside keeps an open question as a draft and says so.
func (s *session) putAside(q *question) error {
	q.Draft, q.Told = true, true
	s.memory.asked, s.memory.draft = nil, q
	return s.save()
}

// lapsed tells once that a question was not answered in time and is kept.
func (s *session) lapsed(reply bot.Reply) (bot.Reply, error) {
	q := s.memory.draft
	if q == nil || q.Told || reply.Empty() || s.inGroup() || s.memory.asked != nil {
		return reply, nil
	}
	q.Told = true
	if err := s.save(); err != nil {
		return reply, err
	}
	if name := s.specs[q.Command].Name; name != "" && q.Command != understand.Sensitive && !s.resumed {
		reply.Text += "\n（之前没说完的“" + name + "”已存为草稿，回复“继续”接着办。）"
	}
	return reply, nil
}
