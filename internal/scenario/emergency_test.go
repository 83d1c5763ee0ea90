package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/calendar"
	"duban/internal/org"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
	"duban/internal/store"
	"duban/internal/testkit"
)

// fire is reported at night, when nothing else is told.
const fire = "食堂着火了，快来人"

// readers lists who got something, each once, with how many messages.
func readers(all []said) string {
	count := map[string]int{}
	for _, s := range all {
		count[s.To]++
	}
	var out []string
	for who, n := range count {
		out = append(out, fmt.Sprintf("%s×%d", who, n))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

const (
	// The chief has an account on each platform and gets it by both.
	firstCalled = "anquan-guzhang×2 anquan-zhiban×1 ju-fuju-anquan×1 wenchang-aq×1 wenchang-xz×1"
	allCalled   = "anquan-guzhang×2 anquan-zhiban×1 ban-ducha×1 ban-zhuren×1 ju-fuju-anquan×1 ju-juzhang×1 wenchang-aq×1 wenchang-xz×1"
)

// TestAnEmergencyIsRepeatedUntilSomebodyAnswers plays the whole ladder in a night of the
// holidays: wider each time, past quiet hours, until one word ends it.
func TestAnEmergencyIsRepeatedUntilSomebodyAnswers(t *testing.T) {
	each(t, setup{now: "2025-10-03T23:40:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		w.wecom("wenchang-jia", fire)
		w.settle()
		for _, step := range []struct{ at, want string }{
			{"23:40", firstCalled}, {"23:42", ""}, {"23:43", firstCalled}, {"23:44", ""}, {"23:45", allCalled}, {"23:50", allCalled}, {"23:59", ""},
		} {
			w.until("2025-10-03 " + step.at)
			all := w.take()
			if got := readers(all); got != step.want {
				t.Errorf("at %s told are %s, want %s", step.at, got, step.want)
			}
			for _, s := range all {
				if step.at != "23:40" && !strings.Contains(s.Text, "分钟了还没有人回应") {
					t.Errorf("at %s: %s", step.at, s.Text)
				}
			}
		}
		w.until("2025-10-04 00:00")
		w.take()
		w.same("the answer", w.wecom("ban-ducha", "收到，我马上联系学校"), "已记下您收到，已告诉另外 8 人，包括报告的人，不再重复通知。请按预案处置，情况紧急请先拨打 110、119 或 120。结束后请回复“警报解除”。")
		w.settle()
		all := w.take()
		if got, want := readers(all), strings.Replace(strings.Replace(allCalled, "ban-ducha×1 ", "", 1), "wenchang-xz", "wenchang-jia×1 wenchang-xz", 1); got != want {
			t.Errorf("of the answer hear %s, want %s", got, want)
		}
		for _, s := range all {
			w.same("the news", s.Text, "🆘 局办公室督查专干 00:00 已回应：收到，我马上联系学校")
		}
		w.until("2025-10-04 06:00")
		w.expect()
		w.same("history", strings.Join(w.rows("SELECT action, actor FROM journal WHERE subject_kind = 'incident' ORDER BY id"), " "),
			"open|wenchang-jia call|system call|system call|system call|system ack|ban-ducha")
		w.same("who was told is stored", w.query("SELECT told FROM incidents"), "8")
	})
}

// TestAnEmergencyThatNobodyAnswers comes to an end as well: the reporter hears it, and
// the office. A late word still counts.
func TestAnEmergencyThatNobodyAnswers(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		w.settle()
		w.take()
		w.wecom("wenchang-jia", fire)
		w.until("2025-09-10 10:39")
		w.take()
		w.until("2025-09-10 10:40")
		all := w.take()
		if got := readers(all); got != "ban-ducha×1 ban-zhuren×1 wenchang-jia×1" {
			t.Errorf("at the end hear %s", got)
		}
		w.same("the reporter", to(all, "wenchang-jia")[0], "🆘 您报告的火情，70 分钟了尚无人回应。请再拨 119，并直接打电话给校长和局值班。")
		w.until("2025-09-10 12:00")
		w.expect()
		if answer := w.wecom("wenchang-xz", "收到"); !strings.HasPrefix(answer, "已记下您收到") {
			t.Errorf("a late word: %s", answer)
		}
		w.settle()
		if got := len(to(w.take(), "wenchang-jia")); got != 1 {
			t.Errorf("the reporter hears of the late word %d times", got)
		}
	})
}

