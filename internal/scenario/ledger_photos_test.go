package scenario

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"duban/bot"
)

// cells returns the words of some cells of the ledger of hazards, and how many
// pictures stand in each.
func (w *world) cells(data []byte, names ...string) map[string][]any {
	w.t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	w.ok(err)
	defer f.Close()
	out := map[string][]any{}
	for _, cell := range names {
		words, err := f.GetCellValue("隐患台账", cell)
		w.ok(err)
		pictures, err := f.GetPictures("隐患台账", cell)
		w.ok(err)
		out[cell] = []any{words, len(pictures)}
	}
	return out
}

// TestPhotosStandInTheLedger holds that photos before and after are in their cells, and
// that a lost one is said to be and keeps nothing else from coming.
func TestPhotosStandInTheLedger(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", photo(90))
		w.wecom("wenchang-jia", "上报隐患 操场围墙开裂", photo(120))
		w.wecom("wenchang-aq", "隐患1 已换好，请复查", photo(150))
		w.settle()
		w.take()
		_, err := w.db().ExecContext(w.ctx, "UPDATE files SET sha256 = REPLACE(sha256, SUBSTR(sha256, 3, 62), SUBSTR(sha256, 1, 62)) WHERE subject_id = 2")
		w.ok(err)
		w.dingtalk("anquan-guzhang", "导出隐患台账")
		w.settle()
		w.expect(said{"file", "anquan-guzhang", "隐患台账_2025-09-10.xlsx"})
		got := w.cells(w.lastFile(bot.DingTalk), "Q4", "R4", "Q5", "R5")
		want := map[string][]any{"Q4": {"", 1}, "R4": {"", 1}, "Q5": {"照片 1 张，文件缺失或打不开", 0}, "R5": {"", 0}}
		w.same("photos", toJSON(w, got), toJSON(w, want))
	})
}
