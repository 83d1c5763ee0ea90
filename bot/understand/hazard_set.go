package understand

// setOf is what is left of the name of several hazards without its time and its school.
// Only whole messages match: 逾期未整改的消防隐患, 我们学校待复查的隐患有哪些.
var setOf = compile(`^(?:请|麻烦)?(?:帮我)?(?:查询|查看|查一下|看一下|看看|列出|列一下|查|看|列)?(?:全区|全局|全部|所有|各校|我们学校|我们园|我们单位|我校|我园|本校|本单位|学校|我们)?的?(?:内|里|中)?` +
	`((?:新增|新报|新上报|新发现|(?:上报|发现|登记)的|逾期|超期|未整改|没整改|没有整改|未销号|没销号|待整改|整改中|未完成|待复查|待签收|未签收|已销号|已整改|到期|要到期|快到期|挂牌|挂牌督办|了|还|的)*)` +
	`((?:消防|食品|校车交通|校车|交通|建筑设施|用电燃气|用电|燃气|防溺水|周边治安|实验室危化品|实验室|危化品|传染病卫生|宿舍|特种设备|网络安全|安防三防|拥挤踩踏|体育器材|校外活动|自然灾害)?(?:类|方面)?)的?` +
	`(重大|一般)?的?(?:安全)?隐患(?:清单|列表|列一下|有哪些|有几处|有几个|有几条|情况)?$`)

// hazardSet reads the bare name of several hazards, which the judgement takes for too
// many other things: it is a question, whatever words stand in it.
func hazardSet(m *message) (Intent, bool) {
	if m.task != nil || len(m.ids) > 0 || !m.namesHazards() {
		return no()
	}
	it := m.readHazardList()
	it.Command = QueryHazard
	return it, true
}

// namesHazards tells names of sets from the word 隐患 alone, which says nothing.
func (m *message) namesHazards() bool {
	rest, narrowed := m.text, false
	for dates := m.dates(behind); len(dates) > 0; dates = dates[:len(dates)-1] {
		w := dates[len(dates)-1]
		rest, narrowed = rest[:w.start]+rest[w.end:], true
	}
	if _, from, to := schoolIn(m.roster, rest); to > from {
		rest, narrowed = rest[:from]+rest[to:], true
	}
	g := setOf.FindStringSubmatch(rest)
	return g != nil && (narrowed || g[1]+g[2]+g[3] != "")
}
