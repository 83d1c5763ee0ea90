package command

import (
	"regexp"
	"slices"
	"strings"

	"duban/bot/understand"
	"duban/internal/org"
)

// opinion is what a person adds to a decision: of "退回 22-14，佐证材料不足" the latter
// half.
func (s *session) opinion() string {
	if r := strings.TrimSpace(s.intent.Slots.Reason); r != "" && r != strings.TrimSpace(s.m.Text) {
		return r
	}
	if at := strings.IndexAny(s.m.Text, "，,；;。：:\n"); at >= 0 {
		return strings.TrimLeft(s.m.Text[at:], "，,；;。：:\n ")
	}
	return ""
}

var leadingHazard = regexp.MustCompile(`^\s*(?:隐患|YH)[-\d\s号]*[:：,，。\s]*`)

// account is what a person tells of a hazard, without the number that everybody
// sees already.
func account(words string) string {
	if rest := strings.TrimSpace(leadingHazard.ReplaceAllString(words, "")); rest != "" {
		return rest
	}
	return strings.TrimSpace(words)
}

// mentioned are the units that a text names, in the order of the directory. A name
// that stands within a longer one that is named, too, is not meant.
func (s *session) mentioned(text string) []org.Unit {
	var out []org.Unit
	longest := map[string]string{}
	for _, u := range s.dir.Units() {
		for _, name := range append([]string{u.Name, u.Short}, u.Aliases...) {
			if len([]rune(name)) > 1 && len(name) > len(longest[u.ID]) && strings.Contains(text, name) {
				longest[u.ID] = name
			}
		}
		if longest[u.ID] != "" && u.Kind != org.KindBureau {
			out = append(out, u)
		}
	}
	return slices.DeleteFunc(out, func(u org.Unit) bool {
		return slices.ContainsFunc(out, func(v org.Unit) bool {
			return longest[v.ID] != longest[u.ID] && strings.Contains(longest[v.ID], longest[u.ID])
		})
	})
}

// correct puts what a correction names in the place of what was understood, and
// reports whether it named anything.
func (s *session) correct(c understand.Command, words string) bool {
	read := func(prefix string) understand.Slots {
		m := s.m
		m.Text = prefix + words
		return s.parse(m, nil).Slots
	}
	slots, fresh, changed := &s.intent.Slots, read(""), false
	if fresh.Task == nil {
		fresh.Task = read("查 ").Task // "23条"
	}
	if fresh.Task != nil && (fresh.Task.Code != "" || fresh.Task.Point > 0) {
		slots.Task, changed = fresh.Task, true
	}
	if fresh.Hazard != nil && fresh.Hazard.ID > 0 {
		slots.Hazard, changed = fresh.Hazard, true
	}
	switch c {
	case understand.ReportProgress:
		if again := read("22-3 "); again.Percent != nil && !changed {
			slots.Percent, slots.Status, changed = again.Percent, again.Status, true
		}
	case understand.Extend:
		if again := read("22-3申请延期到"); !again.NewDue.IsZero() && !changed {
			slots.NewDue, slots.Delta, changed = again.NewDue, 0, true
		}
	case understand.ReportHazard:
		again := read("上报隐患 ")
		if again.Location != "" {
			slots.Desc = strings.Replace(slots.Desc, slots.Location, again.Location, 1)
			slots.Location, changed = again.Location, true
		}
		if again.Category != "" {
			slots.Category, changed = again.Category, true
		}
	}
	return changed
}

// unreadCorrection is the answer to a correction that names nothing.
const unreadCorrection = "没认出要改成什么，原来的没有动。请把整句话重新发一次。"
