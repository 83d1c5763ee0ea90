package scenario

import (
	"fmt"
	"strings"
	"testing"

	"duban/internal/app"
	simdingtalk "duban/internal/sim/dingtalk"
)

// What DingTalk counts by the month is booked over all nodes. At 80 % the office
// reads it in the morning, at 95 % at once; from then on who has an account on both
// platforms is written to on WeCom, and DingTalk's groups get no digest.
func TestMonthlyQuotas(t *testing.T) {
	env := []string{"DUBAN_DINGTALK_MONTHLY_CALLS=1000", "DUBAN_DINGTALK_MONTHLY_PUSHES=20"}
	each(t, setup{now: "2025-09-10T09:30:00+08:00", env: env, everywhere: true, nodes: 2}, func(w *world) {
		ask := func(n int) {
			for range n {
				w.dingtalk("wenchang-xz", "我的任务")
			}
			w.settle()
			w.ok(w.nodes[1].Sweep(w.ctx)) // the other node books what it took
			w.settle()
		}
		ask(10)
		w.take()
		w.until("2025-09-11 09:00")
		if got := strings.Join(to(w.take(), "ban-ducha"), ""); strings.Contains(got, "额度") {
			t.Errorf("told before its time: %s", got)
		}
		ask(7)
		w.take()
		w.until("2025-09-12 09:00")
		if got := strings.Join(to(w.take(), "ban-ducha"), ""); !strings.Contains(got, "钉钉本月的推送用了 1") || !strings.Contains(got, "额度 20 次") {
			t.Errorf("at 80 %% of the pushes: %s", got)
		}
		ask(4)
		all := w.take()
		if got := strings.Join(to(all, "ban-ducha"), ""); !strings.Contains(got, "现在起群日报不发") {
			t.Errorf("at 95 %%: %s", list(all))
		}
		w.until("2025-09-15 16:31")
		for _, s := range w.take() {
			if s.Road == "group" && s.To == "demo-dingtalk-group" {
				t.Errorf("a digest for the scarce quota: %s", s.Text)
			}
		}
		w.same("ordinary messages on DingTalk", w.query("SELECT COUNT(*) FROM messages WHERE platform = 'dingtalk' AND kind = 'morning' AND created_at >= "+fmt.Sprint(instant(w.t, "2025-09-13T00:00:00+08:00").UnixMilli())), "0")
		w.dingtalk("wenchang-xz", "我的任务") // who asks there is answered there

		found := ""
		app.Doctor(w.ctx, w.config(), func(f app.Finding) {
			if f.Name == "额度" {
				found = f.Say
			}
		})
		if !strings.Contains(found, "推送用了 2") {
			t.Errorf("the doctor says %q", found)
		}
	})
}

// Events about groups cost pushes, those about contacts do not, by either road.
func TestEventsAndTheQuota(t *testing.T) {
	for name, stream := range map[string]bool{"over HTTP": false, "over the stream": true} {
		t.Run(name, func(t *testing.T) {
			onSQLite(t, setup{stream: stream}, func(w *world) {
				if stream {
					w.connected(1)
				}
				for _, e := range []simdingtalk.Event{{Type: "user_modify_org", Users: []string{"nobody"}, Times: 3}, {Type: "chat_add_member", Users: []string{"nobody"}, Times: 2}} {
					if stream {
						w.ok(w.stage.DingTalk.StreamEvent(w.ctx, e))
					} else {
						w.ok(w.stage.DingTalk.DeliverEvent(w.ctx, w.stage.DingTalkEventCallback(), e))
					}
				}
				w.settle()
				found := ""
				app.Doctor(w.ctx, w.config(), func(f app.Finding) {
					if f.Name == "额度" {
						found = f.Say
					}
				})
				if !strings.Contains(found, "推送用了 2 ") {
					t.Errorf("the doctor says %q", found)
				}
			})
		})
	}
}
