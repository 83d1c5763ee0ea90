package bot_test

import (
	"testing"

	"duban/bot"
)

func TestAddressIn(t *testing.T) {
	for text, want := range map[string]string{
		"not allow to access from your ip, hint: [1700000000_12_ab], from ip: 203.0.113.9, more info at https://a.b/c?e=60020": "203.0.113.9",
		"访问ip不在白名单之中,request ip=2001:db8::1 corp=x":                                                                            "2001:db8::1",
		"version 1.2.3 at 12:30:45": "",
		"from ip: 999.1.1.1":        "",
		"":                          "",
	} {
		if got := bot.AddressIn(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestAdvice(t *testing.T) {
	row := bot.Trouble{Means: "地址不受信任", Do: "请加上"}
	if got := row.Advice("60020", "203.0.113.9"); got != "地址不受信任（错误码 60020），平台看到的服务器地址是 203.0.113.9。请加上。" {
		t.Error(got)
	}
	if got := (bot.Trouble{Means: "忙"}).Advice("", ""); got != "忙。" {
		t.Error(got)
	}
}

func TestFindPrefersTheCodeToItsFamily(t *testing.T) {
	table := bot.Troubles{{Codes: []string{"a.*"}, Reason: "family"}, {Codes: []string{"a.b"}, Reason: "code"}}
	for code, want := range map[string]string{"a.b": "code", "a.c": "family", "b": "", "": ""} {
		if row, _ := table.Find(code); row.Reason != want {
			t.Errorf("%q: %q, want %q", code, row.Reason, want)
		}
	}
}
