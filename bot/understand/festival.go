package understand

import (
	"strings"

	lunar "github.com/6tail/lunar-go/calendar"

	"duban/internal/calendar"
)

// A festival's name is a date only with a word that makes it one: 国庆前, 中秋节后.
var festivalRe = compile(`(国庆|元旦|五一|劳动节|教师节|六一|儿童节|清明|端午|中秋|春节)(?:节|假期|长假|放假|小长假)*(前后|前|之前|以前|后|之后|以后|期间|当天|那天)(?:的)?(第1个工作日|首个工作日|1上班)?`)

// fixed are the festivals that keep to the same day of the year.
var fixed = map[string][2]int{"国庆": {10, 1}, "元旦": {1, 1}, "五一": {5, 1}, "劳动节": {5, 1}, "教师节": {9, 10}, "六一": {6, 1}, "儿童节": {6, 1}}

// moving are those of the lunar calendar, by month and day.
var moving = map[string][2]int{"端午": {5, 5}, "中秋": {8, 15}, "春节": {1, 1}}

// festival returns the day of a festival in a year.
func festival(name string, year int) (calendar.Date, bool) {
	if md, ok := fixed[name]; ok {
		return date(year, md[0], md[1])
	}
	if md, ok := moving[name]; ok {
		s := lunar.NewLunarFromYmd(year, md[0], md[1]).GetSolar()
		return date(s.GetYear(), s.GetMonth(), s.GetDay())
	}
	if s := lunar.NewLunarFromYmd(year, 1, 1).GetJieQiTable()["清明"]; s != nil {
		return date(s.GetYear(), s.GetMonth(), s.GetDay())
	}
	return 0, false
}

// readFestival reads the days before, in and after a festival: 前 is the day before the
// days off begin, 后 the first working day after them.
func readFestival(r reader, m []string) (when, bool) {
	if m[2] == "前后" {
		return when{}, false
	}
	d, ok := festival(m[1], r.today.Year())
	_, last := r.daysOff(d)
	switch {
	case r.dir == ahead && last < r.today:
		d, ok = festival(m[1], r.today.Year()+1)
	case r.dir == behind && d > r.today:
		d, ok = festival(m[1], r.today.Year()-1)
	}
	if !ok {
		return when{}, false
	}
	return r.around(d, m[2], m[3] != ""), true
}

// around reads a word of place relative to a festival's days off.
func (r reader) around(d calendar.Date, word string, firstDay bool) when {
	first, last := r.daysOff(d)
	switch {
	case firstDay || strings.Contains(word, "后"):
		return day(r.workdayFrom(last.Add(1)))
	case strings.Contains(word, "前"):
		w := day(min(first, d).Add(-1))
		w.by = true
		return w
	case word == "期间":
		return days(first, last)
	}
	return day(d)
}

// daysOff returns the first and last of the days off around d, d alone if it is
// worked on.
func (r reader) daysOff(d calendar.Date) (first, last calendar.Date) {
	first, last = d, d
	if r.workdays.IsWorkday(d) {
		return d, d
	}
	for !r.workdays.IsWorkday(first.Add(-1)) {
		first = first.Add(-1)
	}
	for !r.workdays.IsWorkday(last.Add(1)) {
		last = last.Add(1)
	}
	return first, last
}

// workdayFrom is the first working day from d on.
func (r reader) workdayFrom(d calendar.Date) calendar.Date {
	for k := 0; k < 30 && !r.workdays.IsWorkday(d); k++ {
		d = d.Add(1)
	}
	return d
}

// readBreak reads 节前 and 节后 of the next days off that are more than a weekend.
func readBreak(r reader, m []string) (when, bool) {
	word := m[2]
	if m[1] != "节" {
		word = "后"
	}
	if word == "" && m[3] == "" {
		return when{}, false
	}
	for d := r.today; d < r.today.Add(200); d = d.Add(1) {
		if first, last := r.daysOff(d); last.Sub(first) >= 2 {
			return r.around(first, word, m[3] != ""), true
		}
	}
	return when{}, false
}

// readEdge reads the first and the last working day of a week or month.
func readEdge(r reader, m []string) (when, bool) {
	first := monday(r.today).Add(7 * monthOffset(m[2]))
	last := first.Add(6)
	if m[1] != "" {
		first, _ = r.monthOf("", m[1])
		last = first.MonthEnd()
	}
	if !strings.HasPrefix(m[3], "最后") {
		return day(r.workdayFrom(first)), true
	}
	for last > first && !r.workdays.IsWorkday(last) {
		last = last.Add(-1)
	}
	return day(last), true
}
