package understand

import (
	"strings"

	"duban/internal/calendar"
)

var exportRe = compile(`导出|导成|下载|导一份|导个|导一下|(?:生成|做成|发|给|要|弄|出)[^,。]{0,10}(?:EXCEL|表格|WORD|PDF|电子表)|打印`)

func export(m *message) (Intent, bool) {
	if !exportRe.MatchString(m.text) || howRe.MatchString(m.text) || has(m.text, "吗") && !has(m.text, "能", "可以") || has(m.text, "打印机", "打印店") {
		return no()
	}
	if !has(m.text, "台账", "隐患", "任务", "清单", "逾期", "督办", "数据", "统计", "汇总", "进度", "记录", "报表", "整改", "完成情况", "名单", "月报", "周报", "日报", "月", "全部", "所有", "表", "事项") {
		return no()
	}
	return m.as(Export)
}

func (m *message) readExport() Intent {
	s := Slots{What: "all", Format: "xlsx", Range: m.statRange(), Filter: m.filters()}
	switch {
	case has(m.text, "隐患"):
		s.What = "hazard"
	case has(m.text, "任务", "督办", "逾期", "事项"):
		s.What = "task"
	}
	switch {
	case has(m.text, "WORD", "DOC"):
		s.Format = "docx"
	case has(m.text, "PDF"):
		s.Format = "pdf"
	case has(m.text, "CSV"):
		s.Format = "csv"
	}
	if s.What == "hazard" {
		if c, n := categoryOf(strings.ReplaceAll(m.text, "隐患", "")); n >= 3 {
			s.Category = c
		}
		if has(m.text, "重大") {
			s.Level = "重大"
		}
	}
	s.Task = m.task
	m.scope(&s)
	return Intent{Slots: s}
}

var digestRe = compile(`(日报|周报|月报|简报|早报)(?:$|[,? 。]|[发给看来呢吗出拿在])`)

func digest(m *message) (Intent, bool) {
	g := digestRe.FindStringSubmatch(m.core)
	if g == nil || m.runes() > 22 || m.task != nil || has(m.text, "湖南日报", "益阳日报", "人民日报", "日报社", "写完", "交了", "提交", "每") {
		return no()
	}
	return m.as(Digest)
}

func (m *message) readDigest() Intent {
	for _, w := range m.dates(behind) {
		return Intent{Slots: Slots{Range: &DateRange{w.from, w.to}}}
	}
	kind := "日报"
	if g := digestRe.FindStringSubmatch(m.core); g != nil {
		kind = g[1]
	} else if has(m.text, "周报", "一周") {
		kind = "周报"
	} else if has(m.text, "月报") {
		kind = "月报"
	}
	return Intent{Slots: Slots{Range: m.reader(behind).standing(kind)}}
}

// standing is the period of a digest that was asked for without a date.
func (r reader) standing(kind string) *DateRange {
	switch kind {
	case "周报":
		from := monday(r.today)
		return &DateRange{from, from.Add(6)}
	case "月报":
		y, mon, _ := r.today.YMD()
		from := calendar.Of(y, mon, 1)
		return &DateRange{from, from.MonthEnd()}
	}
	return &DateRange{r.today, r.today}
}

// statRange is the stretch a figure is wanted for. Terms and years end today.
func (m *message) statRange() *DateRange {
	dates := m.dates(behind)
	if len(dates) == 0 {
		return nil
	}
	w := dates[0]
	if w.to.Sub(w.from) > 31 && w.to > m.today && w.from <= m.today && !strings.Contains(m.text[w.start:w.end], "季") {
		w.to = m.today
	}
	if w.kind == duration {
		w.from, w.to = m.today.Add(-w.to.Sub(w.from)), m.today
	}
	return &DateRange{w.from, w.to}
}

var statRe = compile(`百分之(?:几|多少)|几成|比例|哪类|按(?:类别|类型|学校|股室|单位|月)[^,。]{0,4}(?:分|列|统计|看)|统计|完成率|整改率|办结率|及时率|逾期率|上报率|销号率|签收率|通报|排名|汇总|占比|对比|完成情况|报送情况|分析|数据|(?:一共|总共|共|累计|合计)[^,。]{0,12}(?:多少|几)|(?:上报|报了|新增|整改|完成|办结|逾期|发现|销号)了?(?:多少|几)(?:个|处|条|项|件|起)?|多少(?:个|处|条|项|件)?(?:隐患|任务|事项)`)

