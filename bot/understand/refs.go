package understand

import (
	"slices"
	"strconv"
	"strings"
)

var (
	codeRe   = compile(`(?:^|[^\d./-])((\d{1,2})-(\d{1,2}))(?:$|[^\d./月号-]|月[底末初])`)
	subRe    = compile(`(第?(\d{1,2})条(?:(?:的?第?)(\d{1,2})(?:项|小项|小条|点)|之(\d{1,2})))`)
	pointRe  = compile(`(第)?(\d{1,2})条|(\d{1,2})号(?:任务|督办|工作|事项|要点)|(?:任务|事项|要点|督办件?)(?:编号)?第?(\d{1,2})(?:$|[^\d个月天周号日年点小项条-])|第(\d{1,2})项`)
	ledgerRe = compile(`YH[- ]?(?:20\d\d[- ])?0*(\d{1,5})`)
	nearRe   = compile(`隐患(?:编号|单|台账|号)?(?:第)?(?:20\d\d-)?:? ?0*(\d{1,5})((?:号?[、, 和与跟及]+\d{1,5})*)号?|(\d{1,5})((?:号?[、, 和与跟及]+\d{1,5})*)号(?:的)?隐患`)
	bothRe   = compile(`((?:\d{1,5}号[、, 和跟与]*){2,})(?:[两\d]处|这?[两\d]个|都是)?(?:的)?隐患`)
	numberRe = compile(`\d{1,5}`)
	bareRe   = compile(`(?:^|[^\d.:%年月条-])(\d{1,4})(?:$|[^\d.:%年月天个处次人家份点条楼栋件名元节日万课层级班间间小工周-])`)
)

// blank puts spaces in the place of what p matches by its first group, and leaves the
// characters that only bound it.
func blank(p *pattern, s string) string {
	locs := p.FindAllStringSubmatchIndex(s, -1)
	for i := len(locs) - 1; i >= 0; i-- {
		s = s[:locs[i][2]] + " " + s[locs[i][3]:]
	}
	return s
}

// taskRef finds an item code (22-3, 22条第3项) or a work point (第22条).
func taskRef(s string) *TaskRef {
	if !strings.ContainsAny(s, "0123456789") {
		return nil
	}
	if m := subRe.FindStringSubmatch(s); m != nil {
		return &TaskRef{Code: m[2] + "-" + m[3] + m[4]}
	}
	if m := codeRe.FindStringSubmatch(withoutLedger(s)); m != nil {
		return &TaskRef{Code: strconv.Itoa(num(m[2])) + "-" + strconv.Itoa(num(m[3]))}
	}
	for _, loc := range pointRe.FindAllStringSubmatchIndex(s, 6) {
		g := groups(s, loc)
		n := num(g[2] + g[3] + g[4] + g[5])
		if n < 1 || n > 99 || g[2] != "" && g[1] == "" && counted(s, loc) {
			continue
		}
		return &TaskRef{Point: n}
	}
	return nil
}

// counted reports whether "N条" counts things (还有3条没报, 发了2条消息).
func counted(s string, loc []int) bool {
	return hasAnySuffix(s[:loc[0]], "有", "共", "剩", "了", "多", "上", "这", "那", "前", "后", "差", "发", "第一", "每") ||
		hasAnyPrefix(s[loc[1]:], "消息", "建议", "意见", "短信", "信息", "微信", "龙", "鱼", "命", "裤", "毛巾", "狗", "路", "线路")
}

func withoutLedger(s string) string {
	if !strings.Contains(s, "YH") {
		return s
	}
	return ledgerRe.ReplaceAllString(s, " ")
}

// hazardIDs finds the ledger numbers written as such: YH0056, 隐患56, 56号隐患,
// 隐患12 13 15.
func hazardIDs(s string) []int {
	if !strings.ContainsAny(s, "0123456789") {
		return nil
	}
	var ids []int
	add := func(text string) {
		for _, n := range numberRe.FindAllString(text, -1) {
			if v := num(n); v > 0 && !slices.Contains(ids, v) {
				ids = append(ids, v)
			}
		}
	}
	for _, m := range ledgerRe.FindAllStringSubmatch(s, -1) {
		add(m[1])
	}
	rest := withoutLedger(s)
	for _, loc := range nearRe.FindAllStringSubmatchIndex(rest, -1) {
		if hasAnyPrefix(rest[loc[1]:], "处", "个", "项", "条", "起", "%", "月", "件", ".") {
			continue // 隐患3处 counts
		}
		g := groups(rest, loc)
		add(g[1] + g[2] + g[3] + g[4])
	}
	if g := bothRe.FindStringSubmatch(rest); g != nil { // 26号27号两处隐患
		add(g[1])
	}
	return ids
}

// looseHazardIDs also takes bare numbers (17号可以销号了, 验收合格 42 43). Only
// for messages whose verb can mean nothing but hazards.
func looseHazardIDs(s string) []int {
	if ids := hazardIDs(s); len(ids) > 0 {
		if len(ids) > 1 || !has(s, "和", "与", "跟", "到", "为准", "保留") {
			return ids
		}
	}
	ids := hazardIDs(s)
	rest := withoutLedger(s)
	for {
		loc := bareRe.FindStringSubmatchIndex(rest)
		if loc == nil {
			return ids
		}
		if v := num(rest[loc[2]:loc[3]]); v > 0 && !slices.Contains(ids, v) {
			ids = append(ids, v)
		}
		rest = rest[loc[3]:]
	}
}

// hazardRef makes a reference of the first number, or of the words.
func hazardRef(ids []int, kw string) *HazardRef {
	if len(ids) > 0 {
		return &HazardRef{ID: ids[0]}
	}
	if kw != "" {
		return &HazardRef{Keyword: kw}
	}
	return nil
}

// itemOr is the item named by number or in the quoted message, else by the words of s.
func (m *message) itemOr(s string) *TaskRef {
	if r := m.ref(); r != nil {
		return r
	}
	if kw := topic(s); len([]rune(kw)) > 1 {
		return &TaskRef{Keyword: kw}
	}
	return nil
}

// ref is the item named in the text or else in the quoted message.
func (m *message) ref() *TaskRef {
	if m.task != nil {
		return m.task
	}
	if m.quote != "" && len(hazardIDs(m.quote)) == 0 {
		return taskRef(m.quote)
	}
	return nil
}