// Who has no account, or whose message the platform refuses, is passed over at once, and
// the office learns whom to ring up.
func TestAnUnreachablePersonIsPassedOverAtOnce(t *testing.T) {
	for name, lose := range map[string]func(w *world){
		"no account": func(w *world) {
			_, err := w.db().ExecContext(w.ctx, "DELETE FROM accounts WHERE person_id = 'wenchang-xz'")
			w.ok(err)
		},
		"the platform refuses": func(w *world) { w.stage.WeCom.RemoveUser("wenchang-xz") },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, setup{now: "2025-09-10T23:40:00+08:00"}, func(w *world) {
				w.settle()
				w.take()
				lose(w)
				w.wecom("wenchang-jia", fire)
				w.settle()
				all := w.take()
				if got, want := readers(all), "anquan-guzhang×2 anquan-zhiban×1 ban-ducha×1 ban-zhuren×1 ju-fuju-anquan×1 wenchang-aq×1"; got != want {
					t.Errorf("told at once are %s, want %s:\n%s", got, want, list(all))
				}
				office := to(all, "ban-ducha")
				if len(office) == 0 || !strings.HasPrefix(office[0], "【未送达，请马上打电话转告 文昌中学校长】") || !strings.Contains(office[0], "食堂") {
					t.Errorf("the office hears %q", office)
				}
				w.until("2025-09-10 23:43")
				if all := w.take(); len(to(all, "wenchang-aq")) != 1 || len(to(all, "ban-ducha")) != 1 {
					t.Errorf("the repeat: %s", list(all))
				}
				if answer := w.wecom("ban-ducha", "收到"); !strings.HasPrefix(answer, "已记下您收到") {
					t.Errorf("the office answers: %s", answer)
				}
				w.settle()
				w.take()
				w.logs.Reset()
			})
		})
	}
}

// The one who is away is called along with the stand-in.
func TestTheOneWhoIsAwayIsCalledToo(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		w.settle()
		w.take()
		today := calendar.Of(2025, 9, 10)
		w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
			return tx.AddDelegation(w.ctx, org.Delegation{From: "wenchang-xz", To: "jicai-guzhang", First: today, Last: today, By: "wenchang-xz"}, w.clock.Now())
		}))
		w.wecom("wenchang-jia", fire)
		w.settle()
		all := w.take()
		if len(to(all, "wenchang-xz")) != 1 || len(to(all, "jicai-guzhang")) != 1 {
			t.Errorf("told: %s", list(all))
		}
		if answer := w.wecom("jicai-guzhang", "收到，我代校长处理"); !strings.HasPrefix(answer, "已记下您收到") {
			t.Errorf("the stand-in answers: %s", answer)
		}
		w.settle()
		w.take()
	})
}

// Two nodes, a flushed Redis and a stopped process: each person gets each round once.
func TestTwoNodesCallOnce(t *testing.T) {
	shared(t, setup{now: "2025-09-10T23:40:00+08:00", nodes: 2, roles: "web,worker,scheduler"}, func(w *world) {
		w.idle()
		w.take()
		w.wecom("wenchang-jia", fire)
		w.await(func() bool {
			return w.query("SELECT COUNT(*) FROM messages WHERE state = 'sent' AND kind = 'emergency'") == "6"
		})
		w.idle()
		if got := readers(w.take()); got != firstCalled {
			t.Errorf("first told are %s, want %s", got, firstCalled)
		}
		for n, want := range []string{firstCalled, allCalled, allCalled} {
			w.clock.Set(w.clock.Now().Add(time.Duration([]int{180, 120, 300}[n]) * time.Second))
			w.flush()
			if n == 2 {
				w.stop(w.nodes[0])
			}
			w.idle()
			if got := readers(w.take()); got != want {
				t.Errorf("round %d reaches %s, want %s", n+1, got, want)
			}
		}
	})
}

// Twenty people report one fire at once: one ladder, all reports kept.
func TestTwentyReportsAtOnceAreOneEmergency(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.settle()
		w.take()
		var calls sync.WaitGroup
		for i := range 20 {
			calls.Go(func() {
				if _, err := w.stage.Say(w.ctx, stage.Line{Platform: bot.WeCom, UserID: "wenchang-jia", Text: fmt.Sprintf("%d号楼着火了", i+1), MsgID: fmt.Sprintf("90%02d", i)}); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
		w.settle()
		all := w.take()
		for _, who := range []string{"wenchang-xz", "wenchang-aq", "anquan-zhiban"} {
			alerts, news := 0, map[string]bool{}
			for _, text := range to(all, who) {
				if strings.HasPrefix(text, "🆘 紧急：") {
					alerts++
				} else {
					news[text] = true
				}
			}
			if alerts != 1 || len(news) != 19 {
				t.Errorf("%s got %d alerts and %d news, want 1 and 19", who, alerts, len(news))
			}
		}
		w.same("incidents and rounds", w.query("SELECT COUNT(*) FROM incidents")+" "+w.query("SELECT COUNT(*) FROM responses"), "20 1")
	})
}

// Another matter, another school and another day do not join.
func TestOtherEmergenciesDoNotJoin(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		w.settle()
		w.take()
		w.wecom("wenchang-jia", fire)
		w.wecom("wenchang-aq", "有学生溺水了")
		w.dingtalk("shimatou-aq", "食堂着火了")
		w.wecom("wenchang-jia", "有学生要跳楼")
		w.wecom("wenchang-jia", "有学生要跳楼")
		w.settle()
		w.same("rounds", w.query("SELECT COUNT(*) FROM responses"), "5")
		w.until("2025-09-10 10:41")
		w.wecom("wenchang-jia", fire)
		w.settle()
		w.take()
		w.same("one that was left unanswered is raised anew", w.query("SELECT COUNT(*) FROM responses"), "6")
	})
}

