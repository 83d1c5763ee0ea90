package command

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"duban/internal/duty"
)

// order is a sentence of the office about items as a whole. It names them by
// code or by point, so that it means the same when it runs again after the yes.
type order struct {
	Verb  duty.Verb `json:"verb"`
	Codes []string  `json:"codes,omitempty"`
	Point int       `json:"point,omitempty"` // all of a work point
	Unit  string    `json:"unit,omitempty"`  // of a leading section
	Rest  string    `json:"rest,omitempty"`  // the changes or the reason
}

// What is asked about drafts changes nothing and is no verb of the life.
const (
	toList duty.Verb = "list"
	toShow duty.Verb = "show"
)

var (
	confirmWords = regexp.MustCompile(`^(?:请|帮我|现在)?(?:确认|同意|批准)立项[:,\s]*(.+)$`)
	refuseWords  = regexp.MustCompile(`^(?:不予|不同意|不批准|拒绝)立项[:,\s]*(.+)$`)
	listWords    = regexp.MustCompile(`^(?:查看|查|看看|看|列出|还有哪些|有哪些)?\s*(.*?)\s*的?(?:未立项|没立项|未确认|待确认|待立项|等确认)的?(?:督办事项|事项|草稿|项)?(?:有哪些|还有哪些|有多少|清单)?[?。]*$`)
	showWords    = regexp.MustCompile(`^(?:查看|查|看看|看)?\s*(\d{1,2}-\d{1,3})[?。]*$`)
	changeWords  = regexp.MustCompile(`^(\d{1,2}-\d{1,3})\s*[,:]?\s*((?:期限|牵头股室|牵头|承办单位|承办|事项|名称|内容)(?:要|请)?(?:改|换)|改(?:期限|牵头|承办|事项|名称|内容|由)|由\S+牵头)(.*)$`)
	exitWords    = regexp.MustCompile(`^(\d{1,2}-\d{1,3})\s*[,:]?\s*(中止|暂停办理|恢复办理|作废|销号归档|归档)(?:$|\s*[,:。\s]\s*|(?:原因|因为))(.*)$`)
	exitFirst    = regexp.MustCompile(`^(中止|暂停办理|恢复办理|作废|销号归档|归档)\s*(\d{1,2}-\d{1,3})(?:$|\s*[,:。\s]\s*|(?:原因|因为))(.*)$`)
)

var exitVerbs = map[string]duty.Verb{"中止": duty.ToSuspend, "暂停办理": duty.ToSuspend, "恢复办理": duty.ToResume, "作废": duty.ToVoid,
	"归档": duty.ToArchive, "销号归档": duty.ToArchive}

// plainSigns gives digits and signs one form each.
var plainSigns = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"－", "-", "—", "-", "–", "-", "﹣", "-", "～", "~", "，", ",", "；", ",", ";", ",", "：", ":", "？", "?", "　", " ")

// readOrder reads a sentence; numbers mean the entries of the list shown last.
func (m memory) readOrder(text string) (order, bool) {
	text = strings.TrimSpace(plainSigns.Replace(text))
	if g := confirmWords.FindStringSubmatch(text); g != nil {
		return m.readRefs(duty.ToConfirm, g[1])
	}
	if g := refuseWords.FindStringSubmatch(text); g != nil {
		return m.readRefs(duty.ToRefuse, g[1])
	}
	if g := listWords.FindStringSubmatch(text); g != nil {
		return readScope(g[1]), true
	}
	text, _ = m.expand(text)
	if g := changeWords.FindStringSubmatch(text); g != nil {
		return order{Verb: duty.ToChange, Codes: []string{g[1]}, Rest: g[2] + g[3]}, true
	}
	if g := exitWords.FindStringSubmatch(text); g != nil {
		return order{Verb: exitVerbs[g[2]], Codes: []string{g[1]}, Rest: sentence(reasonOf(g[3]))}, true
	}
	if g := exitFirst.FindStringSubmatch(text); g != nil {
		return order{Verb: exitVerbs[g[1]], Codes: []string{g[2]}, Rest: sentence(reasonOf(g[3]))}, true
	}
	if g := showWords.FindStringSubmatch(text); g != nil {
		return order{Verb: toShow, Codes: []string{g[1]}}, true
	}
	return order{}, false
}

