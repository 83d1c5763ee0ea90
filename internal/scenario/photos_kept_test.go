package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/app"
)

// set changes rows behind the program's back.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.db().ExecContext(w.ctx, sql, args...)
	w.ok(err)
}

func (w *world) doctor(name string) app.Finding {
	w.t.Helper()
	var found app.Finding
	app.Doctor(w.ctx, w.config(), func(f app.Finding) {
		if f.Name == name {
			found = f
		}
	})
	return found
}

// Photos of a hazard that was closed three years ago are deleted at night; the hazard,
// its history and the photos of others stay.
func TestPhotosOfOldHazardsAreDeleted(t *testing.T) {
	each(t, setup{nodes: 2, everywhere: true}, func(w *world) {
		w.first("wenchang-jia", scenery(w, 1, 90))
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		w.first("shimatou-aq", scenery(w, 2, 90))
		w.wecom("shimatou-aq", "上报隐患 操场围墙开裂")
		for _, act := range [][2]string{{"wenchang-aq", "隐患1 已修好，请复查"}, {"anquan-guzhang", "隐患1 复查通过"}, {"anquan-guzhang", "隐患1 销号"}} {
			w.wecom(act[0], act[1])
		}
		w.until("2025-09-12 08:00")
		w.take()
		w.same("kept for now", w.query("SELECT COUNT(*) FROM files WHERE state = 'stored'"), "2")
		before := w.blobs()
		const fourYears = int64(4 * 365 * 24 * 3600 * 1000)
		w.exec("UPDATE files SET created_at = created_at - ?", fourYears)
		w.exec("UPDATE hazard_lives SET closed_at = closed_at - ? WHERE closed_at > 0", fourYears)
		w.until("2025-09-13 08:00")
		w.take()
		w.same("afterwards", w.query("SELECT COUNT(*) FROM files WHERE state = 'deleted'"), "1")
		if n := w.blobs(); before != 4 || n != 2 {
			t.Errorf("%d files, then %d", before, n)
		}
		w.same("look", w.wecom("wenchang-aq", "看照片 YH0001"), "YH-2025-0001 的照片已过保存期限，按规定删除了。")
		if got := w.wecom("wenchang-aq", "查隐患1"); !strings.HasPrefix(got, "YH-2025-0001 已销号") || strings.Contains(got, "照片：") {
			t.Errorf("detail: %s", got)
		}
		w.same("history", w.query("SELECT COUNT(*) FROM journal WHERE action = 'drop_photos'"), "1")
	})
}

// A file that is not in its place is noticed at night: operators read it in the
// morning, the doctor says so, a document says so, and bringing it back mends it.
func TestMissingPhotosAreNoticed(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.first("wenchang-jia", scenery(w, 1, 90))
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
		w.settle()
		w.take()
		w.same("doctor", w.doctor("照片存储").Say, "文件夹能读写")
		sha := w.query("SELECT sha256 FROM files")
		path := filepath.Join(w.config().Media.Dir, w.query("SELECT home FROM files"), sha[:2], sha)
		whole, err := os.ReadFile(path)
		w.ok(err)
		w.ok(os.Remove(path))
		w.until("2025-09-11 09:00")
		const line = "有 1 个照片或附件的文件不见了，请从备份里恢复到原来的位置，第二天会自动认回"
		if told := strings.Join(to(w.take(), "ban-zhuren"), "\n"); !strings.Contains(told, line) {
			t.Errorf("the office reads:\n%s", told)
		}
		w.same("doctor", w.doctor("照片存储").Say, line)
		w.wecom("wenchang-aq", "看照片 YH0001")
		w.settle()
		w.expect(said{"push", "wenchang-aq", "照片的文件找不到了，请联系平台管理员。"})
		w.ok(os.WriteFile(path, whole, 0o600))
		w.until("2025-09-12 07:00")
		w.take()
		w.same("doctor", w.doctor("照片存储").Say, "文件夹能读写")
		w.wecom("wenchang-aq", "看照片 YH0001")
		w.settle()
		w.expect(said{"file", "wenchang-aq", "照片_YH-2025-0001.docx"})
		if n := w.inside(w.lastFile(bot.WeCom)); n != 1 {
			t.Errorf("%d photos", n)
		}
	})
}
