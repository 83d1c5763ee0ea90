package understand

import (
	"strings"
)

var (
	fixedRe    = compile(`整改(?:已经?|都|全部|也)?(?:完成|完毕|到位|结束|好了?|完了?)|已经?(?:全部|都|按要求|彻底)?(?:整改|修复|更换|维修|修好|换好|换新|处理|清理|清除|加固|拆除|拆了|安装|装好|补齐|配齐|补上|恢复|修缮|焊好|关停|清走|搬走|移走|解决|换上|换了|修了|疏通|消除|粉刷|打扫|销毁|更新|充装|落实|排除|重新)|(?:修|换|焊|补|弄|搞|装|处理|清理|解决|疏通|加固|钉|固定|拧|搬|挪|打扫|清|配|粘|接|铺|砌|填|刷|拆|维修|更换|安装|治理|落实)(?:干净|走|紧|上|齐|平|掉|完|好|妥|牢)(?:了|的|啦|,|。|$| )|(?:更换|换了|换上|换成|换新|装了|修复|拆除|清理|清走|维修|补齐|新装|新买|重装|搞定|更新)(?:完|了|好|完毕|完成|掉|新|$)|(?:堵|补|焊|装|换|修|钉|刷|封|盖|锁|固定|绑|扶|清|搬|拆|围|架)(?:住|上|牢|死|好|严|正|起来|平|干净|成新的|新的)(?:了|过|,|。|$| )|(?:全部|都)(?:更换|换|修|清理|处理|整改|落实|拆除)|换新(?:$|[ ,。])|恢复正常|能用了|可以用了|请复查|申请复查|请验收|请来复查|换了新|(?:已|全)闭环|改好了?|改完了?|整改回复`)
	futureRe   = compile(`(?:内|前|能|才能|要|会|预计|计划|准备|争取|再|明天|后天|下周\p{Han}?|等|就可以|打算|尽快|月底|周[一二三四五六日]|号)(?:可以|就|才|再|能|要|去|来|会)?$`)
	controlRe  = compile(`停用|封闭|封停|封了|警戒|围挡|围起来|围住|隔离|暂停使用|暂时|临时|先(?:用|拿|把|行|停|关|拉|放|围|封|断)|设了?(?:警示|围)|专人(?:看守|值守|看护)|安排人(?:看|守)|关停|禁用|断电|已停|警示牌|警示标志|禁止(?:入内|使用|靠近)|搬离|疏散了|转移`)
	blockRe    = compile(`整改不了|执法权|受阻|跑路|管不了|(?:改|修|弄)不动|不(?:肯|配合|认账)|不让(?:拆|改|修|搬|进场|施工)|死活不|谈不拢|(?:弄|搬|推|拆)不动|改不了|修不了|没法(?:改|修|整改|处理|弄)|无法(?:整改|修|处理|解决|更换)|解决不了|处理不了|搞不定|(?:弄|动|干|办|做|搞|换|拆)不了|批不下来|没法(?:动|干|办)|没(?:有)?(?:钱|经费|资金)|经费(?:不够|没|不足)|缺(?:经费|资金|钱)|协调不(?:了|动|下)|要(?:街道|村里|镇里|局里|交警|城管|区里)|提请局|请局里|请求协调|产权不|不归(?:我们|学校)管|权限不`)
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
	if s.refs(nil, namedBy(m.hazardWords())) {
		return Intent{Slots: s}
	}
	return Intent{Slots: s, Missing: []string{"hazard_ref"}}
}

var onlyDone = compile(`^(?:已经?|停用|封闭|封了|断电|围挡|隔离|警戒|暂停使用|关停|禁用|了|好|先|,| )+$`)

// namedBy drops words that tell only what was done and name no hazard.
func namedBy(words string) string {
	if onlyDone.MatchString(words) {
		return ""
	}
	return words
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
	case has(s, "整改中", "正在整改", "还在整改"):
		return "in_progress"
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
	guarded = compile(`先(?:用|拿|把|行|停|关|拉|放|围|封|断|让|叫|挂|搬|锁|隔)|临时|暂时|警戒|锥桶|围(?:挡|栏|起来|着|住)|封(?:了|闭|住|起来)|停用|不让(?:进|用|走|靠近)|隔离|锁(?:了|着|起来|上)`)
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
