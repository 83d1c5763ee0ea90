package understand

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// hazardKeyword returns the first thing named that hazards are about.
func hazardKeyword(s string) string {
	at, kw := len(s), ""
	for _, c := range categoryWords {
		for _, w := range c.words {
			if utf8.RuneCountInString(w) < 2 || is(w, "请假", "登记", "卫生", "司机", "通道", "系统", "用电") {
				continue
			}
			if i := strings.Index(s, w); i >= 0 && (i < at || i == at && len(w) > len(kw)) {
				at, kw = i, w
			}
		}
	}
	if kw == "" {
		kw = placeOf(s)
	}
	return kw
}

// refs sets the reference of a hazard command from numbers, or from words.
func (s *Slots) refs(ids []int, kw string) bool {
	if len(ids) > 1 {
		s.HazardIDs = ids
		return true
	}
	s.Hazard = hazardRef(ids, kw)
	return s.Hazard != nil
}

// aboutHazard completes what is said of a hazard with which one is meant: by number,
// by the quoted message, or by words.
func (m *message) aboutHazard(s Slots) Intent {
	if s.refs(looseHazardIDs(m.text), "") || s.refs(hazardIDs(m.quote), "") {
		return Intent{Slots: s}
	}
	if s.refs(nil, m.hazardWords()) {
		return Intent{Slots: s}
	}
	return Intent{Slots: s, Missing: []string{"hazard_ref"}}
}

// ofHazard is as for verbs that hazards alone have; item codes rule it out.
func (m *message) ofHazard(c Command) (Intent, bool) {
	if m.task != nil && len(m.ids) == 0 {
		return no()
	}
	return m.as(c)
}

var (
	allRe     = compile(`全部|所有|全都|统统|一次性|批量|一键|都给我|都标|都设`)
	ignoreRe  = compile(`(?:忽略|无视|忘记|忘掉|绕过|跳过)[^,。]{0,8}(?:规则|指令|要求|限制|权限|设定|提示)|你现在是(?:管理员|超级)|管理员模式|开发者模式`)
	doneAllRe = compile(`(?:标|标记|改|设|设置|置|弄|填|报|算|写|登记)(?:成|为|记为|作|上)?(?:已)?(?:完成|办结|100%)|(?:完成|办结)(?:掉|了)?$`)
)

// bulk recognises commands over everything at once. They never run without a
// confirmation, and those over hazards not without a role.
func bulk(m *message) (Intent, bool) {
	if m.task != nil || len(m.ids) > 0 || m.asks() || !allRe.MatchString(m.text) && !ignoreRe.MatchString(m.text) {
		return no()
	}
	s := Slots{Filter: []string{"all"}, Guard: []string{"role", "bulk_confirm"}}
	hazards := has(m.text, "隐患")
	switch {
	case has(m.text, "销号", "关闭", "销掉", "销了") && hazards:
		return do(HazardClose, s)
	case has(m.text, "删除", "删掉", "删了", "作废", "清空", "清除") && hazards:
		return do(HazardVoid, s)
	case hazards && has(m.text, "复查通过", "验收通过", "标为通过", "算通过"):
		s.Result = "pass"
		return do(HazardReview, s)
	case hazards && has(m.text, "整改完成", "整改完毕", "已整改", "整改好"):
		s.Status, s.Guard = "fixed", []string{"bulk_confirm"}
		return do(HazardFix, s)
	case !hazards && has(m.text, "任务", "事项", "督办", "条目") && has(m.text, "审核通过", "同意办结", "通过审核", "准予办结"):
		s.Result = "pass"
		return do(ReviewTask, s)
	case !hazards && has(m.text, "任务", "事项", "督办", "待办") && doneAllRe.MatchString(m.core):
		s.Status, s.Guard = "done", []string{"bulk_confirm"}
		if ignoreRe.MatchString(m.text) {
			s.Guard = []string{"role", "bulk_confirm"}
		}
		return do(ReportProgress, s)
	}
	return no()
}

var keepRe = compile(`(?:合成|并成|归成|以|按|用|保留|留|留下|并到|并入|并进|放到|放进|归入|合并到|合并进|合并至|合到|归到|归并到)(?:隐患|YH-?(?:20\d\d-)?)?0*(\d{1,5})`)

