package scenario

import (
	"strings"
	"testing"

	"duban/bot"
)

// TestANoticeComesIntoTheChat holds that a notice to mend a hazard is made with its
// photo, by the rights and the state of the moment it is made, and leaves a line in the
// hazard's history.
func TestANoticeComesIntoTheChat(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", photo(90))
		w.settle()
		w.take()
		w.same("answer", w.dingtalk("anquan-guzhang", "给隐患1出整改通知书"), "YH-2025-0001 的整改通知书马上以 Word 文件发给您，打印后签字盖章：\n文昌中学 · 9月19日 周五到期，还有 7 个工作日")
		w.wecom("wenchang-aq", "通知书 YH0001")
		w.settle()
		w.expect(said{"file", "anquan-guzhang", "整改通知书_YH-2025-0001.docx"}, said{"file", "wenchang-aq", "整改通知书_YH-2025-0001.docx"})
		for _, platform := range []bot.Platform{bot.WeCom, bot.DingTalk} {
			w.same("photos", strings.Repeat("x", w.inside(w.lastFile(platform))), "x")
		}
		w.same("history", w.query("SELECT COUNT(*) FROM journal WHERE subject_kind = 'hazard' AND subject_id = 1 AND action = 'hazard_notice'"), "2")
		w.same("refused", w.wecom("wenchang-jia", "通知书 YH0001"), "整改通知书由所在单位负责人、安全法规股、分管领导或局办公室出具，请转告他们。")

		w.wecom("wenchang-xz", "通知书 YH0001")
		w.dingtalk("anquan-guzhang", "通知书 YH0001")
		_, err := w.db().ExecContext(w.ctx, "UPDATE holdings SET until = 1 WHERE person_id = 'wenchang-xz'")
		w.ok(err)
		_, err = w.db().ExecContext(w.ctx, "UPDATE hazards SET state = 'void' WHERE id = 1")
		w.ok(err)
		w.settle()
		w.expect(said{"push", "wenchang-xz", "整改通知书由所在单位负责人、安全法规股、分管领导或局办公室出具，请转告他们。"},
			said{"push", "anquan-guzhang", "YH-2025-0001 已作废，不用再出整改通知书。要留底请发“导出隐患台账”。"})
	})
}
