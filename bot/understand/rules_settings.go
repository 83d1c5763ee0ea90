package understand

import (
	"strings"
	"time"

	"duban/internal/calendar"
)

var phoneRe = compile(`1[3-9]\d{9}`)

func unbind(m *message) (Intent, bool) {
	if m.runes() > 14 || !has(m.text, "解绑", "解除绑定", "取消绑定", "不绑了", "解除账号", "注销绑定") || m.asks() {
		return no()
	}
	return do(Unbind, Slots{})
}

var (
	bindRe   = compile(`绑定|换单位|换绑|改绑|重新绑|重绑|绑一下|绑下|帮我绑|绑个`)
	selfRe   = compile(`^(?:我是|我叫|本人)`)
	bindNoun = compile(`绑定|换绑|改绑|重新绑|重绑|新单位|新学校|帮我|绑一下|绑下|账号|手机号?|姓名|学校|单位|我是|我叫|本人|的|安全专干|校长|老师|教师|股长|园长|主任|负责人|一下|到|[:,，。 \n]+|1[3-9]\d{9}`)
)

// bind reads who somebody is. Without a name or a unit nothing in a sentence
// with 绑定 says that it is about this account, unless the word stands alone.
func bind(m *message) (Intent, bool) {
	named := bindRe.MatchString(m.text)
	self := selfRe.MatchString(m.core) && !has(m.text, "家长", "妈妈", "爸爸", "爷爷", "奶奶", "来", "想", "怎么", "吗")
	if !named && !self || has(m.text, "大家", "怎么", "如何", "医保", "银行卡", "微信支付") {
		return no()
	}
	it := m.readBind()
	if s := it.Slots; self && !named && (s.School == "" || s.Name == "") || len(it.Missing) == 2 && m.runes() > 6 {
		return no()
	}
	return m.as(Bind)
}

func (m *message) readBind() Intent {
	s := Slots{Rebind: has(m.text, "换单位", "换绑", "改绑", "重新绑", "重绑", "新单位"), Phone: phoneRe.FindString(m.text)}
	school, from, to := schoolIn(m.roster, bindRe.ReplaceAllString(m.text, " "))
	rest := bindRe.ReplaceAllString(m.text, " ")
	if school != "" {
		s.School = school
		rest = rest[:from] + " " + rest[to:]
	} else if dept, from, to := sectionIn(m.roster, rest, false); dept != "" {
		s.School = dept
		rest = rest[:from] + " " + rest[to:]
	}
	s.Name = nameIn(m.roster, bindNoun.ReplaceAllString(rest, " "))
	var missing []string
	if s.Name == "" && !s.Rebind {
		missing = append(missing, "name")
	}
	if s.School == "" {
		missing = append(missing, "school")
	}
	return Intent{Slots: s, Missing: missing}
}

func nameIn(r *Roster, s string) string {
	for _, w := range strings.Fields(s) {
		if n := len([]rune(w)); n >= 2 && n <= 4 && strings.ContainsAny(string([]rune(w)[:1]), surnames) {
			return w
		}
	}
	n, _, _ := personIn(r, s)
	return n
}

var (
	quietRe    = compile(`免打扰|勿扰|别打扰|不要打扰|别(?:再)?(?:给我)?(?:提醒|推送|发消息|发信息|发提醒|发通知|吵)|(?:不要|不用|先别|莫|甭|停止|暂停|不想)(?:再)?(?:给我|跟我|向我)?(?:提醒|推送|发消息|发提醒|发信息|通知)|静音|(?:关闭|关掉|停掉|暂停)(?:所有)?(?:提醒|推送|通知)|安静(?:一下|会|点)`)
	quietOffRe = compile(`恢复(?:正常)?(?:提醒|推送|通知)|(?:取消|关闭|解除|退出|结束|关掉)(?:了)?(?:免打扰|勿扰|静音)|(?:可以|请|重新|开始)?继续(?:给我)?(?:提醒|推送)|(?:重新|可以|打开|开启|开始|启用)(?:给我|再)?(?:提醒|推送|通知)(?:我|了|$)|(?:免打扰|勿扰|静音)(?:模式)?[^,。]{0,4}(?:取消|关掉|关闭|关了|结束|解除|不用了|停了|退出|撤了)`)
	clockRe    = compile(`(上午|下午|晚上|早上|中午|凌晨|早|晚)?(\d{1,2})(?:[点时](半|钟|整)?(\d{1,2})?|:(\d{2}))`)
	hoursRe    = compile(`(\d{1,2}|半)个?(?:小时|钟头)`)
)

