package understand

import (
	"strings"
)

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
	if has(m.text, "挂牌") && len(s.Filter) == 0 {
		s.Filter = []string{"listed"}
	}
	switch {
	case has(m.text, "重大"):
		s.Level = "重大"
	case has(m.text, "一般隐患"):
		s.Level = "一般"
	}
	if c, n := categoryOf(strings.ReplaceAll(m.text, "隐患", "")); n >= 2 {
		s.Category = c
	}
	for _, c := range categoryWords {
		if c.category != catOther && strings.Contains(m.text, c.category) {
			s.Category = c.category
			break
		}
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
