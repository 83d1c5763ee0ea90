package understand

import (
	"strings"
)

// filters reads which state is asked for.
func (m *message) filters() []string {
	if !m.memo.filtered {
		m.memo.filtered, m.memo.filters = true, filtersOf(m.text)
	}
	return m.memo.filters
}

func filtersOf(s string) []string {
	var out []string
	for _, f := range []struct {
		name  string
		words []string
	}{
		{"yellow", []string{"黄灯", "亮黄", "黄牌", "黄色的", "黄的"}},
		{"red", []string{"红灯", "亮红", "红牌", "红色的", "红的"}},
		{"blue", []string{"蓝灯", "亮蓝"}},
		{"green", []string{"绿灯", "亮绿"}},
		{"stale", []string{"没动静", "没有动静", "没更新", "没有更新", "没进展", "没有进展", "没动过", "没人管", "未更新", "没汇报", "没反应", "停滞", "没动", "没人更新", "没人动"}},
	} {
		if has(s, f.words...) {
			out = append(out, f.name)
		}
	}
	if len(out) > 0 {
		return out
	}
	switch {
	case dueRe.MatchString(s) && byDate.MatchString(s) && !has(s, "逾期", "超期", "没交", "没报", "未报"):
		return []string{"due"}
	case has(s, "逾期", "超期", "拖期", "超时", "过期未", "过期没", "过期了没", "过期的任务", "到期没", "到期未", "已过期", "过了期"):
		return []string{"overdue"}
	case openRe.MatchString(s):
		return []string{"open"}
	case dueRe.MatchString(s):
		return []string{"due"}
	case has(s, "待签收", "未签收", "没签收"):
		return []string{"unsigned"}
	case has(s, "待审核", "待复查", "待审批"):
		return []string{"review"}
	case has(s, "已完成", "已办结", "办结的", "完成了的", "完成的", "已销号"):
		return []string{"done"}
	}
	return nil
}

// byDate says until when something is due.
var byDate = compile(`[日号底末初旬天周月期](?:之|以)?前|内`)

var (
	openRe = compile(`(?:没|未|没有|还没|尚未|待)(?:办结|完成|办完|做完|报|交|销号?|整改|办理?|闭环|处理|做|修|关闭|弄完|弄)|还欠|还剩|还压着|压着|挂着|欠(?:什么|哪些|着|的|几)|待办|剩(?:下)?(?:多少|几|哪些)|还(?:有|剩)(?:哪些|什么|几|多少)[^,。]{0,8}(?:没|未|任务|要做)|未完结|在办|进行中`)
	dueRe  = compile(`到期|要交|要报|该交|该报|截止|快到|临期|要完成|得交|得报|要做|前交|前报|内交|交什么|报什么|必须完成|要上交|到时间|完成哪些|要办`)
)

// scope reads whose items are asked for.
func (m *message) scope(s *Slots) {
	switch {
	case has(m.text, "我们股", "本股", "我股", "咱们股", "咱股", "我们科室", "我们室", "我们中心", "我们办", "本科室"):
		s.Scope = "dept_mine"
		return
	case has(m.text, "我的", "我们学校", "我们园", "我们幼儿园", "我们校", "我校", "我园", "本校", "咱们学校", "咱校", "我们单位", "我们这", "我这", "我还", "我有", "我今天", "我名下", "我手上", "我要", "我该", "我负责", "我们还", "我们有", "我现在", "学校还", "咱们", "我们要", "我本", "我这个", "我下", "我报", "我有几", "派给我", "我自己", "我手", "手头", "我逾期", "派了我"):
		s.Scope = "mine"
		return
	}
	if d, _, _ := sectionIn(m.roster, m.text, false); d != "" {
		s.ScopeDept = d
		return
	}
	if d, i, j := sectionIn(m.roster, m.text, true); d != "" && (i <= 6 || has(m.text[j:], "的任务", "还有", "有哪些", "几项", "手上", "那边")) {
		s.ScopeDept = d
		return
	}
	if has(m.text, "全区", "全局", "全部", "所有") {
		s.Scope = "all"
		return
	}
	s.School = m.schoolOf()
}

var (
	lookRe  = compile(`^(?:帮我|麻烦)?(?:查|看|列|显示|打开|调出|给我看|了解)(?:询|一下|下|一查|看|一看|出|个)?`)
	stateRe = compile(`到哪|哪一?1?步|怎么样|怎样|进展|状态|进度|情况|如何|有人管|处理了|处理没|整改了|整改没|修了没|修好了|修好没|搞好没|弄好没|办完没|完成没|完成了没|完了没|报了没|交了没|谁(?:负责|在|牵头|管|办)|啥情况|什么情况|咋样|动了没|程度|做完没|弄完没|搞完没|复查过?了?没|改好没|弄好没|销号了|销了没|修没|销没`)
	untilRe = compile(`哪天|什么时候|何时|几号|截止|期限|时限|到期|多久|几时|啥时候|最晚|最迟|多长时间`)
	ownerRe = compile(`谁(?:负责|牵头|管|办|在办|承办)|负责人|责任人|牵头(?:单位|股室)|哪个股室|归谁`)
)

