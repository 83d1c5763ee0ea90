package understand

import (
	"strings"
	"unicode"
)

// overheard drops what was said in a group without naming the robot. Danger has
// been looked for already.
func overheard(m *message) (Intent, bool) {
	if m.in.Addressed {
		return no()
	}
	return Intent{Command: None, Confidence: 1}, true
}

func attachmentsOnly(m *message) (Intent, bool) {
	if m.in.Attachments == 0 || m.runes() > 0 {
		return no()
	}
	return do(Clarify, Slots{}, "intent")
}

// clarifyPicture asks what an attachment with words that say nothing is for.
func clarifyPicture(m *message) (Intent, bool) {
	if m.in.Attachments == 0 {
		return no()
	}
	return do(Clarify, Slots{}, "intent")
}

var (
	documentRe = compile(`^(?:\[?转发|转:|转载|FWD|【|关于[^\n]{2,60}(?:通知|通告|方案|函|意见|公告|通报|办法|要求)(?:\n|$|:|。))|现就有关事项|特此通知|现将有关(?:事项|要求)|[学园][校]?、[^\n]{0,20}幼儿园:\n|各(?:中小学|学校|县市区|乡镇)[^\n]{0,20}:\n`)
	orderRe    = compile(`^(?:上报隐患|隐患|汇报|立项|交办|新增任务|新建任务|导出|催办|绑定|零报告|匿名)`)
)

// isDocument recognises forwarded papers and news.
func isDocument(s string) bool { return documentRe.MatchString(s) }

func document(m *message) (Intent, bool) {
	if orderRe.MatchString(m.core) || !isDocument(m.text) {
		return no()
	}
	return Intent{Command: None}, true
}

// broadcast recognises words meant for other people.
func broadcast(m *message) (Intent, bool) {
	if orderRe.MatchString(m.core) || len(m.ids) > 0 || m.task != nil {
		return no()
	}
	to := has(m.text, "大家", "各位", "同志们", "老师们", "家长们", "同学们", "伙伴们", "@所有人", "@ALL", "谁有", "谁能发", "哪位", "谁知道")
	to = to || otherMention.MatchString(m.text) && !has(m.text, "催", "提醒", "转", "代办", "督促")
	to = to || has(m.text, "家长") && hasAnyPrefix(m.text, "老师", "您好", "你好") || has(m.text, "我是") && has(m.text, "家长,", "的家长", "妈妈,", "爸爸,")
	to = to || hasAnyPrefix(m.text, "领导批示", "局长批示", "领导指示", "转给大家")
	if !to {
		return no()
	}
	return Intent{Command: None}, true
}

