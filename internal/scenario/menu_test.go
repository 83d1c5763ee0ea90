package scenario

import (
	"strings"
	"testing"

	"duban/internal/app"
	simwecom "duban/internal/sim/wecom"
)

// event is what somebody does in the app without writing; it returns the answer.
func (w *world) event(user, event, key string) string {
	w.t.Helper()
	d, err := w.stage.WeCom.Deliver(w.ctx, w.stage.WeComCallback(), simwecom.Incoming{User: user, Event: event, EventKey: key})
	w.ok(err)
	if d.Reply == nil {
		return ""
	}
	return d.Reply.Text
}

// Every entry of the menu is a command the bot understands.
func TestTheMenuOfTheApp(t *testing.T) {
	each(t, setup{}, func(w *world) {
		var lines []string
		say := func(line string) { lines = append(lines, line) }
		w.ok(app.ShowMenu(w.ctx, w.config(), say))
		w.ok(app.PushMenu(w.ctx, w.config(), say))
		w.ok(app.ShowMenu(w.ctx, w.config(), say))
		if got := strings.Join(lines, "\n"); !strings.HasPrefix(got, "应用现在没有菜单，用 duban menu push 推上去。\n菜单已推到企业微信，成员重新打开应用就能看到。\n任务\n  我的任务\n") {
			t.Errorf("shown:\n%s", got)
		}
		keys := w.stage.WeCom.MenuKeys()
		if len(keys) < 8 {
			t.Fatalf("%d entries", len(keys))
		}
		user, _ := w.stage.UserID("wenchang-xz", "wecom")
		begins := map[string]string{}
		for _, key := range keys {
			begins[key], _, _ = strings.Cut(w.event(user, "click", key), "\n")
		}
		for key, want := range map[string]string{
			"我的任务": "", "本周到期": "", "有没有逾期的": "", "怎么报进度": "汇报进度：", "怎么报隐患": "上报隐患：",
			"我报的那个怎么样了": "", "未整改的隐患": "", "帮助": "", "我要提建议": "请说，会直接送到局办公室。例如“能不能少发点消息”。", "怎么绑定": "绑定：",
		} {
			got, there := begins[key]
			if !there || got == "" || strings.Contains(got, "看不懂") || strings.Contains(got, "没听懂") || strings.Contains(got, "您是想") || !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q", key, got)
			}
		}
		w.same("the camera's entry says nothing by itself", w.event(user, "pic_photo_or_album", "report_photo"), "")
		w.ok(app.ClearMenu(w.ctx, w.config(), say))
		w.same("keys", strings.Join(w.stage.WeCom.MenuKeys(), ""), "")
		w.settle()
		w.take()
	})
}

// Who opens the app and is bound to nobody is greeted, once a day; the others hear nothing.
func TestOpeningTheApp(t *testing.T) {
	each(t, setup{}, func(w *world) {
		const hello = "您好，我是督办助手。第一次用请先绑定，发：绑定 姓名 单位，例如“绑定 张敏 石码头小学”。"
		known, _ := w.stage.UserID("wenchang-xz", "wecom")
		w.stage.WeCom.AddUser("newcomer")
		w.same("known", w.event(known, "enter_agent", ""), "")
		w.same("unknown", w.event("newcomer", "enter_agent", ""), hello)
		w.until("2025-09-10 11:00")
		w.take()
		w.same("again", w.event("newcomer", "enter_agent", ""), "")
		w.until("2025-09-11 11:00")
		w.take()
		w.same("the next day", w.event("newcomer", "enter_agent", ""), hello)
	})
}
