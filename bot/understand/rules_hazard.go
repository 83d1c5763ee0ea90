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
	if g == nil || m.task != nil || m.asks() {
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

var (
	fixedRe    = compile(`整改(?:已经?|都|全部|也)?(?:完成|完毕|到位|结束|好了?|完了?)|已经?(?:全部|都|按要求|彻底)?(?:整改|修复|更换|维修|修好|换好|换新|处理|清理|清除|加固|拆除|拆了|安装|装好|补齐|配齐|补上|恢复|修缮|焊好|关停|清走|搬走|移走|解决|换上|换了|修了|疏通|消除|粉刷|打扫|销毁|更新|充装|落实|排除|重新)|(?:修|换|焊|补|弄|搞|装|处理|清理|解决|疏通|加固|钉|固定|拧|搬|挪|打扫|清|配|粘|接|铺|砌|填|刷|拆|维修|更换|安装|治理|落实)(?:干净|走|紧|上|齐|平|掉|完|好|妥|牢)(?:了|的|啦|,|。|$| )|(?:更换|换了|换上|换成|换新|装了|修复|拆除|清理|清走|维修|补齐|新装|新买|重装|搞定|更新)(?:完|了|好|完毕|完成|掉|新|$)|(?:堵|补|焊|装|换|修|钉|刷|封|盖|锁|固定|绑|扶|清|搬|拆|围|架)(?:住|上|牢|死|好|严|正|起来|平|干净|成新的|新的)(?:了|过|,|。|$| )|(?:全部|都)(?:更换|换|修|清理|处理|整改|落实|拆除)|恢复正常|能用了|可以用了|请复查|申请复查|请验收|请来复查|换了新|(?:已|全)闭环|改好了?|改完了?|整改回复`)
	futureRe   = compile(`(?:内|前|能|才能|要|会|预计|计划|准备|争取|再|明天|后天|下周\p{Han}?|等|就可以|打算|尽快|月底|周[一二三四五六日]|号)(?:可以|就|才|再|能|要|去|来|会)?$`)
	controlRe  = compile(`停用|封闭|封停|封了|警戒|围挡|围起来|围住|隔离|暂停使用|暂时|临时|先(?:用|拿|把|行|停|关|拉|放|围|封|断)|设了?(?:警示|围)|专人(?:看守|值守|看护)|安排人(?:看|守)|关停|禁用|断电|已停|警示牌|警示标志|禁止(?:入内|使用|靠近)|搬离|疏散了|转移`)
	blockRe    = compile(`整改不了|执法权|不(?:肯|配合|认账|让)(?:拆|改|修|搬)?|死活不|谈不拢|(?:弄|搬|推|拆)不动|改不了|修不了|没法(?:改|修|整改|处理|弄)|无法(?:整改|修|处理|解决|更换)|解决不了|处理不了|搞不定|(?:弄|动|干|办|做|搞|换|拆)不了|批不下来|没法(?:动|干|办)|没(?:有)?(?:钱|经费|资金)|经费(?:不够|没|不足)|缺(?:经费|资金|钱)|协调不(?:了|动|下)|要(?:街道|村里|镇里|局里|交警|城管|区里)|提请局|请局里|请求协调|产权不|不归(?:我们|学校)管|权限不`)
	fixingRe   = compile(`(?:正|在|正在)(?:弄|搞|干|换|修|焊|拆|装|刷|砌)|师傅(?:在|来了|正)|动工|进场|开工|正在(?:整改|修|换|处理|维修|施工|安排|更换)|在修|整改中|施工中|维修中|已(?:经)?(?:联系|报修|安排|采购|下单|申请|通知|订)|整改(?:了)?(?:一半|\d+%|进度)|开始整改`)
	sayFixRe   = compile(`整改|修|换|焊|补好|处理|清理|疏通|拆|警戒|停用|封|围|隔离|固定|装好|装上|弄好|搞好|搞定|解决|恢复|清走|搬|改好|挪|闭环|复查|打扫|控制|配齐|补齐|落实|断电|加固|看守`)
	hazardThat = compile(`那个|那处|那里|那边|这个|刚才报|昨天报|之前报|上次报|前天报|上周报|报的|那台|那块|那段|隐患`)
)

// hazardFix reads what has been done about a hazard: mended, held under control
// for the time being, stuck, or being worked on.
func hazardFix(m *message) (Intent, bool) {
	if m.task != nil || len(m.ids) == 0 && !sayFixRe.MatchString(m.text) && !blockRe.MatchString(m.text) || strings.HasPrefix(m.core, "汇报") {
		return no()
	}
	ids := m.fixIDs()
	status := fixStatus(m.text)
	if status == "" && len(ids) == 0 {
		return no()
	}
	if len(ids) == 0 && !m.tellsFix(hazardKeyword(m.text), status) {
		return no()
	}
	return m.as(HazardFix)
}

// readFix reads what was done; a message that names nothing else says that work goes on.
func (m *message) readFix() Intent {
	s := Slots{Status: fixStatus(m.text), Text: m.body}
	if (s.Status == "" || s.Status == "in_progress") && acted.MatchString(m.text) && !yet.MatchString(m.text) {
		s.Status = "fixed"
	}
	if s.Status == "" {
		s.Status = "in_progress"
	}
	m.fixDates(&s)
	if s.refs(m.fixIDs(), "") {
		return Intent{Slots: s}
	}
	if s.refs(nil, m.hazardWords()) {
		return Intent{Slots: s}
	}
	return Intent{Slots: s, Missing: []string{"hazard_ref"}}
}

// fixIDs are the hazards a fix is told of.
func (m *message) fixIDs() []int {
	ids := m.ids
	if len(ids) == 0 {
		ids = hazardIDs(m.quote)
	}
	if len(ids) == 0 && !has(m.text, "演练", "培训") && has(m.text, "整改", "复查") {
		ids = fixNumbers(m)
	}
	return ids
}

var leadNumber = compile(`^(\d{1,4})号?(?:整改|已整改|隐患|,| |的)`)

func fixNumbers(m *message) []int {
	if g := leadNumber.FindStringSubmatch(m.core); g != nil {
		return []int{num(g[1])}
	}
	return nil
}

// tellsFix decides whether a message without number is about a known hazard and
// not about an item: it points at something (那个…) or speaks of 整改, or names a
// thing that hazards are about.
func (m *message) tellsFix(kw, status string) bool {
	if m.asks() || status == "" || strings.HasPrefix(m.text, "催") {
		return false
	}
	if has(m.text, "整改") && (status != "in_progress" || kw != "") {
		return !has(m.text, "条", "任务", "台账", "报告", "方案") || kw != ""
	}
	return kw != "" && (hazardThat.MatchString(m.text) || m.runes() <= 22) && (status == "fixed" || status == "blocked" || hazardThat.MatchString(m.text)) && fixTarget(kw)
}

// fixTarget excludes keywords that are mere places or general.
func fixTarget(kw string) bool {
	return !is(kw, "消防", "网络", "交通", "食品", "学校", "校园")
}

func fixStatus(s string) string {
	switch {
	case blockRe.MatchString(s) && !fixedNow(s):
		return "blocked"
	case guarded.MatchString(s) && !mended.MatchString(s):
		return "controlled"
	case fixedNow(s) && !has(s, "还没", "尚未", "未完成"):
		return "fixed"
	case controlRe.MatchString(s):
		return "controlled"
	case fixingRe.MatchString(s):
		return "in_progress"
	}
	return ""
}

var (
	// guarded tells of a hazard that was only made safe for now.
	guarded = compile(`先(?:用|拿|把|行|停|关|拉|放|围|封|断|让|叫|挂|搬|锁|隔)|临时|暂时|警戒|锥桶|围(?:挡|栏|起来|着|住)|封(?:了|闭|住|起来)|停用|不让(?:进|用|走|靠近)|隔离|锁(?:了|起来|上)`)
	mended  = compile(`(?:修|换|焊|装|补|改|治理|清理|处理)(?:好|完|妥)|更换|整改(?:完|好|到位)|拆除|拆了|焊牢|补齐|恢复正常`)
	// acted tells of something done, when the message is known to be about a fix.
	acted = compile(`已\p{Han}|[好齐上掉走完牢平死净开]了|(?:换|修|扔|拆|焊|装|补|填|清|搬|加|锁|改|贴|刷|铺|配|买|处理|约谈|教育|取缔|清除|抓走|摘掉)(?:\p{Han}{0,8})了|都\p{Han}{1,4}了|搞定|解决|完毕|完成|好使|正常了`)
	yet   = compile(`还(?:没|要|差|在|得|剩)|正在|等|准备|明天|后天|下周|预计|估计|打算|才能|尚未|没(?:修|换|弄|搞|装|到|来)|进场`)
)

// fixedNow reports whether a fix is told as done, not as planned.
func fixedNow(s string) bool {
	if has(s, "临时", "暂时") && !has(s, "整改完成", "整改完毕", "整改到位") {
		return false
	}
	for _, loc := range fixedRe.FindAllStringIndex(s, 8) {
		before := s[:loc[0]]
		if hasAnySuffix(before, "未", "没", "没有", "还没", "没完全") {
			continue
		}
		if !futureRe.MatchString(before) || dateSuffix(before) && hasAnySuffix(s[loc[0]:loc[1]], "好", "好了", "完", "完了", "了", "完成", "完毕") {
			return true
		}
	}
	return false
}

var dateTail = compile(`(?:\d月\d{1,2}[号日]|昨天|今天|上午|上周[一二三四五六日])$`)

func dateSuffix(s string) bool { return dateTail.MatchString(s) }

func (m *message) fixDates(s *Slots) {
	if s.Status == "fixed" {
		for _, w := range m.dates(behind) {
			if w.kind == oneDay && w.to <= m.today {
				s.FixDate = w.to
			}
		}
		return
	}
	for _, w := range m.dates(ahead) {
		if w.to >= m.today && (w.kind != duration) {
			s.ETA = w.to
		}
	}
}
