package command

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/inspect"
	"duban/internal/org"
	"duban/internal/supervise"
)

// zeroReport records that nothing was found in a period (零报告). It is not asked
// for when something was found or the period has one already; either way the periodical
// report that asks for it is done.
func (s *session) zeroReport() (bot.Reply, error) {
	unit, err := s.zeroUnit()
	if err != nil {
		return bot.Reply{}, err
	}
	from, to := s.zeroSpan()
	if from > s.today {
		return text("%s还没到，到时发现没有隐患再报。", from.Say(s.today))
	}
	filed, err := s.tx.Hazards(s.ctx, hazard.Filter{Units: []string{unit}, Since: from.At(0, 0, s.Loc), Before: to.Add(1).At(0, 0, s.Loc), Limit: 50})
	if err != nil {
		return bot.Reply{}, err
	}
	filed = slices.DeleteFunc(filed, func(h hazard.Hazard) bool { return h.State == hazard.Void || h.Category == hazard.Untold })
	who := fmt.Sprintf("%s（%s）", s.dir.Label(unit), s.days(from, to))
	if len(filed) > 0 {
		done, err := s.endZeroDuty(unit, from, to, fmt.Sprintf("本期已报隐患 %d 条", len(filed)))
		if err != nil {
			return bot.Reply{}, err
		}
		s.acted("报结周期任务", done.acts)
		return text("%s已经报过隐患，例如 %s，不用再零报告。%s", who, filed[0].Number(), done.after())
	}
	zero, err := s.zero(unit, from, to)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(zero.acts) == 0 {
		return text("%s已经零报告过了，不用再报。", who)
	}
	s.acted("零报告", zero.acts)
	return bot.Reply{Title: "零报告", Text: s.zeroEcho(unit, from, to) + zero.after()}, nil
}

// acted remembers acts that are taken back together.
func (s *session) acted(label string, acts []act) {
	if len(acts) > 0 {
		slices.Reverse(acts)
		s.act = &act{Label: label, Text: s.m.Text, Many: acts}
	}
}

// zeroUnit is whose period it is: the asker's own unit, or the school that is named.
func (s *session) zeroUnit() (string, error) {
	unit := s.actor.UnitID
	if school := s.intent.Slots.School; school != "" {
		u, ok := s.unitNamed(school)
		if !ok {
			return "", errNotFound("没有找到“%s”这所学校，没有记下。请写学校全名再发一次。", school)
		}
		unit = u.ID
	}
	if org.Can(s.actor, org.ReportItem, org.Subject{Unit: unit}) != nil {
		return "", errs.Newf(errs.Forbidden, "零报告要由本单位的人报，请转告%s。", s.dir.Label(unit))
	}
	return unit, nil
}

func (s *session) days(from, to calendar.Date) string {
	if from == to {
		return from.Say(s.today)
	}
	return from.Say(s.today) + " 到 " + to.Say(s.today)
}

// zeroEcho names the days exactly: nobody can speak for those to come.
func (s *session) zeroEcho(unit string, from, to calendar.Date) string {
	said := s.days(from, to) + " 未发现隐患（零报告）。"
	if to > s.today {
		said = s.days(from, to) + " 零报告：到今天（" + s.today.Say(s.today) + "）为止未发现隐患。"
	}
	return fmt.Sprintf("已记下：%s %s\n这段时间发现了请随时上报。", s.dir.Label(unit), said)
}

// zeroed is what a zero report came to.
type zeroed struct {
	acts  []act
	lines []string
}

// after is what follows an answer.
func (z zeroed) after() string {
	if len(z.lines) == 0 {
		return ""
	}
	return "\n" + strings.Join(z.lines, "\n")
}

// zero puts a zero report down, once for a unit and its days, and reports the periodical
// work that asks for it. Without acts there was one.
func (s *session) zero(unit string, from, to calendar.Date) (zeroed, error) {
	name := supervise.ZeroKey(unit, from, to)
	fresh, err := s.tx.Once(s.ctx, name, s.actor.PersonID, s.now)
	if err != nil || !fresh {
		return zeroed{}, err
	}
	if err := s.note(personSubject, "zero_report", "", from.String()+"/"+to.String(), unit); err != nil {
		return zeroed{}, err
	}
	done, err := s.endZeroDuty(unit, from, to, "零报告："+s.days(from, to)+"未发现隐患")
	done.acts = append([]act{{Label: "零报告", Once: name}}, done.acts...)
	return done, err
}

