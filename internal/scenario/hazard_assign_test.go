package scenario

import (
	"strings"
	"testing"
	"time"
)

// A teacher reports on WeCom, the section registers and assigns on DingTalk with a time
// to fix, the school hands it on to the teacher by name: each one is told once, and the
// one who was given it signs, mends, and is reminded beside the safety officer.
func TestAHazardIsGivenToATeacherByName(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 操场围墙开裂")
		w.settle()
		w.take()
		for _, step := range []struct {
			by, text, want string
			told           []string
		}{
			{"anquan-guzhang", "登记隐患1", "已登记：YH-2025-0001", nil},
			{"anquan-guzhang", "隐患1 定为一般", "YH-2025-0001 定为一般隐患", []string{"wenchang-aq"}},
			{"anquan-guzhang", "隐患1 交办给校长，3天内整改", "已交办：YH-2025-0001", []string{"wenchang-xz", "wenchang-aq"}},
			{"wenchang-xz", "隐患1 转给文昌中学教师甲", "已交办：YH-2025-0001", []string{"wenchang-jia", "wenchang-aq"}},
		} {
			if got := sevenRoles[step.by](w, step.text); !strings.HasPrefix(got, step.want) {
				t.Fatalf("%s> %s\n%s", step.by, step.text, got)
			}
			w.settle()
			w.heard(step.text, step.by, step.told)
		}
		w.same("limit", w.query("SELECT fix_due FROM hazards"), "2025-09-15")
		if got := w.wecom("wenchang-jia", "签收隐患1"); !strings.HasPrefix(got, "已签收 YH-2025-0001") {
			t.Fatal(got)
		}
		w.settle()
		w.take()
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(5*24*time.Hour))) // to the day it is due
		w.settle()
		reminded := map[string]bool{}
		for _, s := range w.take() {
			if strings.Contains(s.Text, "YH-2025-0001") {
				reminded[s.To] = true
			}
		}
		if !reminded["wenchang-jia"] || !reminded["wenchang-aq"] || reminded["wenchang-xz"] {
			t.Errorf("reminded: %v", reminded)
		}
		w.same("an outsider", w.dingtalk("shimatou-aq", "隐患1 交办给校长"), notSeen)
		if got := w.wecom("wenchang-jia", "隐患1 已修好，请复查"); !strings.Contains(got, "等待复查") {
			t.Error(got)
		}
		w.same("the teacher reviews the own fix", w.wecom("wenchang-jia", "隐患1 复查通过"), notReviewer)
		w.settle()
		w.take()
		w.same("history", w.query("SELECT COUNT(*) FROM journal WHERE action IN ('register','assign','sign','fix_fixed')"), "5")
	})
}
