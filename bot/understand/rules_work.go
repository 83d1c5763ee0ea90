package understand

import (
	"strconv"
	"strings"
	"time"

	"duban/internal/calendar"
)

var (
	delayRe   = compile(`延期|宽限|延长|推迟|延后|缓(?:一缓|几天|\d+天)|晚(?:几|\d+)天|顺延|延到|延至|延迟|往后(?:推|拖|延|挪)|再给(?:我们)?[^,。]{0,4}(?:天|周|月)|多给(?:我们)?[^,。]{0,3}天|拖(?:到|几天)|展期|放宽`)
	approveRe = compile(`同意|批准|准予|准许|准了|准延|批了|可以延|通过|许可|给他延|给延|延吧`)
	rejectRe  = compile(`不同意|莫批|别批|不要批|不给批|打回|退回|不批|不准|驳回|拒绝|不予|不通过|不能延|不许|不得|未通过|退回|没通过|不可以延|不行`)
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

// itemOr is the item named by number or in the quoted message, else by the words of s.
func (m *message) itemOr(s string) *TaskRef {
	if r := m.ref(); r != nil {
		return r
	}
	if kw := topic(s); len([]rune(kw)) > 1 {
		return &TaskRef{Keyword: kw}
	}
	return nil
}

// ref is the item named in the text or else in the quoted message.
func (m *message) ref() *TaskRef {
	if m.task != nil {
		return m.task
	}
	if m.quote != "" && len(hazardIDs(m.quote)) == 0 {
		return taskRef(m.quote)
	}
	return nil
}

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
		if kw := topic(m.text); kw != "" && !delayRe.MatchString(kw) {
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

var (
	returnRe = compile(`退回|打回|发回|让(?:他|她|他们)改|不予办结|不同意办结|不能办结|审核不|(?:审核|审查|审批)?(?:不通过|未通过|没通过|没过)|驳回|重做|重报|返工|重新(?:报|提交|办理)|不合格`)
	acceptRe = compile(`审核(?:已)?通过|审批通过|同意(?:办结|结项|销项|归档|报结)|准予(?:办结|结项)|(?:可以|准许)(?:办结|结项)|通过审核|^通过|通过[了。!]?$|验收(?:通过|合格)|办结同意|审核合格`)
)

func reviewTask(m *message) (Intent, bool) {
	if m.asks() || len(m.ids) > 0 && m.task == nil {
		return no()
	}
	explicit := has(m.text, "办结", "审核", "审批", "退回", "打回")
	if m.ref() == nil && (!explicit || m.runes() > 20) {
		return no()
	}
	if !returnRe.MatchString(m.text) && !acceptRe.MatchString(m.text) {
		return no()
	}
	return m.as(ReviewTask)
}

func (m *message) readTaskReview() Intent {
	s := Slots{Task: m.itemOr(reviewWords.ReplaceAllString(m.text, " ")), Text: m.body, Reason: reasonOf(m.text), Result: "pass"}
	words := fine.ReplaceAllString(m.text, " ")
	if returnRe.MatchString(words) || !acceptRe.MatchString(words) && has(words, "不", "没", "退", "重", "补", "缺") {
		s.Result = "fail"
	}
	return m.reportOf(s)
}

var reviewWords = compile(`审核|审批|通过|同意|办结|退回|打回|不|准予|可以|了`)

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

func (m *message) assisting() []string {
	var out []string
	for _, g := range coRe.FindAllStringSubmatch(m.text, 3) {
		words := g[1]
		if i := strings.LastIndex(words, "牵头"); i >= 0 {
			words = words[i:]
		}
		for _, one := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune("、和跟与", r) }) {
			if p, _, _ := partyIn(m.roster, one); p.Dept != "" || p.School != "" {
				out = append(out, p.Dept+p.School)
			}
		}
	}
	return out
}

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
