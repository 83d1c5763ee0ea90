package understand

import "regexp"

// The rules here take what no exact rule took, by what a message is about and
// what kind of sentence it is. They are unsure by design: their confidence is low,
// so that what they understand is echoed and can be corrected.
const unsure = 0.6

// namedItem takes a statement with an item's number: whatever it says is how far
// the item is.
func namedItem(m *message) (Intent, bool) {
	if m.task == nil || len(m.ids) > 0 || m.runes() < 4 {
		return no()
	}
	if m.asks() {
		return Intent{Command: QueryTask, Slots: Slots{Task: m.task, Field: fieldOf(m.text)}, Confidence: unsure}, true
	}
	s, _ := m.progress()
	s.Task = m.task
	if s.Status == "" && s.Figure == nil && s.Percent == nil {
		s.Status = "in_progress"
	}
	return Intent{Command: ReportProgress, Slots: s, Confidence: unsure}, true
}

// namedHazard takes a message with a hazard's number: a question asks for it, a
// statement tells what was done.
func namedHazard(m *message) (Intent, bool) {
	if len(m.ids) == 0 || m.task != nil {
		return no()
	}
	var s Slots
	s.refs(m.ids, "")
	if m.asks() || leftover(m.text) == "" {
		s.Field = fieldOf(m.text)
		return Intent{Command: QueryHazard, Slots: s, Confidence: unsure}, true
	}
	if s.Status, s.Text = fixStatus(m.text), m.body; s.Status == "" {
		s.Status = "in_progress"
	}
	m.fixDates(&s)
	return Intent{Command: HazardFix, Slots: s, Confidence: unsure}, true
}

// troubles are ways in which something is wrong or goes wrong, beside the defects
// that are certain: each alone is weak, with a place or a thing it is enough.
var troubles = regexp.MustCompile(`有水|渗|滴水|淌水|积了水|打?滑|摔|绊|磕|碰|撞|刮|划手|划伤|扎|烫|砸|掉(?:下|石|灰|皮|渣|块|螺|砖|瓦|东西|了)|怪味|味道不对|气味|焦|糊|臭|挡[死住着路]|堵|堆[满了着]|没(?:有)?(?:围栏|护栏|盖|锁|人看|人管|人守|装|灯|标|警示|老师|上锁|关|接地|登记|戴|系|固定|封|留样|消毒|穿|证|检|年检|人值|信号|电|水压|反应|声音)|不在岗|脱岗|离岗|不锁|不关|不亮|不灵|不响|不动|不牢|不稳|不住|不严|不上|不开|不通|不转|不出水|热得快|电饭锅|煮火锅|抽烟|烟头|枯草|点火|烧纸|烧东西|放炮|鞭炮|玩火|打火机|翻[墙进出]|爬[墙树窗上]|乱[窜跑停放扔堆拉接穿]|窜|闯|逆向|超[员载速]|挤|推|拥堵|哐|咯吱|异响|响声|吱|抖|摇|晃|歪|斜|塌|沉|陷|裂|缝|鼓|翘|脱|剥|锈|烂|破|断|坏|漏|松|旧得|老化|过[了]?期|红区|没压力|失灵|失效|报警|跳闸|冒(?:烟|水|火花|泡)|火花|漏电|电人|麻手|被(?:人)?(?:改|黑|盗|挂|撬|偷|剪)|赌博|诈骗|弹(?:出)?广告|泄露|陌生人|可疑|徘徊|尾随|社会(?:青年|人员)|闲人|随便进|谁都能进|混进|狗|蛇|马蜂|蜂窝|老鼠|蟑螂|虫|霉|馊|变质|隔夜|回扣|生锈|发烧|呕吐|拉肚子|腹泻|咳|起疹|传染|请假(?:的)?(?:有|多)|扣[分]?不上|关不|打不开|卡[住死]|锁[死住着]|太[暗滑陡挤低高近烫]|看不[清见]|危险|隐患|吓人|害怕|不安全|要出事|出事`)

// things are what at a school may be wrong, beside places and the words of the
// categories.
var things = regexp.MustCompile(`插头|电器|灯|开关|风扇|吊扇|空调|投影|黑板|讲台|课桌|椅|床|柜|架|门|窗|墙|顶|梁|柱|板|砖|瓦|栏|扶手|梯|台阶|管|阀|龙头|水箱|饮水|井|沟|坑|池|塘|树|石|坡|路|桥|车|轮|刹车|锁|钥匙|监控|探头|摄像|警|保安|门卫|栓|灭火|通道|出口|标志|绳|网|球|杆|器械|器材|玩具|垫|锅|炉|灶|气罐|煤气|燃气|冰箱|菜|肉|饭|奶|油|餐|药|试剂|瓶|账号|密码|系统|网站|公众号|群|学生|孩子|小孩|娃|幼儿|老师|师傅|家长|宿管|外卖`)

