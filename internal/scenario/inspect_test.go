package scenario

import (
	"strings"
	"testing"
)

// about lists who of the schools reads words at which moment, and takes what was pushed.
func (w *world) about(words string, mornings ...string) string {
	w.t.Helper()
	var out []string
	for _, at := range mornings {
		w.until(at)
		for _, s := range w.take() {
			school := strings.HasSuffix(s.To, "-aq") || strings.HasSuffix(s.To, "-xz") || strings.HasSuffix(s.To, "-yz")
			if school && strings.Contains(s.Text, words) {
				out = append(out, at[5:]+" "+s.To)
			}
		}
	}
	return strings.Join(out, "\n")
}

// A week of a school with a canteen: checked every day, one thing found, which becomes a
// hazard and is fixed; the weekly zero report answered by one sentence. Nobody is asked
// for what was told: neither by a hazard, nor by a zero report, nor who has looked.
func TestAWeekOfACanteen(t *testing.T) {
	each(t, setup{now: "2025-09-12T09:30:00+08:00"}, func(w *world) {
		w.wecom("ban-ducha", "立项：各校每周五报隐患零报告，安全法规股牵头")
		w.same("confirmed", strings.Split(w.wecom("ban-ducha", "确认立项 99-1"), "\n")[0], "已立项 99-1：报隐患零报告")
		w.until("2025-09-15 07:40")
		w.take()
		for _, day := range []string{"2025-09-15", "2025-09-16"} {
			w.until(day + " 11:00")
			if got := w.dingtalk("shimatou-aq", "食堂检查 都正常"); !strings.HasSuffix(got, "，8 项都正常。") {
				t.Errorf("%s: %q", day, got)
			}
			if got := w.dingtalk("shimatou-xz", "食堂检查 都正常"); !strings.Contains(got, "不用再报") {
				t.Errorf("%s, said again: %q", day, got)
			}
		}
		w.wecom("wenchang-aq", "本周零报告")
		w.wecom("zhangjiasai-aq", "食堂检查 都正常")
		w.until("2025-09-17 11:00")
		w.same("one thing found", w.dingtalk("shimatou-aq", "食堂检查 3 油烟管道有油垢，其他正常", photo(40)), strings.Join([]string{
			"已记下：石码头小学 食堂每日检查（9月17日 周三），1 处异常，其余 7 项正常。", "第3项 油烟管道有油垢 → YH-2025-0001，9月26日 周五前整改", "处理：石码头小学安全专干", "照片：1 张"}, "\n"))
		w.settle()
		w.same("photos of the hazard", w.query("SELECT COUNT(*) FROM files WHERE subject_kind = 'hazard' AND stage = 'before'"), "1")
		w.until("2025-09-18 07:00")
		w.take()
		w.dingtalk("shimatou-aq", "隐患1 已清洗，请复查")
		w.dingtalk("shimatou-aq", "食堂检查 都正常")
		// The evening before and the morning of the collection nobody of the school is asked.
		w.same("asked for a zero report", w.about("99-1", "2025-09-18 08:30", "2025-09-18 18:00", "2025-09-19 08:30", "2025-09-22 08:30"),
			"09-18 08:30 yincheng-yz\n09-18 08:30 yizhizhong-xz")
		state := func(unit string) string {
			return w.query("SELECT a.state FROM assignments a JOIN items i ON i.id = a.item_id WHERE i.code = '99-1' AND a.unit_id = '" + unit + "' AND a.period = '2025-W38'")
		}
		w.same("reported by its hazard", state("s-shimatou"), "submitted")
		w.same("reported by its zero report", state("s-wenchang"), "submitted")
		w.same("looked and said no more: neither asked nor taken for a zero report", state("s-zhangjiasai"), "assigned")
		w.same("inspections", w.query("SELECT COUNT(*) FROM inspections"), "5")
	})
}
