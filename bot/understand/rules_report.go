package understand

import (
	"fmt"
	"strings"
	"time"
)

var (
	sayRe = compile(`^(?:汇报|补报|报一下|报下|报个|更新|进度|进展|填报|上报进度|报进度|登记进度|反馈进度|报告|工作汇报|提交进度|填进度|上报|报)(?:[^,。:]{0,6}?)(?:进度|进展|一下|情况|昨天的|前天的|上周的)?[:, ]?`)

	openerRe   = compile(`^(?:那个|嗯|呃|,|，| )*(?:我|我们)?(?:这边|想|要|来)?(?:向|跟|给)?(?:您|你|领导|局里|股里|大家|办公室)?(?:汇报|报告|补报|补|报|说|讲|更新|填报|填|反馈|登记)(?:一)?(?:下|个|声|哈)*(?:工作)?(?:进度|进展|情况|困难|问题|喜)?(?:哈|啊|哦|呀|的)*(?:[:,， ]+|$)|^(?:那个|嗯|呃|,|，| )*(?:我|我们)?(?:想|要|来)?(?:向|跟|给)?(?:您|你|领导|局里)?(?:汇报|报告|讲|说|报)一?(?:下|声)(?:哈|啊|哦|呀)*[:,， ]*|^(?:这|那)(?:就)?是(?:的)?`)
	topicStart = []string{"更新一下进度", "更新进度", "更新一下", "更新", "汇报一下", "汇报进度", "汇报工作", "汇报", "报一下进度", "报一下", "报下", "报个进度", "报个", "补报昨天的", "补报上周的", "补报", "工作", "进度", "进展",
		"查一下", "查询一下", "查询", "查下", "查", "看一下", "看看", "看下", "看", "请问", "请", "那个", "这个", "关于", "我们学校的", "我们学校", "我们股室", "我们这边", "我们", "我校", "遇到困难", "遇到问题", "帮我", "一下", "我想", "就是", "说下", "说一下", "的", "了解", "昨天的", "报告", "上报", "申请延期", "申请", "延期", "拨付的"}
	topicEnd = compile(`[,。:;\n!? ]|已经|已|现在|目前|到哪|到什么|是哪|是什么|什么时候|啥时候|哪天|何时|几号|进展|进度|怎么样|完成|做完|搞完|办完|弄完|开完|的事情|的事|那条|那项|那个任务|这项|这条|任务|昨[天日]|今[天日早]|明天|上午|下午|上周|还没|没有|还有|正在|多久|截止|到期|之前|要完成|要交|受阻|卡在|卡住|结束|情况|预计|估计|大概|推进|最晚|最迟|谁|归谁|如何|咋|还差|就差|刚|全部|基本|按时|都|有没有|报了|交了|什么|啥|定在|改到|办到|搞到|了|是不是`)
)

// topic returns the words that name an item in a sentence without a number: the
// head of its first clause.
func topic(s string) string {
	s = blank(codeRe, s)
	s = trimPrefixes(s, fillers...)
	s = openerRe.ReplaceAllString(s, "")
	s = trimPrefixes(s, topicStart...)
	for strings.TrimSpace(s) != "" {
		loc := topicEnd.FindStringIndex(s)
		if loc == nil {
			break
		}
		if loc[0] > 0 {
			s = s[:loc[0]]
			break
		}
		s = trimPrefixes(s[loc[1]:], topicStart...)
	}
	s = strings.TrimSpace(s)
	for again := true; again; {
		again = false
		for _, w := range []string{"的", "是", "在", "也", "就", "呢", "那个", "这个", "工作", "项目", "那边", "我", "把"} {
			if t := strings.TrimSuffix(s, w); t != s && len([]rune(t)) > 3 {
				s, again = t, true
			}
		}
	}
	return head(s, 24)
}

