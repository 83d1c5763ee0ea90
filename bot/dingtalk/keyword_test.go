package dingtalk_test

import (
	"context"
	"testing"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
)

// A custom robot that shows only what holds a word gets the word, once.
func TestWebhookWithAKeyword(t *testing.T) {
	w := newWorld(t)
	const token = "token-with-a-keyword"
	w.sim.AddWebhook(simdingtalk.Webhook{Token: token, ConversationID: "cidG==", Keyword: "督办"})
	say := func(key, text string) error {
		_, err := w.client.Send(context.Background(), bot.Outgoing{To: bot.Target{Webhook: key}, Reply: bot.Reply{Text: text}})
		return err
	}
	w.expect(say(token, "今日无逾期"), bot.Config, "webhook_security")
	for _, text := range []string{"今日无逾期", "督办日报：无逾期"} {
		if err := say(token+"||督办", text); err != nil {
			t.Fatal(err)
		}
	}
	w.sent(simdingtalk.Sent{Road: simdingtalk.RoadWebhook, GroupID: "cidG==", Kind: "text", Text: "今日无逾期\n督办"},
		simdingtalk.Sent{Road: simdingtalk.RoadWebhook, GroupID: "cidG==", Kind: "text", Text: "督办日报：无逾期"})
}
