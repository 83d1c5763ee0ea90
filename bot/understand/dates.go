package understand

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"duban/internal/calendar"
)

// Workdays knows which days are worked on, make-up days included.
type Workdays interface{ IsWorkday(calendar.Date) bool }

// weekdays is the fallback without a calendar: Monday to Friday.
type weekdays struct{}

func (weekdays) IsWorkday(d calendar.Date) bool {
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// direction says how a date without year or month is meant: a deadline lies
// ahead, a report tells of what has been.
type direction int

const (
	ahead direction = iota
	behind
)

// when is a stretch of days named in a text, at the byte span it was named.
type when struct {
	start, end int
	from, to   calendar.Date
	kind       whenKind
	by         bool // 前, 之前, 截止: up to this day
}

type whenKind int

const (
	oneDay   whenKind = iota
	stretch           // a week, month, ten-day period, term …
	within            // N 天内: from today on
	duration          // N 天 without saying from when
)

// reader reads the dates of a text, relative to today.
type reader struct {
	today    calendar.Date
	workdays Workdays
	dir      direction
}

// datePattern is one way to write a date. read returns false for nonsense such
// as month 13; m holds the groups.
type datePattern struct {
	hint string // runes of which one must occur for the pattern to be tried
	re   *pattern
	read func(r reader, m []string) (when, bool)
}

const (
	relMonth = `(本|这个?|当|上上个?|上一?1?个?|下一?1?个?)月`
	weekName = `(?:周|星期|礼拜)`
)

// datePatterns are tried in this order; a later one never claims text that an
// earlier one has read.
var datePatterns = []datePattern{
	{"年-/.", compile(`(20\d\d)[-年./](\d{1,2})[-月./](\d{1,2})[日号]?`), readFull},
	{"月", compile(`(?:(今|明|去|后|20\d\d)年)?(\d{1,2})月(?:份)?(\d{1,2})(?:[日号]|$|[^\d])?`), readMonthDay},
	{"庆旦节明午秋年", festivalRe, readFestival},
	{"节假", compile(`(节|放完假|收假)(前|之前|以前|后|之后|以后)?(?:的)?(第1个工作日|首个工作日|1上班|开班)?`), readBreak},
	{"工", compile(`(?:` + relMonth + `|(本|这|下)个?` + weekName + `)(?:的)?(第1个|首个|最后1个|最后一个)工作日`), readEdge},
	{"月", compile(relMonth + `(?:份的?)?(\d{1,2})[日号]`), readRelMonthDay},
	{"月旬", compile(`(?:(\d{1,2})月|` + relMonth + `)?份?的?(上旬|中旬|下旬|月底|月末|月初|底|末|初)`), readMonthPart},
	{"月", compile(relMonth + `(?:份)?`), readRelMonth},
	{"月", compile(`(?:(今|明|去|20\d\d)年)?(\d{1,2})月份?`), readMonth},
	{"周期拜", compile(`(每)?(本|这一?1?个?|上上1?个?|上一?1?个?|下下1?个?|下一?1?个?|今)?` + weekName + `([1-6一二三四五六日天末])?(第)?`), readWeek},
	{"后", compile(`(明后)(?:两|2)?天|(今明)(?:两|2)?天`), readPair},
	{"号日", compile(`(\d{1,2})[号日]?(?:到|至|-|~)(\d{1,2})[号日]`), readDays},
	{"天日晨早晚", compile(`(大前天|前天|昨[天日晚儿]|今[天日早晚晨儿]|当天|明[天日早晚儿]|大后天|后天|后儿)`), readRelDay},
	{"天日周星月", compile(`(近|最近|过去|前|未来|今后|接下来)?(\d{1,3}|半)个?(工作日|天|日|周|星期|礼拜|月)(之内|以内|内|后|之后|以后|前|之前)?`), readCount},
	{"号日", compile(`(\d{1,2})[号日]`), readDay},
	{"./", compile(`(\d{1,2})[./](\d{1,2})(?:[日号]|之?前|以前|[到至~-]|$|[ ,])`), readDotted},
	{"年期季", compile(`(上半年|下半年|年底|年末|年内|今年|全年|本年度?|去年|明年|本学期|这个?学期|上个?学期|学期末|期末|本季度|这个?季度|上个?季度|第?[1-4一二三四]季度)`), readLong},
}

// dates returns the dates of s in order, "A到B" joined to one stretch.
func (r reader) dates(s string) []when {
	if !strings.ContainsAny(s, "0123456789周星礼天日月年底旬昨今明后学季庆元五教六") {
		return nil
	}
	var found []when
	for _, p := range datePatterns {
		if !strings.ContainsAny(s, p.hint) {
			continue
		}
		for _, loc := range p.re.FindAllStringSubmatchIndex(s, 12) {
			if taken(found, loc[0], loc[1]) {
				continue
			}
			w, ok := p.read(r, groups(s, loc))
			if !ok || !r.plausible(s, loc) {
				continue
			}
			w.start, w.end = loc[0], loc[1]
			found = append(found, w)
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].start < found[j].start })
	return r.joinRanges(s, markBy(s, found))
}

