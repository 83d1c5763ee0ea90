package place

import (
	"strings"
	"testing"
	"time"
)

func TestTyped(t *testing.T) {
	for text, want := range map[string]string{
		"报隐患 @D7K2 灭火器过期": "D7K2|报隐患 灭火器过期", "报隐患 d7k2，灭火器过期": "D7K2|报隐患 灭火器过期", "D7K2": "D7K2|", "@d7k2": "D7K2|",
		"D7K2灭火器过期": "D7K2|灭火器过期", "灭火器过期（D7K2）": "D7K2|灭火器过期",
	} {
		code, rest, ok := Typed(text)
		if got := code + "|" + rest; !ok || got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"22-3 60%", "YH-2025-0056", "D7K22", "AD7K2", "D7-K2", "B2座漏水", "D1K0 过期", "5G6T 路由器", "x.d7k2", ""} {
		if code, _, ok := Typed(text); ok {
			t.Errorf("%q is taken for %s", text, code)
		}
	}
}

func TestNew(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		p, err := New("wenchang", " 实验楼  二楼走廊 ", "p", time.Unix(0, 0))
		if err != nil || p.Name != "实验楼 二楼走廊" || len(p.Token) < 26 || seen[p.Token] {
			t.Fatalf("%+v, %v", p, err)
		}
		if code, rest, ok := Typed(p.Sentence() + "漏水"); !ok || code != p.Code || rest != "报隐患 漏水" {
			t.Errorf("%s is not read back: %q %q", p.Code, code, rest)
		}
		seen[p.Token] = true
		if again := p.Try(0); again.Code != p.Code || p.Try(1).Code == p.Code {
			t.Errorf("codes %s %s %s", p.Code, again.Code, p.Try(1).Code)
		}
	}
	for _, name := range []string{"", "  ", strings.Repeat("长", 41)} {
		if _, err := New("u", name, "p", time.Time{}); err == nil {
			t.Errorf("%q is a name", name)
		}
	}
	p := Place{Code: "D7K2", Token: "T"}
	if p.Address("https://x.cn") != "https://x.cn/q/T" || p.Address("") != "报隐患 @D7K2" {
		t.Errorf("%q, %q", p.Address("https://x.cn"), p.Address(""))
	}
}

func TestForm(t *testing.T) {
	f, err := Form{Words: " 灭火器过期 ", Name: " 张\n三 ", Phone: "138"}.Clean()
	if err != nil || f.Words != "灭火器过期" || f.Name != "张 三" {
		t.Errorf("%+v, %v", f, err)
	}
	for _, bad := range []Form{{}, {Words: "坏"}, {Words: strings.Repeat("长", 1001)}, {Words: "灭火器过期", Phone: strings.Repeat("1", 31)}} {
		if _, err := bad.Clean(); err == nil {
			t.Errorf("%.40v is taken", bad)
		}
	}
}
