package understand

import (
	"strings"
)

var (
	urgeRe   = compile(`催(?:一?1?[催下]|1次|一次|促|办|问|报|一催)?|督促|督办单|督办函|(?:黄|红)(?:色|牌)?(?:单|督办)|提醒(?:一?下|1下)?|(?:喊|叫|让|要)[^,。]{1,8}(?:快点|抓紧|赶紧|尽快|加快|快些|搞快)|盯(?:一?下|着|紧)`)
	urgeBan  = compile(`提醒我|别催|不要催|不用催|催什么|提醒自己|再提醒|不要提醒|别提醒|提醒能不能|提醒功能`)
	ccRe     = compile(`(?:抄送|抄报|抄给|同时发给|知会)(?:给)?([\p{Han}、和,]{2,16})`)
	urgeTrim = []string{"那边", "的", "快点", "抓紧", "赶紧", "尽快", "一下", "把", "他那个", "她那个", "那个", "他们", "关于", "那条", "发个", "发", "红色督办单", "黄色督办单", "督办单", "红单", "黄单", "报", "交", "完成", "整改", "一个", "1个", "要", "及时", "提交", "上报", "再", "给", "下", "次", "1次", "办"}
)

func urge(m *message) (Intent, bool) {
	loc := urgeRe.FindStringIndex(m.text)
	if loc == nil || recurOf(m.text) != "" || urgeBan.MatchString(m.text) || len([]rune(m.text[:loc[0]])) > 14 && m.task == nil || howRe.MatchString(m.text) {
		return no()
	}
	if s := m.readUrge().Slots; s.Task == nil && s.Hazard == nil && len(s.HazardIDs) == 0 && len(s.Filter) == 0 && s.Target.IsZero() &&
		(!strings.HasPrefix(m.core, "催") || m.runes() > 12) {
		return no()
	}
	return m.as(Urge)
}

func (m *message) readUrge() Intent {
	s := Slots{Task: m.ref()}
	loc := urgeRe.FindStringIndex(m.text)
	if loc == nil {
		loc = []int{0, 0}
	}
	rest := m.text[loc[1]:]
	if hasAnyPrefix(m.text[loc[0]:], "喊", "叫", "让", "要") {
		rest = m.text[loc[0]:] // 喊财务那边快点: the party stands inside the verb
	}
	if g := ccRe.FindStringSubmatchIndex(rest); g != nil {
		s.CC = strings.FieldsFunc(rest[g[2]:g[3]], func(r rune) bool { return strings.ContainsRune("、和,", r) })
		rest = rest[:g[0]] + rest[g[1]:]
	}
	switch {
	case has(m.text, "红色", "红单", "红牌"):
		s.Form = "red"
	case has(m.text, "黄色", "黄单", "黄牌"):
		s.Form = "yellow"
	}
	var start, end int
	for _, where := range []string{rest, m.text[loc[0]:], m.text} {
		rest = where
		if s.Target, start, end = partyIn(m.roster, rest); !s.Target.IsZero() {
			break
		}
	}
	m.urgedMatter(&s, rest, start, end)
	if f := m.filters(); len(f) > 0 && (s.Task == nil || s.Task.Code == "" && s.Task.Point == 0) &&
		(has(m.text, "所有", "全部", "逾期", "超期", "红灯", "黄灯", "没签收") || sweeping.MatchString(m.text)) {
		s.Task, s.Filter = nil, f
	}
	if s.Task == nil && s.Hazard == nil && len(s.HazardIDs) == 0 && len(s.Filter) == 0 && s.Target.IsZero() {
		return Intent{Slots: s, Missing: []string{"task_ref"}}
	}
	return Intent{Slots: s}
}

// sweeping speaks of everybody in a state instead of one item.
var sweeping = compile(`(?:没|未)(?:报|交|动|更新|签)[\p{Han}]{0,2}的|那些|各(?:校|园|股室|单位)|都`)

// urgedMatter finds what is urged: numbers, or the words beside the party.
func (m *message) urgedMatter(s *Slots, rest string, start, end int) {
	if s.Task != nil {
		return
	}
	if len(m.ids) > 0 {
		s.refs(m.ids, "")
		return
	}
	matter := rest
	if !s.Target.IsZero() {
		matter = rest[end:]
	}
	matter = trimPrefixes(matter, urgeTrim...)
	if has(matter, "整改", "隐患") {
		if kw := hazardKeyword(matter); kw != "" {
			s.Hazard = &HazardRef{Keyword: kw}
			return
		}
	}
	if kw := topic(urgeRe.ReplaceAllString(matter, "")); len([]rune(kw)) > 1 {
		s.Task = &TaskRef{Keyword: kw}
	}
}
