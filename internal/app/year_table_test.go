package app

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"duban/seeds"
)

// What follows works out by whom what is to be heard on which day, from the
// numbers of policies.yaml, the list of days off and the terms alone. It shares
// no code with the planner and is meant to be read beside domain rules: dates are
// plain text and days are walked one by one.

// daysOff and makeUp are the State Council's list for 2025.
const (
	daysOff = "01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08"
	makeUp  = "01-26 02-08 04-27 09-28 10-11"
)

// inTerm are the terms of 2025 by kind of school.
var inTerm = map[string][][2]string{
	"primary_middle": {{"2025-02-12", "2025-07-04"}, {"2025-09-01", "2026-01-30"}},
	"kindergarten":   {{"2025-02-14", "2025-07-04"}, {"2025-09-01", "2026-01-23"}},
	"senior":         {{"2025-02-10", "2025-07-11"}, {"2025-09-01", "2026-02-06"}},
	"vocational":     {{"2025-02-10", "2025-07-11"}, {"2025-09-01", "2026-02-06"}},
}

// works reports whether people work on a day of 2025.
func works(day string) bool {
	if "2026-01-01" <= day && day <= "2026-01-03" { // the last weekly looks there
		return false
	}
	md := day[5:]
	if strings.Contains(makeUp, md) {
		return true
	}
	for _, s := range strings.Fields(daysOff) {
		from, to, ranged := strings.Cut(s, "..")
		if !ranged {
			to = from
		}
		if from <= md && md <= to && strings.HasPrefix(day, "2025") {
			return false
		}
	}
	w := weekday(day)
	return w != time.Saturday && w != time.Sunday
}

func weekday(day string) time.Weekday { return date(day).Weekday() }