func fieldOf(s string) string {
	switch {
	case ownerRe.MatchString(s):
		return "owner"
	case untilRe.MatchString(s):
		return "due"
	case stateRe.MatchString(s):
		return "status"
	}
	return ""
}

// listing reports whether s asks for a list.
func (m *message) listing() bool {
	return m.asks() || lookRe.MatchString(m.core) || hasAnySuffix(m.core, "清单", "列表", "列出来", "列一下", "列下", "名单", "任务", "事项", "的", "隐患", "到期", "逾期", "情况", "没", "单位", "台账", "列一列", "数") || has(m.text, "列一下", "列出", "有没有", "给我看", "清单", "名单", "发我", "列给", "拿来", "给我列")
}

var (
	taskSet   = compile(`^(?:查|看|查看|查询|看看|列出|看一下|显示)?(?:一下|下)?(?:我|我们|我们学校|我们园|本校|我校|我这边|我名下|我手上|我现在|我今天|今天|本周|这周|本月|全部|所有|全区|我们股室|我们股|本股室)?(?:还?有)?(?:的)?(?:哪些|什么|多少|几个)?(?:全部|所有|待办|督办|要办|没办|未办|今天|本周)?的?(?:任务|待办|督办事项|待办事项|督办任务|任务清单|任务列表|待办清单|待办任务|事项|清单|督办件|督办清单|活)(?:清单|列表|情况|有哪些|是什么|是哪些|有什么|有几个|有多少)?$`)
	mustAsk   = compile(`任务|待办|督办|事项|逾期|超期|到期|红灯|黄灯|蓝灯|办结|没动静|没更新|没报|要交|要报|该交|该报|还欠|未完成|没完成|要做|要完成|工作要点|未报|签收|待审核|以前交|之前交|前交|前报|前要|没交|进展|截止|在办|欠`)
	dateOnly2 = compile(`交的$|报的$|完成的$|的有$|到期的$`)
)

func queryTask(m *message) (Intent, bool) {
	if m.task == nil && taskSet.MatchString(strings.TrimRight(m.core, "? ")) {
		return m.as(QueryTask)
	}
	if m.task != nil {
		return queryOneTask(m)
	}
	if queryTaskList(m) || queryTaskByWords(m) {
		return m.as(QueryTask)
	}
	return no()
}

func (m *message) readTaskQuery() Intent {
	switch {
	case m.ref() != nil:
		return Intent{Slots: Slots{Task: m.ref(), Field: fieldOf(m.text)}}
	case taskSet.MatchString(strings.TrimRight(m.core, "? ")):
		s := Slots{Filter: m.filters(), Range: m.dueRange()}
		if m.scope(&s); s.Scope == "" && s.ScopeDept == "" {
			s.Scope = "mine"
		}
		return Intent{Slots: s}
	case m.stuckItem() != "":
		s := Slots{Task: &TaskRef{Keyword: m.stuckItem()}, Field: "status"}
		s.School = m.schoolOf()
		return Intent{Slots: s}
	case queryTaskList(m):
		return m.readTaskList()
	}
	if m.namesSet() {
		return m.readTaskList()
	}
	if kw := topic(m.text); len([]rune(kw)) > 1 && (fieldOf(m.text) != "" || len(m.filters()) == 0 && m.dueRange() == nil) {
		return Intent{Slots: Slots{Task: &TaskRef{Keyword: kw}, Field: fieldOf(m.text)}}
	}
	return m.readTaskList()
}

// namesSet reports whether a section's, one's own or a dated lot of items is asked for.
func (m *message) namesSet() bool {
	var s Slots
	m.scope(&s)
	lot := has(m.text, "任务", "事项", "手头", "手上", "派了", "派给", "活", "要交", "要报", "到期")
	return lot && (s.ScopeDept != "" || s.Scope != "" || m.dueRange() != nil && len(m.filters()) > 0)
}

// stuckItem is the item of which is asked why nothing is heard: 防溺水怎么还没动静.
func (m *message) stuckItem() string {
	if !stuckRe.MatchString(m.text) || listed.MatchString(m.text) || m.staleDays() > 0 {
		return ""
	}
	s := stuckRe.ReplaceAllString(m.text, " ")
	if name := m.schoolOf(); name != "" {
		s = strings.Replace(s, name, " ", 1)
	}
	if kw := topic(strings.TrimLeft(strings.TrimSpace(s), "那边里的")); len([]rune(kw)) > 1 {
		return kw
	}
	return ""
}

var stuckRe = compile(`(?:怎么|咋|为什么|为啥)?(?:一直|还|都|总)*(?:没有?|不见)(?:动静|进展|下文|消息|反应|声音|更新)(?:了|啊|呀|呢)?`)