// quiet reads times of rest: until an hour, for some hours, or through a day or
// stretch, which ends with its last midnight.
func quiet(m *message) (Intent, bool) {
	if quietOffRe.MatchString(m.text) && !has(m.text, "不要", "别", "怎么") {
		return do(QuietOff, Slots{})
	}
	if !quietRe.MatchString(m.text) || has(m.text, "投诉", "建议", "能不能少", "怎么") {
		return no()
	}
	if m.task != nil || len(m.ids) > 0 {
		return no()
	}
	return m.as(Quiet)
}

func (m *message) quietUntil() time.Time {
	loc := m.in.Now.Location()
	if g := hoursRe.FindStringSubmatch(m.text); g != nil {
		if g[1] == "半" {
			return m.in.Now.Add(30 * time.Minute)
		}
		return m.in.Now.Add(time.Duration(num(g[1])) * time.Hour)
	}
	var last calendar.Date
	for _, w := range m.dates(ahead) {
		last = w.to
		if w.kind == duration || w.kind == within {
			last = w.to.Add(-1)
		}
	}
	if g := clockRe.FindStringSubmatch(m.text); g != nil {
		if last == 0 {
			last = m.today
		}
		t := last.At(hourOf(g), minuteOf(g), loc)
		if last == m.today && g[1] == "" && t.Hour() < 12 && (t.Before(m.in.Now) || t.Hour() < 6) { // 三点以后再找我
			t = t.Add(12 * time.Hour)
		}
		if t.Before(m.in.Now) {
			t = t.AddDate(0, 0, 1)
		}
		return t
	}
	if last == 0 {
		return time.Time{}
	}
	if has(m.text, "直到", "到明天", "到后天", "到下") && last > m.today {
		return last.At(0, 0, loc)
	}
	return last.Add(1).At(0, 0, loc)
}

func hourOf(g []string) int {
	h := num(g[2])
	if is(g[1], "下午", "晚上", "晚", "中午") && h < 12 && !(g[1] == "中午" && h > 10) {
		h += 12
	}
	return h
}

func minuteOf(g []string) int {
	if g[3] == "半" {
		return 30
	}
	return num(g[4] + g[5])
}

// grumble is a complaint about the robot itself.
var grumble = compile(`(?:机器人|系统|小程序|助手|软件|平台)[^。]{0,12}(?:烦|吵|难用|不好用|太慢|卡|笨|傻|没用|出错|有问题|老是|总是)|(?:消息|提醒|推送|通知)[^。]{0,8}(?:太多|太频繁|烦|吵|刷屏)|能不能(?:少|别老|不要老)[^。]{0,6}(?:推|发|提醒)|希望(?:能|增加|改进|改一下|少)[^。]{0,16}(?:功能|消息|提醒|推送|界面|填)`)

func feedback(m *message) (Intent, bool) {
	if hasAnyPrefix(m.core, "投诉", "建议", "反馈个问题", "反馈一个问题", "反馈1个问题", "反馈问题", "反馈个", "反馈意见", "意见反馈", "问题反馈", "提个建议", "提个意见", "提建议", "提意见", "提1个", "提一个建议", "吐槽", "意见:", "BUG", "系统问题", "反馈:", "反馈 ") ||
		has(m.text, "投诉建议", "我要投诉", "提个意见", "提个建议", "提点意见", "提点建议", "有个建议", "有个意见", "吐槽一下") || grumble.MatchString(m.text) {
		if len(m.ids) == 0 && m.task == nil {
			return m.as(Feedback)
		}
	}
	return no()
}

var (
	undoRe = compile(`撤销|撤回|(?:上1?一?条|上1?一?个|刚才|刚刚|刚|前面|上面|上次)[^,。]{0,10}(?:发错|错了|作废|搞错|填错|报错|写错|不算|弄错|打错|删)|(?:发|填|报|写|搞|弄|打)错了[, ]*(?:作废|撤|删|不算|取消|重来)|上一步`)
)

