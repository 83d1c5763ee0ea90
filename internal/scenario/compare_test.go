package scenario

import (
	"strings"
	"testing"

	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
)

// Who is gone without an event is found in the night, and back when the app sees them
// again; the office reads of it once, and nothing of the month's calls is used.
func TestWhoIsGoneWithoutAnEvent(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		wecom, _ := w.stage.UserID("wenchang-aq", "wecom")
		ding, _ := w.stage.UserID("anquan-guzhang", "dingtalk")
		w.wecom("wenchang-aq", "我的任务")
		w.stage.WeCom.RemoveUser(wecom)
		w.stage.DingTalk.Leave(ding)
		w.until("2025-09-11 09:00")
		told := strings.Join(to(w.take(), "ban-ducha"), "\n")
		if strings.Count(told, "已离开企业微信组织或应用的可见范围") != 1 || strings.Count(told, "已离开钉钉组织或应用的可见范围") != 1 {
			t.Errorf("told:\n%s", told)
		}
		w.same("accounts left", w.accounts("wenchang-aq")+" "+w.accounts("anquan-guzhang"), "1 1")
		w.stage.WeCom.AddUser(wecom)
		w.stage.DingTalk.Join(simdingtalk.User{ID: ding, Name: "科长"})
		w.until("2025-09-12 09:00")
		w.take()
		w.same("accounts again", w.accounts("wenchang-aq")+" "+w.accounts("anquan-guzhang"), "2 2")
		if got := w.wecom("wenchang-aq", "我的任务"); strings.Contains(got, stranger) {
			t.Error(got)
		}
	})
}

// When the platform suddenly knows hardly anybody, nobody is shut out: it is told instead.
func TestManyGoneAreNobodyGone(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		before := w.query("SELECT COUNT(*) FROM accounts")
		for _, person := range strings.Fields("wenchang-aq wenchang-xz wenchang-jia shimatou-aq anquan-zhiban anquan-guzhang jijiao-guzhang ban-ducha ju-fuju-anquan ju-juzhang yizhizhong-xz jicai-guzhang") {
			if id, ok := w.stage.UserID(person, "wecom"); ok {
				w.stage.WeCom.RemoveUser(id)
			}
		}
		w.until("2025-09-11 09:00")
		told := strings.Join(to(w.take(), "ban-ducha"), "\n")
		if !strings.Contains(told, "企业微信上有 ") || !strings.Contains(told, "一个也没有停用") {
			t.Errorf("told:\n%s", told)
		}
		w.same("accounts", w.query("SELECT COUNT(*) FROM accounts"), before)
	})
}

// A platform that does not answer, or takes no calls, shuts nobody out.
func TestAPlatformThatDoesNotSay(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		before := w.query("SELECT COUNT(*) FROM accounts")
		w.stage.WeCom.Fail("/cgi-bin/user/get", 1, simwecom.Fault{ErrCode: 60020, ErrMsg: "not allow to access from your ip, from ip: 203.0.113.9"})
		w.until("2025-09-11 03:30")
		w.same("accounts", w.query("SELECT COUNT(*) FROM accounts"), before)
		w.until("2025-09-11 09:00")
		if told := strings.Join(to(w.take(), "ban-ducha"), "\n"); !strings.Contains(told, "企业微信的成员核对不了") {
			t.Errorf("told:\n%s", told)
		}
	})
}