func stats(m *message) (Intent, bool) {
	if !statRe.MatchString(m.text) || m.task != nil || len(m.ids) > 0 || m.runes() > 30 || hasAnyPrefix(m.core, "汇报", "上报") {
		return no()
	}
	rate := m.rate()
	if !rate && !m.asks() && !m.wantsFigures() {
		return no()
	}
	if rate && !has(m.text, "隐患", "整改", "完成", "办结", "逾期", "及时", "排名", "对比", "统计", "通报") {
		return no()
	}
	return m.as(Stats)
}

func (m *message) readStats() Intent {
	s := Slots{Range: m.statRange(), Filter: m.filters()}
	hazards, rate := has(m.text, "隐患", "整改"), m.rate()
	switch {
	case hazards && rate:
		s.Statistic = "hazard_fix_rate"
	case rate && (has(m.text, "完成", "办结") || !has(m.text, "逾期", "及时", "签收", "上报")):
		s.Statistic = "completion_rate"
	case rate && has(m.text, "逾期", "及时"):
		s.Statistic = "overdue_rate"
	case hazards:
		s.Statistic = "hazard_count"
	case has(m.text, "完成情况", "完成了多少", "办结了多少", "完成多少"):
		s.Statistic = "completion_rate"
	case has(m.text, "任务", "事项", "督办"):
		s.Statistic = "task_count"
	}
	switch {
	case has(m.text, "各股室", "按股室", "分股室", "每个股室", "股室排名", "股室之间", "哪个股室"):
		s.GroupBy = "dept"
	case has(m.text, "各校", "各学校", "按学校", "分学校", "每个学校", "哪个学校"):
		s.GroupBy = "school"
	case has(m.text, "单位"):
		s.GroupBy = "unit"
	case has(m.text, "类别", "类型", "分类", "各类", "哪类", "哪一类"):
		s.GroupBy = "category"
	}
	if has(m.text, "通报") {
		s.Form = "bulletin"
	}
	if hazards {
		if c, n := categoryOf(strings.ReplaceAll(m.text, "隐患", "")); n >= 4 {
			s.Category = c
		}
	}
	m.scope(&s)
	return Intent{Slots: s}
}

// rate reports whether a share is asked for.
func (m *message) rate() bool {
	return has(m.text, "率", "占比", "百分之几", "百分之多少", "几成", "比例")
}

