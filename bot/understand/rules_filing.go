package understand

import (
	"strings"
	"unicode/utf8"
)

var (
	fileRe    = compile(`^(?:匿名)?(?:上报|报告|报|发现|登记|提交|反映|举报|新增|新)?(?:一?1?个|一?1?处|一下|了|个)?(?:安全|重大|一般|新的?)?(?:安全)?(?:隐患)(?:上报|报告|一?1?处|登记)?[:, \n]`)
	fileVerb  = compile(`(?:上报|报个|报一个|报1个|报一处|报1处|登记|发现|反映|举报|匿名上报|匿名举报|报一下|匿名报|报备)[^,。]{0,6}(?:隐患)|匿名(?:上报|举报|反映|报)|报备|^隐患[: ,]|重大隐患[: ,]`)
	urgentRe  = compile(`很急|紧急|急!|危险!|!!|好危险|很危险|太危险|非常危险|十分危险|急急|马上|立即|立刻|赶紧|尽快处理|随时(?:会|要|可能)|特别急|急需`)
	descClean = compile(`^(?:(?:匿名)?(?:上报|报告|报个|报一个|登记|反映|举报)(?:一?1?个|一?1?处|一下)?(?:安全)?隐患[:,]?|隐患[:,]|匿名上报[:,]|重大隐患[:,]|问题[:,])`)
	catLine   = compile(`(?:类别|类型|分类|种类)[: ]+(\p{Han}+)`)
)

// reportHazardNamed takes a message that says it files a hazard.
func reportHazardNamed(m *message) (Intent, bool) {
	if m.task != nil && !strings.HasPrefix(m.core, "上报隐患") || len(m.ids) > 0 {
		return no()
	}
	named := fileRe.MatchString(m.core+" ") || fileVerb.MatchString(m.core)
	if !named {
		return no()
	}
	if has(m.text, "吗", "怎么", "多少", "几处", "有人管", "哪些", "台账", "清单", "率", "销号", "真累", "已经", "修好", "整改好", "整改完") && !m.wrong() {
		return no()
	}
	return m.as(ReportHazard)
}

// reportHazardSeen takes a message that tells of something wrong at a place
// without saying that it files a hazard.
func reportHazardSeen(m *message) (Intent, bool) {
	if m.task != nil || len(m.ids) > 0 || m.notHazard() {
		return no()
	}
	_, score := m.category()
	place := m.place()
	if !m.wrong() || score < 2 && (place == "" || m.in.Attachments == 0) {
		return no()
	}
	if score < 4 && place == "" && m.in.Attachments == 0 && !urgentRe.MatchString(m.text) {
		return no()
	}
	return m.as(ReportHazard)
}

// anonRe are the ways of asking not to be named.
var anonRe = compile(`匿名|不(?:想|要|愿|便)?(?:留|署|写|透露|公开|暴露)(?:我的?)?(?:姓?名|身份|名字)|别(?:说|写|提|透露)(?:是)?我|不要说是我|替我保密|帮我保密`)

var talkOf = compile(`电影|视频|新闻|作业|月考|期末考|好吃|演练|培训|讲座|宣传|学习|会议|通知|方案|比赛|教材|课堂|请假条|快递|下班|吃饭|打球|天气|孩子们真|作文|朋友圈`)

func (m *message) notHazard() bool {
	if talkOf.MatchString(m.text) && !urgentRe.MatchString(m.text) {
		return true
	}
	return has(m.text, "吗", "怎么", "多少", "如何", "谁", "什么时候", "是不是", "几点", "有没有") && !has(m.text, "没人管", "怎么没人", "怎么还没人") || hasAnySuffix(m.core, "?", "呢", "没有", "了没")
}

// readFiling reads category, place, grade hint and school. What is not told is asked
// for once.
func (m *message) readFiling() Intent {
	category := m.hazardCategory()
	s := Slots{
		Category: category, Location: m.place(), Desc: m.description(),
		Urgent: urgentRe.MatchString(m.text), Anonymous: anonRe.MatchString(m.text),
	}
	if has(m.text, "重大隐患", "重大安全隐患", "重大:") {
		s.Level = "重大"
	}
	if g := schoolLn.FindStringSubmatch(m.text); g != nil {
		s.School = g[1]
	} else if name, _, _ := schoolIn(m.roster, descClean.ReplaceAllString(m.text, "")); name != "" {
		s.School = name
	}
	var missing []string
	if s.Category == "" {
		s.Category = catOther
	}
	if !m.wrong() && tellsNothing(m.text, s.Location) {
		missing, s.Desc = append(missing, "desc"), ""
	}
	if s.Location == "" && s.School == "" {
		missing = append(missing, "location")
	}
	if len(missing) == 2 {
		s.Category = "" // nothing was said to judge from
	}
	return Intent{Slots: s, Missing: missing}
}

// idle are the words that tell of no matter.
var idle = compile(`(?:匿名)?(?:上报|报告|报|发现|登记|反映|举报)(?:一?1?[个处条])?|(?:安全|重大|一般)*隐患|的?(?:事情?|情况|问题|那边|那里|这里|这边)|有|在|我们?|学校|我校|这个|那个|一下|的|[ ,。:!?了吧啊呢]`)

// tellsNothing reports whether a message names no more than a place.
func tellsNothing(s, place string) bool {
	return len([]rune(idle.ReplaceAllString(strings.Replace(s, place, "", 1), ""))) < 2
}

var descLine = compile(`(?:问题|描述|情况|隐患内容|内容)[:：]\s*([^\n]+)`)

// description is what is wrong, in the reporter's own words.
func (m *message) description() string {
	if g := descLine.FindStringSubmatch(m.body); g != nil {
		return strings.TrimSpace(g[1])
	}
	if strings.Contains(m.body, "\n") {
		return m.body
	}
	plain := halfWidth.Replace(m.body)
	if at := descClean.FindStringIndex(plain); at != nil { // as many characters of the body
		rest := string([]rune(m.body)[utf8.RuneCountInString(plain[:at[1]]):])
		if rest = strings.Trim(rest, " ,，。:："); rest != "" {
			return rest
		}
	}
	return m.body
}

// halfWidth writes the signs after an opening word as the rules know them, one for one.
var halfWidth = strings.NewReplacer("：", ":", "，", ",", "　", " ")

// officialCategory matches a category a person wrote against the official list.
func officialCategory(s string) string {
	for _, c := range categoryWords {
		if strings.Contains(c.category, s) || strings.Contains(s, c.category) {
			return c.category
		}
	}
	return ""
}

var zeroRe = compile(`零报告|0报告|零隐患|0隐患|(?:无|没有|没|未发现|没发现|未排查出|没有发现|没查出|未查出|没有排查出)(?:任何|新的?|新增|安全|其他|重大)*(?:隐患|异常|问题|安全问题|安全事故)|一切正常|平安无事|无异常|全部正常`)

// zeroReport reads "nothing found" for a period.
func zeroReport(m *message) (Intent, bool) {
	if m.task != nil || len(m.ids) > 0 || !zeroRe.MatchString(m.text) || m.asks() || m.runes() > 40 {
		return no()
	}
	if !has(m.text, "零报告", "0报告", "零隐患", "0隐患", "隐患") && len(m.dates(behind)) == 0 {
		return no()
	}
	return m.as(ZeroReport)
}

func (m *message) readZero() Intent {
	s := Slots{Subject: "hazard", Period: m.period()}
	s.School, _, _ = schoolIn(m.roster, m.text)
	return Intent{Slots: s}
}
