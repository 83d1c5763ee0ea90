package command

import (
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/notice"
	"duban/internal/testkit"
)

// TestAnonymousIsNamedNowhere holds that neither history nor notices name who filed
// without a name, also when it is taken back after it was told.
func TestAnonymousIsNamedNowhere(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	notices := ""
	say := func(text string) {
		h.say("wenchang-jia", text, false)
		for _, n := range h.told {
			notices += n.Text + "\n"
		}
	}
	say("匿名上报：操场围墙开裂")
	h.deliver()
	say("撤回")
	if !strings.Contains(notices, "匿名上报人撤回了刚才的操作") || strings.Contains(notices, "教师甲") {
		t.Errorf("notices:\n%s", notices)
	}
	lines, err := h.store.Read(t.Context()).History(t.Context(), notice.Subject{Kind: notice.HazardSubj, ID: 1}, 10)
	if err != nil || len(lines) != 2 {
		t.Fatalf("history %v, %v", lines, err)
	}
	for _, l := range lines {
		if l.Actor != "anonymous" {
			t.Errorf("%s is by %s", l.Action, l.Actor)
		}
	}
}

// TestVoiceWithoutWordsAsksToType holds that a recording nobody can read is not kept.
func TestVoiceWithoutWordsAsksToType(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	user := ""
	for _, a := range h.set.Accounts {
		if a.Person == "wenchang-jia" && a.Platform == string(bot.WeCom) {
			user = a.UserID
		}
	}
	m := bot.Message{Platform: bot.WeCom, Robot: "r", ID: "v1", Corp: "corp", UserID: user, Chat: bot.Chat{Kind: bot.Private}, Attachments: []bot.Attachment{{Kind: bot.Voice, Ref: "v"}}}
	reply, err := h.engine.Process(t.Context(), h.engine.Screen(m))
	if err != nil || !strings.HasPrefix(reply.Text, "这条语音没有转成文字") {
		t.Errorf("%q, %v", reply.Text, err)
	}
}
