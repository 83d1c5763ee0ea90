package understand

import (
	"strconv"
	"strings"
	"time"

	"duban/internal/calendar"
)

var recurRe = compile(`每(?:个)?(月|周|星期|礼拜|天|日|季度|季|学期|年)(?:的)?(?:(\d{1,2})[号日]|([1-7一二三四五六日天]))?`)

// recurOf writes how often: monthly:5, weekly:5 (1 is Monday), daily,
// quarterly, term, yearly.
func recurOf(s string) string {
	g := recurRe.FindStringSubmatch(s)
	if g == nil {
		return ""
	}
	switch g[1] {
	case "月":
		if g[2] != "" {
			return "monthly:" + g[2]
		}
		if has(s, "月底", "月末") {
			return "monthly:-1"
		}
		return "monthly"
	case "周", "星期", "礼拜":
		if g[3] != "" {
			n := strings.Index("一二三四五六日", g[3])/3 + 1
			if g[3] == "天" {
				n = 7
			} else if v := num(g[3]); v > 0 {
				n = v
			}
			return "weekly:" + strconv.Itoa(n)
		}
		return "weekly"
	case "季度", "季":
		return "quarterly"
	case "学期":
		return "term"
	case "年":
		return "yearly"
	}
	return "daily"
}

func recurringTask(m *message) (Intent, bool) {
	r := recurOf(m.text)
	if r == "" || m.task != nil || m.asks() || !has(m.text, "提醒", "报", "交", "立项", "任务", "要求", "安排", "开展") || has(m.text, "已", "完成了", "别", "不要", "日报") || has(m.text, "周报") && !has(m.text, "提醒", "各校", "各园") {
		return no()
	}
	if lead, _, _ := partyIn(m.roster, m.text); !has(m.text, "提醒", "立项", "任务", "各") && lead.IsZero() {
		return no()
	}
	return m.as(CreateTask)
}

var (
	createRe   = compile(`立(?:个|1个|一个)?项|交办|(?:新增|新建|创建|建个|建一个|建1个|加个|加一个|加1个|添加|安排个|派个|布置个?|下达|下发|登记一个|增加|发布|建立|建一?条|建1条|加一?条|加1条|派发|发起|弄个)(?:新的?|督办|一个|一项|1项|1个|工作)*(?:任务|事项|督办)|布置(?:一下)?[: ]|(?:下|发|建|加|开|新)(?:个|一个|1个|一?条|1条|张)?督办(?:件|单|任务|事项)?[: ]|(?:任务|督办件?)[: ]`)
	demandRe   = compile(`(?:各(?:中小学|学校|校|园|幼儿园|单位|股室|乡镇|中心校|年级|班)|请[^,。]{2,10}?(?:股|办|中心|室|小学|中学))[^。]{0,30}?(?:前|之前|内|底)[^。]{0,6}?(?:报|交|完成|上报|提交|报送|填报|反馈|做好|落实)`)
	leadRe     = compile(`(?:责任股室|责任单位|牵头股室|牵头单位|主办单位|主办|承办|牵头|责任人|负责人|由|让)[:是为由 ]*([\p{Han}]{2,10})|([\p{Han}]{2,10}?)(?:来)?(?:牵头|主办|负责|承办|落实|主责)`)
	sourceRe   = compile(`(?:落实|根据|按照|按|依据)[^,。]{0,16}?(?:批示|要求|指示|会议|文件|纪要|通知|部署|精神)|[\p{Han}]{1,3}局长?(?:批示|交办|指示)`)
	titleNoise = compile(`帮我|请|你|那个|啊|就是|派个活给?|新任务|加个任务|安排下去|建个任务|(?:[\p{Han}]{1,3}局|领导)(?:刚)?(?:批示|指示)了?|列入督办|在$|责任(?:股室|单位|人)[: ]*[\p{Han}]{2,8}|[\p{Han}]{2,8}(?:牵头|主办|协办|配合)|(?:牵头|主办)[: ]*[\p{Han}]{2,8}|各(?:中小学|学校|校|园|幼儿园|单位|股室|乡镇中心学校|乡镇)(?:在|要|于)?|截止(?:时间)?|时限|内容|标题`)
)

