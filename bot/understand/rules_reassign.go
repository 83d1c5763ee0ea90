package understand

import (
	"slices"
	"strings"
)

var (
	reassignRe = compile(`转(?:给|派给?|交给?|到|由|办给?|至|移给|让)?|移交(?:给|到)?|改(?:成|为|由)(?:由)?|换(?:成|给|由)?|(?:调整|变更)(?:为|给|到|成)(?:由)?|交(?:给|由)|派(?:给|到)|分(?:给|派给)|划(?:给|归)|(?:责任人|负责人|承办人|牵头(?:单位|股室)?|主办(?:单位)?)(?:改为|改成|换成|变更为|是)?`)
	coRe       = compile(`([\p{Han}、]{2,24}?)(?:一起|共同|来|去)?(?:配合|协办|协助|协同)`)
	notOurs    = compile(`不(?:归|属于|是|该)(?:我们|我|本)[^,。]{0,6}(?:管|股|负责|的|学校|任务)?`)
)

// reassign hands an item over; without a known party behind the verb it is not
// about an item.
func reassign(m *message) (Intent, bool) {
	if m.asks() || has(m.text, "大家", "转发", "转账", "好转", "转了") || handedIn.MatchString(m.text) || strings.HasPrefix(m.core, "给我") || len(m.ids) > 0 && m.task == nil {
		return no()
	}
	subject := m.ref() != nil || notOurs.MatchString(m.text) || has(m.text, "这条", "这项", "这个任务", "该任务", "此项", "任务")
	if !subject {
		return no()
	}
	if to := m.receiver(); !to.IsZero() || notOurs.MatchString(m.text) && m.ref() != nil && has(m.text, "转", "退", "改派", "重新分") {
		return m.as(Reassign)
	}
	return no()
}

// receiver is who stands right behind a verb of handing over.
func (m *message) receiver() Party {
	for _, loc := range reassignRe.FindAllStringIndex(m.text, 6) {
		rest := head(m.text[loc[1]:], 12)
		if to, start, _ := partyIn(m.roster, rest); !to.IsZero() && len([]rune(rest[:start])) <= 2 {
			return to
		}
	}
	return Party{}
}

func (m *message) readReassign() Intent {
	s := Slots{Task: m.ref(), To: m.receiver(), Co: m.assisting()}
	if g := thatItem.FindStringSubmatch(m.core); s.Task == nil && g != nil {
		s.Task = &TaskRef{Keyword: topic(g[1])}
	}
	if s.To.IsZero() {
		rest := notOurs.ReplaceAllString(m.text, " ")
		s.To, _, _ = partyIn(m.roster, rest)
	}
	var missing []string
	if s.Task == nil {
		missing = append(missing, "task_ref")
	}
	if s.To.IsZero() {
		missing = append(missing, "to")
	}
	return Intent{Slots: s, Missing: missing}
}

// thatItem names an item by words: 把校服那条划给后勤.
var thatItem = compile(`^(?:请|麻烦)?(?:把|将)?(\p{Han}{2,12}?)(?:的)?(?:那|这)(?:一)?(?:条|项|个|件|块)`)

// handedIn is said of papers, not of work.
var handedIn = compile(`(?:材料|资料|表格?|报告|总结|方案|台账|名单|档案|手续|单子|照片|电子版|纸质版)[^,。]{0,6}(?:交给|交到|移交|转给|报给|交由)`)

// coAfter names who assists behind the word: 协办计财股.
var coAfter = compile(`(?:协办|配合)(?:单位|股室)?[:是为由 ]*([\p{Han}、]{2,24})`)

func (m *message) assisting() []string {
	var out []string
	for _, g := range append(coRe.FindAllStringSubmatch(m.text, 3), coAfter.FindAllStringSubmatch(m.text, 3)...) {
		words := g[1]
		if i := strings.LastIndex(words, "牵头"); i >= 0 {
			words = words[i:]
		}
		for _, one := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune("、和跟与", r) }) {
			if p, _, _ := partyIn(m.roster, one); p.Dept != "" || p.School != "" {
				if name := p.Dept + p.School; !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
		}
	}
	return out
}
