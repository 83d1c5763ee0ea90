package understand

import (
	"strings"
	"time"

	"duban/internal/calendar"
)

func day(d calendar.Date) when         { return when{from: d, to: d} }
func days(from, to calendar.Date) when { return when{from: from, to: to, kind: stretch} }

// date builds y-m-d and refuses 30 February and the like.
func date(y, m, d int) (calendar.Date, bool) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	v := calendar.Of(y, time.Month(m), d)
	_, mm, dd := v.YMD()
	return v, int(mm) == m && dd == d
}

func readFull(_ reader, m []string) (when, bool) {
	d, ok := date(num(m[1]), num(m[2]), num(m[3]))
	return day(d), ok
}

// year resolves 今年 and the like; an unnamed year is chosen by direction.
func (r reader) year(name string) (y int, named bool) {
	y = r.today.Year()
	switch name {
	case "":
		return y, false
	case "今":
	case "明":
		y++
	case "去":
		y--
	case "后":
		y += 2
	default:
		y = num(name)
	}
	return y, true
}

// settle moves a date without year into the year that the direction asks for.
// Half a year of tolerance: a deadline of two months ago is a mistake to be
// asked about, not next year's date.
func (r reader) settle(y, m, d int) (calendar.Date, bool) {
	v, ok := date(y, m, d)
	if !ok {
		return 0, false
	}
	switch {
	case r.dir == ahead && r.today.Sub(v) > 120:
		return date(y+1, m, d)
	case r.dir == behind && v.Sub(r.today) > 120:
		return date(y-1, m, d)
	}
	return v, true
}

func readMonthDay(r reader, m []string) (when, bool) {
	y, named := r.year(m[1])
	if named {
		d, ok := date(y, num(m[2]), num(m[3]))
		return day(d), ok
	}
	d, ok := r.settle(y, num(m[2]), num(m[3]))
	return day(d), ok
}

// monthOffset reads 上个, 本, 下个 … in front of 月 or 周.
func monthOffset(s string) int {
	switch strings.TrimRight(s, "个一1") {
	case "上上":
		return -2
	case "上":
		return -1
	case "下":
		return 1
	case "下下":
		return 2
	}
	return 0
}

func readRelMonthDay(r reader, m []string) (when, bool) {
	y, mon, _ := r.today.YMD()
	first := calendar.Of(y, mon+time.Month(monthOffset(m[1])), 1)
	fy, fm, _ := first.YMD()
	d, ok := date(fy, int(fm), num(m[2]))
	return day(d), ok
}

// monthOf returns the first day of the month named by a number or a relative
// word, by default the current one.
func (r reader) monthOf(number, rel string) (calendar.Date, bool) {
	y, mon, _ := r.today.YMD()
	if number == "" {
		return calendar.Of(y, mon+time.Month(monthOffset(rel)), 1), true
	}
	n := num(number)
	if n < 1 || n > 12 {
		return 0, false
	}
	switch {
	case r.dir == ahead && n < int(mon)-4:
		y++
	case r.dir == behind && n > int(mon)+1:
		y--
	}
	return calendar.Of(y, time.Month(n), 1), true
}

func readMonthPart(r reader, m []string) (when, bool) {
	part := strings.TrimPrefix(m[3], "月")
	bare := m[1] == "" && m[2] == ""
	if bare && part == m[3] && !strings.HasSuffix(part, "旬") {
		return when{}, false // 底, 初 alone: 年底, 初二
	}
	first, ok := r.monthOf(m[1], m[2])
	end := first.MonthEnd()
	switch part {
	case "上旬":
		return days(first, first.Add(9)), ok
	case "中旬":
		return days(first.Add(10), first.Add(19)), ok
	case "下旬":
		return days(first.Add(20), end), ok
	case "初":
		if bare && r.dir == ahead && r.today.Sub(first) > 7 {
			first = end.Add(1)
		}
		return day(first.Add(4)), ok
	}
	return day(end), ok
}

func readRelMonth(r reader, m []string) (when, bool) {
	first, ok := r.monthOf("", m[1])
	return days(first, first.MonthEnd()), ok
}

func readMonth(r reader, m []string) (when, bool) {
	first, ok := r.monthOf(m[2], "")
	if y, named := r.year(m[1]); named && ok {
		_, mon, _ := first.YMD()
		first = calendar.Of(y, mon, 1)
	}
	return days(first, first.MonthEnd()), ok
}

// monday returns the first day of d's week; weeks begin on Monday.
func monday(d calendar.Date) calendar.Date {
	return d.Add(-(int(d.Weekday()) + 6) % 7)
}

func readWeek(r reader, m []string) (when, bool) {
	if m[1] != "" || m[4] != "" || m[2] == "" && m[3] == "" {
		return when{}, false
	}
	first := monday(r.today).Add(7 * monthOffset(strings.Replace(m[2], "今", "", 1)))
	switch {
	case m[3] == "":
		return days(first, first.Add(6)), true
	case m[3] == "末":
		return days(first.Add(5), first.Add(6)), true
	}
	n := strings.Index("一二三四五六日", m[3]) / 3
	if m[3] == "天" {
		n = 6
	} else if m[3] < "9" {
		n = num(m[3]) - 1
	}
	d := first.Add(n)
	if m[2] == "" { // a bare weekday gone by means the next or the last one
		if r.dir == ahead && d < r.today {
			d = d.Add(7)
		}
		if r.dir == behind && d > r.today {
			d = d.Add(-7)
		}
	}
	return day(d), true
}

