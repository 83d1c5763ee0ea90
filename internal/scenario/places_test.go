package scenario

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"duban/bot"
)

// inside lists the pictures of a document.
func (w *world) inside(doc []byte) int {
	w.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(doc), int64(len(doc)))
	w.ok(err)
	n := 0
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "word/media/") {
			n++
		}
	}
	return n
}

// TestACodeToPrintArrivesAsAFile holds that both platforms take the sheet, and that it
// is made by the rights of the moment it is made.
func TestACodeToPrintArrivesAsAFile(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.wecom("wenchang-aq", "生成二维码 实验楼二楼走廊")
		w.dingtalk("anquan-guzhang", "生成二维码 文昌中学 食堂后厨")
		w.settle()
		w.expect(said{"file", "wenchang-aq", "地点二维码_文昌中学_实验楼二楼走廊_W5P5.docx"}, said{"file", "anquan-guzhang", "地点二维码_文昌中学_食堂后厨_M6G4.docx"})
		w.same("codes", strings.Repeat("x", w.inside(w.lastFile(bot.DingTalk))), "x")
		w.dingtalk("anquan-guzhang", "打印二维码 文昌中学")
		_, err := w.db().ExecContext(w.ctx, "UPDATE holdings SET until = 1 WHERE person_id = 'anquan-guzhang'")
		w.ok(err)
		w.settle()
		w.expect(said{"push", "anquan-guzhang", "刚才要的二维码已经停用或不归您管了，没有做文件。"})
	})
}

// TestACodeHoldsThePageWherePhonesCanReachIt holds what chat and sheet say of it.
func TestACodeHoldsThePageWherePhonesCanReachIt(t *testing.T) {
	each(t, withPages(setup{}), func(w *world) {
		w.same("answer", w.wecom("wenchang-aq", "生成二维码 实验楼二楼走廊"), "已生成二维码：文昌中学 实验楼二楼走廊，编号 W5P5。\n打印用的文件马上发给您，打印后贴在原处即可。扫码打开上报页，不用登录；也可以在这里发：“报隐患 @W5P5 哪里不对”。")
		w.settle()
		w.take()
		if words := w.part(w.lastFile(bot.WeCom), "word/document.xml"); !strings.Contains(words, "扫码上报，不用登录") {
			t.Errorf("%s", words)
		}
	})
}

// part is one part of a document.
func (w *world) part(doc []byte, name string) string {
	w.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(doc), int64(len(doc)))
	w.ok(err)
	f, err := z.Open(name)
	w.ok(err)
	defer f.Close()
	b, err := io.ReadAll(f)
	w.ok(err)
	return string(b)
}

// TestPhotosComeIntoTheChat holds that they come to those who may see them by then.
func TestPhotosComeIntoTheChat(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", photo(90))
		w.settle()
		w.take()
		w.same("answer", w.wecom("wenchang-aq", "看照片 YH0001"), "YH-2025-0001 的照片 1 张，马上以文件发给您。")
		w.settle()
		w.expect(said{"file", "wenchang-aq", "照片_YH-2025-0001.docx"})
		w.same("photos", strings.Repeat("x", w.inside(w.lastFile(bot.WeCom))), "x")
		w.wecom("wenchang-xz", "看照片 YH0001")
		_, err := w.db().ExecContext(w.ctx, "UPDATE persons SET unit_id = 'shimatou' WHERE id = 'wenchang-xz'")
		w.ok(err)
		_, err = w.db().ExecContext(w.ctx, "UPDATE holdings SET until = 1 WHERE person_id = 'wenchang-xz'")
		w.ok(err)
		w.settle()
		w.expect(said{"push", "wenchang-xz", "没有找到您可以查看的这条隐患。只能查看本单位的或您自己上报的，有疑问请联系安全法规股。"})
	})
}
