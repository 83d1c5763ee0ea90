package scenario

import (
	"slices"
	"strings"
	"testing"
)

// What people are told who may not do something. None of these sentences says what
// somebody outside may not know.
const (
	notSeen     = "没有找到您可以查看的这条隐患。只能查看本单位的或您自己上报的，有疑问请联系安全法规股。"
	notFixer    = "这条隐患要由所在单位的负责人或安全专干报整改情况，请转告他们。"
	notReviewer = "复查要由所在单位负责人、安全法规股或分管领导办理，请联系他们。"
	notRuler    = "定级、销号、作废和挂牌由安全法规股、分管领导或局办公室办理，请联系安全法规股。"
	notReopener = "合并和重开由所在单位负责人或安全法规股办理，请联系他们。"
)

// sevenRoles are who takes part in the life of a hazard, each where they write.
var sevenRoles = map[string]func(*world, string) string{
	"wenchang-jia":   func(w *world, text string) string { return w.wecom("wenchang-jia", text) },
	"wenchang-aq":    func(w *world, text string) string { return w.wecom("wenchang-aq", text) },
	"wenchang-xz":    func(w *world, text string) string { return w.wecom("wenchang-xz", text) },
	"anquan-guzhang": func(w *world, text string) string { return w.dingtalk("anquan-guzhang", text) },
	"ju-fuju-anquan": func(w *world, text string) string { return w.wecom("ju-fuju-anquan", text) },
	"ban-ducha":      func(w *world, text string) string { return w.wecom("ban-ducha", text) },
	"shimatou-aq":    func(w *world, text string) string { return w.dingtalk("shimatou-aq", text) },
}

// lifeStep is one step of the life: who tries it in vain and reads what, who does it,
// and what the answer begins with.
type lifeStep struct {
	text   string
	denied map[string]string
	by     string
	done   string
	told   []string // people who hear of it at once
}