// schoolOf is the school a question is about, by an everyday name too where 那边 or the
// like tells that a place is meant.
func (m *message) schoolOf() string {
	if n, _, _ := schoolIn(m.roster, m.text); n != "" {
		return n
	}
	if n, _, end := m.roster.schools.find(m.text, true); n != "" && hasAnyPrefix(m.text[end:], "那边", "那里", "这边", "那", "的", "他们") {
		return n
	}
	return ""
}

func queryOneTask(m *message) (Intent, bool) {
	asks := m.asks() && !has(m.text, "呢,") || lookRe.MatchString(m.core) || leftover(m.text) == "" ||
		hasAnySuffix(m.core, "进展", "进度", "状态", "情况", "详情", "截止时间", "时限", "了没", "期限", "内容", "原文")
	if !asks || percentRe.MatchString(m.text) {
		return no()
	}
	return m.as(QueryTask)
}

// leftover is what remains of a text without references and function words.
func leftover(s string) string {
	s = withoutLedger(s)
	s = blank(codeRe, s)
	s = pointRe.ReplaceAllString(s, " ")
	s = nearRe.ReplaceAllString(s, " ")
	return strings.Trim(strings.NewReplacer("任务", "", "督办", "", "隐患", "", "的", "", "第", "").Replace(s), " ,。?!:")
}

// queryTaskList reports whether a list of items is asked for.
func queryTaskList(m *message) bool {
	if !mustAsk.MatchString(m.text) || has(m.text, "隐患") || !m.listing() && !dateOnly2.MatchString(m.core) || m.runes() > 32 {
		return false
	}
	s := m.readTaskList().Slots
	if len(s.Filter) == 0 && !has(m.text, "任务", "待办", "事项", "督办") || m.told() {
		return false
	}
	if untilRe.MatchString(m.text) && has(m.text, "哪天", "什么时候", "何时", "几号", "多久") && topic(m.text) != "" {
		return false
	}
	return len(s.Filter) > 0 || s.Scope != "" || s.ScopeDept != "" || s.School != "" || lookRe.MatchString(m.core) || has(m.text, "哪些任务", "任务有哪些", "什么任务")
}

func (m *message) readTaskList() Intent {
	s := Slots{Filter: m.filters(), Range: m.dueRange()}
	if len(s.Filter) == 0 && s.Range != nil && !statusQuestion.MatchString(m.text) {
		s.Filter = []string{"due"}
	}
	m.scope(&s)
	if is(s.filter(), "stale") {
		s.StaleDays, s.Range = m.staleDays(), nil
	}
	if s.Scope == "" && s.ScopeDept == "" && s.School == "" && has(m.text, "要交", "要报", "该交", "该报", "要做", "待办", "交什么", "报什么") && !has(m.text, "之前要", "前要") {
		s.Scope = "mine"
	}
	if s.Range != nil && is(s.filter(), "overdue") {
		s.Range = nil
	}
	return Intent{Slots: s}
}

var (
	statusQuestion = compile(`进展|到哪|怎么样|完成没`)
	toldRe         = compile(`同学|教材|快递|教务处|作业|书费|学费|会员|驾照|身份证|保险|合同|疫苗|牛奶|食品|药|信用卡`)
)

// told reports sentences that speak of dates or overdue things outside this
// work.
func (m *message) told() bool { return toldRe.MatchString(m.text) && !has(m.text, "任务", "督办") }

func (s Slots) filter() string {
	if len(s.Filter) == 1 {
		return s.Filter[0]
	}
	return ""
}

func (m *message) staleDays() int {
	for _, w := range m.dates(ahead) {
		n := w.to.Sub(w.from)
		if has(m.text[w.start:w.end], "月") && n >= 28 {
			return n / 28 * 30
		}
		if n > 0 {
			return n
		}
	}
	return 0
}

// dueRange is the stretch in which something is due; a day marked 前 or a count
// of days begins today.
func (m *message) dueRange() *DateRange {
	for _, w := range m.dates(ahead) {
		switch {
		case w.kind == within, w.kind == duration, w.by && w.kind == oneDay:
			if w.to < m.today {
				return &DateRange{w.from, w.to}
			}
			return &DateRange{m.today, w.to}
		case w.by:
			return &DateRange{m.today, w.from.Add(-1)}
		default:
			return &DateRange{w.from, w.to}
		}
	}
	return nil
}

// queryTaskByWords reports whether one item is asked about by words.
func queryTaskByWords(m *message) bool {
	field := fieldOf(m.text)
	look := lookRe.MatchString(m.core)
	if field == "" && !look || !m.asksAbout() && !hasAnySuffix(m.core, "进展", "进度", "到哪了", "截止时间", "状态") || m.runes() > 32 || m.told() {
		return false
	}
	if has(m.text, "放学", "吃饭", "下班", "开学", "孩子", "天气", "放假", "作业") {
		return false
	}
	kw := topic(m.text)
	return len([]rune(kw)) >= 2 && !hasAnyPrefix(kw, "你", "我", "他", "她", "老师")
}
