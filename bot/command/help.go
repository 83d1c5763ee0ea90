package command

import (
	"fmt"
	"regexp"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
)

// help shows what this person may do, with an example from the own items.
func (s *session) help() (bot.Reply, error) {
	known := s.actor.PersonID != ""
	if topic := s.topic(); topic != "" {
		if spec, ok := s.specs[topic]; ok {
			first := ""
			if !known && !spec.Stranger {
				first = "\n第一次用请先绑定，发：绑定 姓名 单位。"
			}
			return text("%s：%s\n例如：\n· %s%s", spec.Name, spec.Usage, withCode(strings.Join(spec.Examples, "\n· "), s.exampleCode()), first)
		}
	}
	if known && greeting.MatchString(s.m.Text) {
		return bot.Reply{Text: welcome(true), Buttons: helpButtons()}, nil
	}
	if !known {
		return text("第一次用请先绑定，发：绑定 姓名 单位，例如“绑定 张敏 石码头小学”。\n绑定后可以查任务、报进度、报隐患。")
	}
	return bot.Reply{Title: "帮助", Text: s.wholeHelp(s.exampleCode()), Buttons: helpButtons()}, nil
}

func helpButtons() []bot.Button {
	return []bot.Button{{Label: "我的任务", Send: "我的任务"}, {Label: "本周到期", Send: "本周到期"}, {Label: "怎么报隐患", Send: "怎么报隐患"}}
}

// greeting is what is answered by a greeting and not by the whole help.
var greeting = regexp.MustCompile(`^[\s@]*(?:你好|您好|在吗|在不在|在么|有人吗|有人不|哈喽|嗨|喂|hi|hello|Hi|Hello)+[呀啊吗？?！!。~，, ]*$`)

// withCode puts one of the person's own items into an example.
func withCode(example, code string) string {
	if code == "" {
		return example
	}
	return strings.ReplaceAll(example, "22-3", code)
}

func (s *session) may(spec Spec) bool {
	return spec.Action == "" || org.ScopeOf(s.actor, spec.Action) > org.Named
}

// exampleCode is one of the person's own items, so that examples can be sent as
// they are.
func (s *session) exampleCode() string {
	works, err := s.tx.Work(s.ctx, duty.Filter{Units: s.actor.Units(), Without: duty.Assist, OpenOnly: true, Today: s.today, Limit: 1})
	if err != nil || len(works) == 0 {
		return ""
	}
	return works[0].Item.Code
}

// wishesToComplain are words that announce a complaint and do not say it.
var wishesToComplain = regexp.MustCompile(`^(?:我)?(?:想|要)?(?:提|有|反映)?(?:个|一个|点|一点|条|一条)?(?:投诉|建议|意见|投诉建议|意见建议)(?:一下)?[。！!]*$`)

// feedback takes a complaint or suggestion straight to the office.
func (s *session) feedback() (bot.Reply, error) {
	words := strings.TrimLeft(strings.TrimPrefix(strings.TrimSpace(s.intent.Slots.Text), "投诉建议"), "：:，, ")
	if words == "" || wishesToComplain.MatchString(words) {
		return s.missing("complaint", "请说，会直接送到局办公室。例如“能不能少发点消息”。")
	}
	office := s.dir.Office()
	if len(office) == 0 {
		return bot.Reply{}, errs.New(errs.NotFound, "局办公室的岗位还没有人，没有送到。请直接打电话给局办公室。")
	}
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	var list []notice.Notice
	for _, p := range office {
		if p.PersonID == s.actor.PersonID && len(office) > 1 {
			continue
		}
		list = append(list, notice.Notice{Kind: notice.Answer, Urgency: notice.Prompt, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: s.now, Weight: 45,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("feedback:%s:%s:%s", s.m.Platform, short(s.m.ID), p.PersonID),
			Text: fmt.Sprintf("投诉建议（%s）：%s", s.who(), render.Cut(words, 500))})
	}
	if err := s.notify(list...); err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "投诉建议"}
	return text("已直接送到局办公室，谢谢您的意见。")
}
