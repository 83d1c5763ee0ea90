package understand

// The rules of the guard know danger by its plain words. People in fright use others,
// so the judgement raises the alarm too, from a chance on at which it is far from sure:
// a false alarm costs one reply.
const (
	alarming = 0.4 // raises the alarm
	toldOnly = 0.8 // for what sounds like a film, the news or a drill
)

// danger returns the alarm that the guesses raise.
func (m *message) danger(guesses []Guess) (Guess, bool) {
	var worst Guess
	sum := 0.0
	for _, g := range guesses {
		if g.Command == Emergency || g.Command == Sensitive {
			sum += g.Chance
			if g.Chance > worst.Chance {
				worst = g
			}
		}
	}
	limit := alarming
	if frames.MatchString(m.text) && !reals.MatchString(m.text) {
		limit = toldOnly
	}
	return Guess{worst.Command, sum}, sum >= limit
}

// harmless is the likeliest guess that is no alarm.
func harmless(guesses []Guess) Guess {
	for _, g := range guesses {
		if g.Command != Emergency && g.Command != Sensitive {
			return g
		}
	}
	return Guess{None, 0}
}

// hint is what a kind of danger is often told with.
type hint struct {
	kind  string
	words *pattern
}

var emergencyHints = []hint{
	{TypeSelfHarm, compile(`跳楼|跳下|割腕|遗书|天台|楼顶|楼边|农药|吞了|再见|人在桥上|脚都悬|安眠药|自杀`)},
	{TypeViolence, compile(`刀|棍|砍|捅|枪|打人|打架|打老师|钢管|砖头|锤|抢|劫|闹事|汽油|脖子|报警|翻墙进|往人`)},
	{TypeDrowning, compile(`溺|落水|掉.{0,6}(?:水|河|塘|池|渠|井|湖)|沉|捞|扑腾|冲走|下河|游泳|水库|化粪池`)},
	{TypeFoodPoisoning, compile(`吐|拉肚|拉到|呕|泻|肚子|吃了?.{0,10}(?:倒|痛|晕)|凉拌|食堂.{0,8}倒|中毒`)},
	{TypeGas, compile(`煤气|燃气|天然气|液化气|气味|臭鸡蛋|漏气|一氧化碳|烧炭|氯气|气罐`)},
	{TypeFire, compile(`火|烧|烟|燃|着了|点着|爆|引燃`)},
	{TypeTraffic, compile(`撞|车祸|翻车|追尾|车轮|压到|辗|碾|翻沟|大巴|货车`)},
	{TypeCollapse, compile(`塌|垮|埋|倒了压|砸|山上.{0,4}下来|泥石流|滑坡|踩踏|半边房`)},
	{TypeTrapped, compile(`困|电梯|锁在|关在|不见了|失踪|走丢|找不到|落了个`)},
}

var sensitiveHints = []hint{
	{TypeSexual, compile(`摸|亲(?:他|她|嘴|了)|裸|不穿|下面|下身|隐私|洗澡|抱着|搂|开房|睡|猥|性|骚|怀孕|腿上坐|单独叫|裙|内裤|丑照`)},
	{TypeSelfHarm, compile(`死|活着|不想活|割|自残|袖子|一道一道|跳下去|楼上下去|遗|坟|消失|如果我不在|想不开|吞药|解脱`)},
	{TypeBullying, compile(`同学|同班|同寝|寝室|室友|后桌|高年级|大的|几个(?:人|男|女|娃)|他们逼|逼他|要钱|保护费|孤立|群里骂|欺|堵|下跪|厕所|录像|拍视频|外号`)},
	{TypeAbuse, compile(`爸|妈|爹|娘|爷|奶|继父|后妈|家里|屋里|老师|班主任|教练|棍|烫|疤|淤|青|紫|伤|锁|饿|打`)},
}

// kindOf is what kind of danger a text speaks of, as far as its words tell.
func kindOf(s string, hints []hint, otherwise string) string {
	for _, h := range hints {
		if h.words.MatchString(s) {
			return h.kind
		}
	}
	return otherwise
}

// readEmergency reads what happened where. An alarm that rules did not raise gets its kind
// from its words.
func (m *message) readEmergency() Intent {
	return Intent{Slots: Slots{Type: kindOf(m.text, emergencyHints, TypeMedical), Location: m.place(), Text: m.body, Urgent: true}}
}

func (m *message) readSensitive() Intent {
	return Intent{Slots: Slots{Type: kindOf(m.text, sensitiveHints, TypeAbuse)}}
}
