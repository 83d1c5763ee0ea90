package scenario

import (
	"fmt"
	"strings"
	"testing"
)

// order has the office say something that takes a yes.
func (w *world) order(text string) string {
	w.t.Helper()
	if got := w.wecom("ban-ducha", text); !strings.Contains(got, "回复“确认”办理") {
		w.t.Fatalf("%s:\n%s", text, got)
	}
	return w.wecom("ban-ducha", "确认")
}

// about picks what names an item, whoever is told.
func about(all []said, code string) (out []said) {
	for _, s := range all {
		if strings.Contains(s.Text, code+" ") {
			out = append(out, s)
		}
	}
	return out
}

// ofItem counts rows that belong to the work on an item.
func (w *world) ofItem(table, code, where string) string {
	w.t.Helper()
	return w.query(fmt.Sprintf(`SELECT COUNT(*) FROM %s r JOIN assignments a ON r.subject_kind = 'assignment' AND r.subject_id = a.id
		JOIN items i ON i.id = a.item_id WHERE i.code = '%s' AND %s`, table, code, where))
}

// TestAMonthOfSilence lets forty days pass over an item nobody confirmed and over
// one that was suspended before its deadline.
func TestAMonthOfSilence(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		w.order("22-3 中止，原因：平台改造")
		w.settle()
		w.take()
		before := w.ofItem("notices", "22-3", "1 = 1")
		w.until("2025-10-20 09:30")
		all := w.take()
		for _, code := range []string{"22-3", "9-2"} {
			if told := about(all, code); len(told) > 0 {
				t.Errorf("%s was told:\n%s", code, list(told))
			}
			w.same("rounds of "+code, w.ofItem("chases", code, "r.state = 'active'"), "0")
			w.same("escalations of "+code, w.ofItem("journal", code, "r.action = 'escalate'"), "0")
		}
		w.same("notices", w.ofItem("notices", "22-3", "1 = 1"), before)
		if got := w.wecom("ju-juzhang", "红灯"); strings.Contains(got, "22-3") || strings.Contains(got, "9-2") {
			t.Errorf("a lamp is lit:\n%s", got)
		}

		// Ten rungs were missed meanwhile. None of them is told now; the next one is.
		w.same("resumed", w.order("22-3 恢复办理"), "已恢复办理 22-3 监控视频汇聚并与公安联网\n各单位接着原来的进展办，原来的期限不变；中止期间错过的提醒不补发。")
		w.settle()
		w.take()
		w.until("2025-10-22 20:00")
		if told := about(w.take(), "22-3"); len(told) > 0 {
			t.Errorf("what was missed is told afterwards:\n%s", list(told))
		}
		w.until("2025-10-23 08:30")
		if told := about(w.take(), "22-3"); len(told) != 7 || !strings.Contains(told[0].Text, "【红单】🔴 22-3") || !strings.Contains(told[3].Text, "【红单】HD-2025-") {
			t.Errorf("ten working days after the deadline:\n%s", list(told))
		}
	})
}

// TestExits takes items through their side exits and looks at what is left of the
// chasing, the work and the history.
func TestExits(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.wecom("wenchang-xz", "22-3 40%")
		w.order("22-3 中止，原因：平台改造")
		if got := w.wecom("wenchang-xz", "22-3 60%"); !strings.Contains(got, "中止") {
			t.Errorf("a report on what rests: %s", got)
		}
		w.order("22-3 恢复办理")
		if got := w.wecom("wenchang-xz", "22-3"); !strings.Contains(got, "进度 40%") || !strings.Contains(got, "10月10日 周五到期") {
			t.Errorf("work and deadline are not as before:\n%s", got)
		}
		w.same("rounds go on", w.ofItem("chases", "22-3", "r.state = 'active'"), "6") // two schools, four that assist

		w.order("17-3 作废，原因：活动取消")
		w.same("rounds have ended", w.ofItem("chases", "17-3", "r.state = 'active'"), "0")
		w.same("nothing waits", w.ofItem("notices", "17-3", "r.state = 'pending'"), "0")
		w.same("void for good", w.wecom("ban-ducha", "17-3 恢复办理"), "这一项已经作废或没有立项，不能再办。需要的话请重新立项。")

		if got := w.wecom("ban-ducha", "12-7 归档"); !strings.HasPrefix(got, "12-7 还有 1 项没有办结，不能归档。") {
			t.Errorf("archived unfinished: %s", got)
		}
		w.dingtalk("yizhizhong-xz", "12-7 已完成")
		w.dingtalk("zhicheng-guzhang", "同意办结 12-7")
		w.same("closed by the lead alone", w.query("SELECT a.state FROM assignments a JOIN items i ON i.id = a.item_id WHERE i.code = '12-7' AND a.part <> 'assist'"), "closed")
		w.same("who assists said nothing to the end", strings.Join(w.rows("SELECT a.unit_id, a.state, a.reported_at FROM assignments a JOIN items i ON i.id = a.item_id WHERE i.code = '12-7' AND a.part = 'assist'"), "\n"), "d-jicai|closed|0")
		w.same("archived", w.order("12-7 归档"), "已归档 12-7 区内职校招生")

		w.same("history", strings.Join(w.rows(`SELECT i.code, j.action, j.before_value, j.after_value, j.channel FROM journal j JOIN items i ON j.subject_kind = 'item' AND i.id = j.subject_id
			WHERE j.action IN ('suspend', 'resume', 'void', 'archive') AND i.state <> 'draft' AND j.channel <> 'seed' ORDER BY j.id`), "\n"), `22-3|suspend|confirmed|suspended|wecom
22-3|resume|suspended|confirmed|wecom
17-3|void|confirmed|void|wecom
12-7|archive|confirmed|archived|wecom`)
		w.settle()
		w.take()
	})
}
