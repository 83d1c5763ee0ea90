package dingtalk_test

import (
	"context"
	"strings"
	"testing"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
)

func TestWorkNotifications(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	worker := w.client.Worker(simdingtalk.AgentID)
	to := func(user, text string) bot.Outgoing {
		return bot.Outgoing{To: bot.Target{UserID: user}, Reply: bot.Reply{Text: text}}
	}
	long := strings.Repeat("校园安全。", 400)
	got, err := worker.Send(ctx, to("u1", long))
	if err != nil {
		t.Fatal(err)
	}
	if text := w.sim.Sent()[0].Text; len(text) > 2048 || !strings.HasSuffix(text, "…") || !strings.HasPrefix(long, strings.TrimSuffix(text, "…")) {
		t.Errorf("cut to %q", text)
	}
	r, err := worker.Reading(ctx, bot.Target{UserID: "u1"}, got.PlatformID)
	if err != nil || len(r.Read) != 0 || len(r.Unread) != 1 {
		t.Errorf("%+v %v", r, err)
	}
	if err := worker.Recall(ctx, bot.Target{}, got.PlatformID); err != nil || !w.sim.Recalled(got.PlatformID) {
		t.Error(err)
	}
	w.expect(worker.Recall(ctx, bot.Target{}, "4711"), bot.Permanent, "bad_request")

	stranger, err := worker.Send(ctx, to("nobody", "x"))
	if err != nil {
		t.Fatal("the platform says so later only")
	}
	_, err = worker.Reading(ctx, bot.Target{UserID: "nobody"}, stranger.PlatformID)
	w.expect(err, bot.Permanent, "invalid_user")
	for _, bad := range []bot.Outgoing{to("", "x"), to("u1,u2", "x"), to("u1", " ")} {
		_, err = worker.Send(ctx, bad)
		w.expect(err, bot.Permanent, "bad_target")
	}
	_, err = w.client.Worker(1).Send(ctx, to("u1", "x"))
	w.expect(err, bot.Permanent, "bad_request")
}
