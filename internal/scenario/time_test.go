package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/internal/notice"
	"duban/internal/store"
)

// set puts the clock to an instant as an operator or NTP would: nothing is carried
// out on the way. Then what is due is done.
func (w *world) set(to time.Time) {
	w.t.Helper()
	w.clock.Set(to)
	w.settle()
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// oneEach fails when somebody got more than one merged message.
func oneEach(t *testing.T, when string, all []said) {
	t.Helper()
	n := map[string]int{}
	for _, s := range all {
		if s.Road == "push" && strings.HasPrefix(s.Text, "早上好！") {
			n[s.To]++
		}
	}
	if len(n) == 0 {
		t.Errorf("%s: nobody heard anything, which proves nothing", when)
	}
	for person, times := range n {
		if times > 1 {
			t.Errorf("%s: %d messages to %s", when, times, person)
		}
	}
}

// The machine's own zone decides nothing: a server in UTC, as containers are, or
// on the other side of the world tells at half past eight in Shanghai.
func TestTheMachinesZoneDoesNotMatter(t *testing.T) {
	home := time.Local
	t.Cleanup(func() { time.Local = home })
	for name, zone := range map[string]*time.Location{"UTC": time.UTC, "Honolulu": time.FixedZone("HST", -10*3600)} {
		t.Run(name, func(t *testing.T) {
			time.Local = zone
			t.Setenv("TZ", "")
			each(t, setup{now: "2025-09-14T04:00:00Z"}, func(w *world) {
				w.ok(w.nodes[0].Advance(w.ctx, instant(t, "2025-09-15T00:29:59Z")))
				w.expect()
				w.ok(w.nodes[0].Advance(w.ctx, instant(t, "2025-09-15T00:30:00Z")))
				all := w.take()
				oneEach(t, "08:30 in Shanghai", all)
				if got := to(all, "anquan-guzhang"); len(got) != 1 || !strings.HasPrefix(got[0], "早上好！9月15日 周一") {
					t.Errorf("the chief heard %q", got)
				}
			})
		})
	}
}

func TestTheTurnOfTheYear(t *testing.T) {
	each(t, setup{now: "2025-12-30T18:00:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		w.until("2025-12-31 12:00")
		oneEach(t, "the last day", w.take())
		w.until("2025-12-31 23:59")
		w.take() // the weekly
		w.until("2026-01-04 08:29")
		w.expect() // New Year's days off
		w.until("2026-01-04 12:00")
		all := w.take() // a Sunday on which people work
		oneEach(t, "the make-up day", all)
		for _, s := range all {
			if s.Road == "push" && !strings.HasPrefix(s.Text, "早上好！1月4日 周日") {
				t.Errorf("on the make-up day: %s", s.Text)
			}
			if strings.Contains(s.Text, "12月31日 周三到期") && !strings.Contains(s.Text, "2025年12月31日") {
				t.Errorf("last year's date without its year: %s", s.Text)
			}
		}
		w.until("2026-01-05 12:00")
		for _, s := range w.take() {
			if s.Road == "push" && !strings.HasPrefix(s.Text, "早上好！1月5日 周一") {
				t.Errorf("on Monday: %s", s.Text)
			}
		}
	})
}

func TestALeapDayIsADayLikeAnyOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calendar.yaml")
	if err := os.WriteFile(path, []byte("workdays:\n  - {year: 2028, source: 试}\ncovers: {from: 2028-01-01, to: 2028-12-31}\nterms:\n"+
		"  - {key: 2027-2028-2, kinds: [primary_middle, special, kindergarten, senior, vocational], from: 2028-02-14, to: 2028-07-07}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	each(t, setup{now: "2028-02-28T09:30:00+08:00", env: []string{"DUBAN_CALENDAR_FILE=" + path}}, func(w *world) {
		w.settle()
		w.take()
		if got := w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化"); !strings.Contains(got, "2月29日 周二前签收") || !strings.Contains(got, "3月8日 周三前整改") {
			t.Errorf("the limits: %s", got)
		}
		w.settle()
		w.take() // the officer hears of it
		w.until("2028-02-29 08:30")
		if got := to(w.take(), "wenchang-aq"); len(got) != 1 || !strings.Contains(got[0], "早上好！2月29日 周二") || !strings.Contains(got[0], "YH-2028-0001") {
			t.Errorf("on the leap day: %q", got)
		}
		w.until("2028-03-01 08:30")
		if got := strings.Join(to(w.take(), "anquan-guzhang"), ""); !strings.Contains(got, "YH-2028-0001") {
			t.Errorf("the day after, to the section: %q", got)
		}
	})
}

// Ten days without a server are one message a person, with everything that is
// still true, and the next morning is as if nothing had happened.
func TestDaysWithoutAServerAreCaughtUpInOneMessage(t *testing.T) {
	var ordinary []said
	const next = "2025-09-25 08:30"
	each(t, setup{now: "2025-09-11T18:00:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		w.until("2025-09-24 20:00")
		w.take()
		w.until(next)
		ordinary = w.take()
	})
	each(t, setup{now: "2025-09-11T18:00:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		w.set(instant(t, "2025-09-24T09:40:00+08:00"))
		all := w.take()
		oneEach(t, "when it came back", all)
		if got := strings.Join(to(all, "ju-juzhang"), ""); !strings.Contains(got, "20-4 ") || !strings.Contains(got, "12-7 ") {
			t.Errorf("the director missed something: %s", got)
		}
		if got := w.wecom("ju-juzhang", "今天"); !strings.Contains(got, "26-4 ") {
			t.Errorf("the director's whole morning: %s", got)
		}
		for _, s := range all {
			if s.Road == "group" {
				t.Errorf("a digest of a day gone by: %s", s.Text)
			}
		}
		w.until("2025-09-24 20:00")
		w.take() // the day's digests
		w.until(next)
		if got := w.take(); !slices.Equal(got, ordinary) {
			t.Errorf("the next morning:\n%s\nwithout the outage:\n%s", list(got), list(ordinary))
		}
	})
}