// Where nobody of the unit, the section or those on call can be reached, the next levels
// are called at once instead of minutes later.
func TestLevelsThatCannotBeReachedArePassedOver(t *testing.T) {
	onSQLite(t, setup{now: "2025-09-10T23:40:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		_, err := w.db().ExecContext(w.ctx, "DELETE FROM accounts WHERE person_id IN ('wenchang-xz', 'wenchang-aq', 'anquan-guzhang', 'anquan-zhiban', 'ju-fuju-anquan')")
		w.ok(err)
		w.wecom("wenchang-jia", fire)
		w.settle()
		all := w.take()
		if len(to(all, "ju-juzhang")) != 1 || len(to(all, "ban-ducha")) == 0 {
			t.Errorf("told: %s", list(all))
		}
	})
}

// TestTheEndIsTheLastWord ends an emergency whose alerts wait for a platform that is
// down: none of them leaves any more, and everybody hears once that it is over.
func TestTheEndIsTheLastWord(t *testing.T) {
	each(t, setup{now: "2025-09-10T23:40:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		w.wecom("wenchang-jia", fire)
		w.settle()
		w.take()
		w.stage.WeCom.Fail(wecomSend, 1000, simwecom.Fault{ErrCode: -1, ErrMsg: "system busy"})
		w.until("2025-09-10 23:43") // the repeat cannot leave
		w.take()
		if answer := w.wecom("wenchang-xz", "警报解除"); !strings.HasPrefix(answer, "已记下：文昌中学 火情 23:40，警报解除。") {
			t.Fatal(answer)
		}
		w.stage.WeCom.Mend(wecomSend)
		w.until("2025-09-11 03:00")
		all := w.take()
		if got, want := readers(all), "anquan-guzhang×2 anquan-zhiban×1 ju-fuju-anquan×1 wenchang-aq×1 wenchang-jia×1"; got != want {
			t.Errorf("of the end hear %s, want %s", got, want)
		}
		for _, s := range all {
			w.same("said", s.Text, "✅ 警报解除：文昌中学 火情 23:40，23:43 由 文昌中学校长 确认已结束。")
		}
		w.same("left behind", w.query("SELECT COUNT(*) FROM messages WHERE state IN ('queued', 'sending')"), "0")
		w.logs.Reset()
	})
}

// A private hand-over is repeated to the officer, then to the others, then the office
// hears that something waits; one word of an officer ends it. What it is about is in
// none of it.
func TestAHandOverIsRepeatedUntilAnOfficerTakesIt(t *testing.T) {
	each(t, watched(setup{now: "2025-09-10T22:10:00+08:00"}), func(w *world) {
		w.settle()
		w.take()
		var said strings.Builder
		said.WriteString(w.wecom("wenchang-jia", sensitive))
		said.WriteString(w.wecom("wenchang-jia", "请联系我"))
		w.settle()
		const officers = "anquan-guzhang×1 anquan-zhiban×1 ju-fuju-anquan×1"
		for _, step := range []struct{ at, want string }{
			{"22:10", "anquan-guzhang×1"}, {"22:19", ""}, {"22:20", "anquan-guzhang×1"}, {"22:30", officers},
			{"22:40", "anquan-guzhang×1 anquan-zhiban×1 ban-ducha×1 ban-zhuren×1 ju-fuju-anquan×1"},
		} {
			w.until("2025-09-10 " + step.at)
			all := w.take()
			said.WriteString(list(all))
			if got := readers(all); got != step.want {
				t.Errorf("at %s told are %s, want %s", step.at, got, step.want)
			}
			for _, s := range all {
				if office := strings.HasPrefix(s.To, "ban-"); office == strings.Contains(s.Text, "文昌中学") {
					t.Errorf("%s reads: %s", s.To, s.Text)
				}
			}
		}
		w.same("asked again", w.wecom("wenchang-jia", "请联系我"), "已经转告了，还在等回应，会一直提醒到有人接手。情况紧急请先拨打 110。")
		if answer := w.wecom("ban-ducha", "收到"); strings.HasPrefix(answer, "已记下") {
			t.Errorf("the office takes it: %s", answer)
		}
		answer := w.wecom("anquan-zhiban", "收到，我马上联系")
		w.same("the officer", answer, "已记下由您联系，已告诉对方。请尽快私下联系，内容不要写在这里，也不要在群里提起。")
		w.until("2025-09-11 06:00")
		all := w.take()
		said.WriteString(answer + list(all))
		if got := readers(all); got != "anquan-guzhang×1 ju-fuju-anquan×1 wenchang-jia×1" {
			t.Errorf("of it hear %s", got)
		}
		w.same("the asker", to(all, "wenchang-jia")[0], "安全法规股值班已收到，会尽快私下联系您。情况紧急请先拨打 110。")
		w.nowhere(said.String())
		w.same("nobody is named in the history", w.query("SELECT COUNT(*) FROM journal WHERE subject_kind = 'incident' AND actor = 'wenchang-jia'"), "0")
		w.same("nor kept in the round", w.query("SELECT COUNT(*) FROM responses WHERE alert <> ''"), "0")
	})
}