var (
	blockedRe  = compile(`(?:遇到|有|碰到)困难|困难(?:是|:|很?大|很?多|重重)|难处|受阻|卡住|卡在|卡着|推不动|推进不了|推进不下去|无法推进|没法推进|搞不下去|没法(?:弄|做|开展|搞)|无法(?:开展|完成|按期|实施)|停滞|搁置|批不下来|没批|一直没(?:落实|批|到|定|解决)|没落实|经费(?:不足|不够|没到|缺口)|缺(?:经费|资金|人手)|进行不下去|有阻力|难以|暂停了|停工|协调不|(?:弄|搞|接|推|进|做|办|谈|走)不(?:动|进去|了|下去|成|通)|不认账|不配合|不肯|没办法|没法子|不给(?:回执|批|办|盖章)|排不出|没人手|搁(?:那|这|置)|租不到|没租到|招不到|(?:去|配|发|弄|办|谈)不(?:成|齐|下去|拢)|退回来|没批下来|嫌(?:钱少|远|贵)|谈崩|干等|联系不上|等不到`)
	notYetRe   = compile(`(?:还没|还没有|尚未|没有|未|没|都没)(?:来得及|顾上|空)?(?:开始|启动|动工|开工|开展|着手|弄|动手|做|搞|实施|动)`)
	underwayRe = compile(`在谈|在办|在做|在走|在弄|还有[^,。]{1,8}(?:没|未|在)|就差|还差|还剩|只剩|剩下|还缺|还没|尚未|未完|等(?:着|待)?[\p{Han}]{2,}|正在|预计|估计|准备|定在|阶段|进行|这一步|快(?:完|好|要|搞)|即将|一半|部分|初步|还在|开展中|推进中|推进|正|中$|还要|还需|下一步|大概|差不多|办到|做到|进入|启动|开始|着手|计划|争取`)
	doneRe     = compile(`\p{Han}(?:完|好|妥|齐)(?:了|啦)(?:$|[^\p{Han}])|\p{Han}(?:完|妥)(?:$|[,。! ])|完事|DONE|(?:交|报|发|定|签|打|寄|送|录|传|批|办|验收?)(?:上去|下来|出去|下去|过去|到[\p{Han}]{1,3}上)了(?:$|[^\p{Han}])|完成(?:了|啦|$|[,。! ])|已完成|完成(?:任务|验收|整改|交付|签约|建设)|(?:做|搞|办|弄|开|写|交|报|建|发|走|改|装|验收|考|修|刷|评|填|学|讲)(?:完|好)(?:了|毕|$|[,。! ])|(?:访|查|摸|排|装|验|收|签|考|测|培|训|贴|挂|铺|架|评|讲|学|看|走访|张贴|公示|排查|检查|整理|核对|登记|统计|落实)(?:完|好)了|已(?:搞|做|办|弄|贴|挂|签|装|归档|公示|完结|了结)(?:$|[,。! 了])|(?:演练|培训|活动|会议|检查|工作|比赛)(?:做|搞|开|办)了(?:$|[,。! ])|(?:做|搞|办|弄)了$|排好了|完毕|结束|办结|搞定|落实到位|完工|竣工|到位(?:了|$|[,。! ])|已(?:经)?(?:全部|都)?(?:上报|报送|提交|交|上|开展|举行|召开|印发|落实|举办|发放|办理|移交|交付|组织)(?:完|了|$|[,。! 局省市区教])|(?:上|交|报|开|办|发)了$|圆满|收官|全部(?:完成|上报|报送|提交|交齐|发放|签订|到位)|交齐|报齐|收齐`)
	negDone    = compile(`(?:没|未|没有|还没|尚未|不能|无法|才能|能|[^重主需首]要|将|(?:^|[^例大工长全教党务委部议校班周总结座年机社晚季商\p{Han}]|[就才都也还定可])会|可以|前|内|争取|预计|计划|[月年周本]底)(?:全部|按时|按期|如期)?$`)
)

// progressStatus reads how far a thing is; "" when the text does not say.
func progressStatus(s string, percent float64, hasPercent bool) string {
	switch {
	case blockedRe.MatchString(s):
		return "blocked"
	case notYetRe.MatchString(s) && !hasPercent && !underwayWork.MatchString(s):
		return "not_started"
	case hasPercent && percent >= 100:
		return "done"
	case hasPercent:
		return "in_progress"
	case underwayRe.MatchString(s):
		return "in_progress"
	case finished(s):
		return "done"
	}
	return ""
}

var underwayWork = compile(`就差|还差|还剩|只剩|已经?[\p{Han}]`)

func finished(s string) bool {
	for _, loc := range doneRe.FindAllStringIndex(s, 6) {
		if !negDone.MatchString(s[:loc[0]]) {
			return true
		}
	}
	return false
}

var bareDone = compile(`^(?:我|我们|这边|今天|全部|都|已经?|任务)*(?:完成|做完|搞完|办完|弄完|办好|搞定|做好|弄好|办结|完工|完毕|搞好|报完)(?:任务)?(?:了|啦)?$`)

