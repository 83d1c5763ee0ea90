package understand

import (
	"strconv"
	"strings"
)

const hanDigits = `〇零一二两三四五六七八九十百千`

var (
	numeral = compile(`第[` + hanDigits + `]+|隐患[` + hanDigits + `]+|百分之[` + hanDigits + `点]+|[` + hanDigits +
		`]+(?:个(?:半)?(?:工作日|月|星期|礼拜|小时|学期)?|条|月|号|日|天|周|星期|%|成|人|名|处|项|家|所|节|课时|次|份|件|场|具|台|辆|套|间|位|张|小时|分钟|点|户|封|对|卷|本|册|所|路|块|亩|万|辆|之[` + hanDigits + `]+)`)
	percentRe  = compile(`(\d+(?:\.\d+)?)\s*%`)
	movedRe    = compile(`(?:降|升|提高|提升|增加?|涨|减少?)(?:到|至|为)了?(\d+(?:\.\d+)?)\s*%`)
	tenthRe    = compile(`(\d)成(半)?(?:左右|多|以上|了|$|[^\p{Han}]|[的已才还左])`)
	fractionRe = compile(`([3-5三四五])分之([1-4一二三四])`)
	pointNum   = compile(`([` + hanDigits + `]+)点([` + hanDigits + `])(?:个百分点|%)?`)
	halfRe     = compile(`\p{Han}[了到得]?(?:差不多|大概|将近|快)?(?:一大?半|大半)|过半`)
	attendRe   = compile(`应[\p{Han}]{0,4}?(\d+)[人名个]?[,、 ]?(?:实际?|已|到|参)[\p{Han}]{0,4}?(\d+)([人名个家所份])?`)
	slashRe    = compile(`(\d+)/(\d+)([人名个家所份节处]?)`)
	figureRe   = compile(`(\d+(?:\.\d+)?)\s*(多)?\s*(人次|人|名|位|课时|个|节|家|所|次|场|份|处|套|间|台|项|户|万元|元|亩|篇|件|辆|堂|期|班|校|本|册|平方米|公里|米|具|门|路|条|辆车|轮|批|组|宗|座|栋|箱|盏|扇|天|小时|分|万|块|场次|张|对|封|卷|面|栋|路|道|段|幅|头|单|笔|条)`)
	notFigure  = compile(`(?:还剩|还差|还缺|只剩|剩下|差|缺|第)[了下]?$`)
)

// digits rewrites Chinese numerals that stand before a unit: 第二十二条 becomes
// 第22条, 百分之六十 60%. Names such as 五育 or 十四中 stay.
func digits(s string) string {
	if !strings.ContainsAny(s, hanDigits) {
		return s
	}
	var b strings.Builder
	last := 0
	for _, loc := range numeral.FindAllStringIndex(s, -1) {
		b.WriteString(s[last:loc[0]])
		if last = loc[1]; strings.HasSuffix(s[loc[0]:loc[1]], "个") && strings.HasPrefix(s[loc[1]:], "一") { // 六个一
			b.WriteString(s[loc[0]:loc[1]])
			continue
		}
		b.WriteString(digit(s[loc[0]:loc[1]], s[:loc[0]]))
	}
	b.WriteString(s[last:])
	return b.String()
}

// digit rewrites one match of numeral that follows before.
func digit(w, before string) string {
	if rest, ok := strings.CutPrefix(w, "百分之"); ok {
		if n, ok := numberOf(rest); ok {
			return strconv.Itoa(n) + "%"
		}
		return w
	}
	if rest, ok := strings.CutPrefix(w, "隐患"); ok {
		if n, ok := numberOf(rest); ok && n > 1 {
			return "隐患" + strconv.Itoa(n)
		}
		return w
	}
	if rest, ok := strings.CutPrefix(w, "第"); ok {
		if n, ok := numberOf(rest); ok {
			return "第" + strconv.Itoa(n)
		}
		return w
	}
	end := len(w) - len(strings.TrimLeft(w, hanDigits))
	n, ok := numberOf(w[:end])
	if hasAnySuffix(before, "几", "数", "上", "好些") && strings.HasPrefix(w, "百") || strings.HasPrefix(w, "十") && hasAnySuffix(before, "几", "数") {
		return w // 几百号人
	}
	if before != "" && before[len(before)-1] >= '0' && before[len(before)-1] <= '9' {
		return " " + digit(w, "") // 21-4九月份, 36、39三处: not one number
	}
	// 周二个, 每周一次: the numeral belongs to the weekday.
	if !ok || hasAnySuffix(before, "周", "星期", "礼拜", "初", "高") && !strings.HasSuffix(before, "每周") {
		return w
	}
	if w == "一点" && !hasAnySuffix(before, "上午", "下午", "中午", "晚上", "凌晨", "早上", "到") {
		return w
	}
	if rest, ok := strings.CutPrefix(w[end:], "之"); ok {
		if k, ok := numberOf(rest); ok {
			return strconv.Itoa(n) + "-" + strconv.Itoa(k)
		}
	}
	return strconv.Itoa(n) + w[end:]
}