// The clock steps back, the machine sleeps for three days, Redis is emptied over
// and over: what each day tells is what it tells on a machine without troubles.
func TestAClockThatJumpsTellsNothingTwiceAndLosesNothing(t *testing.T) {
	const eve = "2025-09-14T12:00:00+08:00"
	var calm [3][]said
	play := func(w *world, into *[3][]said, trouble func(day int)) {
		for i, at := range []string{"2025-09-15T08:30:00+08:00", "2025-09-16T08:30:00+08:00", "2025-09-22T08:31:00+08:00"} {
			// The sweeper of a running server looks at 07:05 as well.
			for _, look := range []time.Time{instant(t, at).Add(-85 * time.Minute), instant(t, at)} {
				w.clock.Set(look)
				w.idle()
			}
			into[i] = w.take()
			trouble(i)
		}
	}
	shared(t, setup{now: eve, roles: "web,worker,scheduler"}, func(w *world) { play(w, &calm, func(int) {}) })
	shared(t, setup{now: eve, roles: "web,worker,scheduler"}, func(w *world) {
		var got [3][]said
		play(w, &got, func(day int) {
			now := w.clock.Now()
			for _, step := range []time.Duration{-2 * time.Hour, -24 * time.Hour, -48 * time.Hour, -10 * time.Minute, 0} {
				w.clock.Set(now.Add(step))
				w.flush()
				w.idle()
				if all := w.take(); len(all) > 0 {
					t.Errorf("day %d, clock moved by %s, told again:\n%s", day, step, list(all))
				}
			}
		})
		for i := range got {
			if !slices.Equal(got[i], calm[i]) {
				t.Errorf("day %d:\n%s\nwithout trouble:\n%s", i, list(got[i]), list(calm[i]))
			}
		}
	})
}

// A machine that sleeps over two mornings wakes up with one message each.
func TestASuspendedMachineWakesUpWithOneMessage(t *testing.T) {
	shared(t, setup{now: "2025-09-14T12:00:00+08:00", roles: "web,worker,scheduler"}, func(w *world) {
		w.clock.Set(instant(t, "2025-09-17T11:00:00+08:00"))
		w.flush()
		w.idle()
		all := w.take()
		oneEach(t, "when it woke up", all)
		w.clock.Set(instant(t, "2025-09-17T11:10:00+08:00"))
		w.idle()
		w.expect()
	})
}

// An escalation that a report stopped is not woken up by the months, by a second
// report, or by a task that was queued before.
func TestAStoppedEscalationNeverWakesUp(t *testing.T) {
	each(t, setup{now: "2025-09-14T12:00:00+08:00"}, func(w *world) {
		w.until("2025-09-16 12:00")
		if got := strings.Join(to(w.take(), "zhicheng-guzhang"), ""); !strings.Contains(got, "12-7 ") {
			t.Fatalf("the chief was not told: %q", got)
		}
		before := w.chase("12-7", "s-yizhizhong")
		if got := w.dingtalk("yizhizhong-xz", "12-7 60% 还差一个专业"); !strings.Contains(got, "60%") {
			t.Fatalf("the report: %s", got)
		}
		after := w.chase("12-7", "s-yizhizhong")
		if after.Generation <= before.Generation {
			t.Errorf("the generation stays at %d", after.Generation)
		}
		w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
			if held, err := tx.LockChases(w.ctx, notice.Round{ID: before.ID, Generation: before.Generation}); len(held) > 0 || err != nil {
				t.Errorf("a task queued before the report may still act: %v", err)
			}
			return nil
		}))
		for _, day := range []string{"2025-10-20", "2025-11-20"} {
			w.until(day + " 12:00")
			w.dingtalk("yizhizhong-xz", "12-7 70%")
		}
		w.until("2025-12-31 23:00")
		for _, s := range w.take() {
			if strings.Contains(s.Text, "12-7 ") {
				t.Errorf("woken up: %s ← %s", s.To, s.Text)
			}
		}
		if got := w.query(fmt.Sprintf("SELECT COUNT(*) FROM notices WHERE subject_kind = 'assignment' AND subject_id = %d AND kind = 'escalation' AND state <> 'dropped'", before.Subject.ID)); got != "1" {
			t.Errorf("%s escalations, want the one of 16 September", got)
		}
	})
}

// chase reads the round of one unit's work on an item.
func (w *world) chase(item, unit string) notice.Chase {
	w.t.Helper()
	var id int64
	_, err := fmt.Sscan(w.query(fmt.Sprintf("SELECT a.id FROM assignments a JOIN items i ON i.id = a.item_id WHERE i.code = '%s' AND a.unit_id = '%s'", item, unit)), &id)
	w.ok(err)
	c, ok, err := w.store().Read(w.ctx).ChaseOf(w.ctx, notice.Subject{Kind: notice.Assignment, ID: id})
	w.ok(err)
	if !ok {
		w.t.Fatalf("no round for %s of %s", item, unit)
	}
	return c
}
