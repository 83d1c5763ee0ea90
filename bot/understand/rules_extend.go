package understand

import (
	"strings"
)

var (
	delayRe   = compile(`延期|宽限|延长|推迟|延后|缓(?:一缓|几天|\d+天)|晚(?:几|\d+)天|顺延|延到|延至|延迟|往后(?:推|拖|延|挪)|再给(?:我们)?[^,。]{0,4}(?:天|周|月)|多给(?:我们)?[^,。]{0,3}天|拖(?:到|几天)|展期|放宽`)
	approveRe = compile(`同意|批准|准予|准许|准了|准延|批了|可以延|通过|许可|给他延|给延|延吧`)
	rejectRe  = compile(`不同意|免谈|驳了|驳回|莫批|别批|不要批|不给批|打回|退回|不批|不准|驳回|拒绝|不予|不通过|不能延|不许|不得|未通过|退回|没通过|不可以延|不行`)
)

func reviewExtend(m *message) (Intent, bool) {
	if !delayRe.MatchString(m.text) || m.asks() || strings.HasPrefix(m.core, "申请") || has(m.text, "行不行", "行吗", "可不可以", "能不能", "可以不", "好不好") {
		return no()
	}
	if !rejectRe.MatchString(m.text) && !approveRe.MatchString(m.text) {
		return no()
	}
	return m.as(ReviewExtend)
}

func (m *message) readExtendReview() Intent {
	s := Slots{Task: m.ref(), Result: "approve", Reason: reasonOf(m.text)}
	s.Target.School = m.schoolOf()
	words := fine.ReplaceAllString(m.text, " ")
	if rejectRe.MatchString(words) || !approveRe.MatchString(words) && has(words, "不", "按原", "没", "莫") {
		s.Result = "reject"
	}
	for _, w := range m.dates(ahead) {
		if w.kind == oneDay && s.Result == "approve" {
			s.NewDue = w.to
		}
	}
	if s.Task == nil && s.refs(m.ids, "") {
		return Intent{Slots: s}
	}
	s.Task = m.itemOr(delayWords.ReplaceAllString(m.text, " "))
	return m.reportOf(s)
}

// delayWords and the words of a decision name no item.
var delayWords = compile(`延期|延长|宽限|顺延|不?同意|不?批准?|准了|可以|不行|申请|驳回|不准|吧|的|了`)

var deltaRe = compile(`(\d{1,3})个?(天|日|周|星期|礼拜|月|工作日)`)

func extend(m *message) (Intent, bool) {
	if !delayRe.MatchString(m.text) || m.ref() == nil && !has(m.text, "延期", "宽限", "申请延", "延长", "顺延", "延到") || len(m.ids) > 0 {
		return no()
	}
	if m.ref() == nil && (has(m.text, "会议", "比赛", "运动会", "家长会", "开学", "考试", "放学") || m.runes() > 40) {
		return no()
	}
	return m.as(Extend)
}

func (m *message) readExtend() Intent {
	s := Slots{Task: m.ref()}
	var missing []string
	if s.Task == nil && s.refs(m.ids, "") {
		return m.extension(s, nil)
	}
	if s.Task == nil {
		if kw := topic(strings.TrimSpace(m.withoutDates(m.text))); kw != "" && !delayRe.MatchString(kw) && !is(kw, "到", "至", "延期到") {
			s.Task = &TaskRef{Keyword: kw}
		} else {
			missing = append(missing, "task_ref")
		}
	}
	return m.extension(s, missing)
}

// extension reads until when and why.
func (m *message) extension(s Slots, missing []string) Intent {
	for _, w := range m.dates(ahead) {
		if w.kind == oneDay || w.kind == stretch {
			s.NewDue = w.to
		}
	}
	if g := deltaRe.FindStringSubmatch(m.text); g != nil && s.NewDue == 0 {
		r := m.reader(ahead)
		s.Delta = r.after(num(g[1]), map[bool]string{true: "工作日", false: g[2]}[g[2] == "工作日"]).Sub(m.today)
	}
	if s.NewDue == 0 && s.Delta == 0 {
		missing = append(missing, "new_due")
	}
	if s.Reason = delayReason(m.text); s.Reason == "" {
		missing = append(missing, "reason")
	}
	return Intent{Slots: s, Missing: missing}
}

var delayNoise = compile(`能不能|可不可以|可以|能否|申请|想|请求|希望|麻烦|请|吗|吧|行不行|好吗|第?\d+条|\d+-\d+|的|任务|再|一下|我们|要|把|期限|时限|时间|到|至|个|前|\?|帮我`)

// delayReason is what an extension is asked for: the words after 因为, or the
// clauses that neither name the item nor the new date.
func delayReason(s string) string {
	for _, w := range []string{"因为", "由于", "原因是", "原因:", "理由是", "理由:", "原因", "理由", "主要是"} {
		if i := strings.Index(s, w); i >= 0 {
			return present(s[i+len(w):])
		}
	}
	var out []string
	for _, c := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",。;!? \n:", r) }) {
		if delayRe.MatchString(c) {
			if i := strings.Index(c, "因"); i >= 0 {
				out = append(out, c[i+len("因"):])
			}
			continue
		}
		if rest := delayNoise.ReplaceAllString(c, ""); len([]rune(rest)) >= 3 && !dateOnly(rest) {
			out = append(out, c)
		}
	}
	return present(strings.Join(out, ","))
}

var dateOnlyRe = compile(`^[\d年月日号底初中旬上下个本周星期一二三四五六天:-]+$`)

func dateOnly(s string) bool { return dateOnlyRe.MatchString(s) }