func date(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

func plus(day string, n int) string { return date(day).AddDate(0, 0, n).Format(time.DateOnly) }

// count walks n working days, forward or back.
func count(day string, n int) string {
	for n != 0 {
		step := 1
		if n < 0 {
			step = -1
		}
		if day = plus(day, step); works(day) {
			n -= step
		}
	}
	return day
}

// notAfter is the last working day up to a day.
func notAfter(day string) string {
	for !works(day) {
		day = plus(day, -1)
	}
	return day
}

func termTime(kind, day string) bool {
	for _, t := range inTerm[kind] {
		if t[0] <= day && day <= t[1] {
			return true
		}
	}
	return kind == ""
}

// rules are the profiles as the file has them.
type rules struct {
	Slip struct {
		Receipt int `yaml:"receipt"`
	} `yaml:"slip"`
	Profiles map[string]struct {
		Every *struct {
			Unit  string   `yaml:"unit"`
			Day   int      `yaml:"day"`
			Dates []string `yaml:"dates"`
		} `yaml:"every"`
		Sign    *rungs `yaml:"sign"`
		Collect *rungs `yaml:"collect"`
		Due     *rungs `yaml:"due"`
	} `yaml:"profiles"`
}

type rungs struct {
	Remind   []any `yaml:"remind"`
	Escalate []struct {
		At   any    `yaml:"at"`
		To   string `yaml:"to"`
		Slip string `yaml:"slip"`
	} `yaml:"escalate"`
}

// line is one thing one person hears on one day.
type line struct {
	day, person, item, unit, period, kind, stage, due, offset, level, slip string
}

func (l line) String() string {
	return strings.Join([]string{l.day, l.person, l.item, l.unit, l.period, l.kind, l.stage, l.due, l.offset, l.level, l.slip}, " | ")
}

// table works out the whole year.
type table struct {
	set   *seeds.Set
	rules rules
	lines map[line]bool
}

func expected(t *testing.T, set *seeds.Set) map[line]bool {
	t.Helper()
	tb := &table{set: set, lines: map[line]bool{}}
	must(t, yaml.Unmarshal(seeds.Policies(), &tb.rules))
	y, _ := set.Year(2025)
	for _, it := range y.Items {
		point, _ := y.Point(it.PointNo())
		units, err := set.Reporters(2025, it.Code)
		must(t, err)
		if len(units) == 0 {
			units = []string{point.Lead}
		}
		for _, id := range units {
			u, _ := set.Unit(id)
			tb.work(it, u, point.Lead)
		}
		for _, id := range point.Co {
			if u, _ := set.Unit(id); id != point.Lead && !slices.Contains(units, id) {
				due := it.Due.Date.String()
				tb.tell(tb.ladder(line{item: it.Code, unit: id}, "due", due, tb.rules.Profiles["assist"].Due, 4), u, point.Lead)
			}
		}
	}
	return tb.lines
}

// rung is one date of one piece of work.
type rung struct {
	line
	rank int // of two on one day to one level, the higher is told
}

// work adds what is heard about one unit's part of an item.
func (tb *table) work(it seeds.Item, u seeds.Unit, section string) {
	key := it.Remind
	if it.Period != nil && it.Period.ByKind[u.Kind] != "" {
		key = map[string]string{"week": "weekly", "month": "monthly", "quarter": "quarterly", "term": "term"}[it.Period.ByKind[u.Kind]]
	}
	p := tb.rules.Profiles[key]
	due := it.Due.Date.String()
	collected := slices.DeleteFunc(tb.collected(p.Every != nil, key, u, due), func(r round) bool {
		return it.Period != nil && it.Period.FromMonth != 0 && (month(r.due) < it.Period.FromMonth || month(r.due) > it.Period.ToMonth)
	})
	base := line{item: it.Code, unit: u.ID}
	if p.Every != nil && p.Due == nil {
		if len(collected) == 0 { // one report at the end
			collected = append(collected, round{"", due})
		}
		for _, r := range collected {
			b := base
			b.period = r.key
			tb.tell(tb.ladder(b, "collect", r.due, p.Collect, 3), u, section)
		}
		return
	}
	var all []rung
	if p.Due != nil {
		all = append(all, tb.ladder(base, "due", due, p.Due, 4)...)
		for _, r := range collected {
			if r.due < due {
				all = append(all, tb.ladder(base, "collect", r.due, p.Collect, 3)...)
			}
		}
	}
	if p.Sign != nil {
		all = append(all, tb.ladder(base, "sign", count(yearStart, 1), p.Sign, 1)...)
	}
	tb.tell(all, u, section)
}

func month(day string) int { return int(date(day).Month()) }

type round struct{ key, due string }

// collected lists the days a recurring duty is collected on, from the
// confirmation to the end of the item.
func (tb *table) collected(recurs bool, profile string, u seeds.Unit, end string) []round {
	var out []round
	if !recurs {
		return nil
	}
	e := tb.rules.Profiles[profile].Every
	add := func(key, day, opens string) {
		day = notAfter(day)
		if day >= opens && day >= yearStart && day <= end && termTime(u.Term, day) {
			out = append(out, round{key, day})
		}
	}
	switch e.Unit {
	case "week":
		for d := yearStart; d <= "2025-12-31"; d = plus(d, 7) { // Mondays
			y, w := date(d).ISOWeek()
			add(fmt.Sprintf("%d-W%02d", y, w), plus(d, 4), d)
		}
	case "month", "quarter":
		for m := 3; m <= 12; m++ {
			first := fmt.Sprintf("2025-%02d-01", m)
			key, day := first[:7], fmt.Sprintf("2025-%02d-%02d", m, e.Day)
			if e.Day == 0 {
				day = date(first).AddDate(0, 1, -1).Format(time.DateOnly)
			}
			if e.Unit == "quarter" {
				if m%3 != 0 {
					continue
				}
				key = fmt.Sprintf("2025-Q%d", m/3)
			}
			add(key, day, first)
		}
	case "term":
		add("2024-2025-2", "2025-"+e.Dates[0], "2025-01-01")
		add("2025-2026-1", "2025-"+e.Dates[1], "2025-01-01")
	}
	return out
}

// ladder dates the rungs around a deadline. What lies on the day of the
// confirmation or before was never to be told.
func (tb *table) ladder(b line, stage, due string, l *rungs, rank int) []rung {
	var out []rung
	b.stage, b.due = stage, due
	add := func(at any, level, kind, slip string) {
		n, err := strconv.Atoi(fmt.Sprint(at))
		if err != nil {
			panic(err)
		}
		r := rung{line: b, rank: rank*100 + n}
		r.level, r.kind, r.slip, r.offset = level, kind, slip, strconv.Itoa(n)
		if r.day = count(due, n); n <= 0 {
			r.day = count(notAfter(due), n)
		}
		if kind == "escalation" {
			r.rank += 10_000
		}
		out = append(out, r)
	}
	for _, n := range l.Remind {
		add(n, "holder", "reminder", "")
	}
	for _, e := range l.Escalate {
		add(e.At, e.To, "escalation", e.Slip)
	}
	return out
}

// tell gives the rungs of one piece of work to people: out of the holidays, one a
// level and day, to whoever holds the post or the next above.
func (tb *table) tell(all []rung, u seeds.Unit, section string) {
	best := map[[2]string]rung{}
	for _, r := range all {
		if r.level == "holder" && u.Term != "" && !termTime(u.Term, r.day) {
			r.day = tb.outOfHolidays(u.Term, r.day, r.due)
		}
		if r.day <= yearStart || r.day > yearEnd {
			continue
		}
		k := [2]string{r.day, r.level}
		if b, ok := best[k]; !ok || r.rank > b.rank {
			best[k] = r
		}
	}
	for _, r := range best {
		if r.slip != "" {
			tb.slip(r.line, u, section)
		}
		for _, person := range tb.people(r.level, u.ID, section) {
			l := r.line
			l.person = person
			tb.lines[l] = true
		}
	}
}

// slip adds what is heard of a slip: by the unit on the day of the escalation, a
// school not in its holidays, and by the section (the deputy, of its own work) when
// no receipt has come, which here none ever does.
func (tb *table) slip(l line, u seeds.Unit, section string) {
	heard, overseer := l.day, "section_chief"
	if u.ID == section { // nobody looks after himself
		overseer = "deputy"
	}
	for u.Term != "" && !(works(heard) && termTime(u.Term, heard)) {
		heard = plus(heard, 1)
	}
	for _, part := range []struct{ kind, day, level string }{{"slip", heard, "holder"}, {"slip_late", count(heard, tb.rules.Slip.Receipt+1), overseer}} {
		if part.day > yearEnd {
			continue
		}
		l.kind, l.day = part.kind, part.day
		for _, l.person = range tb.people(part.level, u.ID, section) {
			tb.lines[l] = true
		}
	}
}

func (tb *table) outOfHolidays(kind, day, due string) string {
	free := func(d string) bool { return works(d) && termTime(kind, d) }
	to := day
	for !free(to) {
		to = plus(to, 1)
	}
	if day <= due && to > due {
		for to = day; !free(to); {
			to = plus(to, -1)
		}
	}
	return to
}

func (tb *table) people(level, unit, section string) []string {
	levels := []string{"holder", "section_chief", "deputy", "leader_office"}
	for _, l := range levels[slices.Index(levels, level):] {
		if who := tb.holding(l, unit, section); len(who) > 0 {
			return who
		}
	}
	return nil
}

func (tb *table) holding(level, unit, section string) []string {
	posts := func(most int, is func(seeds.Post) bool) []string {
		var found []seeds.Post
		for _, p := range tb.set.Posts {
			if is(p) && !vacant[p.ID] {
				found = append(found, p)
			}
		}
		slices.SortStableFunc(found, func(a, b seeds.Post) int { return a.Rank - b.Rank })
		var who []string
		for _, p := range found[:min(most, len(found))] {
			who = append(who, "p-"+p.ID)
		}
		return who
	}
	own := func(unit string) func(seeds.Post) bool {
		return func(p seeds.Post) bool {
			return p.Unit == unit && (p.Role == "unit_head" || p.Role == "section_chief" || p.Role == "office")
		}
	}
	switch level {
	case "holder":
		return posts(2, own(unit))
	case "section_chief":
		return posts(1, own(section))
	case "deputy":
		return posts(9, func(p seeds.Post) bool { return p.Role == "leader" && slices.Contains(p.Charge, section) })
	}
	return posts(9, func(p seeds.Post) bool { return p.ID == "ju-juzhang" || p.Role == "office" })
}
