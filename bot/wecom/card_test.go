package wecom

import (
	"strings"
	"testing"

	"duban/bot"
)

func TestWhatACardHolds(t *testing.T) {
	yes := bot.Button{Label: "确认", Send: "确认", Asked: "ab12"}
	many := func(n int) (out []bot.Button) {
		for i := range n {
			out = append(out, bot.Button{Label: strings.Repeat("一", i+1), Send: strings.Repeat("x", i+1)})
		}
		return out
	}
	for name, c := range map[string]struct {
		r           bot.Reply
		title, text string // "" with fits false
		fits        bool
	}{
		"a title of its own":      {bot.Reply{Title: "复查通过", Text: "可以销号。", Buttons: []bot.Button{yes}}, "复查通过", "可以销号。", true},
		"the first line":          {bot.Reply{Text: "将对 1 号挂牌。\n回复“确认”。", Buttons: []bot.Button{yes}}, "将对 1 号挂牌。", "回复“确认”。", true},
		"one line":                {bot.Reply{Text: "好吗？", Buttons: []bot.Button{yes}}, "好吗？", "", true},
		"a long line":             {bot.Reply{Text: strings.Repeat("长", 37), Buttons: []bot.Button{yes}}, "请选择", strings.Repeat("长", 37), true},
		"the longest text":        {bot.Reply{Title: "t", Text: strings.Repeat("长", 160), Buttons: []bot.Button{yes}}, "t", strings.Repeat("长", 160), true},
		"too long a text":         {bot.Reply{Title: "t", Text: strings.Repeat("长", 161), Buttons: []bot.Button{yes}}, "", "", false},
		"no button":               {bot.Reply{Text: "x"}, "", "", false},
		"no text":                 {bot.Reply{Buttons: []bot.Button{yes}}, "", "", false},
		"six buttons":             {bot.Reply{Text: "x", Buttons: many(6)}, "x", "", true},
		"seven buttons":           {bot.Reply{Text: "x", Buttons: many(7)}, "", "", false},
		"too long a label":        {bot.Reply{Text: "x", Buttons: []bot.Button{{Label: strings.Repeat("一", 11), Send: "s"}}}, "", "", false},
		"a button without words":  {bot.Reply{Text: "x", Buttons: []bot.Button{{Label: "a"}}}, "", "", false},
		"a button without label":  {bot.Reply{Text: "x", Buttons: []bot.Button{{Send: "a"}}}, "", "", false},
		"words that are too long": {bot.Reply{Text: "x", Buttons: []bot.Button{{Label: "a", Send: strings.Repeat("长", 342)}}}, "", "", false},
		"two with the same words": {bot.Reply{Text: "x", Buttons: []bot.Button{{Label: "a", Send: "s"}, {Label: "b", Send: "s"}}}, "", "", false},
	} {
		card, ok := CardOf(c.r, "key")
		if ok != c.fits || Cardable(c.r) != c.fits {
			t.Errorf("%s: fits %v", name, ok)
		}
		if ok && (card.Title.Title != c.title || card.SubTitle != c.text || len(card.Buttons) != len(c.r.Buttons)) {
			t.Errorf("%s: %+v", name, card)
		}
	}
}

func TestTaskIDs(t *testing.T) {
	r := bot.Reply{Text: "x", Buttons: []bot.Button{{Label: "a", Send: "s"}, {Label: "b", Send: "t"}}}
	one, _ := CardOf(r, TaskID("key"))
	again, _ := CardOf(r, TaskID("key"))
	other, _ := CardOf(r, TaskID("another key"))
	if one.TaskID != again.TaskID || one.TaskID == other.TaskID || len(one.TaskID) > 128 || strings.Trim(one.TaskID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		t.Errorf("%q %q %q", one.TaskID, again.TaskID, other.TaskID)
	}
	if one.Buttons[0].Style != 1 || one.Buttons[1].Style != 2 {
		t.Errorf("%+v", one.Buttons)
	}
	c := NewClient(ClientConfig{Cards: true})
	if _, ok := c.newCard("wang", "", r); ok {
		t.Error("a message without a key is a card")
	}
	if _, ok := NewClient(ClientConfig{}).newCard("wang", "key", r); ok {
		t.Error("a card although they are off")
	}
}

func TestReplaced(t *testing.T) {
	for words, want := range map[string]string{"确认": "已选：确认", " ": "已选：…", "YH-2025-0056 销号并且告诉所有的人": "已选：YH-2025-0056 销号并…"} {
		if got := replaced(words); got != want {
			t.Errorf("%q: %q", words, got)
		}
	}
}

// A card that was answered shows the answer where it fits, and else that it follows; what
// has questions of its own follows whole.
func TestSpentCard(t *testing.T) {
	for name, c := range map[string]struct {
		r           bot.Reply
		title, text string
		whole       bool
	}{
		"a short answer": {bot.Reply{Text: "已挂牌。\n期限周五。"}, "已挂牌。", "期限周五。", true},
		"a long one":     {bot.Reply{Text: "已挂牌。\n" + strings.Repeat("长", 161)}, "已选：确认", "结果见下一条消息。", false},
		"none yet":       {bot.Reply{}, "已选：确认", "结果见下一条消息。", false},
		"with buttons":   {bot.Reply{Text: "选哪个？", Buttons: make([]bot.Button, 7)}, "已选：确认", "结果见下一条消息。", false},
	} {
		card, whole := SpentCard(c.r, "task", "确认", "over")
		if whole != c.whole || card.Title.Title != c.title || card.SubTitle != c.text || card.TaskID != "task" {
			t.Errorf("%s: %v %+v", name, whole, card)
		}
		if want := []CardButton{{"已选：确认", 2, "over"}}; len(card.Buttons) != 1 || card.Buttons[0] != want[0] {
			t.Errorf("%s: %+v", name, card.Buttons)
		}
	}
	if card, _ := SpentCard(bot.Reply{}, "task", "YH-2025-0056 销号", "over"); card.Buttons[0].Text != "已选：YH-202…" {
		t.Errorf("a long label: %q", card.Buttons[0].Text)
	}
}