func undo(m *message) (Intent, bool) {
	if m.runes() > 24 || len(m.ids) > 0 || m.task != nil || m.asks() || has(m.text, "挂牌", "延期", "委托", "代办") || !undoRe.MatchString(m.text) {
		return no()
	}
	return do(Undo, Slots{})
}

var (
	delegateOffRe = compile(`(?:取消|结束|终止|撤销|收回|停止|解除|撤掉)(?:掉|了)?[^,。]{0,6}(?:委托|代办|代理|授权)|(?:委托|代办|代理)[^,。]{0,4}(?:取消|结束|终止|撤销|收回|停|作废|到此为止|不算|解除)|不用[^,。]{0,5}代(?:办|我|理)?了`)
	delegateRe    = compile(`代办人|代理人|(?:由|让|请|找|叫|给|托|委托)[^,。]{1,6}?(?:代办|代我|代理|代为|替我|帮我(?:办|处理|签|报|看|管|盯)|代班|顶(?:一下|我|替)|暂代|代处理|代签|代管|接手|全权|处理|负责|代)|委托(?:给)?|[^,。]{2,4}代我|(?:转|交)给?[^,。]{2,4}代`)
	absentRe      = compile(`请假|出差|外出|培训|学习|休假|产假|病假|年假|开会|不在|住院|离岗|挂职|跟岗|期间|这段时间|考察`)
)

// delegate reads who stands in for the sender, and from when to when.
func delegate(m *message) (Intent, bool) {
	if delegateOffRe.MatchString(m.text) && !m.asks() {
		return do(DelegateCancel, Slots{})
	}
	if !delegateRe.MatchString(m.text) || m.task != nil || m.asks() {
		return no()
	}
	if !has(m.text, "代", "替我", "委托", "顶") && !absentRe.MatchString(m.text) {
		return no()
	}
	if to := m.standIn(); to.IsZero() && !hasAnyPrefix(m.core, "委托", "代办人", "设代办") {
		return no()
	}
	return m.as(Delegate)
}

// standIn is who is named to stand in.
func (m *message) standIn() Party {
	text := m.text
	if loc := delegateRe.FindStringIndex(m.text); loc != nil {
		text = m.text[loc[0]:]
	}
	rest := strings.NewReplacer("代办人", " ", "代理人", " ", "设为", " ", "设成", " ", "改为", " ", "改成", " ", "委托", " ", "由", " ", "让", " ", "请假", "  ").Replace(text)
	to, _, _ := partyIn(m.roster, rest)
	if to.IsZero() {
		to, _, _ = partyIn(m.roster, m.text)
	}
	return to
}

func (m *message) readDelegate() Intent {
	s := Slots{To: m.standIn(), Range: m.absence()}
	switch {
	case s.To.IsZero():
		return Intent{Slots: s, Missing: []string{"to"}}
	case s.Range == nil:
		return Intent{Slots: s, Missing: []string{"range"}}
	}
	return Intent{Slots: s}
}

// absence is the stretch of a delegation: two dates, a stretch, some days from
// a date or from today, or from today to a date.
func (m *message) absence() *DateRange {
	ws := m.dates(ahead)
	switch {
	case len(ws) == 0:
		return nil
	case len(ws) >= 2 && ws[1].kind == duration && ws[0].kind == oneDay:
		return &DateRange{ws[0].from, ws[0].from.Add(ws[1].to.Sub(ws[1].from) - 1)}
	case len(ws) >= 2 && ws[0].kind == oneDay && ws[1].kind == oneDay && ws[1].to > ws[0].from:
		return &DateRange{ws[0].from, ws[1].to}
	}
	w := ws[0]
	switch {
	case w.kind == duration || w.kind == within:
		return &DateRange{m.today, w.to.Add(-1)}
	case w.kind == stretch:
		return &DateRange{max(w.from, m.today), w.to}
	case w.by || hasAnySuffix(m.text[:w.start], "到", "至", "直到", "截至"):
		return &DateRange{m.today, w.to}
	}
	return &DateRange{w.from, w.to}
}