// A major hazard from the photo to 销号 and back, with seven roles on both platforms.
// Before each step everybody who may not take it tries, and nothing changes.
func TestALifeOfAHazardWithSevenRoles(t *testing.T) {
	fixers := map[string]string{"wenchang-jia": notFixer, "anquan-guzhang": notFixer, "ju-fuju-anquan": notFixer, "ban-ducha": notFixer, "shimatou-aq": notSeen}
	rulers := map[string]string{"wenchang-jia": notRuler, "wenchang-aq": notRuler, "wenchang-xz": notRuler, "shimatou-aq": notRuler} // a school never may, whichever number
	reviewers := map[string]string{"wenchang-jia": notReviewer, "shimatou-aq": notSeen,
		"wenchang-aq": "YH-2025-0001 的整改是您报的，要请别人复查：本单位另一位负责人，或安全法规股。"}
	reopeners := map[string]string{"wenchang-jia": notReopener, "shimatou-aq": notSeen}
	school, section := []string{"wenchang-aq", "wenchang-xz"}, []string{"anquan-guzhang", "anquan-zhiban"}
	life := []lifeStep{
		{"隐患1 定为重大", rulers, "anquan-guzhang", "YH-2025-0001 定为重大隐患", append([]string{"anquan-zhiban", "ju-fuju-anquan"}, school...)},
		{"隐患1 已停用封闭", fixers, "wenchang-aq", "已记下：YH-2025-0001", nil},
		{"隐患1 五落实：责任 王校长；措施 更换软管", fixers, "wenchang-aq", "已记下：YH-2025-0001", nil},
		{"隐患1 五落实：资金 2万；时限 10月5日；预案 改用电灶", fixers, "wenchang-aq", "已记下：YH-2025-0001", section},
		{"隐患1 挂牌督办", rulers, "ju-fuju-anquan", "将对 YH-2025-0001 挂牌督办", nil},
		{"确认", nil, "ju-fuju-anquan", "已挂牌督办：YH-2025-0001", append(section, school...)},
		{"隐患1 已换好，请复查", fixers, "wenchang-aq", "已记下：YH-2025-0001", append(section, "wenchang-jia")},
		{"隐患1 复查不通过，接头没换", reviewers, "anquan-guzhang", "已记下：YH-2025-0001 复查未通过", append(school[:1:1], "wenchang-jia")},
		{"隐患1 已换好，请复查", fixers, "wenchang-aq", "已记下：YH-2025-0001", append(section, "wenchang-jia")},
		{"隐患1 复查通过", reviewers, "ban-ducha", "YH-2025-0001 复查通过", []string{"wenchang-aq", "wenchang-jia"}},
		{"隐患1 销号", rulers, "anquan-guzhang", "已销号", []string{"wenchang-aq", "wenchang-jia"}},
		{"隐患1 又出现了", reopeners, "wenchang-xz", "已重新打开：YH-2025-0001", append(section, "wenchang-aq")},
		{"隐患1 作废，重复登记", rulers, "anquan-guzhang", "将作废 YH-2025-0001", nil},
		{"确认", nil, "anquan-guzhang", "已作废：YH-2025-0001", []string{"wenchang-aq", "wenchang-jia"}},
	}
	each(t, setup{}, func(w *world) {
		if got := w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", photo(1)); !strings.HasPrefix(got, "已登记 YH-2025-0001") {
			t.Fatal(got)
		}
		w.settle()
		w.take()
		for _, step := range life {
			before := w.query("SELECT COUNT(*) FROM journal")
			for person, want := range step.denied {
				w.same(person+"> "+step.text, sevenRoles[person](w, step.text), want)
			}
			w.same("lines of history after what was denied", w.query("SELECT COUNT(*) FROM journal"), before)
			if got := sevenRoles[step.by](w, step.text); !strings.HasPrefix(got, step.done) {
				t.Fatalf("%s> %s\n%s\nwant: %s…", step.by, step.text, got, step.done)
			}
			w.settle()
			w.heard(step.text, step.by, step.told)
		}
		w.same("history", strings.Join(w.rows("SELECT action, actor, channel FROM journal WHERE subject_kind = 'hazard' AND actor <> 'system' ORDER BY id"), "\n"), `file|wenchang-jia|wecom
add_photos|wenchang-jia|wecom
grade|anquan-guzhang|dingtalk
fix_controlled|wenchang-aq|wecom
five|wenchang-aq|wecom
five|wenchang-aq|wecom
supervise|ju-fuju-anquan|wecom
fix_fixed|wenchang-aq|wecom
review_fail|anquan-guzhang|dingtalk
fix_fixed|wenchang-aq|wecom
review_pass|ban-ducha|wecom
close|anquan-guzhang|dingtalk
reopen|wenchang-xz|wecom
void|anquan-guzhang|dingtalk`)
		detail := w.wecom("wenchang-xz", "查隐患1")
		for _, part := range []string{"以前的整改", "已换好", "照片：1 张", "已作废"} {
			if !strings.Contains(detail, part) {
				t.Errorf("the detail says nothing of %q:\n%s", part, detail)
			}
		}
		for _, words := range []string{"隐患1 定为重大", "隐患1 已修好，请复查", "隐患1 复查通过", "隐患1 又出现了", "查隐患1", "看照片 YH0001"} {
			w.same("an outsider reads the same of what is not there: "+words, w.dingtalk("shimatou-aq", words), w.dingtalk("shimatou-aq", strings.NewReplacer("隐患1", "隐患9", "YH0001", "YH0009").Replace(words)))
		}
	})
}

// heard takes what was pushed and compares who was told.
func (w *world) heard(what, by string, want []string) {
	w.t.Helper()
	var got []string
	for _, s := range w.take() {
		if s.To != by && !slices.Contains(got, s.To) {
			got = append(got, s.To)
		}
	}
	want = slices.DeleteFunc(slices.Clone(want), func(p string) bool { return p == by })
	slices.Sort(got)
	slices.Sort(want)
	w.same("told of: "+what, strings.Join(got, " "), strings.Join(want, " "))
}
