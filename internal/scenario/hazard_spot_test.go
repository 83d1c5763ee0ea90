package scenario

import (
	"strings"
	"testing"
)

// What was closed in September is drawn once on the first working day after the October
// holidays, told with the morning message, and not before; what nobody looked at comes
// again in November.
func TestSpotChecksAreDrawnOnceAMonth(t *testing.T) {
	each(t, setup{everywhere: true, nodes: 2}, func(w *world) {
		for _, text := range []string{"上报隐患 操场围墙开裂", "上报隐患 食堂后厨燃气软管老化", "上报隐患 宿舍楼一楼应急灯不亮"} {
			w.wecom("wenchang-jia", text)
		}
		for i, reviewer := range []string{"wenchang-xz", "anquan-guzhang", "anquan-guzhang"} {
			n := string(rune('1' + i))
			w.wecom("wenchang-aq", "隐患"+n+" 已修好，请复查")
			w.wecom(reviewer, "隐患"+n+" 复查通过")
			w.wecom("anquan-guzhang", "隐患"+n+" 销号")
		}
		w.until("2025-10-08 23:00")
		w.take()
		w.same("before the first working day", w.query("SELECT COUNT(*) FROM spot_checks"), "0")
		w.until("2025-10-09 09:00")
		morning := strings.Join(to(w.take(), "anquan-guzhang"), "\n")
		if strings.Count(morning, "10月要回头看 2 条已销号的隐患，其中本单位自查自验的 1 条") != 1 {
			t.Errorf("the morning:\n%s", morning)
		}
		w.until("2025-10-10 09:00")
		if again := strings.Join(to(w.take(), "anquan-guzhang"), "\n"); strings.Contains(again, "回头看") {
			t.Errorf("told again:\n%s", again)
		}
		if got := w.wecom("anquan-guzhang", "回头看清单"); !strings.HasPrefix(got, "10月回头看共 2 条，还有 2 条没看：\n1. YH-2025-0001 待看（本单位自查自验）") {
			t.Error(got)
		}
		if got := w.dingtalk("anquan-guzhang", "隐患1 回头看不合格，裂缝又大了"); !strings.Contains(got, "已重新打开") {
			t.Error(got)
		}
		w.settle()
		if told := strings.Join(to(w.take(), "wenchang-aq"), "\n"); !strings.Contains(told, "YH-2025-0001 重新打开，请再整改") {
			t.Errorf("told: %s", told)
		}
		w.until("2025-11-03 09:00")
		if morning := strings.Join(to(w.take(), "anquan-guzhang"), "\n"); !strings.Contains(morning, "11月要回头看 1 条已销号的隐患") {
			t.Errorf("carried over:\n%s", morning)
		}
	})
}
