package scenario

import (
	"strings"
	"testing"
)

// rings lists what rang.
func rings(all []said) string {
	var out []string
	for _, s := range all {
		if kind, ok := strings.CutPrefix(s.Road, "ding "); ok {
			out = append(out, s.To+" "+kind)
		}
	}
	return strings.Join(out, ", ")
}

// TestADingGoesWithTheLaterCalls plays the ladder where DING by SMS is allowed: from the
// configured step on, no louder than that, and in the app where none is left. The
// ordinary messages go all the same.
func TestADingGoesWithTheLaterCalls(t *testing.T) {
	each(t, setup{now: "2025-09-10T23:40:00+08:00", env: []string{"DUBAN_DINGTALK_DING=sms"}}, func(w *world) {
		w.settle()
		w.take()
		w.stage.DingTalk.BuyDing(1)
		w.wecom("wenchang-jia", fire)
		w.settle()
		for _, step := range []struct{ at, rings string }{
			{"23:40", ""}, {"23:43", "anquan-guzhang app"}, {"23:45", "anquan-guzhang sms"}, {"23:50", "anquan-guzhang app"},
		} {
			w.until("2025-09-10 " + step.at)
			all := w.take()
			w.same("at "+step.at, rings(all), step.rings)
			if got := len(to(all, "anquan-guzhang")); got < 2 {
				t.Errorf("at %s the chief got %d messages", step.at, got)
			}
			for _, s := range all {
				if strings.HasPrefix(s.Road, "ding") {
					w.same("said aloud", s.Text, "紧急：文昌中学，火情，23:40 报告，还没有人回应。请马上看督办助手的消息，并回复“收到”。")
				}
			}
		}
	})
}

// A DING that is refused is seen, and takes nothing away.
func TestADingThatIsRefused(t *testing.T) {
	each(t, setup{now: "2025-09-10T23:40:00+08:00", env: []string{"DUBAN_DINGTALK_DING=phone"}}, func(w *world) {
		w.settle()
		w.take()
		w.stage.DingTalk.DenyDing(true)
		w.wecom("wenchang-jia", fire)
		w.until("2025-09-10 23:43")
		all := w.take()
		w.same("rang", rings(all), "")
		if got := len(to(all, "anquan-guzhang")); got != 4 {
			t.Errorf("the chief got %d messages, want two each time", got)
		}
		for _, who := range []string{"ban-ducha", "jishu-admin"} {
			if got := to(all, who); len(got) != 1 || !strings.HasPrefix(got[0], "紧急情况的钉钉 DING 提醒没有发出（应用没有 DING 权限），普通消息已照常发送。") {
				t.Errorf("%s reads %q", who, got)
			}
		}
		w.same("the message", w.query("SELECT state FROM messages WHERE platform LIKE 'ding/%'"), "failed")
		w.logs.Reset()
	})
}

// Without the setting nothing rings.
func TestNothingRingsByDefault(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		w.settle()
		w.take()
		w.wecom("wenchang-jia", fire)
		w.until("2025-09-10 09:50")
		w.same("rang", rings(w.take()), "")
	})
}
