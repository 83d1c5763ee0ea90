package scenario

import (
	"strings"
	"testing"

	simdingtalk "duban/internal/sim/dingtalk"
)

const template = "f3c1d2aa-0000-4000-8000-000000000001.schema"

// eachCards plays a scenario with DingTalk's interactive cards, over the stream and over
// HTTP.
func eachCards(t *testing.T, f func(*world)) {
	for name, o := range map[string]setup{
		"stream": {everywhere: true, stream: true, env: []string{"DUBAN_DINGTALK_CARD_TEMPLATE=" + template}},
		"http":   {everywhere: true, env: []string{"DUBAN_DINGTALK_CARD_TEMPLATE=" + template, "DUBAN_DINGTALK_CARD_SECRET=cards-are-signed"}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, o, func(w *world) {
				w.stage.DingTalk.MakeTemplate(template)
				w.stage.DingTalk.RegisterRoute("duban", strings.TrimSuffix(w.stage.DingTalkCallback(), "robot")+"card", "cards-are-signed")
				w.wecom("wenchang-jia", "上报隐患 操场围墙开裂")
				w.settle()
				w.take()
				f(w)
			})
		})
	}
}

// ding asks something on DingTalk and returns the card that answers.
func (w *world) dingCard(person, text string) simdingtalk.Sent {
	w.t.Helper()
	w.dingtalk(person, text)
	w.settle()
	w.take()
	sent := w.stage.DingTalk.Sent()
	for i := len(sent) - 1; i >= 0; i-- {
		if sent[i].Road == simdingtalk.RoadCard {
			return sent[i]
		}
	}
	w.t.Fatalf("no card answers %q", text)
	return simdingtalk.Sent{}
}

func TestAnInteractiveCardOnDingTalk(t *testing.T) {
	eachCards(t, func(w *world) {
		card := w.dingCard("anquan-guzhang", "隐患1 挂牌督办")
		if len(card.Buttons) != 2 || !strings.Contains(card.Title+card.Text, "将对 YH-2025-0001 挂牌督办") {
			w.t.Fatalf("%+v", card)
		}
		w.ok(w.stage.DingTalk.PressCard(w.ctx, card, "确认", 2)) // pushed twice, as platforms do
		w.settle()
		if got := strings.Join(to(w.take(), "anquan-guzhang"), "\n"); strings.Count(got, "已挂牌督办：YH-2025-0001") != 1 {
			w.t.Errorf("told: %s", got)
		}
		if shows := w.stage.DingTalk.CardShows(card); shows["status"] != "done" || shows["chosen"] != "已选：确认" || shows["title"] == "" {
			w.t.Errorf("the card shows %v", shows)
		}
		w.same("history", w.query("SELECT COUNT(*) FROM journal WHERE action = 'supervise'"), "1")
	})
}

func TestAnOldInteractiveCardAnswersNoNewQuestion(t *testing.T) {
	eachCards(t, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		old := w.dingCard("anquan-guzhang", "隐患1 挂牌督办")
		w.dingCard("anquan-guzhang", "隐患2 挂牌督办")
		w.ok(w.stage.DingTalk.PressCard(w.ctx, old, "确认", 1))
		w.settle()
		if got := strings.Join(to(w.take(), "anquan-guzhang"), "\n"); !strings.Contains(got, "这一步已经过去了") {
			w.t.Errorf("told: %s", got)
		}
		w.same("listed", w.query("SELECT COUNT(*) FROM hazard_lives WHERE listed_at > 0"), "0")
	})
}
