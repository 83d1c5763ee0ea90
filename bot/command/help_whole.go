package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot/understand"
)

// maxHelp bounds the help in bytes, so that it arrives as one message on WeCom.
const maxHelp = 1900

// wholeHelp lists what the asker may do with an example each. Who may do much reads of
// the later steps of a hazard only what they are called.
func (s *session) wholeHelp(code string) string {
	for named := 0; ; named++ {
		if text, all := s.helpNaming(named, code); len(text) <= maxHelp || all {
			return text
		}
	}
}

// helpNaming is the help in which the last few commands about hazards are named and no
// more; all reports that there are no others.
func (s *session) helpNaming(named int, code string) (text string, all bool) {
	var may []Spec
	for _, spec := range s.ordered {
		if spec.Command != understand.Help && spec.Command != understand.Bind && !spec.Aside && s.may(spec) {
			may = append(may, spec)
		}
	}
	last := -1
	for i, spec := range may {
		if spec.Chapter == ofHazards {
			last = i
		}
	}
	first := slices.IndexFunc(may, func(spec Spec) bool { return spec.Chapter == ofHazards })
	from := max(last+1-named, first+1)
	lines, chapter := []string{"我能帮您："}, ""
	var names []string
	for i, spec := range may {
		if spec.Chapter != chapter {
			chapter = spec.Chapter
			lines = append(lines, "【"+chapter+"】")
		}
		if i < from || i > last {
			lines = append(lines, fmt.Sprintf("· %s：%s", spec.Name, withCode(spec.Examples[0], code)))
			continue
		}
		if names = append(names, spec.Name); i == last {
			lines = append(lines, fmt.Sprintf("· 还有：%s。写法请发“帮助 %s”", strings.Join(names, "、"), names[0]))
		}
	}
	return strings.Join(append(lines, "想看详细用法，可以问“怎么报隐患”。", "照片可以先发也可以后发。紧急情况请先拨打 110、119、120。"), "\n"), from <= first+1
}

// topic is the command whose use is asked for: as it was understood, else by its name.
func (s *session) topic() understand.Command {
	if topic := s.intent.Slots.Topic; topic != "" {
		return understand.Command(topic)
	}
	return s.topicNamed()
}

// topicNamed is the command of “帮助 交办隐患”.
func (s *session) topicNamed() understand.Command {
	name, ok := strings.CutPrefix(strings.TrimSpace(s.m.Text), "帮助")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return ""
	}
	for _, spec := range s.ordered {
		if spec.Name == name {
			return spec.Command
		}
	}
	return ""
}