// smallTalk recognises courtesies and what holds no word at all. With an open
// question or a quoted message the same words are answers.
func smallTalk(m *message) (Intent, bool) {
	talk := !strings.ContainsFunc(m.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if m.quote == "" {
		words := strings.FieldsFunc(m.core, func(r rune) bool { return strings.ContainsRune(" ,。!~\n、", r) })
		talk = talk || allCourtesy(words)
	}
	talk = talk || has(m.text, "催什么", "别催", "不要催", "催命", "催死", "烦死", "真累", "好累", "累死", "哈哈")
	if !talk || m.in.Attachments > 0 {
		return no()
	}
	return Intent{Command: None}, true
}

func allCourtesy(words []string) bool {
	for _, w := range words {
		if !is(strings.TrimRight(w, "哈呀啊吧哦啦了"), "收到", "好", "好的", "谢谢", "多谢", "感谢", "谢", "辛苦", "OK", "嗯", "嗯嗯", "哦", "行", "可以", "知道", "明白", "了解", "是", "是的", "不客气", "没事", "早上好", "晚上好", "中午好", "下午好", "早", "晚安", "再见", "拜拜", "赞", "不错", "很好", "老师", "领导", "您", "你", "给力", "厉害", "加油", "666", "1", "11", "好嘞", "没问题", "客气", "辛苦各位", "辛苦您", "谢谢您", "谢谢领导", "谢谢老师", "恭喜", "节日快乐", "收", "对不起", "不好意思", "抱歉", "在", "来", "哎", "唉") {
			return false
		}
	}
	return len(words) > 0
}

var helpTopics = []struct {
	topic Command
	words []string
}{
	{ReportHazard, []string{"报隐患", "上报隐患", "隐患上报", "报一个隐患", "提交隐患", "拍照上报"}},
	{HazardFix, []string{"整改完", "整改好", "整改情况", "整改回复", "反馈整改", "整改反馈", "报整改", "回复整改"}},
	{HazardClose, []string{"销号"}},
	{ZeroReport, []string{"零报告"}},
	{Extend, []string{"延期", "宽限"}},
	{Reassign, []string{"转派", "转办", "转给", "转交"}},
	{DelegateCancel, []string{"取消委托", "取消代办"}},
	{Delegate, []string{"委托", "代办人", "设代办", "代办"}},
	{Unbind, []string{"解绑"}},
	{Bind, []string{"绑定", "换绑", "绑"}},
	{Export, []string{"导出", "下载"}},
	{Urge, []string{"催办", "催"}},
	{QuietOff, []string{"恢复提醒"}},
	{Quiet, []string{"免打扰", "关闭提醒", "关提醒", "不提醒"}},
	{CreateTask, []string{"立项", "建任务", "新建任务", "新增任务", "交办"}},
	{Undo, []string{"撤回", "撤销", "改错"}},
	{ReviewTask, []string{"审核", "审批"}},
	{Ack, []string{"签收"}},
	{ReportProgress, []string{"汇报", "报进度", "填进度", "更新进度", "填报", "报进展", "上报进度", "提交进度"}},
	{Stats, []string{"统计"}},
	{QueryTask, []string{"查任务", "看任务", "查我的", "查进度", "查询"}},
	{Feedback, []string{"投诉", "提意见", "提建议"}},
}

var howRe = compile(`怎么(?:才能|样|去|来|操作)?|如何|怎样|咋(?:个)?|怎么样`)

// help answers greetings, bare question marks and "how do I".
func help(m *message) (Intent, bool) {
	core := strings.Trim(m.core, "? ")
	if core == "" && strings.Contains(m.text, "?") {
		return do(Help, Slots{})
	}
	if is(core, "帮助", "使用帮助", "在吗", "在不在", "在么", "在不", "使用说明", "说明", "说明书", "怎么用", "咋用", "如何使用", "怎么使用", "怎么操作", "操作说明", "操作指南", "使用手册", "功能", "有什么功能", "有哪些功能", "菜单", "你能做什么", "你能干什么", "你能干嘛", "能做什么", "你会什么", "你会做什么", "你有什么功能", "指令", "命令", "HELP", "命令列表", "有人吗", "使用方法", "你可以做什么", "支持哪些命令", "教程", "你是谁", "HI", "HELLO", "怎么弄", "能干啥", "你能干啥", "你会干嘛", "你会干啥", "你会做啥", "会什么", "干嘛用的", "你能帮我什么", "你能帮我做什么", "怎么玩", "怎么使", "有啥功能") {
		return do(Help, Slots{})
	}
	if m.text != "" && core == "" && has(m.text, "你好", "您好") {
		return do(Help, Slots{})
	}
	if m.task != nil || len(m.ids) > 0 || m.runes() > 20 {
		return no()
	}
	if !howRe.MatchString(m.text) && !has(m.text, "流程", "在哪里", "步骤", "教我", "教程", "方法") || has(m.text, "怎么还", "怎么办", "怎么又", "怎么没", "怎么样了", "怎么不", "怎么回事", "怎么老") {
		return no()
	}
	if m.helpTopic() == "" {
		return no()
	}
	return m.as(Help)
}

// helpTopic is the command that is asked about.
func (m *message) helpTopic() Command {
	if has(m.text, "隐患") && has(m.text, "上报", "报") && !has(m.text, "报的", "整改", "报了", "报过") {
		return ReportHazard
	}
	for _, t := range helpTopics {
		if has(m.text, t.words...) {
			return t.topic
		}
	}
	return ""
}

var (
	confirmRe = compile(`^(?:嗯+|好的?|对的?|行|可以|是的?|没错)?[, ]*(?:对+的?|是的|没错|确认|确定|就这个|就是这个|就是它|就这样|就这条|就是这条|提交|对头|无误|没问题|正确|是这个|是这条|都对|确认提交|确认无误)[, ]*(?:就这个|就是这个|提交吧?|确认|无误|没错|的|了|吧|就这样|发吧|继续|就是它|就这条|没问题)*$`)
	denyRe    = compile(`^(?:不对|不是的?|错了|搞错了|说错了|写错了|不,|不 |弄错了)[,!。 ]*(.*)$`)
	denyRest  = compile(`^(?:$|(?:不是)?(?:这|那)(?:个|条|项|处)|改|是|应该|应为|换|我说的|我要|重新|地点|类别|时间|不是)`)
	correctRe = compile(`(?:改成|改为|应该是|应为|换成|换为|我说的是|是)([^,。]+)$`)
	selectRe  = compile(`^(?:我?选|就|要|选择|是)?第?([1-9一二三四五六七八九])(?:个|号|吧)$|^(?:我?选|选择)第?([1-9一二三四五六七八九])(?:个|条|项|号)?$|^(?:选|就)第([1-9])(?:条|项)$`)
	selectKw  = compile(`^(?:就是|就要|选|我说的是|我指的是|是)(.{2,15}?)(?:的)?那(?:一)?(?:条|个|项|处)$`)
	cancelRe  = compile(`^(?:取消|算了|不弄了|退出|不报了|不填了|取消操作|放弃|先不报了?|不用了|停|停止|结束|不要了|不搞了|取消上报|取消汇报|取消填报|先这样|不办了|不提交了|不发了|终止|返回|先不弄了)(?:[, ]?(?:算了|取消|退出|不弄了|不报了|不用了|取消吧|先不报|了|吧|不要了|谢谢))*$`)
)

// dialogueWord recognises the words of an open dialogue. Whether there is one
// is the caller's to check: Confirm, Deny and Select mean nothing without.
func dialogueWord(m *message) (Intent, bool) {
	s := m.core
	switch {
	case m.runes() > 24:
		return no()
	case cancelRe.MatchString(s):
		return do(Cancel, Slots{})
	case confirmRe.MatchString(s):
		return do(Confirm, Slots{})
	}
	if n := ordinal(s); n > 0 {
		return do(Select, Slots{N: n})
	}
	if g := selectRe.FindStringSubmatch(s); g != nil {
		return do(Select, Slots{N: smallNumber(g[1] + g[2] + g[3])})
	}
	if g := selectKw.FindStringSubmatch(s); g != nil {
		return do(Select, Slots{Keyword: g[1]})
	}
	if g := denyRe.FindStringSubmatch(s); g != nil && denyRest.MatchString(g[1]) {
		return do(Deny, Slots{Correction: correction(g[1])})
	}
	return no()
}

var ordinalRe = compile(`^(?:就|选|要|是)+(\d)(?:号|个)?$|^(?:是|就是|就|选|要|应该是)?(?:第(\d)|头(1))(?:个|条|项|处)(?:才是|就是|是对的|吧|呀)?(?:[,， ].*)?$`)

// ordinal is the choice that a message names by its place.
func ordinal(s string) int {
	if g := ordinalRe.FindStringSubmatch(s); g != nil {
		return num(g[1] + g[2] + g[3])
	}
	return 0
}

func correction(s string) string {
	if g := correctRe.FindStringSubmatch(s); g != nil {
		return g[1]
	}
	if hasAnyPrefix(s, "这个", "这条", "不是这", "那个", "那条") {
		return ""
	}
	return s
}

// pendingAnswer reads short answers that only an open question gives a meaning.
func pendingAnswer(m *message) (Intent, bool) {
	if m.in.Pending == nil || m.runes() == 0 || m.runes() > 24 {
		return no()
	}
	if it, ok := dialogueWord(m); ok {
		return it, ok
	}
	if dropRe.MatchString(m.core) {
		return do(Cancel, Slots{})
	}
	s := strings.TrimRight(m.core, "的了")
	if is(s, "好", "是", "对", "可以", "行", "嗯", "嗯嗯", "OK", "要", "同意", "Y", "YES", "好嘞", "没问题", "对对", "中", "要得", "是啊") {
		return do(Confirm, Slots{})
	}
	if is(s, "不", "不是", "不要", "否", "NO", "N", "不行", "不可以", "没有") {
		return do(Deny, Slots{})
	}
	if n := m.in.Pending.Choices; n > 0 {
		return chosen(m, n)
	}
	return no()
}

// dropRe gives up what was asked about: 不签了, 先不延了.
var dropRe = compile(`^(?:那|先|还是|我)*(?:不|别)(?:用|要|想|再)?(?:签|延|报|转|办|弄|搞|填|发|催|立|建|合并|委托|绑|导出?|销|定|审|说|管|做|写)(?:了|吧|啦)+$`)

var choiceRe = compile(`^(?:选|第)*([1-9一二三])(?:个|条|项|号|处)?$`)

func chosen(m *message, choices int) (Intent, bool) {
	if g := choiceRe.FindStringSubmatch(m.core); g != nil {
		if n := smallNumber(g[1]); n <= choices {
			return do(Select, Slots{N: n})
		}
	}
	if hasAnySuffix(m.core, "那个", "那条", "那项", "那处") {
		return do(Select, Slots{Keyword: strings.TrimSuffix(m.core[:len(m.core)-len("那个")], "的")})
	}
	if is(m.core, "最后一个", "最后1个", "最后一条", "最后1条") {
		return do(Select, Slots{N: choices})
	}
	return no()
}
