package scenario

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// hears moves the clock from mark to mark and lists who read of hazard 1 when, a
// line a moment.
func (w *world) hears(from, to string, every time.Duration) []string {
	w.t.Helper()
	loc := time.FixedZone("CST", 8*3600)
	at, err := time.ParseInLocation("2006-01-02 15:04", from, loc)
	w.ok(err)
	end, err := time.ParseInLocation("2006-01-02 15:04", to, loc)
	w.ok(err)
	var out []string
	for ; !at.After(end); at = at.Add(every) {
		w.until(at.Format("2006-01-02 15:04"))
		var people []string
		for _, s := range w.take() {
			if strings.Contains(s.Text, "YH-2025-0001") && !slices.Contains(people, s.To) {
				people = append(people, s.To)
			}
		}
		if slices.Sort(people); len(people) > 0 {
			out = append(out, at.Format("01-02 15:04 ")+strings.Join(people, " "))
		}
	}
	return out
}

// An ordinary hazard of a Friday before the October holidays that nobody touches. The
// days are counted by hand: 9月28日 and 10月11日 are worked on, 10月1日–8日 are not.
//
//	sign within 1 working day  09-28, the section a day later
//	fix within 7               28 29 30 | 9 10 11 13 → 10-13; reminders 3, 1 and 0 before
//	late by 1, 3, 5 and 10     14 | 16 (yellow slip, to the school too) | 20 | 27 (red)
//	no receipt for the slip    2 working days after the 16th: the section on the 21st
func TestLimitsOfAnOrdinaryHazard(t *testing.T) {
	each(t, setup{now: "2025-09-26T09:30:00+08:00"}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		w.settle()
		w.take()
		got := w.hears("2025-09-27 08:30", "2025-10-28 08:30", 24*time.Hour)
		w.same("who hears when", strings.Join(got, "\n"), `09-28 08:30 anquan-guzhang anquan-zhiban wenchang-aq
09-29 08:30 anquan-guzhang anquan-zhiban
10-09 08:30 wenchang-aq
10-11 08:30 wenchang-aq
10-13 08:30 wenchang-aq
10-14 08:30 anquan-guzhang anquan-zhiban
10-16 08:30 ju-fuju-anquan wenchang-aq
10-20 08:30 ban-ducha ban-zhuren ju-juzhang
10-21 08:30 anquan-guzhang anquan-zhiban
10-27 08:30 ban-ducha ban-zhuren ju-juzhang wenchang-aq`)
	})
}

// Who signs late is not red and stops what was to come of it; a fix stops everything,
// what is already queued included.
func TestAFixStopsWhatIsQueued(t *testing.T) {
	each(t, setup{now: "2025-09-26T09:30:00+08:00"}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		w.until("2025-09-28 20:00")
		w.take()
		w.wecom("wenchang-aq", "签收隐患1") // before the section hears of it on the 29th
		w.same("after signing", strings.Join(w.hears("2025-09-29 08:30", "2025-10-08 08:30", 24*time.Hour), "\n"), "09-29 08:30 wenchang-jia")
		w.until("2025-10-14 07:30") // the morning of the first day too late is being prepared
		w.take()
		w.wecom("wenchang-aq", "隐患1 已修好，请复查")
		w.settle()
		w.take()
		w.same("after the fix", strings.Join(w.hears("2025-10-14 08:30", "2025-10-15 08:30", 24*time.Hour), "\n"), "")
	})
}