// wantsFigures tells a request for figures from talk that mentions them.
func (m *message) wantsFigures() bool {
	return hasAnyPrefix(m.core, "统计", "汇总", "通报", "看", "查", "给我", "出", "来", "发", "各", "本", "上", "今", "全") ||
		hasAnySuffix(m.core, "统计", "汇总", "排名", "数据", "情况", "对比", "统计下", "分析", "通报") || has(m.text, "统计一下", "汇总一下", "统计下", "帮我统计", "按类别", "按学校", "按股室", "按类型", "按单位")
}

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
		{"stale", []string{"没动静", "没有动静", "没更新", "没有更新", "没进展", "没有进展", "没动过", "没人管", "未更新", "没汇报", "没反应", "停滞", "没动"}},
	} {
		if has(s, f.words...) {
			out = append(out, f.name)
		}
	}
	if len(out) > 0 {
		return out
	}
	switch {
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

var (
	openRe = compile(`(?:没|未|没有|还没|尚未|待)(?:办结|完成|办完|做完|报|交|销号|整改|办理?|闭环|处理|做|修|关闭|弄完|弄)|还欠|还剩|还压着|压着|挂着|欠(?:什么|哪些|着|的|几)|待办|剩(?:下)?(?:多少|几|哪些)|还(?:有|剩)(?:哪些|什么|几|多少)[^,。]{0,8}(?:没|未|任务|要做)|未完结|在办|进行中`)
	dueRe  = compile(`到期|要交|要报|该交|该报|截止|快到|临期|要完成|得交|得报|要做|前交|前报|内交|交什么|报什么|必须完成|要上交|到时间|完成哪些|要办`)
)

// scope reads whose items are asked for.
func (m *message) scope(s *Slots) {
	switch {
	case has(m.text, "我们股", "本股", "我股", "咱们股", "咱股", "我们科室", "我们室", "我们中心", "我们办", "本科室"):
		s.Scope = "dept_mine"
		return
	case has(m.text, "我的", "我们学校", "我们园", "我们幼儿园", "我们校", "我校", "我园", "本校", "咱们学校", "咱校", "我们单位", "我们这", "我这", "我还", "我有", "我今天", "我名下", "我手上", "我要", "我该", "我负责", "我们还", "我们有", "我现在", "学校还", "咱们", "我们要", "我本", "我这个", "我下", "我报", "我有几", "派给我", "我自己", "我手"):
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
	if n, _, _ := schoolIn(m.roster, m.text); n != "" {
		s.School = n
	}
}

var (
	lookRe  = compile(`^(?:帮我|麻烦)?(?:查|看|列|显示|打开|调出|给我看|了解)(?:询|一下|下|一查|看|一看|出|个)?`)
	stateRe = compile(`到哪|哪一?1?步|怎么样|怎样|进展|状态|进度|情况|如何|有人管|处理了|处理没|整改了|整改没|修了没|修好了|修好没|搞好没|弄好没|办完没|完成没|完成了没|完了没|报了没|交了没|谁(?:负责|在|牵头|管|办)|啥情况|什么情况|咋样|动了没|程度|做完没|弄完没|搞完没|复查过?了?没|改好没|弄好没`)
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
	return m.asks() || lookRe.MatchString(m.core) || hasAnySuffix(m.core, "清单", "列表", "列出来", "列一下", "列下", "名单", "任务", "事项", "的", "隐患", "到期", "逾期", "情况", "没", "单位", "台账", "列一列", "数") || has(m.text, "列一下", "列出", "有没有", "给我看", "清单", "名单", "发我看")
}

func queryHazard(m *message) (Intent, bool) {
	if len(m.ids) > 0 {
		bare := leftover(m.text) == ""
		if !bare && !m.asks() && !lookRe.MatchString(m.core) && !hasAnySuffix(m.core, "情况", "状态", "进度", "进展", "详情") {
			return no()
		}
		return m.as(QueryHazard)
	}
	if m.task != nil {
		return no()
	}
	if m.asksHazards() {
		if has(m.text, "累", "烦") || m.wrong() && !m.asks() && !lookRe.MatchString(m.core) && len(m.filters()) == 0 {
			return no()
		}
		return m.as(QueryHazard)
	}
	if m.asksHazard() && hazardKeyword(m.text) != "" {
		return m.as(QueryHazard)
	}
	return no()
}

// asksHazards reports whether a list of hazards is asked for.
func (m *message) asksHazards() bool {
	return has(m.text, "隐患", "整改") && m.listing() &&
		(m.asks() || lookRe.MatchString(m.core) || len(m.filters()) > 0 || has(m.text, "清单", "列", "台账") || m.runes() <= 12) &&
		!fileRe.MatchString(m.core+" ") && !fileVerb.MatchString(m.core)
}

// asksHazard reports whether one hazard is asked about by words.
func (m *message) asksHazard() bool {
	return stateRe.MatchString(m.text) && m.asksAbout() && has(m.text, "报的", "报过", "上报", "有人管", "修好", "修了", "修没", "整改", "处理了", "处理没")
}

func (m *message) readHazardQuery() Intent {
	if len(m.ids) > 0 {
		s := Slots{Field: fieldOf(m.text)}
		s.refs(m.ids, "")
		return Intent{Slots: s}
	}
	if kw := m.hazardWords(); kw != "" && !listed.MatchString(m.text) && (!m.asksHazards() || pointed.MatchString(m.text) && !is(kw, "我的", "我们学校")) && len(m.filters()) == 0 {
		if c := officialCategory(kw); c == "" {
			return Intent{Slots: Slots{Hazard: &HazardRef{Keyword: kw}, Field: "status"}}
		}
	}
	return m.readHazardList()
}

func (m *message) asksAbout() bool {
	return m.asks() || hasAnySuffix(m.core, "没", "没有", "情况", "进展") || lookRe.MatchString(m.core)
}

func (m *message) readHazardList() Intent {
	s := Slots{Filter: m.filters()}
	switch {
	case has(m.text, "重大"):
		s.Level = "重大"
	case has(m.text, "一般隐患"):
		s.Level = "一般"
	}
	if c, n := categoryOf(strings.ReplaceAll(m.text, "隐患", "")); n >= 2 {
		s.Category = c
	}
	if has(m.text, "全区", "全局") {
		s.Scope = "all"
	} else {
		m.scope(&s)
	}
	if rest := hazardKeyword(m.text); rest != "" && s.School == "" && s.Category != "" && stateRe.MatchString(m.text) && len(s.Filter) == 0 {
		s.Hazard = &HazardRef{Keyword: rest}
	}
	s.Range, s.Field = m.statRange(), ""
	if stateRe.MatchString(m.text) && s.Hazard != nil {
		s.Field = "status"
	}
	return Intent{Slots: s}
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
	case queryTaskList(m):
		return m.readTaskList()
	}
	if kw := topic(m.text); len([]rune(kw)) > 1 && (fieldOf(m.text) != "" || len(m.filters()) == 0 && m.dueRange() == nil) {
		return Intent{Slots: Slots{Task: &TaskRef{Keyword: kw}, Field: fieldOf(m.text)}}
	}
	return m.readTaskList()
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
