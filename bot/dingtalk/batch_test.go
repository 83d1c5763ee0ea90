package dingtalk_test

import (
	"slices"
	"strings"
	"testing"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
)

const batchAPI = "/v1.0/robot/oToMessages/batchSend"

func classes(fates []bot.Fate) (out []bot.SendClass) {
	for _, f := range fates {
		out = append(out, bot.ClassOf(f.Err))
	}
	return out
}

func TestSendAll(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*world)
		users  []string
		want   []bot.SendClass
		calls  int
	}{
		"everybody":            {nil, []string{"u1", "u2"}, []bot.SendClass{"", ""}, 1},
		"one is unknown":       {nil, []string{"u1", "gone", "u2"}, []bot.SendClass{"", bot.Permanent, ""}, 1},
		"all are unknown":      {nil, []string{"gone", "left"}, []bot.SendClass{bot.Permanent, bot.Permanent}, 1},
		"one is held up":       {func(w *world) { w.sim.FlowControl("u2", 1) }, []string{"u1", "u2"}, []bot.SendClass{"", bot.RateLimit}, 1},
		"busy":                 {fail(batchAPI, simdingtalk.Fault{Code: "system.error"}), []string{"u1", "u2"}, []bot.SendClass{bot.Temporary, bot.Temporary}, 0},
		"in doubt":             {fail(batchAPI, simdingtalk.Fault{Taken: true, Drop: true}), []string{"u1", "u2"}, []bot.SendClass{bot.Ambiguous, bot.Ambiguous}, 1},
		"refused for one's id": {fail(batchAPI, simdingtalk.Fault{Code: "staffId.notExisted"}), []string{"u1", "gone", "u2"}, []bot.SendClass{"", bot.Permanent, ""}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if c.before != nil {
				c.before(w)
			}
			fates := w.client.SendAll(t.Context(), c.users, bot.Reply{Text: "明天停课"}, "k")
			if got := classes(fates); !slices.Equal(got, c.want) {
				t.Errorf("fates %q, want %q", got, c.want)
			}
			if got := w.sim.Used().APICalls; got != c.calls {
				t.Errorf("%d calls, want %d", got, c.calls)
			}
			for _, f := range fates {
				if f.Err == nil && f.Receipt.PlatformID == "" {
					t.Error("a message without the platform's id")
				}
			}
		})
	}
}

func TestMaxBatch(t *testing.T) {
	w := newWorld(t)
	if got := w.client.MaxBatch(bot.Reply{Text: "短"}); got != 20 {
		t.Errorf("a short text goes to %d people at once, want 20", got)
	}
	if got := w.client.MaxBatch(bot.Reply{Text: strings.Repeat("很长的一段话。", 3000)}); got != 1 {
		t.Errorf("a text in parts goes to %d people at once, want 1", got)
	}
	many := strings.Split(strings.Repeat("u1,", 20)+"u1", ",")
	if got := classes(w.client.SendAll(t.Context(), many, bot.Reply{Text: "x"}, "k")); got[0] != bot.Permanent {
		t.Errorf("21 people at once: %q", got)
	}
}