func hazardMerge(m *message) (Intent, bool) {
	if m.task != nil || !has(m.text, "重复", "合并", "并到", "并入", "并进", "合到", "合成", "并成", "同一个地方", "归并", "同一", "同1", "一回事", "是一个问题") {
		return no()
	}
	if len(looseHazardIDs(m.text)) < 2 {
		return no()
	}
	return m.as(HazardMerge)
}

// mergedIDs are all numbers of a sentence that can mean nothing but hazards.
func mergedIDs(s string) []int {
	ids := hazardIDs(s)
	rest := withoutLedger(s)
	for _, loc := range numberRe.FindAllStringIndex(rest, 12) {
		if hasAnyPrefix(rest[loc[1]:], "回", "次", "个", "处", "条", "家", "月", "天", "%", "点", "位", "人") || strings.HasSuffix(rest[:loc[0]], "-") {
			continue
		}
		if n := num(rest[loc[0]:loc[1]]); n > 0 && !slices.Contains(ids, n) {
			ids = append(ids, n)
		}
	}
	return ids
}

func (m *message) readMerge() Intent {
	ids := mergedIDs(m.text)
	s := Slots{HazardIDs: slices.Sorted(slices.Values(ids))}
	for _, g := range keepRe.FindAllStringSubmatch(m.text, 4) {
		if n := num(g[1]); s.Keep == 0 && slices.Contains(ids, n) {
			s.Keep = n
		}
	}
	var missing []string
	if len(s.HazardIDs) < 2 {
		missing = append(missing, "hazard_ref")
	}
	if s.Keep == 0 {
		missing = append(missing, "keep")
	}
	return Intent{Slots: s, Missing: missing}
}

func hazardVoid(m *message) (Intent, bool) {
	if len(m.ids) == 0 || !has(m.text, "作废", "误报", "删除", "删掉", "删了", "测试", "无效", "不是隐患", "报错了", "不算隐患", "撤掉", "不存在") || has(m.text, "整改", "修好") {
		return no()
	}
	return m.as(HazardVoid)
}

// reasonOf returns the clause that gives a reason: what follows 因为 or 原因, or
// else the clauses around the command.
func reasonOf(s string) string {
	for _, w := range []string{"因为", "由于", "原因是", "原因:", "理由是", "理由:", "原因", "理由", "因"} {
		if i := strings.Index(s, w); i >= 0 && len(s) > i+len(w)+3 {
			return present(s[i+len(w):])
		}
	}
	return present(s)
}

func hazardSupervise(m *message) (Intent, bool) {
	if !has(m.text, "挂牌", "挂个牌", "挂上牌", "挂一下牌") || m.asks() || m.task != nil {
		return no()
	}
	ids := looseHazardIDs(m.text)
	if len(ids) == 0 && !has(m.text, "隐患") && has(m.text, "已挂牌", "挂牌仪式", "揭牌") {
		return no()
	}
	if len(ids) == 0 && !has(m.text, "挂牌督办", "提请挂牌", "申请挂牌") || len(ids) == 0 && !has(m.text, "隐患", "这") {
		return no()
	}
	return m.ofHazard(HazardSupervise)
}

var gradeRe = compile(`(?:定|升|降|改|调整|列|评|认定|判定|调|提|划|归|确定|升级|降级|定级|评定|评估|上调|下调)(?:级|格)?(?:为|成|到|至|作)?[: ]?(重大|一般)|按(?:照)?(重大|一般)(?:隐患)?(?:处理|办|管|来|对待)|级别[: ]?(?:为|是|改为|改成)?(重大|一般)|(重大|一般)(?:隐患)?(?:降|升|改)`)

// bareNumber is a number that opens a sentence and can only be a hazard's.
var bareNumber = compile(`^\d{1,4}号`)

func hazardGrade(m *message) (Intent, bool) {
	g := gradeRe.FindStringSubmatch(m.text)
	if g == nil && !(has(m.text, "定级", "评级", "定个级") && len(m.ids) > 0) || m.task != nil || m.asks() {
		return no()
	}
	if len(looseHazardIDs(m.text)) == 0 && len(bareNumber.FindString(m.core)) == 0 && !has(m.text, "这个隐患", "这处隐患", "那个隐患", "该隐患") {
		return no()
	}
	return m.ofHazard(HazardGrade)
}

