// Package script reads golden conversations: what people say, the whole answer, and
// whom else it made the bot tell. Tests play them against the commands alone and
// against the whole program.
//
//	## happy                            a section, with a remark after a colon
//	person> text                        said in private; \n is a line break, [图片] a photo
//	person> [引用 earlier text] text     an answer to an earlier message
//	person@> text                       said in a group
//	< text                              a line of the answer; its last may be buttons, [label] or [label=what it sends]
//	~ person [kind] text                whom it told; " / " is a line break
//	clock 2025-09-10 10:00              moves the clock
//	deliver                             hands out everything that may be told by now
//	# remark
package script

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Script is a file of sections.
type Script struct{ Sections []Section }

// Section is a part of a script with a heading; what stands before the first one
// has none.
type Section struct {
	Name   string // "" before the first heading
	Remark string // what its heading says after a colon
	Turns  []Turn
}

// Turn is one line that somebody does something with, and what came of it.
type Turn struct {
	Source  string // as it stands in the file
	Said    *Said
	Clock   string
	Deliver bool
	Answer  string
	Buttons []Button
	Told    []string // "person [kind] text"
}

// Said is what a person writes.
type Said struct {
	Person string
	Group  bool
	Text   string
	Quote  string
	Photos int
}

// Button is an answer that can be pressed.
type Button struct{ Label, Send string }

const photo = "[图片]"

var (
	speech  = regexp.MustCompile(`^([a-z0-9-]+)(@?)> (.*)$`)
	quoting = regexp.MustCompile(`^\[引用 ([^\]]*)\]\s*`)
	button  = regexp.MustCompile(`\[([^\]=]+)(?:=([^\]]*))?\]`)
	buttons = regexp.MustCompile(`^(?:\[[^\]]+\] ?)+$`)
)

// Parse reads a script.
func Parse(text string) Script {
	s := Script{Sections: []Section{{}}}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			name, remark, _ := strings.Cut(name, ":")
			s.Sections = append(s.Sections, Section{Name: strings.TrimSpace(name), Remark: strings.TrimSpace(remark)})
		}
		section := &s.Sections[len(s.Sections)-1]
		if !section.outcome(line) {
			section.Turns = append(section.Turns, turn(line))
		}
	}
	return s
}

// outcome adds a line to what came of the turn before it.
func (s *Section) outcome(line string) bool {
	if len(s.Turns) == 0 || !strings.HasPrefix(line, "<") && !strings.HasPrefix(line, "~") {
		return false
	}
	t := &s.Turns[len(s.Turns)-1]
	switch words := strings.TrimPrefix(line[1:], " "); {
	case line[0] == '~':
		t.Told = append(t.Told, words)
	case buttons.MatchString(words):
		for _, g := range button.FindAllStringSubmatch(words, -1) {
			b := Button{Label: g[1], Send: g[2]}
			if b.Send == "" {
				b.Send = b.Label
			}
			t.Buttons = append(t.Buttons, b)
		}
	default:
		t.Answer = strings.TrimPrefix(t.Answer+"\n"+words, "\n")
	}
	return true
}

func turn(line string) Turn {
	t := Turn{Source: line}
	if line == "deliver" {
		t.Deliver = true
		return t
	}
	if at, ok := strings.CutPrefix(line, "clock "); ok {
		t.Clock = at
		return t
	}
	g := speech.FindStringSubmatch(line)
	if g == nil {
		return t
	}
	said := Said{Person: g[1], Group: g[2] != "", Text: strings.ReplaceAll(g[3], `\n`, "\n")}
	if q := quoting.FindStringSubmatch(said.Text); q != nil {
		said.Quote, said.Text = q[1], said.Text[len(q[0]):]
	}
	said.Photos = strings.Count(said.Text, photo)
	said.Text = strings.TrimSpace(strings.ReplaceAll(said.Text, photo, ""))
	t.Said = &said
	return t
}

// String is the file.
func (s Script) String() string {
	var b strings.Builder
	for _, section := range s.Sections {
		for _, t := range section.Turns {
			b.WriteString(t.String())
		}
	}
	return b.String()
}

// String is the line with what came of it.
func (t Turn) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, t.Source)
	if t.Said == nil {
		return b.String()
	}
	for _, l := range strings.Split(t.Answer, "\n") {
		fmt.Fprintln(&b, strings.TrimRight("< "+l, " "))
	}
	if len(t.Buttons) > 0 {
		var row []string
		for _, p := range t.Buttons {
			row = append(row, p.String())
		}
		fmt.Fprintln(&b, "< "+strings.Join(row, " "))
	}
	for _, told := range t.Told {
		fmt.Fprintln(&b, "~ "+told)
	}
	return b.String()
}

func (b Button) String() string {
	if b.Label == b.Send {
		return "[" + b.Label + "]"
	}
	return "[" + b.Label + "=" + b.Send + "]"
}

// selfDeclared are the ids of people who put themselves on the roster: they depend on
// the account.
var selfDeclared = regexp.MustCompile(`^self-[0-9a-f]+$`)

// Told is the line that says whom something was told.
func Told(person, kind, text string) string {
	person = selfDeclared.ReplaceAllString(person, "self")
	return fmt.Sprintf("%s [%s] %s", person, kind, strings.ReplaceAll(text, "\n", " / "))
}

// OnlyDingTalk reports whether a section says something that a self-built WeCom app
// cannot hear: a word in a group, an answer to a message, words and a photo in one.
func (s Section) OnlyDingTalk() bool {
	for _, t := range s.Turns {
		if l := t.Said; l != nil && (l.Group || l.Quote != "" || l.Photos > 0 && l.Text != "") {
			return true
		}
	}
	return false
}

// ForWeCom is the part of a script that can be played on WeCom.
func (s Script) ForWeCom() Script {
	var out Script
	for _, section := range s.Sections {
		if !section.OnlyDingTalk() {
			out.Sections = append(out.Sections, section)
		}
	}
	return out
}

// Covers reports whether there is a section of that name in which somebody speaks, or
// whose heading says why nobody does.
func (s Script) Covers(name string) bool {
	return slices.ContainsFunc(s.Sections, func(section Section) bool {
		speaks := slices.ContainsFunc(section.Turns, func(t Turn) bool { return t.Said != nil })
		return section.Name == name && (speaks || section.Remark != "")
	})
}
