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

// botAsks is asks that answers with a card, by the road that is set up.
func (w *world) botAsks(in simwecom.BotIncoming, over road) simwecom.Sent {
	w.t.Helper()
	var shown *simwecom.Sent
	var err error
	if over == socket {
		shown, err = w.stage.SmartBot.DeliverSocket(w.ctx, in)
	} else {
		shown, _, err = w.stage.SmartBot.Deliver(w.ctx, w.stage.SmartBotCallback(), in)
	}
	w.ok(err)
	if shown == nil {
		w.t.Fatal("no answer")
	}
	return *shown
}

// botPress presses a button of a card of the smart bot.
func (w *world) botPress(on simwecom.Sent, person, label string, over road) simwecom.BotIncoming {
	w.t.Helper()
	in, err := w.stage.SmartBot.PressOf(on, person, label)
	w.ok(err)
	in.MsgID = "press-" + on.TaskID + person + label
	w.botAsks(in, over)
	w.settle()
	w.take()
	return in
}

// botSaid is what the smart bot said, in order.
func (w *world) botSaid() (out []string) {
	for _, s := range w.stage.WeCom.Sent() {
		if s.Channel == simwecom.SmartBot {
			out = append(out, s.Text)
		}
	}
	return out
}

// botSees is how somebody sees a card of the smart bot.
func (w *world) botSees(on simwecom.Sent, person string) string {
	text, buttons := w.stage.SmartBot.CardOf(on.TaskID, person)
	for _, b := range buttons {
		text += "[" + b.Text + "]"
	}
	return text
}

// The smart bot's questions are cards by either road; the card turns into the answer, and
// a press that comes twice acts once.
func TestSmartBotCards(t *testing.T) {
	for _, over := range []road{callback, socket} {
		each(t, withCards(setup{smartBot: over, everywhere: true}), func(w *world) {
			if over == socket {
				w.ok(w.stage.SmartBot.AwaitSocket(w.ctx, true))
			}
			w.filed()
			card := w.botAsks(simwecom.BotIncoming{User: "anquan-guzhang", Text: "隐患1 挂牌督办"}, over)
			w.settle()
			w.take()
			if got := w.botSees(card, "anquan-guzhang"); !strings.HasPrefix(got, "将对 YH-2025-0001 挂牌督办") || !strings.HasSuffix(got, "[确认][取消]") {
				t.Fatal(got)
			}
			in := w.botPress(card, "anquan-guzhang", "确认", over)
			done := "已挂牌 YH-2025-0001\n已挂牌督办：YH-2025-0001 操场围墙开裂\n整改期限：9月19日 周五到期，还有 7 个工作日，已告诉文昌中学。[已选：确认]"
			w.same("the card", w.botSees(card, "anquan-guzhang"), done)
			w.botAsks(in, over)
			w.same("delivered again", w.botSees(card, "anquan-guzhang"), done)
			w.settle()
			w.take()
			w.same("history", w.query("SELECT COUNT(*) FROM journal WHERE action = 'supervise'"), "1")
			if over == socket {
				return
			}
			spent, err := w.stage.SmartBot.PressOf(card, "anquan-guzhang", "已选：确认")
			w.ok(err)
			shown, status, err := w.stage.SmartBot.Deliver(w.ctx, w.stage.SmartBotCallback(), spent)
			if shown != nil || status != 200 || err != nil {
				t.Errorf("what is over was answered: %+v %d %v", shown, status, err)
			}
		})
	}
}

// Whom nobody knows is greeted when opening the chat, once a day, in words.
func TestSmartBotWelcome(t *testing.T) {
	for _, over := range []road{callback, socket} {
		each(t, withCards(setup{smartBot: over}), func(w *world) {
			if over == socket {
				w.ok(w.stage.SmartBot.AwaitSocket(w.ctx, true))
			}
			shown := w.botAsks(simwecom.BotIncoming{User: "newcomer", Event: "enter_chat"}, over)
			if shown.Type != "text" || !strings.Contains(shown.Text, "绑定") {
				t.Errorf("%+v", shown)
			}
		})
	}
}

// An answer that no card holds follows the card that led to it.
func TestSmartBotCardWithALongAnswer(t *testing.T) {
	for _, over := range []road{callback, socket} {
		each(t, withCards(setup{smartBot: over, everywhere: true}), func(w *world) {
			if over == socket {
				w.ok(w.stage.SmartBot.AwaitSocket(w.ctx, true))
			}
			card := w.botAsks(simwecom.BotIncoming{User: "anquan-guzhang", Text: "在吗"}, over)
			in, err := w.stage.SmartBot.PressOf(card, "anquan-guzhang", "我的任务")
			w.ok(err)
			w.botAsks(in, over)
			w.same("the card", w.botSees(card, "anquan-guzhang"), "已选：我的任务\n结果见下一条消息。[已选：我的任务]")
			w.settle()
			told := w.botSaid()
			for len(told) < 2 && w.ctx.Err() == nil { // over the connection it is on its way
				told = w.botSaid()
			}
			if len(told) != 2 || !strings.HasPrefix(told[1], "安全股的事项，共 ") {
				t.Errorf("told %q", told)
			}
		})
	}
}