var (
	pointRef  = regexp.MustCompile(`^第?\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*条(?:工作要点|要点)?(?:全部|的?所有)?(?:事项)?`)
	codeRef   = regexp.MustCompile(`^\d{1,2}\s*-\s*\d{1,3}`)
	numberRef = regexp.MustCompile(`^第?(\d{1,3})(?:项|个)?(?:$|[\s,、到至~和及-])`)
	rangeSign = regexp.MustCompile(`^\s*(?:到|至|~|-+)\s*`)
	refSign   = regexp.MustCompile(`^[\s,、和及]+`)
)

// readRefs takes the items off the front of the words; the rest is what is said
// about them.
func (m memory) readRefs(v duty.Verb, words string) (order, bool) {
	o := order{Verb: v}
	if g := pointRef.FindStringSubmatch(words); g != nil {
		o.Point, o.Rest = count(g[1]), reasonOf(words[len(g[0]):])
		return o, o.Point > 0
	}
	for {
		code, rest, ok := m.readRef(words)
		if !ok {
			break
		}
		o.Codes, words = append(o.Codes, code), rest
		if g := rangeSign.FindString(words); g != "" {
			if to, rest, ok := m.readRef(words[len(g):]); ok {
				o.Codes, words = append(o.Codes, m.between(code, to)...), rest
			}
		}
		next := refSign.FindString(words)
		if _, _, ok := m.readRef(words[len(next):]); next == "" || !ok {
			break
		}
		words = words[len(next):]
	}
	o.Rest = reasonOf(words)
	return o, len(o.Codes) > 0
}

// readRef takes one code, or the code of a numbered entry.
func (m memory) readRef(words string) (code, rest string, ok bool) {
	if g := codeRef.FindString(words); g != "" {
		return strings.ReplaceAll(g, " ", ""), words[len(g):], true
	}
	if g := numberRef.FindStringSubmatchIndex(words); g != nil {
		if e, ok := m.entry(words[g[2]:g[3]]); ok && e.Code != "" {
			rest := strings.TrimPrefix(strings.TrimPrefix(words[g[3]:], "项"), "个")
			return e.Code, rest, true
		}
	}
	return "", words, false
}

// between lists the codes after from up to to: of one point, or of the entries
// shown.
func (m memory) between(from, to string) []string {
	at := func(code string) int {
		return slices.IndexFunc(m.list, func(l Listed) bool { return l.Code == code })
	}
	pointA, a := splitCode(from)
	pointB, b := splitCode(to)
	var out []string
	if pointA == pointB {
		for n := a + 1; n <= b; n++ {
			out = append(out, strconv.Itoa(pointA)+"-"+strconv.Itoa(n))
		}
		return out
	}
	for i := at(from) + 1; at(from) >= 0 && i <= at(to); i++ {
		out = append(out, m.list[i].Code)
	}
	if len(out) == 0 {
		return []string{to}
	}
	return out
}

func splitCode(code string) (point, n int) {
	a, b, _ := strings.Cut(code, "-")
	point, _ = strconv.Atoi(a)
	n, _ = strconv.Atoi(b)
	return point, n
}

func readScope(words string) order {
	o := order{Verb: toList}
	words = strings.TrimSuffix(strings.TrimSpace(words), "的")
	if g := pointRef.FindStringSubmatch(words); g != nil {
		o.Point, words = count(g[1]), words[len(g[0]):]
	}
	o.Unit = strings.TrimSpace(words)
	return o
}

var reasonSign = regexp.MustCompile(`^[\s,:。]*(?:原因|理由|因为)?[:是\s]*`)

func reasonOf(words string) string {
	return strings.TrimSpace(words[len(reasonSign.FindString(words)):])
}

// count reads 9, 九, 十二 and 二十六.
func count(words string) int {
	if n, err := strconv.Atoi(words); err == nil {
		return n
	}
	n, one := 0, 0
	for _, r := range words {
		if r == '十' {
			n, one = n+max(one, 1)*10, 0
			continue
		}
		one = slices.Index([]rune("零一二三四五六七八九"), r)
	}
	return n + one
}