// When no officer takes it, the person who asked is told so.
func TestAHandOverThatNobodyTakes(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		w.settle()
		w.take()
		w.wecom("wenchang-jia", "请联系我")
		w.until("2025-09-10 10:29")
		w.take()
		w.until("2025-09-10 10:30")
		all := w.take()
		if got := to(all, "wenchang-jia"); len(got) != 1 || got[0] != "还没有人回应您的请求。请直接拨打 110，或打电话联系校长、安全法规股股长。" {
			t.Errorf("told: %s", list(all))
		}
		w.until("2025-09-10 15:00")
		w.expect()
	})
}

// TestTheFirstAlertDoesNotWaitForRedis cuts Redis off before the report: no sweep comes,
// and the alerts leave all the same.
func TestTheFirstAlertDoesNotWaitForRedis(t *testing.T) {
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		address := testkit.Redis(t)
		host := regexp.MustCompile(`@?([0-9.]+:\d+)/`).FindStringSubmatch(address)[1]
		queue := newWire(t, host)
		w := open(t, dsn, strings.Replace(address, host, queue.Addr(), 1), setup{roles: "web"})
		w.settle()
		w.take()
		queue.Cut(true)
		w.wecom("wenchang-jia", fire)
		w.await(func() bool {
			return w.query("SELECT COUNT(*) FROM messages WHERE state = 'sent' AND kind = 'emergency'") == "6"
		})
		if got := readers(w.take()); got != firstCalled {
			t.Errorf("told are %s, want %s", got, firstCalled)
		}
	})
}

// The officer on duty is called at first, who stands by with the next step; the day of
// the roster begins in the morning.
func TestTheDutyRoster(t *testing.T) {
	each(t, setup{now: "2025-09-11T06:30:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		for _, row := range []string{ // a Wednesday, and the Thursday after it by its date
			"('weekday-3/1', '', 3, 1, 'd-jicai-fuze', '')", "('weekday-3/2', '', 3, 2, '', 'jijiao-guzhang')", "('2025-09-11/1', '2025-09-11', 0, 1, '', 'renshi-guzhang')",
		} {
			_, err := w.db().ExecContext(w.ctx, "INSERT INTO duty_shifts (id, day, weekday, place, post_id, person_id) VALUES "+row)
			w.ok(err)
		}
		w.stop(w.nodes[0]) // it knows the directory for a while
		w.node()
		w.same("who is on duty", w.wecom("wenchang-xz", "谁值班"), "9月10日 周三 值班：计财股股长；备班：基础教育股股长\n有紧急情况还会马上通知：安全法规股值班、区教育局分管安全副局长。")
		w.same("the roster", w.wecom("wenchang-xz", "值班表"), "9月10日 周三 值班：计财股股长；备班：基础教育股股长\n9月11日 周四 值班：人事教师股股长\n有紧急情况还会马上通知：安全法规股值班、区教育局分管安全副局长。")
		w.wecom("wenchang-jia", fire)
		w.settle()
		all := w.take()
		if len(to(all, "jicai-guzhang")) != 1 || len(to(all, "jijiao-guzhang"))+len(to(all, "renshi-guzhang")) != 0 {
			t.Errorf("told at first: %s", list(all))
		}
		w.until("2025-09-11 06:33")
		if all := w.take(); len(to(all, "jijiao-guzhang")) != 1 {
			t.Errorf("told next: %s", list(all))
		}
		if answer := w.wecom("jicai-guzhang", "收到，在路上"); !strings.HasPrefix(answer, "已记下您收到") {
			t.Error(answer)
		}
		w.settle()
		w.take()
	})
}
