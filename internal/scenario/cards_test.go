package scenario

import (
	"strings"
	"testing"

	"duban/bot"
	simwecom "duban/internal/sim/wecom"
)

// withCards has WeCom show buttons as cards.
func withCards(o setup) setup {
	o.env = append(o.env, "DUBAN_WECOM_BUTTONS=card")
	return o
}

// asked has a person write on WeCom and returns the card that answers.
func (w *world) asked(person, text string) simwecom.Sent {
	w.t.Helper()
	w.same("words beside the card", w.wecom(person, text), "")
	w.settle()
	w.take()
	return w.lastCard(person)
}

// lastCard is the newest card of a person.
func (w *world) lastCard(person string) simwecom.Sent {
	w.t.Helper()
	id, _ := w.stage.UserID(person, bot.WeCom)
	sent := w.stage.WeCom.Sent()
	for i := len(sent) - 1; i >= 0; i-- {
		if strings.EqualFold(sent[i].To, id) && sent[i].TaskID != "" {
			return sent[i]
		}
	}
	w.t.Fatalf("%s has no card", person)
	return simwecom.Sent{}
}

// press presses a button and returns the answer.
func (w *world) press(on simwecom.Sent, label string) string {
	w.t.Helper()
	ev, err := w.stage.WeCom.PressOf(on, label)
	w.ok(err)
	return w.deliverPress(ev)
}

func (w *world) deliverPress(ev simwecom.Incoming) string {
	w.t.Helper()
	d, err := w.stage.WeCom.Deliver(w.ctx, w.stage.WeComCallback(), ev)
	w.ok(err)
	w.settle()
	w.take() // what others read of it is not what these tests are about
	if d.Reply == nil {
		return ""
	}
	return d.Reply.Text
}

func (w *world) filed() {
	w.t.Helper()
	w.wecom("wenchang-jia", "上报隐患 操场围墙开裂")
	w.settle()
	w.take()
}

// A question comes as a card; its button answers it, and the card says what was chosen.
func TestAButtonAnswersTheQuestion(t *testing.T) {
	each(t, withCards(setup{everywhere: true}), func(w *world) {
		w.filed()
		card := w.asked("anquan-guzhang", "隐患1 挂牌督办")
		if len(card.Buttons) != 2 || card.Buttons[0].Text != "确认" || !strings.Contains(card.Text, "将对 YH-2025-0001 挂牌督办") {
			t.Fatalf("%+v", card)
		}
		w.same("pressed", w.press(card, "确认"), "已挂牌督办：YH-2025-0001 操场围墙开裂\n整改期限：9月19日 周五到期，还有 7 个工作日，已告诉文昌中学。")
		w.same("the card", w.stage.WeCom.Replaced(card), "已选：确认")
		w.same("listed", w.query("SELECT COUNT(*) FROM hazard_lives WHERE listed_at > 0"), "1")
	})
}

// Pressed once more before the card changed, or delivered again, it does nothing more.
func TestAButtonPressedTwice(t *testing.T) {
	each(t, withCards(setup{everywhere: true}), func(w *world) {
		w.filed()
		card := w.asked("anquan-guzhang", "隐患1 挂牌督办")
		first, err := w.stage.WeCom.PressOf(card, "确认")
		w.ok(err)
		second, err := w.stage.WeCom.PressOf(card, "确认")
		w.ok(err)
		done := w.deliverPress(first)
		w.same("delivered again", w.deliverPress(first), done)
		w.same("pressed again", w.deliverPress(second), "这一步已经过去了，没有改动任何内容。要办请重新发一次。")
		w.same("history", w.query("SELECT COUNT(*) FROM journal WHERE action = 'supervise'"), "1")
	})
}