// calm are sentences about trouble that ask for nothing: talk, news, teaching.
var calm = regexp.MustCompile(`作业|考试|比赛|电影|视频|新闻|天气预报|课件|教案|好吃|不错|快乐|恭喜|哈哈|快递|几点|开会|会议|培训|讲座|演练|学习|宣传|通知|转发|邮件|堵车|路上|晚到|迟到|下班|吃饭|打球|聚餐|生日|家长会|球赛|表扬|评比|第一|发票|工资|课表|调课|听课|打印`)

// hazardLike takes a message that tells of trouble with a thing at a place.
func hazardLike(m *message) (Intent, bool) {
	if m.task != nil || len(m.ids) > 0 || calm.MatchString(m.text) || m.runes() < 6 {
		return no()
	}
	if m.notHazard() && !regexp.MustCompile(`没人(?:管|看|修)|怎么(?:没|还没)|谁都能|有没有人`).MatchString(m.text) {
		return no()
	}
	if finished(m.text) && !defective(m.text) || fixedNow(m.text) {
		return no()
	}
	n := len(troubles.FindAllString(m.text, 4))
	if defective(m.text) {
		n++
	}
	_, score := categoryOf(m.text)
	place := placeOf(m.text)
	if n == 0 {
		return no()
	}
	if place != "" {
		n++
	}
	if score >= 2 {
		n++
	}
	if things.MatchString(m.text) {
		n++
	}
	if m.in.Attachments > 0 || urgentRe.MatchString(m.text) {
		n++
	}
	if n < 3 {
		return no()
	}
	it, ok := m.filed()
	it.Confidence = unsure
	return it, ok
}

var (
	workWords = regexp.MustCompile(`任务|事项|工作|督办|材料|报表|要交|要报|没交|没报|交的|报的|要干|要做|要办|到期|截止|逾期|期限|到时间|亮灯|[红黄蓝绿]灯|进度|完成`)
	wantWords = regexp.MustCompile(`发我|给我|看看|看下|看一下|列|查|有啥|有哪些|有什么|哪些|几样|几项|几个|多少|啥|什么|还有|还欠|还差`)
)

// questionLike takes a question about work that names none.
func questionLike(m *message) (Intent, bool) {
	if m.task != nil || len(m.ids) > 0 || m.runes() > 30 || calm.MatchString(m.text) && !has(m.text, "任务", "到期", "逾期") {
		return no()
	}
	if !workWords.MatchString(m.text) || !wantWords.MatchString(m.text) {
		return no()
	}
	s := Slots{Filter: m.filters(), Range: m.dueRange()}
	m.scope(&s)
	if s.Range != nil && len(s.Filter) == 0 {
		s.Filter = []string{"due"}
	}
	if s.Scope == "" && s.ScopeDept == "" && s.School == "" && has(m.text, "我") {
		s.Scope = "mine"
	}
	return Intent{Command: QueryTask, Slots: s, Confidence: unsure}, true
}

// progressLike takes a statement about work that no rule took: it must open like a
// report or speak of the own unit's work and how far it is.
func progressLike(m *message) (Intent, bool) {
	if m.asks() || m.task != nil || len(m.ids) > 0 || m.runes() < 8 || talkOnly.MatchString(m.text) {
		return no()
	}
	opens := reportOpen.MatchString(m.core)
	moved := finished(m.text) || moving.MatchString(m.text)
	if !moved || !opens && !(workNoun.MatchString(m.text) && ours.MatchString(m.text)) {
		return no()
	}
	s, _ := m.progress()
	if kw := topic(reportOpen.ReplaceAllString(m.text, "")); len([]rune(kw)) > 1 {
		s.Task = &TaskRef{Keyword: kw}
	}
	if s.Status == "" {
		s.Status = "in_progress"
		if finished(m.text) {
			s.Status = "done"
		}
	}
	if s.Task == nil {
		return Intent{Command: ReportProgress, Slots: s, Missing: []string{"task_ref"}, Confidence: unsure}, true
	}
	return Intent{Command: ReportProgress, Slots: s, Confidence: unsure}, true
}

var (
	talkOnly   = regexp.MustCompile(`作业|吃完|球赛|记者|下班|路上|堵车|快递|聚餐|生日|家长会几|电影|买菜|评比|通知已|转发到|卫生评|老师们|大家|各位`)
	reportOpen = regexp.MustCompile(`^(?:向?(?:各位)?(?:领导|局里|股里|局长|主任|股长)?(?:汇报|报告)(?:一下|下)?|跟(?:您|你|领导)说(?:一下|下)|说一下|说下|补一下|补个|情况是|进展)[:, ]*`)
	moving     = regexp.MustCompile(`已定|定了|定好|排好|改到|改在|推到|启动|开始|正在|在做|在办|在谈|在走|准备|已报|已交|报到|送到|交到|差不多|过半|一半|还差|还剩|收尾|扫尾|过了|通过|批下来|到位|公示|贴到|签了|建好|配齐`)
	ours       = regexp.MustCompile(`我们|我校|我园|咱们|本校|这边|学校|园里|园的|股里|股室|局里|这项|这条|那项|那条|这块|那块`)
)