// endZeroDuty reports the unit's periodical zero reports within the days as done.
func (s *session) endZeroDuty(unit string, from, to calendar.Date, words string) (zeroed, error) {
	works, err := s.tx.Work(s.ctx, duty.Filter{Units: []string{unit}, OpenOnly: true, Today: s.today})
	if err != nil {
		return zeroed{}, err
	}
	var z zeroed
	for _, w := range works {
		if !w.ZeroReport() || !w.Within(from, to) {
			continue
		}
		before, p := w.Assignment, duty.Progress{Status: duty.Done, Note: words}
		if w.Assignment, err = before.Report(p, s.now); err != nil {
			return z, err
		}
		if err := s.store(before, w, p); err != nil {
			return z, err
		}
		z.acts, z.lines = append(z.acts, *s.act), append(z.lines, "“"+render.WorkTitle(w)+"”也已报结，不用另报。")
	}
	return z, nil
}

// zeroByCheck takes a clean inspection for the zero report of its period where the list
// says so.
func (s *session) zeroByCheck(l inspect.Checklist, c checkup, p inspect.Period, r inspect.Record) (zeroed, error) {
	if !l.ZeroReport || !r.Fine || len(r.Found) > 0 {
		return zeroed{}, nil
	}
	filed, err := s.tx.Hazards(s.ctx, hazard.Filter{Units: []string{c.Unit}, Since: p.From.At(0, 0, s.Loc), Before: p.To.Add(1).At(0, 0, s.Loc), Limit: 1})
	if err != nil || len(filed) > 0 {
		return zeroed{}, err
	}
	z, err := s.zero(c.Unit, p.From, p.To)
	if err == nil && len(z.acts) > 0 {
		z.lines = append([]string{"同时算 " + s.days(p.From, p.To) + " 的零报告。"}, z.lines...)
	}
	return z, err
}

var (
	zeroToday = regexp.MustCompile(`今天|今日`)
	zeroMonth = regexp.MustCompile(`(本|这个?|上个?|\d{1,2})月(?:份)?(?:的)?(?:校园|学校|安全)*(?:隐患|零报告|无|没有|未)`)
	zeroWeek  = regexp.MustCompile(`周|星期|礼拜`)
)

// zeroSpan is the period of a zero report: the one named, else this week.
func (s *session) zeroSpan() (from, to calendar.Date) {
	p := s.intent.Slots.Period
	var y, w int
	if n, _ := fmt.Sscanf(p, "%d-W%d", &y, &w); n == 2 {
		jan4 := calendar.Of(y, time.January, 4)
		first := calendar.PeriodOf(calendar.Week, jan4).From.Add(7 * (w - 1))
		return first, first.Add(6)
	}
	if a, b, ok := strings.Cut(p, "/"); ok {
		if f, err := calendar.Parse(a); err == nil {
			if t, err := calendar.Parse(b); err == nil {
				return f, t
			}
		}
	}
	if g := zeroMonth.FindStringSubmatch(s.m.Text); g != nil && !zeroWeek.MatchString(s.m.Text) {
		return s.zeroMonth(g[1])
	}
	if zeroToday.MatchString(s.m.Text) && !zeroWeek.MatchString(s.m.Text) {
		return s.today, s.today
	}
	week := calendar.PeriodOf(calendar.Week, s.today)
	return week.From, week.To
}

// zeroMonth is the month that is named; one that is still to come is last year's.
func (s *session) zeroMonth(name string) (from, to calendar.Date) {
	y, m, _ := s.today.YMD()
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= 12 {
		if time.Month(n) > m {
			y--
		}
		m = time.Month(n)
	}
	if strings.HasPrefix(name, "上") {
		m--
	}
	p := calendar.PeriodOf(calendar.Month, calendar.Of(y, m, 1))
	return p.From, p.To
}