// createTask reads an instruction: what, until when, who leads, who reports.
func createTask(m *message) (Intent, bool) {
	made := createRe.MatchString(m.text)
	if m.asks() || !made && !demandRe.MatchString(m.text) || len(m.ids) > 0 || has(m.text, "已立项", "立项了") {
		return no()
	}
	if !made && (m.task != nil || urgeRe.MatchString(m.text)) {
		return no()
	}
	return m.as(CreateTask)
}

func (m *message) readOrder() Intent {
	s := Slots{Title: m.title(), Due: m.dueDate(), Reports: reportersIn(m.text), Co: m.assisting(), Source: sourceRe.FindString(m.text), Recur: recurOf(m.text)}
	for _, g := range leadRe.FindAllStringSubmatch(m.text, 4) {
		if p, _, _ := partyIn(m.roster, g[1]+g[2]); !p.IsZero() {
			s.Lead = p
			break
		}
	}
	if s.Recur != "" {
		s.Due = 0
	}
	if s.Lead.IsZero() && s.Reports == "" || s.Recur != "" && s.Lead.IsZero() { // nobody leads by name: who is spoken of
		if p, _, _ := partyIn(m.roster, coRe.ReplaceAllString(m.text, " ")); p.Person == "" {
			s.Lead = p
		}
	}
	if s.Source == "" && ordered.MatchString(m.text) {
		s.Source = ordered.FindString(m.text)
	}
	var missing []string
	if s.Title == "" {
		missing = append(missing, "title")
	}
	if s.Due == 0 && s.Recur == "" {
		missing = append(missing, "due")
	}
	return Intent{Slots: s, Missing: missing}
}

// ordered names whose word an instruction carries out.
var ordered = compile(`[\p{Han}]{1,3}局?长?(?:刚|昨天|今天|在会上)?(?:批示|指示|交办|交代|要求|说了)|(?:党组会|局长办公会|例会|专题会|调度会|会上)[\p{Han}]{0,4}(?:定|要求|决定|明确)`)

func reportersIn(s string) string {
	for _, r := range []struct{ word, name string }{
		{"各中小学、幼儿园", "各中小学、幼儿园"}, {"各中小学", "各中小学"}, {"各幼儿园", "各幼儿园"}, {"各园", "各幼儿园"}, {"各乡镇中心", "各乡镇中心学校"},
		{"各中心校", "各乡镇中心学校"}, {"各学校", "各校"}, {"各校", "各校"}, {"各股室", "各股室"}, {"各单位", "各单位"}, {"所有学校", "各校"}, {"全区学校", "各校"},
	} {
		if strings.Contains(s, r.word) {
			return r.name
		}
	}
	return ""
}

// dueDate is the deadline of a new task: the date marked 前, else the last one.
// 补班那天 on a weekday means the next make-up working day of that name.
func (m *message) dueDate() calendar.Date {
	var due calendar.Date
	for _, w := range m.dates(ahead) {
		if w.kind == duration {
			continue
		}
		due = w.to
		if has(m.text, "补班", "调休上班") && w.kind == oneDay {
			due = m.makeUp(w.to)
		}
		if w.by {
			break
		}
	}
	return due
}

// makeUp returns the first working Saturday or Sunday from d's weekday on.
func (m *message) makeUp(d calendar.Date) calendar.Date {
	if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday {
		return d
	}
	for k := 0; k < 20; k++ {
		if c := d.Add(7 * k); m.p.workdays.IsWorkday(c) {
			return c
		}
	}
	return d
}

// title is the instruction without the verb, the date and the parties.
func (m *message) title() string {
	s := m.text
	ws := m.dates(ahead)
	for i := len(ws) - 1; i >= 0; i-- {
		s = s[:ws[i].start] + " " + s[ws[i].end:]
	}
	s = recurRe.ReplaceAllString(s, " ")
	s = createRe.ReplaceAllString(s, " ")
	s = titleNoise.ReplaceAllString(s, " ")
	if rest := strings.TrimSpace(sourceRe.ReplaceAllString(s, "")); len([]rune(rest)) > 3 {
		s = sourceRe.ReplaceAllString(s, "")
	}
	best := ""
	for _, c := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",。;:!\n ", r) }) {
		c = strings.TrimLeft(c, "在于要把")
		if n := len([]rune(c)); n > 1 {
			best += " " + c
		}
	}
	return present(best)
}