// reportProgress takes a message with an item's number that is no question, and
// one that says it reports.
func reportProgress(m *message) (Intent, bool) {
	if bareDone.MatchString(m.core) {
		return m.as(ReportProgress)
	}
	says := sayRe.MatchString(m.core) || hasAnyPrefix(m.core, "遇到困难", "遇到问题")
	ref := m.ref()
	switch {
	case len(m.ids) > 0 && ref == nil:
		return no()
	case ref == nil && !says:
		return no()
	case ref != nil && (leftover(m.text) == "" && m.in.Attachments == 0 || has(m.text, "谁有", "发我", "原文")):
		return no()
	case ref == nil && m.asks(), ref == nil && has(m.core, "上报隐患"):
		return no()
	}
	if _, ok := m.progress(); ref == nil {
		kw := topic(m.text)
		if len([]rune(kw)) < 2 && !ok {
			if hasAnyPrefix(m.core, "汇报", "更新进度", "报进度", "报个进度", "填报") && m.runes() <= 8 {
				return m.as(ReportProgress)
			}
			return no()
		}
		if strings.HasPrefix(m.core, "上报") && !ok || strings.HasPrefix(m.core, "报") && !ok && !has(m.core, "进度", "一下", "报下") {
			return no()
		}
	}
	return m.as(ReportProgress)
}

// readProgress reads how far an item is: named by number, in the quoted message, or by
// words.
func (m *message) readProgress() Intent {
	if bareDone.MatchString(m.core) {
		return m.reportOf(Slots{Task: m.ref(), Status: "done", Text: m.body})
	}
	s, _ := m.progress()
	if s.Task = m.ref(); s.Task == nil {
		if kw := topic(reportOpen.ReplaceAllString(strings.TrimSpace(m.withoutDates(m.text)), "")); len([]rune(kw)) > 1 && !amountOnly.MatchString(kw) {
			s.Task = &TaskRef{Keyword: kw}
		}
	}
	if s.Status == "" && s.Figure == nil {
		s.Status = "in_progress"
	}
	return m.reportOf(s)
}

// amountOnly is a figure that stands where an item could be named.
var amountOnly = compile(`^[\d.%成半一大约差不多]+$`)

func (m *message) reportOf(s Slots) Intent {
	if s.Task == nil {
		return Intent{Slots: s, Missing: []string{"task_ref"}}
	}
	return Intent{Slots: s}
}

// reportOpen are words that open a report and say nothing of its matter.
var reportOpen = compile(`^(?:向?(?:各位)?(?:领导|局里|股里|局长|主任|股长)?(?:汇报|报告)(?:一下|下)?|跟(?:您|你|领导)说(?:一下|下)|说一下|说下|补一下|补个|情况是|进展)[:, ]*`)

// progress reads the figures, status and dates of a report; ok when there was
// anything of the kind.
func (m *message) progress() (s Slots, ok bool) {
	plain := withoutRefs(m.text)
	v, rate, share := percentOf(plain)
	if share && rate {
		s.Figure = &Figure{N: v, Unit: "%"}
	} else if share {
		s.Percent = &v
	}
	if s.Figure == nil {
		s.Figure = figureOf(m.withoutDates(plain))
	}
	s.Status = progressStatus(plain, v, share && !rate)
	if s.Status == "" && share && rate {
		s.Status = "in_progress"
	}
	if s.Status == "done" && !has(plain, "了", "已", "完毕", "圆满", "办结") && m.promised() {
		s.Status = "in_progress" // 22-9下周三弄完
	}
	s.Text = m.body
	s.Period = m.period()
	m.progressDates(&s)
	return s, share || s.Status != "" || s.Figure != nil
}

// promised reports whether a day ahead is named.
func (m *message) promised() bool {
	for _, w := range m.dates(ahead) {
		if w.to > m.today && w.kind != duration {
			return true
		}
	}
	return false
}

func withoutRefs(s string) string {
	s = blank(subRe, s)
	s = blank(codeRe, s)
	return pointRe.ReplaceAllString(s, " ")
}

func (m *message) withoutDates(s string) string {
	ws := m.reader(ahead).dates(s)
	for i := len(ws) - 1; i >= 0; i-- {
		s = s[:ws[i].start] + " " + s[ws[i].end:]
	}
	return s
}

func (m *message) progressDates(s *Slots) {
	if has(m.text, "补报", "补一下", "补个", "补上", "补交", "忘报", "忘记报", "忘了报", "漏报", "该报的") {
		for _, w := range m.dates(behind) {
			if w.kind == oneDay && w.to < m.today {
				s.ReportDate = w.to
				break
			}
		}
	}
	if s.Status == "done" {
		return
	}
	for _, w := range m.dates(ahead) {
		if w.to >= m.today && w.kind != duration && !(w.kind == stretch && w.from <= m.today) && (w.from != m.today || w.kind == within) {
			s.ETA = w.to
		}
	}
}