// A button answers its own question, not the one that was asked since.
func TestAnOldButtonAnswersNoNewQuestion(t *testing.T) {
	each(t, withCards(setup{everywhere: true}), func(w *world) {
		w.filed()
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		old := w.asked("anquan-guzhang", "隐患1 挂牌督办")
		fresh := w.asked("anquan-guzhang", "隐患2 挂牌督办")
		w.same("the old one", w.press(old, "确认"), "这一步已经过去了，没有改动任何内容。要办请重新发一次。")
		w.same("nothing is listed", w.query("SELECT COUNT(*) FROM hazard_lives WHERE listed_at > 0"), "0")
		if got := w.press(fresh, "确认"); !strings.HasPrefix(got, "已挂牌督办：YH-2025-0002") {
			t.Error(got)
		}
		w.same("both cards", w.stage.WeCom.Replaced(old)+" "+w.stage.WeCom.Replaced(fresh), "已选：确认 已选：确认")
	})
}

// A button that names what it does is checked like the same words written now: for who
// presses it, and for how things stand.
func TestAButtonIsCheckedWhenItIsPressed(t *testing.T) {
	each(t, withCards(setup{everywhere: true}), func(w *world) {
		w.filed()
		w.wecom("wenchang-aq", "隐患1 已修好，请复查")
		card := w.asked("anquan-guzhang", "隐患1 复查通过")
		w.same("its button", card.Buttons[0].Text, "销号")
		w.dingtalk("wenchang-xz", "隐患1 没修好，重开")
		if got := w.press(card, "销号"); !strings.Contains(got, "要先复查通过才能销号") {
			t.Error(got)
		}
		w.same("state", w.query("SELECT state FROM hazards"), "reopened")
	})
}

// What was pressed counts although the card cannot be changed, and the code that would
// change it is in no log.
func TestACardThatCannotBeChanged(t *testing.T) {
	each(t, withCards(setup{everywhere: true}), func(w *world) {
		w.filed()
		card := w.asked("anquan-guzhang", "隐患1 挂牌督办")
		ev, err := w.stage.WeCom.PressOf(card, "确认")
		w.ok(err)
		ev.ResponseCode = "CODE-FORGED"
		if got := w.deliverPress(ev); !strings.HasPrefix(got, "已挂牌督办") {
			t.Error(got)
		}
		w.same("the card keeps its buttons", w.stage.WeCom.Replaced(card), "")
		for _, line := range w.logs.Lines(-8) {
			if strings.Contains(line.String(), "CODE-") {
				t.Errorf("the code is in the log: %s", line)
			}
		}
		if w.query("SELECT COUNT(*) FROM inbox WHERE reply LIKE '%CODE-%'") != "0" {
			t.Error("the code is in the database")
		}
	})
}

// Two people who hold the same card press at once: the second one reads how it stands.
func TestTwoPressAtOnce(t *testing.T) {
	each(t, withCards(setup{everywhere: true}), func(w *world) {
		w.filed()
		w.wecom("wenchang-aq", "隐患1 已修好，请复查")
		first, second := w.asked("anquan-guzhang", "隐患1 复查通过"), simwecom.Sent{}
		w.wecom("ju-fuju-anquan", "查隐患1")
		second = first
		second.To, _ = w.stage.UserID("ju-fuju-anquan", bot.WeCom)
		answers := make(chan string, 2)
		for _, card := range []simwecom.Sent{first, second} {
			ev, err := w.stage.WeCom.PressOf(card, "销号")
			w.ok(err)
			go func() {
				d, err := w.stage.WeCom.Deliver(w.ctx, w.stage.WeComCallback(), ev)
				if err != nil || d.Reply == nil {
					answers <- ""
					return
				}
				answers <- d.Reply.Text
			}()
		}
		got := <-answers + "\n" + <-answers
		w.settle()
		w.take()
		if strings.Count(got, "已销号：YH-2025-0001") != 1 || strings.Count(got, "不用再办") != 1 {
			t.Error(got)
		}
		w.same("closed once", w.query("SELECT COUNT(*) FROM journal WHERE action = 'close'"), "1")
	})
}
