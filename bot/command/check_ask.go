package command

import (
	"fmt"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/inspect"
)

// askList asks which of several lists is meant.
func (s *session) askList(lists []inspect.Checklist, c checkup) (bot.Reply, error) {
	var choices []Listed
	for _, l := range lists {
		choices = append(choices, Listed{Code: l.Key, Name: l.Name + "（" + l.Rhythm.Say() + "）"})
	}
	if err := s.askCheck(c, whichList, choices); err != nil {
		return bot.Reply{}, err
	}
	return choosing("检查清单", "是哪一张清单？", choices, "请回复数字。"), nil
}

// askUnit asks whose inspection it is when somebody answers for several schools.
func (s *session) askUnit(l inspect.Checklist, units []string, c checkup) (bot.Reply, error) {
	var choices []Listed
	for _, u := range units {
		choices = append(choices, Listed{Code: u, Name: s.dir.Label(u)})
	}
	if err := s.askCheck(c, whichUnit, choices); err != nil {
		return bot.Reply{}, err
	}
	return choosing(l.Name, l.Name+"是哪个单位的？", choices, "请回复数字。"), nil
}

// askEntry asks which entry the first loose words belong to.
func (s *session) askEntry(lists []inspect.Checklist, c checkup) (bot.Reply, error) {
	l, _ := listOf(lists, c.List)
	if len(c.Answer.Loose) == 0 {
		return s.carryCheck(lists, c)
	}
	if err := s.askCheck(c, whichEntry, nil); err != nil {
		return bot.Reply{}, err
	}
	reply, err := text("“%s”是%s的第几项？请回复编号 1 到 %d；不在清单里请回复 0，另外登记成隐患。\n%s\n回复以后才算记下，不报了请回复“取消”。",
		render.Cut(c.Answer.Loose[0], 40), l.Name, len(l.Entries), render.Entries(l))
	reply.Title = l.Name
	return reply, err
}

// showList shows a list with its numbers and how to answer it.
func (s *session) showList(l inspect.Checklist, c checkup, p inspect.Period, before inspect.Record) (bot.Reply, error) {
	if err := s.askCheck(c, whatFound, nil); err != nil {
		return bot.Reply{}, err
	}
	head := fmt.Sprintf("%s %s（%s），共 %d 项：", s.dir.Label(c.Unit), l.Name, p.Name, len(l.Entries))
	if before.ID > 0 {
		head += "\n（已经查过：" + render.Outcome(before) + "。有新发现再报就行。）"
	}
	reply, err := text("%s\n%s\n没有问题请回复“都正常”；有异常只写编号和情况，例如“3 坏了，5 过期，其他正常”，可以带照片。", head, render.Entries(l))
	reply.Title, reply.Buttons = l.Name, []bot.Button{{Label: "都正常", Send: "都正常"}}
	return reply, err
}

// overview lists the lists of the asker's units and whether they were gone through.
func (s *session) overview(lists []inspect.Checklist, c checkup) (bot.Reply, error) {
	own := s.ownLists(lists, c.Unit)
	if len(own) == 0 {
		return bot.Reply{}, s.noSuchList(lists, inspect.Checklist{}, c.Unit)
	}
	var choices []Listed
	var lines []string
	for i, l := range own {
		choices = append(choices, Listed{Code: l.Key, Name: l.Name})
		c.Only = append(c.Only, l.Key)
		lines = append(lines, fmt.Sprintf("%d. %s（%s，%d 项）", i+1, l.Name, l.Rhythm.Say(), len(l.Entries)))
	}
	if err := s.askCheck(c, whichList, choices); err != nil {
		return bot.Reply{}, err
	}
	reply, err := text("您单位的检查清单：\n%s\n回复数字看清单，也可以直接报，例如“%s 都正常”。", strings.Join(lines, "\n"), shortest(own[0]))
	reply.Title = "检查清单"
	return reply, err
}

// shortest is the name of a list that is typed fastest.
func shortest(l inspect.Checklist) string {
	name := l.Name
	for _, n := range l.Names() {
		if len(n) < len(name) && strings.Contains(n, "检查") {
			name = n
		}
	}
	return name
}

// photoFirst keeps photos that come before the answer.
func (s *session) photoFirst(q *question) (bot.Reply, error) {
	attached := s.attached()
	if err := s.askCheck(q.known(), q.Missing[0], q.Choices); err != nil {
		return bot.Reply{}, err
	}
	if len(q.Choices) > 0 {
		return text("收到 %s，一起记下。请回复上面的数字。", attached)
	}
	return text("收到 %s，和检查结果记在一起。请再写一句查到了什么，例如“3 坏了，其他正常”。", attached)
}