// period is the time a report stands for: an ISO week, or a stretch of days.
func (m *message) period() string {
	for _, w := range m.dates(behind) {
		named := m.text[w.start:w.end]
		switch {
		case w.kind == stretch && w.to.Sub(w.from) == 6 && has(named, "周", "星期", "礼拜"):
			y, week := w.from.At(12, 0, time.UTC).ISOWeek()
			return fmt.Sprintf("%d-W%02d", y, week)
		case w.kind == stretch && w.to.Sub(w.from) <= 31, has(named, "今天", "今日", "昨天", "昨日"):
			return DateRange{w.from, w.to}.String()
		}
	}
	return ""
}

var workNoun = compile(`方案|任务|工作|活动|培训|演练|会议|材料|报表|自查|改造|维修|项目|验收|总结|台账|清单|课题|建设|招标|采购|评选|遴选|资助|资金|名单|的事情|的事|那条|那项|那个|报告|计划|档案|签约|移交|公示|比赛|运动会|测评|监测|送教|研修|教研|党课|家访|备案|申报|手续|摸排|排查|整治|招生|专项|例会|考核|巡查|普查|体检|表`)

// progressByWords takes a report without number or opening word, when enough of
// the sentence speaks of work and how far it is. With known items the words
// must fit one of them or the sentence be clear by itself.
func progressByWords(m *message) (Intent, bool) {
	if m.asks() || len(m.ids) > 0 || has(m.text, "作业", "吃完", "偏难", "比分", "通知到位", "记者", "同学到", "下班") {
		return no()
	}
	s, ok := m.progress()
	if !ok {
		return no()
	}
	score := 0
	if m.done() || s.Percent != nil {
		score++
	}
	if regexpAny(m.text, underwayWork, blockedRe) || s.Status == "in_progress" && !s.ETA.IsZero() {
		score++
	}
	if workNoun.MatchString(m.text) {
		score++
	}
	if has(m.text, "我们", "这边", "已经", "已", "全部", "我校") {
		score++
	}
	if s.Status == "blocked" || s.Status == "not_started" {
		score++
	}
	kw := topic(m.text)
	if len([]rune(kw)) < 2 || score < 2 || !workNoun.MatchString(m.text) {
		return no()
	}
	return m.as(ReportProgress)
}

func regexpAny(s string, rs ...*pattern) bool {
	for _, r := range rs {
		if r.MatchString(s) {
			return true
		}
	}
	return false
}

// ack reads "seen" and "received" for a named thing, or for the one quoted.
func ack(m *message) (Intent, bool) {
	words := has(m.text, "签收", "已阅", "收到", "知道了", "知悉", "明白", "已收", "了解", "好的", "已知晓", "接收", "领受", "收悉")
	if !words || m.asks() || m.runes() > 26 || has(m.text, "未签收", "没签收", "签收率", "谁", "没收到", "未收到", "快递") {
		return no()
	}
	s := m.readAck().Slots
	if s.Task == nil && s.Hazard == nil && len(s.HazardIDs) == 0 {
		if m.quote == "" && (!has(m.text, "签收", "已阅") || m.runes() > 10) {
			return no()
		}
		return m.as(Ack)
	}
	if m.quote == "" && (m.done() || percentRe.MatchString(m.text)) {
		return no()
	}
	return m.as(Ack)
}

func (m *message) readAck() Intent {
	s := Slots{Task: m.ref()}
	s.refs(m.ids, "")
	named := func() bool { return s.Task != nil || s.Hazard != nil || len(s.HazardIDs) > 0 }
	if !named() && m.quote != "" {
		s.refs(hazardIDs(m.quote), "")
	}
	for _, w := range m.dates(ahead) {
		if w.to >= m.today && w.kind != duration {
			s.ETA = w.to
		}
	}
	if rest, ok := strings.CutPrefix(m.core, "签收"); ok && !named() && m.quote == "" {
		if kw := trimTopic(rest); len([]rune(kw)) > 1 {
			s.Task = &TaskRef{Keyword: kw}
		}
	}
	if !named() && m.quote == "" {
		return Intent{Slots: s, Missing: []string{"task_ref"}}
	}
	return Intent{Slots: s}
}
