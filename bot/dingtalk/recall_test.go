package dingtalk_test

import (
	"context"
	"strings"
	"testing"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
)

// A long message goes out in parts; all of them are taken back.
func TestRecallOfAllParts(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	got, err := w.client.Send(ctx, w.user(strings.Repeat("校园安全每日简报。\n", 600)))
	if err != nil {
		t.Fatal(err)
	}
	keys := strings.Split(got.PlatformID, ",")
	if len(keys) < 2 || len(keys) != len(w.sim.Sent()) {
		t.Fatalf("%d keys of %d parts", len(keys), len(w.sim.Sent()))
	}
	if err := w.client.Recall(ctx, bot.Target{UserID: "u1"}, got.PlatformID); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if !w.sim.Recalled(key) {
			t.Errorf("%s is still shown", key)
		}
	}
	w.expect(w.client.Recall(ctx, bot.Target{UserID: "u1"}, got.PlatformID), bot.Permanent, "not_recalled")
	w.expect(w.client.Recall(ctx, bot.Target{Webhook: hookToken}, "x"), bot.Permanent, "no_id")
	w.sim.Fail("/v1.0/robot/otoMessages/batchRecall", 1, simdingtalk.Fault{Taken: true, Drop: true})
	w.expect(w.client.Recall(ctx, bot.Target{UserID: "u1"}, "x"), bot.Temporary, "no_answer")
}
