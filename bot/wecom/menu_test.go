package wecom_test

import (
	"context"
	"strings"
	"testing"

	"duban/bot"
	"duban/bot/wecom"
)

func TestMenu(t *testing.T) {
	r, ctx := newRig(t), context.Background()
	if got, err := r.client.Menu(ctx); err != nil || got != nil {
		t.Fatalf("%v %v", got, err)
	}
	want := []wecom.MenuButton{{Name: "任务", Sub: []wecom.MenuButton{{Type: "click", Name: "我的 <任务> & 期限", Key: "我的任务"}}}}
	if err := r.client.SetMenu(ctx, want); err != nil {
		t.Fatal(err)
	}
	if got, err := r.client.Menu(ctx); err != nil || len(got) != 1 || got[0].Sub[0].Name != want[0].Sub[0].Name {
		t.Fatalf("%v %v", got, err)
	}
	if err := r.client.ClearMenu(ctx); err != nil {
		t.Fatal(err)
	}
	click := wecom.MenuButton{Type: "click", Name: "a", Key: "a"}
	for name, buttons := range map[string][]wecom.MenuButton{
		"none": nil, "four": {click, click, click, click},
		"six below": {{Name: "a", Sub: []wecom.MenuButton{click, click, click, click, click, click}}},
		"long name": {{Name: strings.Repeat("督", 6), Key: "a"}}, "no key": {{Name: "a"}},
		"long key": {{Name: "a", Key: strings.Repeat("k", 129)}},
	} {
		if err := r.client.SetMenu(ctx, buttons); bot.ClassOf(err) != bot.Permanent {
			t.Errorf("%s: %v", name, err)
		}
	}
}
