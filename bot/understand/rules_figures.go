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
