package aibot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/bot/wecom/aibot"
	simwecom "duban/internal/sim/wecom"
)

// buttoned is a question with two buttons.
var buttoned = bot.Reply{Text: "将对 1 号挂牌督办。\n确认吗？", Buttons: []bot.Button{{Label: "确认", Send: "确认", Asked: "ab12"}, {Label: "取消", Send: "取消", Asked: "ab12"}}}

// answering has a process answer with what the function says.
func answering(says func(m aibot.Message) bot.Reply) func(*aibot.SocketConfig) {
	return func(c *aibot.SocketConfig) {
		c.Cards = true
		c.Handle = func(_ context.Context, m aibot.Message) (bot.Reply, error) { return says(m), nil }
	}
}

// press presses a button and returns what the answer showed.
func (w *world) press(on simwecom.Sent, user, label string) *simwecom.Sent {
	w.t.Helper()
	in, err := w.bot.PressOf(on, user, label)
	w.ok(err)
	shown, err := w.bot.DeliverSocket(w.ctx, in)
	w.ok(err)
	return shown
}

func labels(buttons []simwecom.CardButton) string {
	var out []string
	for _, b := range buttons {
		out = append(out, b.Text)
	}
	return strings.Join(out, " ")
}

// sees is how somebody sees a card now.
func (w *world) sees(on simwecom.Sent, user string) string {
	text, buttons := w.bot.CardOf(on.TaskID, user)
	return strings.ReplaceAll(text, "\n", "|") + " [" + labels(buttons) + "]"
}

func (w *world) same(what, got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// A question over the connection is a card; in a group it changes for everybody when the
// one who was asked presses it, and else for who pressed it alone.
func TestSocketCards(t *testing.T) {
	w := newWorld(t)
	_, _ = w.process("甲", answering(func(m aibot.Message) bot.Reply {
		switch {
		case m.Event == "":
			return buttoned
		case m.Asked != "ab12" || m.EventKey != "确认" && m.EventKey != "取消":
			t.Errorf("pressed %q of %q", m.EventKey, m.Asked)
		case m.UserID != "wang":
			return bot.Reply{Text: "这一步要由提出的人来办。"}
		}
		return bot.Reply{Text: "已挂牌督办 1 号。\n期限 9月19日 周五。"}
	}))
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	card, err := w.bot.DeliverSocket(w.ctx, simwecom.BotIncoming{User: "wang", Group: "g1", Text: "隐患1 挂牌督办"})
	w.ok(err)
	w.same("the question", w.sees(*card, "li"), "将对 1 号挂牌督办。|确认吗？ [确认 取消]")
	w.press(*card, "li", "确认")
	w.same("who was not asked", w.sees(*card, "li"), "这一步要由提出的人来办。 [已选：确认]")
	w.same("the others", w.sees(*card, "zhao"), "将对 1 号挂牌督办。|确认吗？ [确认 取消]")
	w.press(*card, "wang", "确认")
	for _, user := range []string{"wang", "li", "zhao"} {
		w.same(user, w.sees(*card, user), "已挂牌督办 1 号。|期限 9月19日 周五。 [已选：确认]")
	}
	in, err := w.bot.PressOf(*card, "wang", "已选：确认")
	w.ok(err)
	short, cancel := context.WithTimeout(w.ctx, 100*time.Millisecond)
	defer cancel()
	if shown, err := w.bot.DeliverSocket(short, in); err == nil {
		t.Errorf("what is over was answered: %+v", shown)
	}
}

// A press that leads to the next question turns the card into it; an answer that is too
// long for a card follows it.
func TestSocketCardsGoOn(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("很长的回答。", 60)
	_, _ = w.process("甲", answering(func(m aibot.Message) bot.Reply {
		if m.EventKey == "取消" {
			return bot.Reply{Text: long}
		}
		return buttoned
	}))
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	card, err := w.bot.DeliverSocket(w.ctx, simwecom.BotIncoming{User: "wang", Text: "隐患1 挂牌督办"})
	w.ok(err)
	w.press(*card, "wang", "确认")
	w.same("the next question", w.sees(*card, "wang"), "将对 1 号挂牌督办。|确认吗？ [确认 取消]")
	w.press(*card, "wang", "取消")
	w.same("the card", w.sees(*card, "wang"), "已选：取消|结果见下一条消息。 [已选：取消]")
	sent := w.record.Sent()
	for len(sent) < 2 && w.ctx.Err() == nil {
		sent = w.record.Sent()
	}
	w.same("the answer", sent[len(sent)-1].Text, long)
}

// Who opens the chat is greeted, within five seconds or not at all.
func TestSocketWelcomes(t *testing.T) {
	w := newWorld(t)
	late := false
	_, _ = w.process("甲", answering(func(aibot.Message) bot.Reply {
		if late {
			w.clock.Set(w.clock.Now().Add(5 * time.Second))
		}
		return bot.Reply{Text: "您好，发“帮助”看能做什么。"}
	}), func(c *aibot.SocketConfig) {
		c.Later = func(context.Context, aibot.Message, bot.Reply) error {
			t.Error("a welcome that is late")
			return nil
		}
	})
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	w.same("greeted", w.say(simwecom.BotIncoming{User: "wang", Event: "enter_chat"}), "您好，发“帮助”看能做什么。")
	late = true
	short, cancel := context.WithTimeout(w.ctx, 200*time.Millisecond)
	defer cancel()
	if shown, err := w.bot.DeliverSocket(short, simwecom.BotIncoming{User: "wang", Event: "enter_chat"}); err == nil {
		t.Errorf("taken after five seconds: %+v", shown)
	}
}

// A card that cannot be changed in time keeps its buttons, and the answer is told.
func TestSocketCardTooLate(t *testing.T) {
	w := newWorld(t)
	_, _ = w.process("甲", answering(func(m aibot.Message) bot.Reply {
		if m.Event == "" {
			return buttoned
		}
		w.clock.Set(w.clock.Now().Add(5 * time.Second))
		return bot.Reply{Text: "已挂牌督办。"}
	}))
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	card, err := w.bot.DeliverSocket(w.ctx, simwecom.BotIncoming{User: "wang", Text: "隐患1 挂牌督办"})
	w.ok(err)
	in, err := w.bot.PressOf(*card, "wang", "确认")
	w.ok(err)
	short, cancel := context.WithTimeout(w.ctx, 300*time.Millisecond)
	defer cancel()
	_, _ = w.bot.DeliverSocket(short, in)
	w.same("the card", w.sees(*card, "wang"), "将对 1 号挂牌督办。|确认吗？ [确认 取消]")
	sent := w.record.Sent()
	w.same("told", sent[len(sent)-1].Text, "已挂牌督办。")
}

// With cards off a question is words to type.
func TestSocketWithoutCards(t *testing.T) {
	w := newWorld(t)
	_, _ = w.process("甲", answering(func(aibot.Message) bot.Reply { return buttoned }), func(c *aibot.SocketConfig) { c.Cards = false })
	w.ok(w.bot.AwaitSocket(w.ctx, true))
	w.same("words", w.say(simwecom.BotIncoming{User: "wang", Text: "隐患1 挂牌督办"}), "将对 1 号挂牌督办。\n确认吗？\n可回复：“确认” / “取消”")
}