// plausible rejects numbers that belong to something else: 隐患8号, 3号楼.
func (r reader) plausible(s string, loc []int) bool {
	before, after := s[:loc[0]], s[loc[1]:]
	if at := s[loc[0]]; before != "" && at >= '0' && at <= '9' {
		if c := before[len(before)-1]; c >= '0' && c <= '9' || c == '.' || c == '-' && loc[1]-loc[0] < 8 && hasDigitBefore(before) {
			return false
		}
	}
	if hasAnySuffix(s[loc[0]:loc[1]], "号", "日") {
		return !hasAnySuffix(before, "隐患", "第", "YH", "任务", "编号") &&
			!hasAnyPrefix(after, "隐患", "楼", "线", "机", "车", "任务", "文", "柜", "门", "栋", "教学楼", "宿舍", "校车", "常")
	}
	return true
}

func hasDigitBefore(s string) bool {
	s = strings.TrimSuffix(s, "-")
	return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9'
}

func taken(found []when, start, end int) bool {
	for _, w := range found {
		if start < w.end && w.start < end {
			return true
		}
	}
	return false
}

func groups(s string, loc []int) []string {
	m := make([]string, len(loc)/2)
	for i := range m {
		if loc[2*i] >= 0 {
			m[i] = s[loc[2*i]:loc[2*i+1]]
		}
	}
	return m
}

// markBy notes which dates are followed by "before" and takes that word in.
func markBy(s string, found []when) []when {
	for i := range found {
		w := &found[i]
		if hasAnySuffix(s[w.start:w.end], "之前", "以前", "前") && w.kind == oneDay {
			w.by = true
			continue
		}
		for _, word := range []string{"之前", "以前", "前", "为止", "截止"} {
			if strings.HasPrefix(s[w.end:], word) {
				w.by, w.end = true, w.end+len(word)
				break
			}
		}
	}
	return found
}

// joinRanges makes one stretch of two dates with 到, 至 or a dash between.
func (r reader) joinRanges(s string, ws []when) []when {
	var out []when
	for _, w := range ws {
		if n := len(out); n > 0 && w.kind <= stretch && out[n-1].kind <= stretch {
			switch strings.TrimSpace(s[out[n-1].end:w.start]) {
			case "到", "至", "-", "~", "一直到", "直到":
				out[n-1] = r.span(out[n-1], w, s)
				continue
			}
		}
		out = append(out, w)
	}
	return out
}

func (r reader) span(a, b when, s string) when {
	to := b.to
	if weekday := b.kind == oneDay && bareWeekday.MatchString(s[b.start:b.end]); weekday && a.kind == oneDay { // 下周一到周三
		for to = a.from.Add(1); to.Weekday() != b.to.Weekday(); to = to.Add(1) {
		}
		return when{start: a.start, end: b.end, from: a.from, to: to, kind: stretch, by: b.by}
	}
	if b.kind == oneDay && to < a.from { // 28号到3号, or 9月15号到19号 read from today
		y, m, _ := a.from.YMD()
		_, _, d := to.YMD()
		if to = calendar.Of(y, m, d); to < a.from {
			to = calendar.Of(y, m+1, d)
		}
	} else if bare := !strings.ContainsAny(s[b.start:b.end], "月周天"); b.kind == oneDay && bare {
		y, m, _ := a.from.YMD()
		_, _, d := to.YMD()
		if c := calendar.Of(y, m, d); c >= a.from {
			to = c
		}
	}
	return when{start: a.start, end: b.end, from: a.from, to: to, kind: stretch, by: b.by}
}

var bareWeekday = compile(`^` + weekName)

func num(s string) int { n, _ := strconv.Atoi(s); return n }