// A major hazard graded on a Friday night at half past eight. The hours run through
// nights and days off.
//
//	who filed it reads of the grade on the next working morning: 10-20
//	to the bureau at once; the director and the office after 2 hours
//	control within 24 hours: 12 and 4 hours before, then after 1, 4 and 8
//	five fixings within 3 working days: 10-22; the section a day later, the deputy two
//	a word every week: 10-24, 31, 11-07, 14
//	fix within 30 days, to the hour: 7 and 3 working days before, 24 hours before, then after 2, 24 (yellow), 48 and 120 (red)
//	the slip reaches the school on the morning of 11-18; no receipt for 2 working days: the section on 11-21
func TestLimitsOfAMajorHazard(t *testing.T) {
	each(t, setup{now: "2025-10-17T20:00:00+08:00"}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		w.until("2025-10-17 20:30")
		w.take()
		w.dingtalk("anquan-guzhang", "隐患1 定为重大")
		got := w.hears("2025-10-17 20:30", "2025-10-19 06:00", 30*time.Minute)
		got = append(got, w.hears("2025-10-19 08:30", "2025-11-14 08:30", 24*time.Hour)...)
		got = append(got, w.hears("2025-11-14 20:30", "2025-11-22 08:30", 2*time.Hour)...)
		w.same("who hears when", strings.Join(got, "\n"), `10-17 20:30 anquan-guzhang anquan-zhiban ju-fuju-anquan wenchang-aq wenchang-xz
10-17 22:30 ban-ducha ban-zhuren ju-juzhang
10-18 08:30 wenchang-aq
10-18 16:30 wenchang-aq
10-18 20:30 wenchang-aq
10-18 21:30 anquan-guzhang anquan-zhiban
10-19 00:30 ju-fuju-anquan
10-19 04:30 ban-ducha ban-zhuren ju-juzhang
10-20 08:30 anquan-guzhang anquan-zhiban wenchang-jia
10-21 08:30 wenchang-aq
10-22 08:30 wenchang-aq
10-23 08:30 anquan-guzhang anquan-zhiban
10-24 08:30 ju-fuju-anquan wenchang-aq
10-31 08:30 wenchang-aq
11-05 08:30 wenchang-aq
11-07 08:30 wenchang-aq
11-11 08:30 wenchang-aq
11-14 08:30 wenchang-aq
11-15 20:30 wenchang-aq
11-16 20:30 wenchang-aq
11-16 22:30 anquan-guzhang anquan-zhiban
11-17 20:30 ju-fuju-anquan
11-18 08:30 wenchang-aq
11-18 20:30 ban-ducha ban-zhuren ju-juzhang
11-21 08:30 anquan-guzhang anquan-zhiban
11-21 20:30 ban-ducha ban-zhuren ju-juzhang`)
	})
}

// What is handed up to the bureau stands still for the school, and goes on with what
// was left of its time: 8 days and 23 hours later than before.
func TestHandedUpStandsStill(t *testing.T) {
	each(t, setup{now: "2025-10-17T20:00:00+08:00"}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		w.until("2025-10-17 20:30")
		w.dingtalk("anquan-guzhang", "隐患1 定为重大")
		w.until("2025-10-18 10:00")
		w.take()
		w.wecom("wenchang-aq", "隐患1 整改不了，缺经费")
		w.settle()
		w.take()
		w.same("nobody at the school is chased", strings.Join(w.hears("2025-10-18 10:30", "2025-10-27 08:30", 30*time.Minute), "\n"),
			"10-20 08:30 anquan-guzhang anquan-zhiban ju-fuju-anquan wenchang-jia") // who filed it of the grade, the section of the new hazard and of the wish, the deputy of the decision
		w.until("2025-10-27 09:00")
		w.dingtalk("anquan-guzhang", "隐患1 协调结果：局里拨款2万")
		if got := w.wecom("wenchang-aq", "查隐患1"); !strings.Contains(got, "整改期限：11月25日 周二到期") {
			t.Errorf("the rest of the time: %s", got)
		}
		// Ten and a half hours were left for the control, and two working days for the five fixings.
		w.same("it goes on", strings.Join(w.hears("2025-10-27 09:00", "2025-10-28 23:00", 30*time.Minute), "\n"), `10-27 09:00 wenchang-aq wenchang-jia
10-27 15:30 wenchang-aq
10-27 19:30 wenchang-aq
10-27 20:30 anquan-guzhang anquan-zhiban
10-27 23:30 ju-fuju-anquan
10-28 03:30 ban-ducha ban-zhuren ju-juzhang
10-28 08:30 wenchang-aq`)
	})
}

// An ordinary hazard that was with the bureau for three working days keeps them when
// the section chooses another time to fix: 15 from the grading, 10-23, and three more.
func TestAnotherTimeToFixKeepsWhatWasGivenBack(t *testing.T) {
	onSQLite(t, setup{now: "2025-09-26T09:30:00+08:00"}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		w.dingtalk("anquan-guzhang", "隐患1 定为一般，7天内整改")
		w.until("2025-09-28 10:00")
		w.wecom("wenchang-aq", "隐患1 整改不了，缺经费")
		w.until("2025-10-09 10:00")
		if got := w.dingtalk("anquan-guzhang", "隐患1 协调结果：局里拨款2万"); !strings.Contains(got, "10月16日 周四到期") {
			t.Error(got)
		}
		if got := w.dingtalk("anquan-guzhang", "隐患1 定为一般，15天内整改"); !strings.Contains(got, "10月28日 周二到期") {
			t.Error(got)
		}
		w.settle()
		w.take()
	})
}
