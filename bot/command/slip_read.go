package command

import (
	"regexp"
	"strconv"
	"strings"

	"duban/internal/slip"
)

// slipRef names a slip by its own number, by its work or hazard, or by the number
// of an entry shown.
type slipRef struct {
	Year, Seq int
	Code      string
	Hazard    int
	Entry     int
}

// receipt is what a unit answers to a slip.
type receipt struct {
	Ref   slipRef
	Words string
}

var (
	receiptWords = regexp.MustCompile(`^(?:(?:督办单|黄单|红单)的?)?回执(?:[\s:,]+|$|因)`)
	receiptFirst = regexp.MustCompile(`^(HD-?(?:\d{4}-)?\d{1,4}|\d{1,2}-\d{1,3}|(?:隐患|YH-?)(?:\d{4}-)?\d{1,4}|第?\d{1,2}(?:项|个|条)?)\s*[,:]?\s*(?:的)?回执[\s:,]+`)
	slipNumber   = regexp.MustCompile(`^HD-?(?:(\d{4})-)?(\d{1,4})(?:[\s,:、]+|因|$)`)
	slipCode     = regexp.MustCompile(`^(\d{1,2}-\d{1,3})(?:[\s,:、]+|因|$)`)
	slipHazard   = regexp.MustCompile(`^(?:隐患|YH-?)(?:\d{4}-)?(\d{1,4})(?:[\s,:、]+|因|$)`)
	slipEntry    = regexp.MustCompile(`^第?(\d{1,2})(?:项|个|条)?(?:[\s,:、]+|因|$)`)
	// when is the part of a receipt that says by which day.
	when     = regexp.MustCompile(`[\s,;。]*(?:预计|计划|争取|保证|大约|大概|力争)?(?:在|于|到)?(?:\d{1,2}月\d{1,2}[日号]?|\d{1,2}月底|本?月底|[下本这]?(?:个)?(?:周|星期)[一二三四五六日天]|明天|后天)(?:之前|以前|前)?(?:能|可以|一定)?(?:全部)?(?:完成|办完|办好|办结|整改完|修好|弄好|到位)?[\s,;。]*`)
	slipList = regexp.MustCompile(`^(?:请|帮我)?(?:查看|查一下|查|看看|看|列出)?\s*(我的|我们的|本单位|我校|本校|本股室|全部|所有|全局|各校)?的?(待回执|没回执|未回执|没有回执|已回执|已销)?的?督办单(?:有哪些|还有哪些|有多少|清单|列表|台账)?\s*[?。!]*$`)
	notYet   = regexp.MustCompile(`^(?:哪些|哪个|还有哪些)?督办单(?:还)?(?:没有|没|未)回执\s*[?。!]*$`)
)

// readReceipt reads "回执 3 因设备没到，10月15日前完成".
func readReceipt(text string) (receipt, bool) {
	text = strings.TrimSpace(plainSigns.Replace(text))
	if g := receiptFirst.FindStringSubmatch(text); g != nil {
		ref, _ := readSlipRef(g[1])
		return receipt{ref, strings.TrimSpace(text[len(g[0]):])}, true
	}
	g := receiptWords.FindString(text)
	if g == "" {
		return receipt{}, false
	}
	ref, rest := readSlipRef(strings.TrimSpace(text[len(strings.TrimSuffix(g, "因")):]))
	return receipt{ref, rest}, true
}

// readSlipRef takes a reference off the front of the words.
func readSlipRef(words string) (ref slipRef, rest string) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	cut := func(g []string) string { return strings.TrimSpace(words[len(strings.TrimSuffix(g[0], "因")):]) }
	if g := slipNumber.FindStringSubmatch(words); g != nil {
		return slipRef{Year: number(g[1]), Seq: number(g[2])}, cut(g)
	}
	if g := slipCode.FindStringSubmatch(words); g != nil {
		return slipRef{Code: g[1]}, cut(g)
	}
	if g := slipHazard.FindStringSubmatch(words); g != nil {
		return slipRef{Hazard: number(g[1])}, cut(g)
	}
	if g := slipEntry.FindStringSubmatch(words); g != nil {
		return slipRef{Entry: number(g[1])}, cut(g)
	}
	return slipRef{}, words
}

// because is the explanation without the day and the word that introduces it.
func because(words string) string {
	words = strings.Trim(when.ReplaceAllString(plainSigns.Replace(words), ","), " ,;。")
	for _, w := range []string{"原因是", "原因:", "原因", "因为", "因"} {
		if rest, ok := strings.CutPrefix(words, w); ok {
			return strings.Trim(strings.ReplaceAll(rest, ",", "，"), " :，")
		}
	}
	return strings.ReplaceAll(words, ",", "，")
}

// slipAsk is the wish for a list of slips.
type slipAsk struct {
	Own   bool
	State slip.State // "" for all
	Over  bool       // only those whose work is over
}

func readSlipAsk(text string) (slipAsk, bool) {
	text = strings.TrimSpace(plainSigns.Replace(text))
	if notYet.MatchString(text) {
		return slipAsk{State: slip.Open}, true
	}
	g := slipList.FindStringSubmatch(text)
	if g == nil {
		return slipAsk{}, false
	}
	var ask slipAsk
	switch g[1] {
	case "我的", "我们的", "本单位", "我校", "本校":
		ask.Own = true
	}
	switch g[2] {
	case "":
	case "已回执":
		ask.State = slip.Answered
	case "已销":
		ask.Over = true
	default:
		ask.State = slip.Open
	}
	return ask, true
}