func (m *message) readGrade() Intent {
	level := ""
	if g := gradeRe.FindStringSubmatch(m.text); g != nil {
		level = g[1] + g[2] + g[3] + g[4]
	} else if i, j := strings.LastIndex(m.text, "重大"), strings.LastIndex(m.text, "一般"); i > j {
		level = "重大"
	} else if j >= 0 {
		level = "一般"
	}
	it := m.aboutHazard(Slots{Level: level})
	if level == "" {
		it.Missing = append(it.Missing, "level")
	}
	return it
}

var reopenRe = compile(`重开|重新(?:打开|激活|启动|开启|整改|立案)|恢复整改|退回(?:重新)?整改|(?:不能|不算|没)算?(?:完|整改完|结束)|打回|反弹|再次出现|(?:又|再次)(?:坏|堵|漏|裂|松|掉|出现|发生|被|没|不亮|停|锁|占)|复发|没(?:真正)?整改`)

func hazardReopen(m *message) (Intent, bool) {
	if len(m.ids) == 0 || !reopenRe.MatchString(m.text) || m.asks() || m.task != nil || has(m.text, "复查", "验收", "不予销号") {
		return no()
	}
	return m.ofHazard(HazardReopen)
}

var (
	failRe   = compile(`不予销号|不同意销号|不能销号|不准销号|不得销号|(?:复查|验收|复核|核查|检查|复验)[^,。]{0,4}(?:不|未|没|没有)(?:予)?(?:通过|合格|过|达标|到位)|(?:整改)?不到位|(?:现场|去看|看过|看了|实地)[^。]{0,10}(?:不行|不合格|还在|还是|没修|没改|没换|没好|依旧|仍)|不合格|没通过|未通过|不通过`)
	passRe   = compile(`(?:复查|验收|复核|核查|核实|复验|现场|去看|看过|看了|实地|检查)[^,。]{0,6}(?:通过|合格|过了|没问题|没毛病|可以了|行了|确实(?:修|换|改)好|达标|ok|OK|属实|完毕|到位)|(?:通过|合格)(?:复查|验收)|复查[,: ]?(?:通过|合格)`)
	reviewed = compile(`复查|验收|复核|核查|核实|复验|销号|(?:去|到)(?:了)?现场|现场(?:看|去)|去看(?:了|过)|看过了|实地看`)
)

func hazardReview(m *message) (Intent, bool) {
	if !reviewed.MatchString(m.text) || m.asks() || reviewResult(m.text) == "" || has(m.text, "请复查", "申请复查", "待复查", "请验收", "申请验收", "申请复核", "请核查", "请来复查") {
		return no()
	}
	if len(looseHazardIDs(m.text)) == 0 && !has(m.text, "隐患", "销号", "整改") && hazardIDs(m.quote) == nil && !is(m.core, "复查通过", "复查合格", "复查不通过", "复查不合格") {
		return no()
	}
	return m.ofHazard(HazardReview)
}

// fine are words of approval with a negation in them.
var fine = compile(`没(?:有|得|啥|什么)?(?:意见|毛病|问题|得说|异议)|不错|无误|没说的|挑不出`)

func reviewResult(s string) string {
	switch {
	case failRe.MatchString(fine.ReplaceAllString(s, " ")):
		return "fail"
	case passRe.MatchString(s):
		return "pass"
	}
	return ""
}

func (m *message) readReview() Intent {
	s := Slots{Result: reviewResult(m.text), Text: m.body, Reason: reasonOf(m.text)}
	if s.Result == "" {
		s.Result = "pass"
		if has(fine.ReplaceAllString(m.text, " "), "不", "没", "未", "还在", "仍", "依旧", "退", "打回", "糊弄") {
			s.Result = "fail"
		}
	}
	return m.aboutHazard(s)
}

var closeRe = compile(`销号|销掉|销了|(?:可以|申请|同意|准予|请)?(?:关闭|关了|关掉|消掉|消号|消了|结了|结案|关单|关掉|归档)|闭环`)

func hazardClose(m *message) (Intent, bool) {
	if !closeRe.MatchString(m.text) || m.asks() || m.task != nil || has(m.text, "未销号", "没销号", "待销号", "已销号", "销号率", "提醒", "免打扰", "清单", "统计", "导出", "台账") {
		return no()
	}
	if len(m.ids) == 0 && !has(m.text, "销号") {
		return no()
	}
	return m.ofHazard(HazardClose)
}