// numberOf reads a Chinese numeral below ten thousand; it refuses 两三 and the
// like, which say "a few".
func numberOf(s string) (int, bool) {
	total, cur, seen := 0, -1, false
	for _, r := range s {
		d := strings.IndexRune("零一二三四五六七八九", r)
		switch {
		case r == '〇':
			cur, seen = 0, true
		case r == '两':
			if cur > 0 {
				return 0, false
			}
			cur, seen = 2, true
		case d >= 0:
			if cur > 0 {
				return 0, false
			}
			cur, seen = d/3, true
		default:
			unit := map[rune]int{'十': 10, '百': 100, '千': 1000}[r]
			if unit == 0 {
				return 0, false
			}
			if cur < 0 {
				cur = 1
			}
			total, cur, seen = total+cur*unit, -1, true
		}
	}
	if cur > 0 {
		total += cur
	}
	return total, seen
}

// percentOf finds a degree of completion and says whether the number is a rate
// (覆盖率 90.3%), which is a figure instead.
func percentOf(s string) (v float64, rate, ok bool) {
	if g := pointNum.FindStringSubmatchIndex(s); g != nil && strings.ContainsAny(tail(s[:g[0]], 10), "率比占") { // 覆盖率九十点八
		whole, ok1 := numberOf(s[g[2]:g[3]])
		part, ok2 := numberOf(s[g[4]:g[5]])
		if ok1 && ok2 {
			return float64(whole) + float64(part)/10, true, true
		}
	}
	if g := movedRe.FindStringSubmatch(s); g != nil { // 从11.2%降到9.6%
		return float(g[1]), true, true
	}
	if loc := percentRe.FindStringSubmatchIndex(s); loc != nil {
		v, _ = strconv.ParseFloat(s[loc[2]:loc[3]], 64)
		return v, strings.ContainsAny(tail(s[:loc[0]], 10), "率比占"), v <= 1000
	}
	if m := tenthRe.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		if m[2] != "" {
			return float64(n)*10 + 5, false, true
		}
		return float64(n) * 10, false, true
	}
	if m := fractionRe.FindStringSubmatch(s); m != nil {
		den, num := smallNumber(m[1]), smallNumber(m[2])
		return float64(num * 100 / den), false, true
	}
	if halfRe.MatchString(s) {
		return 50, false, true
	}
	return 0, false, false
}

// Number reads a whole number in digits or Chinese numerals, 0 if it is none.
func Number(s string) int { return smallNumber(s) }

func smallNumber(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	n, _ := numberOf(s)
	return n
}

// amount is a number with its unit, at the bytes where it stands.
type amount struct {
	n          float64
	unit       string
	start, end int
}

func amounts(s string) []amount {
	var out []amount
	for _, loc := range figureRe.FindAllStringSubmatchIndex(s, 8) {
		if notFigure.MatchString(s[:loc[0]]) || hasAnyPrefix(s[loc[1]:], "工作日", "月", "小时", "星期", "学期") {
			continue
		}
		out = append(out, amount{float(s[loc[2]:loc[3]]), s[loc[6]:loc[7]], loc[0], loc[1]})
	}
	return out
}

var (
	wholeRe = compile(`(?:一?共|总共|总数|要|应|计划|目标|合计|满)[^\d,。]{0,8}$`)
	doneOf  = compile(`已|现|实|才|只|完成|达标|检|合格|来了|到了?$|了$|出$|[接装换签建报交改走考办] ?(?:了|进去|出|好)`)
)

// figureOf finds the value that a report states, with what it is a part of: 应到45实到43,
// 一共86路 现在接了52路, 参加师生1260人.
func figureOf(s string) *Figure {
	if m := attendRe.FindStringSubmatch(s); m != nil {
		return &Figure{N: float(m[2]), Of: float(m[1]), Unit: personUnit(m[3], "人")}
	}
	if m := slashRe.FindStringSubmatch(s); m != nil {
		return &Figure{N: float(m[1]), Of: float(m[2]), Unit: m[3]}
	}
	list := amounts(s)
	if len(list) == 0 {
		return nil
	}
	a := list[0]
	for _, b := range list[1:] {
		between := s[a.end:b.start]
		switch {
		case !sameKind(a.unit, b.unit) || len([]rune(between)) > 14 || has(between, "还", "差", "剩", "缺", "其中"):
		case b.n <= a.n && doneOf.MatchString(between):
			return &Figure{N: b.n, Of: a.n, Unit: a.unit}
		case b.n >= a.n && wholeRe.MatchString(s[:b.start]):
			return &Figure{N: a.n, Of: b.n, Unit: a.unit}
		}
	}
	return &Figure{N: a.n, Unit: a.unit}
}

// sameKind reports whether two units count the same things.
func sameKind(a, b string) bool {
	return a == b || personUnit(a, "") == personUnit(b, "") || a == "个" || b == "个"
}

func personUnit(u, empty string) string {
	switch u {
	case "名", "位":
		return "人"
	case "":
		return empty
	}
	return u
}

func float(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}