func readRelDay(r reader, m []string) (when, bool) {
	w := m[1]
	switch {
	case w == "大前天":
		return day(r.today.Add(-3)), true
	case w == "前天":
		return day(r.today.Add(-2)), true
	case w == "大后天":
		return day(r.today.Add(3)), true
	case w == "后天", w == "后儿":
		return day(r.today.Add(2)), true
	case strings.HasPrefix(w, "昨"):
		return day(r.today.Add(-1)), true
	case strings.HasPrefix(w, "明"):
		return day(r.today.Add(1)), true
	}
	return day(r.today), true
}

// readCount reads 3天内, 三个工作日内, 近7天, 两周后 and plain 三天.
func readCount(r reader, m []string) (when, bool) {
	n, unit := num(m[2]), m[3]
	if m[2] == "半" {
		if unit != "月" {
			return when{}, false
		}
		n, unit = 15, "天"
	}
	if n == 0 || n > 400 || unit == "日" && m[4] == "" || unit == "月" && !strings.Contains(m[0], "个") && m[2] != "半" {
		return when{}, false
	}
	end := r.after(n, unit)
	switch {
	case has(m[4], "后"):
		return day(end), true
	case has(m[1], "近", "过去", "前") || has(m[4], "前"):
		return days(r.today.Add(r.today.Sub(end)), r.today), true
	case has(m[4], "内") || m[1] != "":
		return when{from: r.today, to: end, kind: within}, true
	case unit == "工作日":
		return when{from: r.today, to: end, kind: within}, true
	}
	return when{from: r.today, to: end, kind: duration}, true
}

// after returns the day n units from today; working days exclude today.
func (r reader) after(n int, unit string) calendar.Date {
	switch unit {
	case "工作日":
		d := r.today
		for k := 0; n > 0 && k < 800; k++ {
			if d = d.Add(1); r.workdays.IsWorkday(d) {
				n--
			}
		}
		return d
	case "周", "星期", "礼拜":
		return r.today.Add(7 * n)
	case "月":
		y, mon, d := r.today.YMD()
		first := calendar.Of(y, mon+time.Month(n), 1)
		return min(first.Add(d-1), first.MonthEnd())
	}
	return r.today.Add(n)
}

func readDay(r reader, m []string) (when, bool) {
	y, mon, today := r.today.YMD()
	n := num(m[1])
	d, ok := date(y, int(mon), n)
	switch {
	case n < 1 || n > 31:
		return when{}, false
	case r.dir == ahead && n < today:
		next := calendar.Of(y, mon+1, 1)
		ny, nm, _ := next.YMD()
		d, ok = date(ny, int(nm), n)
	case r.dir == behind && n > today:
		prev := calendar.Of(y, mon-1, 1)
		py, pm, _ := prev.YMD()
		d, ok = date(py, int(pm), n)
	}
	return day(d), ok
}

func readDotted(r reader, m []string) (when, bool) {
	d, ok := r.settle(r.today.Year(), num(m[1]), num(m[2]))
	return day(d), ok
}

// readLong reads terms, quarters and years. Schools' own term dates are the
// calendar's matter; here a term begins on 1 September or 1 February.
func readLong(r reader, m []string) (when, bool) {
	y, mon, _ := r.today.YMD()
	year := func(y int) when { return days(calendar.Of(y, 1, 1), calendar.Of(y, 12, 31)) }
	switch w := m[1]; {
	case is(w, "年底", "年末"):
		return day(calendar.Of(y, 12, 31)), true
	case w == "去年":
		return year(y - 1), true
	case w == "明年":
		return year(y + 1), true
	case w == "上半年":
		return days(calendar.Of(y, 1, 1), calendar.Of(y, 6, 30)), true
	case w == "下半年":
		return days(calendar.Of(y, 7, 1), calendar.Of(y, 12, 31)), true
	case is(w, "学期末", "期末"):
		_, end := halfYear(r.today)
		return day(end), true
	case strings.Contains(w, "学期"):
		from, end := halfYear(r.today)
		if strings.HasPrefix(w, "上") {
			from, end = halfYear(from.Add(-1))
		}
		return days(from, end), true
	case strings.Contains(w, "季度"):
		q := (int(mon) - 1) / 3
		if i := strings.IndexAny(w, "1234"); i >= 0 {
			q = num(w[i:i+1]) - 1
		} else if i := strings.IndexAny(w, "一二三四"); i >= 0 {
			n, _ := numberOf(w[i : i+3])
			q = n - 1
		} else if strings.HasPrefix(w, "上") {
			q--
		}
		from := calendar.Of(y, time.Month(3*q+1), 1)
		return days(from, from.Add(62).MonthEnd()), true
	}
	return year(y), true
}

// halfYear returns the first and last day of the half-year that holds d.
func halfYear(d calendar.Date) (from, to calendar.Date) {
	y, mon, _ := d.YMD()
	switch {
	case mon >= 9:
		return calendar.Of(y, 9, 1), calendar.Of(y+1, 1, 31)
	case mon == 1:
		return calendar.Of(y-1, 9, 1), calendar.Of(y, 1, 31)
	}
	return calendar.Of(y, 2, 1), calendar.Of(y, 8, 31)
}

// readPair reads 明后两天 and 今明两天.
func readPair(r reader, m []string) (when, bool) {
	from := r.today
	if m[1] != "" {
		from = from.Add(1)
	}
	return days(from, from.Add(1)), true
}

// readDays reads 16到18号: days of one month.
func readDays(r reader, m []string) (when, bool) {
	a, ok1 := readDay(r, []string{"", m[1]})
	b, ok2 := readDay(r, []string{"", m[2]})
	if !ok1 || !ok2 || b.to < a.from || b.to.Sub(a.from) > 31 {
		return when{}, false
	}
	return days(a.from, b.to), true
}
