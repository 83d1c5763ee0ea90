package scenario

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"duban/bot"
)

// Who filed a hazard hears of it without asking: of what was decided meanwhile with one
// line in the morning, of a return and of the end at once, with thanks and result, on
// whichever platform. Others may follow it; who had enough says so.
func TestWhoFiledAHazardHearsHowItGoes(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 操场围墙开裂")
		w.settle()
		w.take()
		w.same("a leader follows", strings.SplitN(w.wecom("ju-fuju-anquan", "关注隐患1"), "\n", 2)[0], "已关注：YH-2025-0001 操场围墙开裂")
		w.same("an outsider does not", w.dingtalk("shimatou-aq", "关注隐患1"), notSeen)
		for _, words := range []string{"登记隐患1", "隐患1 定为一般", "隐患1 交办给校长"} {
			w.dingtalk("anquan-guzhang", words)
		}
		w.settle()
		for _, s := range w.take() {
			if s.To == "wenchang-jia" || s.To == "ju-fuju-anquan" {
				t.Errorf("told at once: %v", s)
			}
		}
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(24*time.Hour)))
		w.settle()
		told := map[string]string{}
		for _, s := range w.take() {
			told[s.To] += s.Text
		}
		const line = "YH-2025-0001 操场围墙开裂\n   文昌中学 · 已交办（一般），由文昌中学校长办理，整改期限 9月19日 周五"
		if got := told["wenchang-jia"]; strings.Count(got, "YH-2025-0001") != 1 || !strings.Contains(got, "您报的 "+line) || strings.Contains(got, "签收 1") {
			t.Errorf("the reporter's morning:\n%s", got)
		}
		if got := told["ju-fuju-anquan"]; !strings.Contains(got, "您关注的 "+line) {
			t.Errorf("the follower's morning:\n%s", got)
		}
		for _, platform := range []bot.Platform{bot.WeCom, bot.DingTalk} {
			w.same("asked on "+string(platform), unlisted(w.say(platform, "wenchang-jia", "我报的那个怎么样了")),
				"您报的隐患，共 1 条：\n1. YH-2025-0001 操场围墙开裂\n   已交办（一般），由文昌中学校长办理，整改期限 9月19日 周五\n回复“查 1”看详情。")
		}
		for _, step := range []struct {
			by, text string
			told     []string // beside those who answer for it
		}{
			{"wenchang-xz", "隐患1 已用水泥补好，请复查", []string{"wenchang-jia"}},
			{"anquan-guzhang", "隐患1 复查不通过，还有一道缝", []string{"wenchang-jia"}},
			{"wenchang-xz", "隐患1 又补了一遍，请复查", []string{"wenchang-jia"}},
			{"anquan-guzhang", "隐患1 复查通过", []string{"wenchang-jia"}},
		} {
			w.wecom(step.by, step.text)
			w.settle()
			var got []string
			for _, s := range w.take() {
				if s.To == "wenchang-jia" || s.To == "ju-fuju-anquan" {
					got = append(got, s.To)
				}
			}
			w.same("told of "+step.text, strings.Join(got, " "), strings.Join(step.told, " "))
		}
		w.wecom("anquan-guzhang", "隐患1 销号")
		w.settle()
		for _, s := range w.take() {
			if s.To == "wenchang-jia" {
				w.same("thanks", s.Text, "您报的 YH-2025-0001 已解决并销号，用了 1 天。谢谢您及时发现：操场围墙开裂\n整改情况：又补了一遍")
			}
		}
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(24*time.Hour)))
		w.settle()
		for _, s := range w.take() {
			if s.To == "wenchang-jia" && strings.Contains(s.Text, "YH-2025-0001") {
				t.Errorf("told twice: %s", s.Text)
			}
			if s.To == "ju-fuju-anquan" && strings.Contains(s.Text, "您关注的 YH-2025-0001") && !strings.Contains(s.Text, "已销号，9月11日 周四整改：又补了一遍") {
				t.Errorf("the follower's last word: %s", s.Text)
			}
		}
	})
}

// unlisted undoes what keeps DingTalk from making a list of its own.
var unlisted = strings.NewReplacer("．", ".", "　　", "   ").Replace

// What was filed without a name is answered to its reporter alone, and neither asking,
// muting nor hearing of it writes the name into the history.
func TestAskingAfterAnAnonymousHazardRevealsNobody(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		w.wecom("wenchang-jia", "匿名上报 宿舍楼一楼应急灯不亮")
		w.settle()
		w.take()
		w.same("asked on the other platform", unlisted(w.dingtalk("wenchang-jia", "我报的怎么样了")),
			"您报的隐患，共 1 条：\n1. YH-2025-0001 宿舍楼一楼应急灯不亮\n   已上报，由文昌中学安全专干办理，整改期限 9月19日 周五\n回复“查 1”看详情。")
		w.wecom("wenchang-jia", "不用再通知我 隐患1")
		w.dingtalk("anquan-guzhang", "登记隐患1")
		w.wecom("wenchang-aq", "签收隐患1")
		w.wecom("wenchang-aq", "隐患1 已换好，请复查")
		w.settle()
		for _, s := range w.take() {
			if s.To == "wenchang-jia" {
				t.Errorf("told although muted: %v", s)
			}
		}
		w.wecom("wenchang-jia", "关注隐患1")
		w.dingtalk("anquan-guzhang", "隐患1 复查通过")
		w.dingtalk("anquan-guzhang", "隐患1 销号")
		w.settle()
		heard := 0
		for _, s := range w.take() {
			if s.To == "wenchang-jia" {
				heard++
			}
		}
		w.same("heard again", fmt.Sprint(heard), "2")
		w.same("lines with the name", w.query("SELECT COUNT(*) FROM journal WHERE subject_kind = 'hazard' AND actor = 'wenchang-jia'"), "0")
		w.same("lines without", w.query("SELECT COUNT(*) FROM journal WHERE action = 'follow' AND actor = 'anonymous'"), "2")
		if detail := w.wecom("wenchang-xz", "查隐患1"); strings.Contains(detail, "教师甲") {
			t.Errorf("named: %s", detail)
		}
	})
}
