package wecom_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"duban/bot"
	"duban/bot/wecom"
	simwecom "duban/internal/sim/wecom"
)

func classes(fates []bot.Fate) (out []bot.SendClass) {
	for _, f := range fates {
		out = append(out, bot.ClassOf(f.Err))
	}
	return out
}

func TestSendAll(t *testing.T) {
	for name, c := range map[string]struct {
		fault *simwecom.Fault
		users []string
		want  []bot.SendClass
		got   int // copies delivered
	}{
		"everybody":             {nil, []string{"ZhangSan", "lisi"}, []bot.SendClass{"", ""}, 2},
		"one is unknown":        {nil, []string{"Gone", "lisi", "ZhangSan"}, []bot.SendClass{bot.Permanent, "", ""}, 2},
		"all are unknown":       {nil, []string{"gone", "left"}, []bot.SendClass{bot.Permanent, bot.Permanent}, 0},
		"an id of several":      {nil, []string{"a|b", "@all", "lisi"}, []bot.SendClass{bot.Permanent, bot.Permanent, ""}, 1},
		"nobody can be written": {nil, []string{"a|b"}, []bot.SendClass{bot.Permanent}, 0},
		"busy":                  {&simwecom.Fault{ErrCode: -1}, []string{"ZhangSan", "lisi"}, []bot.SendClass{bot.Temporary, bot.Temporary}, 0},
		"in doubt":              {&simwecom.Fault{DropAfter: true}, []string{"ZhangSan", "lisi"}, []bot.SendClass{bot.Ambiguous, bot.Ambiguous}, 2},
		"a dead token":          {&simwecom.Fault{ErrCode: 42001}, []string{"ZhangSan", "lisi"}, []bot.SendClass{"", ""}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if c.fault != nil {
				r.Fail(sendAPI, 1, *c.fault)
			}
			fates := r.client.SendAll(t.Context(), c.users, bot.Reply{Text: "明天停课"}, "k")
			if got := classes(fates); !slices.Equal(got, c.want) {
				t.Errorf("fates %q, want %q", got, c.want)
			}
			if got := len(r.Sent()); got != c.got {
				t.Errorf("%d copies, want %d", got, c.got)
			}
		})
	}
}

// What was in doubt is swallowed by the platform when it is sent to the same
// people again.
func TestSendAllAgain(t *testing.T) {
	r := newRig(t)
	users := []string{"ZhangSan", "lisi"}
	r.Fail(sendAPI, 1, simwecom.Fault{DropAfter: true})
	r.client.SendAll(t.Context(), users, bot.Reply{Text: "明天停课"}, "k")
	if got := classes(r.client.SendAll(t.Context(), users, bot.Reply{Text: "明天停课"}, "k")); got[0] != "" || got[1] != "" {
		t.Errorf("fates %q", got)
	}
	if got := len(r.Sent()); got != 2 {
		t.Errorf("%d copies, want one each", got)
	}
}

// The platform would drop the copy of a member whose minute is full.
func TestSendAllKeepsTheQuotaOfEach(t *testing.T) {
	r := newRig(t)
	for i := range 30 {
		if _, err := r.client.Send(t.Context(), bot.Outgoing{To: bot.Target{UserID: "lisi"}, Reply: bot.Reply{Text: fmt.Sprint(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := classes(r.client.SendAll(t.Context(), []string{"lisi", "ZhangSan"}, bot.Reply{Text: "明天停课"}, "k")); !slices.Equal(got, []bot.SendClass{bot.RateLimit, ""}) {
		t.Errorf("fates %q", got)
	}
	if got := len(r.Dropped()); got != 0 {
		t.Errorf("%d copies dropped without a word", got)
	}
}

func TestMaxBatch(t *testing.T) {
	r := newRig(t)
	if got := r.client.MaxBatch(bot.Reply{Text: "短"}); got != 1000 {
		t.Errorf("a short text goes to %d members at once, want 1000", got)
	}
	if got := r.client.MaxBatch(bot.Reply{Text: strings.Repeat("长", wecom.MaxText)}); got != 1 {
		t.Errorf("a text in parts goes to %d members at once, want 1", got)
	}
	many := make([]string, 1001)
	for i := range many {
		many[i] = fmt.Sprint("m", i)
	}
	if got := classes(r.client.SendAll(t.Context(), many, bot.Reply{Text: "x"}, "k")); got[0] != bot.Permanent {
		t.Errorf("1001 members at once: %q", got[0])
	}
}
