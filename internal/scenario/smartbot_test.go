package scenario

import (
	"strings"
	"testing"
	"time"

	simwecom "duban/internal/sim/wecom"
)

// asks has somebody write to WeCom's smart bot and returns what its answer showed.
func (w *world) asks(in simwecom.BotIncoming) string {
	w.t.Helper()
	shown, status, err := w.stage.SmartBot.Deliver(w.ctx, w.stage.SmartBotCallback(), in)
	w.ok(err)
	if status != 200 {
		w.t.Fatalf("callback answered %d", status)
	}
	if shown == nil {
		return ""
	}
	return shown.Text
}

// The smart bot hears what is written in a WeCom group: a hazard with its photo in one
// message, filed once however often it comes; what is not for all ears is told privately
// by the app.
func TestSmartBotInAGroup(t *testing.T) {
	each(t, setup{smartBot: callback}, func(w *world) {
		w.ok(w.stage.SmartBot.VerifyURL(w.ctx, w.stage.SmartBotCallback()))
		got := w.asks(simwecom.BotIncoming{User: "Wenchang-Jia", Group: "g1", Text: "三楼男厕所门口地砖翘起来了", Images: [][]byte{photo(90).Data}, MsgID: "m1", Times: 3})
		w.same("said in the group", got, "收到，已登记。编号和处理情况私聊您。")
		w.settle()
		w.same("hazards", w.query("SELECT COUNT(*) FROM hazards"), "1")
		w.same("photos", w.query("SELECT COUNT(*) FROM files WHERE state = 'stored'"), "1")
		all := w.take()
		private := to(all, "wenchang-jia")
		if len(private) != 1 || !strings.HasPrefix(private[0], "已登记 YH-2025-0001") {
			t.Errorf("told privately: %q", private)
		}
		if len(to(all, "g1")) != 0 {
			t.Errorf("told in the group: %s", list(all))
		}
	})
}

// A private chat with the smart bot is one more road to the same person and memory.
func TestSmartBotInPrivate(t *testing.T) {
	each(t, setup{smartBot: callback}, func(w *world) {
		got := w.asks(simwecom.BotIncoming{User: "wenchang-jia", Voice: "上报隐患，宿舍楼消防栓没水"})
		if !strings.HasPrefix(got, "已登记 YH-2025-0001") {
			t.Errorf("answer %q", got)
		}
		if got := w.wecom("wenchang-jia", "查隐患1"); !strings.Contains(got, "消防栓没水") {
			t.Errorf("in the app: %q", got)
		}
		w.same("entering", w.asks(simwecom.BotIncoming{User: "wenchang-jia", Event: "enter_chat"}), "")
		if got := w.asks(simwecom.BotIncoming{User: "x", Corp: "wwother", Text: "我的任务"}); !strings.Contains(got, "不在本单位的通讯录里") {
			t.Errorf("somebody of another organisation: %q", got)
		}
		w.settle()
		w.take()
	})
}

// Whatever the group hears by the smart bot, it hears no emergency and no sensitive word.
func TestSmartBotKeepsDangerOutOfGroups(t *testing.T) {
	each(t, watched(setup{smartBot: callback}), func(w *world) {
		got := w.asks(simwecom.BotIncoming{User: "wenchang-jia", Group: "g1", Text: "三楼实验室燃气泄漏 学生头晕"})
		if strings.Contains(got, "实验室") || !strings.Contains(got, "119") {
			t.Errorf("an emergency, said in the group: %q", got)
		}
		got = w.asks(simwecom.BotIncoming{User: "wenchang-jia", Group: "g1", Text: sensitive, Images: [][]byte{photo(7).Data}})
		for _, word := range secretWords {
			if strings.Contains(got, word) {
				t.Errorf("a sensitive word in the group: %q", got)
			}
		}
		w.settle()
		for _, s := range w.take() {
			if s.To == "g1" {
				t.Errorf("told in the group: %q", s.Text)
			}
		}
		for _, row := range strings.Split(w.dump(), "\n") {
			for _, word := range secretWords {
				if strings.Contains(row, word) {
					t.Errorf("kept: %s", row)
				}
			}
		}
		w.same("files", w.query("SELECT COUNT(*) FROM files"), "0")
	})
}

// Over the long connection it is the same, and one process alone holds it.
func TestSmartBotOverItsConnection(t *testing.T) {
	shared(t, setup{smartBot: socket, nodes: 2}, func(w *world) {
		w.ok(w.stage.SmartBot.AwaitSocket(w.ctx, true))
		shown, err := w.stage.SmartBot.DeliverSocket(w.ctx, simwecom.BotIncoming{User: "wenchang-jia", Group: "g1", Text: "三楼男厕所门口地砖翘起来了", Images: [][]byte{photo(90).Data}})
		w.ok(err)
		w.same("said in the group", shown.Text, "收到，已登记。编号和处理情况私聊您。")
		w.settle()
		w.same("photos", w.query("SELECT COUNT(*) FROM files WHERE state = 'stored'"), "1")
		w.take()
		w.stop(w.nodes[0])
		w.clock.Set(w.clock.Now().Add(time.Minute))
		w.ok(w.stage.SmartBot.AwaitSocket(w.ctx, true))
		shown, err = w.stage.SmartBot.DeliverSocket(w.ctx, simwecom.BotIncoming{User: "wenchang-jia", Text: "查隐患1"})
		w.ok(err)
		if !strings.Contains(shown.Text, "地砖") {
			t.Errorf("answer %q", shown.Text)
		}
		if n := w.stage.SmartBot.Kicks(); n != 0 {
			t.Errorf("%d connections were ended by another of ours", n)
		}
	})
}
