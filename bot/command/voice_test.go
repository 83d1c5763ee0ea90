package command

import (
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/testkit"
)

// speak sends what the platform heard in a recording.
func (h *harness) speak(person, id, words string, group bool) string {
	h.t.Helper()
	m := bot.Message{Platform: bot.WeCom, Robot: "r", ID: id, Corp: "corp", Chat: bot.Chat{Kind: bot.Private}, Text: words, Spoken: true,
		Attachments: []bot.Attachment{{Kind: bot.Voice, Ref: id}}}
	for _, a := range h.set.Accounts {
		if a.Person == person && a.Platform == string(bot.WeCom) {
			m.UserID = a.UserID
		}
	}
	if group {
		m.Chat = bot.Chat{Kind: bot.Group, ID: "g"}
	}
	h.told = nil
	reply, err := h.engine.Process(h.t.Context(), h.engine.Screen(m))
	if err != nil {
		h.t.Fatal(err)
	}
	return reply.Text
}

// What was spoken is never acted on silently: the answer says what was heard and how to
// put it right, but repeats nothing that must not be repeated.
func TestWhatWasHeardIsSaid(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	for i, c := range []struct {
		words, want string // the end of the answer
		group       bool
	}{
		{"上报隐患，食堂后厨燃气软管老化。", "\n听到的是：“上报隐患，食堂后厨燃气软管老化”。不对请回复“不对，是…”，或回复“撤回”再说一次。", false},
		{"上报隐患", "\n听到的是：“上报隐患”。不对请回复“取消”再说一次。", false},
		{"取消", "\n听到的是：“取消”。", false},
		{"我的任务", "\n听到的是：“我的任务”。", false},
		{"关注隐患一", "", false},
	} {
		got := h.speak("wenchang-jia", string(rune('a'+i)), c.words, c.group)
		if !strings.HasSuffix(got, c.want) || got == "" {
			t.Errorf("%q: %q", c.words, got)
		}
	}
	for id, words := range map[string]string{"x": "食堂着火了", "y": "初二有个女生被老师摸了"} {
		if got := h.speak("wenchang-jia", id, words, false); got == "" || strings.Contains(got, "听到的是") {
			t.Errorf("%q: %q", words, got)
		}
	}
}

func TestWhatWasHeardInAGroupIsSaidInPrivate(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	if got := h.speak("wenchang-jia", "g1", "上报隐患，操场围墙开裂", true); strings.Contains(got, "围墙") {
		t.Errorf("the group reads %q", got)
	}
	heard := false
	for _, n := range h.told {
		heard = heard || n.PersonID == "wenchang-jia" && strings.Contains(n.Text, "听到的是：“上报隐患，操场围墙开裂”。不对请回复")
	}
	if !heard {
		t.Errorf("told %+v", h.told)
	}
}

// A correction after it does the same thing again with what was meant.
func TestWhatWasHeardWronglyIsPutRight(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.speak("wenchang-aq", "v1", "22-14 30%", false)
	if got := h.say("wenchang-aq", "不对，是60%", false); !strings.HasPrefix(got, "已更正") || !strings.Contains(got, "60%") {
		t.Error(got)
	}
}
