package inspect

import (
	"regexp"
	"slices"
	"strings"
)

// Said is a sentence about lists.
type Said struct {
	Lists []Checklist // that it may mean
	All   bool        // it asks what lists there are
	Back  bool        // it speaks of the period before the running one
	Rest  string      // what is said about the list
}

var (
	politely = regexp.MustCompile(`^(?:请|帮我|我要|我们?|我校|我园|本校|本园|学校|再)*(?:发|看一下|看看|查看|看|报)?(?:一下)?(?:的)?`)
	running  = regexp.MustCompile(`^(今天|今日|今早|早上|中午|下午|晚上|本周|这周|这个?星期|本月|这个?月|本学期|这学期)(?:的)?\s*`)
	earlier  = regexp.MustCompile(`^(昨天|昨日|上周|上个?星期|上个?月)(?:的)?\s*`)
	anyList  = regexp.MustCompile(`^(?:有哪些|全部|所有)?(?:安全)?检查(?:表|单|清单)(?:有哪些)?[。？?！!]*$`)
	// sheet follows a name and says that the list itself is meant.
	sheet = regexp.MustCompile(`^(?:的)?(?:检查)?(?:表|单|清单)`)
	// loosely names a list by what it is about.
	loosely = regexp.MustCompile(`^(\p{Han}{2,8}?)(?:的)?(?:安全|日常|例行)?检查(?:表|单|清单)?(?:$|[\s:：,，])`)
	gaps    = " \t\n:：,，。;；"
	// rhythmic are the words of a name that do not say what the list is about.
	rhythmic = strings.NewReplacer("每日", "", "每周", "", "每月", "", "日检", "", "周检", "", "月检", "", "安全", "", "检查", "", "发车", "", "假前", "")
)

// Find reads which lists a sentence means, and what it says about them. ok is false
// when it means none.
func Find(lists []Checklist, text string) (Said, bool) {
	var said Said
	text = strings.TrimSpace(text)
	for range 2 {
		text = politely.ReplaceAllString(text, "")
		text = running.ReplaceAllString(text, "")
		if m := earlier.FindString(text); m != "" {
			said.Back, text = true, text[len(m):]
		}
	}
	if anyList.MatchString(text) {
		said.All = true
		return said, true
	}
	if c, rest, ok := named(lists, text); ok {
		said.Lists, said.Rest = []Checklist{c}, rest
		return said, true
	}
	m := loosely.FindStringSubmatch(text)
	if m == nil {
		return said, false
	}
	said.Lists = slices.DeleteFunc(slices.Clone(lists), func(c Checklist) bool { return !c.about(m[1]) })
	said.Rest = strings.Trim(text[len(m[0]):], gaps)
	return said, len(said.Lists) > 0
}

// named finds the list whose longest name the sentence begins with.
func named(lists []Checklist, text string) (found Checklist, rest string, ok bool) {
	longest := ""
	for _, c := range lists {
		for _, name := range c.Names() {
			after := strings.TrimPrefix(text, name)
			if len(name) <= len(longest) || after == text || !strings.Contains(name, "检") && !sheet.MatchString(after) {
				continue
			}
			found, longest, ok = c, name, true
			rest = strings.Trim(sheet.ReplaceAllString(after, ""), gaps)
		}
	}
	return found, rest, ok
}

// about reports whether a list is about a thing, as its names say.
func (c Checklist) about(thing string) bool {
	thing = rhythmic.Replace(thing)
	return thing != "" && slices.ContainsFunc(c.Names(), func(name string) bool { return rhythmic.Replace(name) == thing })
}
