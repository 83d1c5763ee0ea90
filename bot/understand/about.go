package understand

import (
	"strings"
	"unicode/utf8"
)

var (
	// pointed marks a hazard that is named by what stands before: 吊扇那个隐患.
	pointed = compile(`(?:的)?(?:那|这)(?:一)?(?:个|处|条|项|块|台|段|边|件)?(?:的)?(?:安全)?(?:隐患|事情?|问题)|(?:的)?(?:安全)?隐患|的?问题|那(?:个|处|条|台|段|块)`)
	// toldOf opens a sentence about a hazard that was filed before.
	toldOf = compile(`^(?:,|，| )*(?:你们|我们|我|俺|本人|局里|安全股|检查组|之前|以前|前面|前几天|前两天|上次|上回|上周|上个月|昨天|昨晚|昨日|前天|刚才|刚刚|今早|早上|那天|自己|的|就|说|讲|是|请问|问下|想问|那个|这个|拍照|传上去|在群里)*(?:报上去|报过|报|反映过?|反应|上报|提过?|说过?|讲过?|指出|查出来?|发现|登记|提交|传上去|挂牌)?(?:的|了|过)?(?:那个|那处|那条|那台|那段|这个|这处)?`)
	// toldUntil ends what a hazard is called in a sentence without such words.
	toldUntil = compile(`[,。:;!?\n ]|已|修|换|焊|补|弄|搞|装|拆|填|处理|整改|解决|销|还|没|有人|有下文|有编号|到哪|怎么|咋|什么|排到|派给|现在|今天|昨天|后来|到底|都|全(?:部|都|换|配|修|装|清|新)|了|是|在|要|可以|能|被|把|由|请|坏|掉|松|裂|漏|加固|清|盖好|扔|约谈|复查|验收|我`)
	// listed are words that ask for several.
	listed = compile(`多少|几(?:个|条|处|项)|哪些|所有|全部|列|清单|台账|明细|类|名单|一览|未销号|没销号|没整改|没改|待复查|逾期|超期`)
)

// vague names no hazard in particular.
var vague = compile(`^(?:我|我们|你们|他们|学校|全校|全区|全部|所有|本校|安全|重大|一般|消防|新|的|隐患|整改|问题|情况|报|上报|昨天|今天|前天|之前|那|就|那就|这|可以|请|帮我|复查|通过|定为|定级|挂牌|督办|销号|不|合格|验收|完成|作废|合并|重开|它|他们|都|一下|看看|看下|过|呢|那个|自己|还有|有|没)*$`)

// hazardTopic is what a hazard is called in a sentence without its number: the thing, with
// its place if that is said.
func hazardTopic(s string) string {
	s = withoutLedger(s)
	if i := strings.IndexAny(s, "\n"); i > 0 {
		s = s[:i]
	}
	start := trimPrefixes(s, fillers...)
	if at := toldOf.FindStringIndex(start); at != nil {
		start = start[at[1]:]
	}
	if at := pointed.FindStringIndex(start); at != nil && at[0] > 0 && utf8.RuneCountInString(start[:at[0]]) <= 14 && !strings.ContainsAny(start[:at[0]], ",。") {
		return trimTopic(start[:at[0]])
	}
	if at := toldUntil.FindStringIndex(start); at != nil && at[0] > 0 {
		start = start[:at[0]]
	}
	return trimTopic(start)
}

// trimTopic takes off what belongs to the sentence and not to the name.
func trimTopic(s string) string {
	s = strings.Trim(trimPrefixes(s, "把", "将", "给", "对", "关于", "那个", "这个", "帮我催下", "查一下", "查下", "查", "看看", "看下"), " ,。:的")
	return head(s, 14)
}

// hazardWords name a hazard by words, "" when the message has none that could.
func (m *message) hazardWords() string {
	if kw := hazardTopic(m.text); utf8.RuneCountInString(kw) > 1 && utf8.RuneCountInString(kw) <= 12 && !vague.MatchString(kw) {
		return kw
	}
	if kw := hazardKeyword(m.text); kw != "校园" {
		return kw
	}
	return ""
}
