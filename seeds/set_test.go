package seeds

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"duban/internal/errs"
)

func TestResolve(t *testing.T) {
	s := production(t)
	schools := []string{"s-liuzhong", "s-liuzhong-cz", "s-shisizhong", "s-yizhizhong", "s-qiaoxing", "s-wenchang", "s-shiyan", "s-dongmenkou", "s-shimatou"}
	tests := []struct {
		audience string
		want     []string
	}{
		{"各学校", schools},
		{"各校", schools},
		{"各中小学", []string{"s-liuzhong", "s-liuzhong-cz", "s-shisizhong", "s-wenchang", "s-shiyan", "s-dongmenkou", "s-shimatou"}},
		{"义务教育学校", []string{"s-liuzhong-cz", "s-wenchang", "s-shiyan", "s-dongmenkou", "s-shimatou"}},
		{"区直中小学校", []string{"s-liuzhong", "s-shisizhong", "s-yizhizhong", "s-qiaoxing", "s-wenchang", "s-shiyan", "s-dongmenkou", "s-shimatou"}},
		{"各园", []string{"k-yinchengjiangyue"}},
		{"民办学校", []string{"s-qiaoxing"}},
		{"有食堂学校", []string{"s-liuzhong", "s-shisizhong", "s-yizhizhong", "s-wenchang", "s-shimatou"}},
		{"教研员", []string{"d-fazhan"}},
		{"各乡镇中心学校", nil}, // none named yet
		{"责任督学", nil},    // people, not units
	}
	for _, tt := range tests {
		got, err := s.Resolve(tt.audience)
		if err != nil {
			t.Errorf("%s: %v", tt.audience, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.audience, diff)
		}
	}
}

func TestResolveUnknown(t *testing.T) {
	_, err := production(t).Resolve("各大学")
	if !errs.Is(err, errs.NotFound) || errs.Say(err) != "没有“各大学”这个对象范围，请在 audiences.yaml 里补上。" {
		t.Errorf("got %v", err)
	}
}

func TestReporters(t *testing.T) {
	s := production(t)
	tests := []struct {
		code string
		want []string
	}{
		{"23-1", []string{"s-wenchang"}},                 // the item's own list
		{"12-8", []string{"s-yizhizhong", "s-qiaoxing"}}, // two audiences
		{"9-1", []string{"k-yinchengjiangyue"}},          // an audience still empty adds nobody
		{"20-7", []string{"d-gonghui", "s-liuzhong", "s-liuzhong-cz", "s-shisizhong", "s-yizhizhong", "s-qiaoxing", "s-wenchang", "s-shiyan", "s-dongmenkou", "s-shimatou"}},
	}
	for _, tt := range tests {
		got, err := s.Reporters(2025, tt.code)
		if err != nil {
			t.Errorf("%s: %v", tt.code, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.code, diff)
		}
	}
	if _, err := s.Reporters(2025, "99-1"); !errs.Is(err, errs.NotFound) {
		t.Errorf("99-1: %v", err)
	}
	if _, err := s.Reporters(2031, "9-1"); !errs.Is(err, errs.NotFound) {
		t.Errorf("2031: %v", err)
	}
}

func TestUnitNamed(t *testing.T) {
	s := demonstration(t)
	tests := map[string]string{
		"基教股": "d-jijiao", "基础教育股": "d-jijiao", "财务": "d-jicai", "安全股": "d-anquan", "后勤": "d-houqin",
		"文昌中学": "s-wenchang", "十四中": "s-shisizhong", "石码头小学": "s-shimatou", "六中": "s-liuzhong",
		"六中初中部": "s-liuzhong-cz", "一职中": "s-yizhizhong", "东门口小学": "s-dongmenkou",
		"中铁银城江月": "k-yinchengjiangyue", "张家塞中心小学": "s-zhangjiasai", "没有的学校": "",
	}
	for name, want := range tests {
		if got, _ := s.UnitNamed(name); got.ID != want {
			t.Errorf("%s is %q, want %q", name, got.ID, want)
		}
	}
}

func TestHeadOf(t *testing.T) {
	s := production(t)
	for unit, want := range map[string]string{"ju": "ju-juzhang", "d-anquan": "d-anquan-fuze", "s-wenchang": "s-wenchang-fuze", "no-such": ""} {
		if got, _ := s.HeadOf(unit); got.ID != want {
			t.Errorf("%s is headed by %q, want %q", unit, got.ID, want)
		}
	}
}
