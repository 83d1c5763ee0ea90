package wecom_test

import (
	"context"
	"strings"
	"testing"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/errs"
)

// Every documented code that a bot can meet, with the reaction it must lead to.
func TestTroubles(t *testing.T) {
	for _, c := range []struct {
		codes  string
		class  bot.SendClass
		reason string
	}{
		{"-1", bot.Temporary, "busy"},
		{"40001 40014 42001", bot.Config, "token_rejected"},
		{"41001", bot.Config, "token_rejected"},
		{"40013 40056 301002 40091", bot.Config, "credentials"},
		{"40003 60111 81013 46004", bot.Permanent, "invalid_user"},
		{"40007", bot.Permanent, "media_gone"},
		{"40008 40058 40063 44004 40033 40066 60003 60123 42014 42016 42017 42018 42045 44001 81012 82001 82002 82003 301019", bot.Permanent, "bad_request"},
		{"40201", bot.Permanent, "content_blocked"},
		{"43012 48002 48006 50001 50002 50003 60011 85004 85005 301007", bot.Config, "not_permitted"},
		{"45001 45007 830002", bot.Permanent, "media_too_large"},
		{"45002 45008", bot.Permanent, "too_long"},
		{"45009", bot.RateLimit, "frequency"},
		{"45033", bot.RateLimit, "parallel_calls"},
		{"60020 301042", bot.Config, "ip_not_trusted"},
		{"86001 86003 86008", bot.Permanent, "chat_gone"},
		{"86004 86005 86006 86007 86207 86216", bot.Permanent, "bad_members"},
		{"93000 93004 93008", bot.Permanent, "webhook_gone"},
	} {
		for _, code := range strings.Fields(c.codes) {
			row, ok := wecom.Troubles().Find(code)
			if !ok || row.Class != c.class || row.Reason != c.reason {
				t.Errorf("%s: %v %s %s, want %s %s", code, ok, row.Class, row.Reason, c.class, c.reason)
			}
		}
	}
}

// The trusted address is what has to be typed into the console: the answer has it.
func TestUntrustedAddressIsNamed(t *testing.T) {
	r := newRig(t)
	r.Distrust("203.0.113.9")
	const want = "服务器的出口地址不在“企业可信 IP”里，一条消息也发不出（错误码 60020），平台看到的服务器地址是 203.0.113.9。" +
		"请到管理后台“应用管理 → 本应用 → 企业可信 IP”加上这个地址，约一分钟后生效。"
	_, err := r.send("lisi", "k", "x")
	if e := wantError(t, err, bot.Config, "ip_not_trusted"); e.Advice != want {
		t.Errorf("advice %s", e.Advice)
	}
	if err := r.client.Check(context.Background()); err != nil {
		t.Errorf("a token is given to anybody: %v", err)
	}
	if _, err := r.client.Inspect(context.Background()); errs.Say(err) != want {
		t.Errorf("inspect says %q", errs.Say(err))
	}
}

func TestInspect(t *testing.T) {
	r := newRig(t)
	a, err := r.client.Inspect(context.Background())
	if err != nil || a.Nobody || a.Closed || !a.EnterEvents || a.Name == "" {
		t.Fatalf("%+v %v", a, err)
	}
	r.SwitchOff(true)
	r.RemoveUser("zhangsan")
	r.RemoveUser("lisi")
	if a, err = r.client.Inspect(context.Background()); err != nil || !a.Nobody || !a.Closed {
		t.Fatalf("%+v %v", a, err)
	}
	wrong := newRig(t, func(c *wecom.ClientConfig) { c.AgentID = 7 })
	if _, err = wrong.client.Inspect(context.Background()); !strings.Contains(errs.Say(err), "DUBAN_WECOM_AGENT_ID") {
		t.Errorf("%v", err)
	}
	wrong = newRig(t, func(c *wecom.ClientConfig) { c.Secret = "wrong" })
	if err = wrong.client.Check(context.Background()); !strings.Contains(errs.Say(err), "重新查看 Secret") {
		t.Errorf("%v", err)
	}
}
