package wecom_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"duban/bot"
	"duban/bot/wecom"
)

func TestChatIDs(t *testing.T) {
	id := wecom.ChatID("g-校长")
	if !regexp.MustCompile(`^[0-9a-zA-Z]{1,32}$`).MatchString(id) || !wecom.OwnChat(id) || id != wecom.ChatID("g-校长") || id == wecom.ChatID("g") {
		t.Errorf("%q", id)
	}
}

func TestChats(t *testing.T) {
	r, ctx := newRig(t), context.Background()
	two := []string{"zhangsan", "lisi"}
	id := wecom.ChatID("g")
	for range 2 { // the second try finds the first one's group
		if err := r.client.CreateChat(ctx, wecom.Chat{ID: id, Name: "群", Members: two}); err != nil {
			t.Fatal(err)
		}
	}
	for name, chat := range map[string]wecom.Chat{
		"no name": {ID: "dubana", Members: two}, "a long one": {ID: "dubanb", Name: strings.Repeat("群", 51), Members: two}, "one member": {ID: "dubanc", Name: "群", Members: two[:1]},
		"a stranger": {ID: "duband", Name: "群", Members: []string{"zhangsan", "nobody"}}, "an owner outside": {ID: "dubane", Name: "群", Owner: "nobody", Members: two},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, r.client.CreateChat(ctx, chat), bot.Permanent, "bad_members") })
	}
	to := bot.Target{ChatID: id}
	if _, err := r.client.Send(ctx, bot.Outgoing{To: to, Reply: bot.Reply{Text: strings.Repeat("校园安全每日简报。\n", 100)}}); err != nil {
		t.Fatal(err)
	}
	if got := r.Sent(); len(got) != 2 || got[0].To != id {
		t.Errorf("%d parts", len(got))
	}
	_, err := r.client.Send(ctx, bot.Outgoing{To: bot.Target{ChatID: wecom.ChatID("gone")}, Reply: bot.Reply{Text: "x"}})
	wantError(t, err, bot.Permanent, "chat_gone")
	_, err = r.client.Send(ctx, bot.Outgoing{To: bot.Target{ChatID: "wrSomebodyElses"}, Reply: bot.Reply{Text: "x"}})
	wantError(t, err, bot.Permanent, "no_target")
	_, err = r.client.Chat(ctx, "gone")
	wantError(t, err, bot.Permanent, "chat_gone")
}
