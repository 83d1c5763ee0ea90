package scenario

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
	"duban/internal/store"
)

const (
	wecomUpload    = "/cgi-bin/media/upload"
	dingtalkUpload = "/media/upload"
)

// lastFile is the newest file on a platform.
func (w *world) lastFile(platform bot.Platform) []byte {
	w.t.Helper()
	var data []byte
	if platform == bot.WeCom {
		for _, s := range w.stage.WeCom.Sent() {
			if s.File != nil {
				data = s.File.Data
			}
		}
	} else {
		for _, s := range w.stage.DingTalk.Sent() {
			if s.File != nil {
				data = s.File.Data
			}
		}
	}
	if data == nil {
		w.t.Fatal("no file came")
	}
	return data
}

// sheets opens a workbook and returns the rows of each sheet.
func (w *world) sheets(data []byte) map[string][][]string {
	w.t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	w.ok(err)
	defer f.Close()
	out := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		w.ok(err)
		out[name] = rows
	}
	return out
}

// hazards files two and brings the first one through its whole life.
func (w *world) hazards() {
	w.t.Helper()
	w.wecom("wenchang-jia", "匿名上报：食堂后厨燃气软管老化")
	w.wecom("wenchang-jia", "上报隐患 操场围墙 =1+1 开裂")
	w.wecom("wenchang-aq", "隐患1 已停用封闭")
	w.wecom("wenchang-aq", "隐患1 已换好，请复查")
	w.dingtalk("anquan-guzhang", "隐患1 复查通过")
	w.dingtalk("anquan-guzhang", "隐患1 销号")
	w.settle()
	w.take()
}

func TestAnExportArrivesAsAFile(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.hazards()
		w.wecom("wenchang-xz", "22-14 60%，已排查河道")
		w.settle()
		w.take()

		w.same("both ledgers of a month, on WeCom", w.wecom("wenchang-xz", "导出9月台账"), `正在导出督办台账和隐患台账，Excel 文件马上发给您：
督办台账（文昌中学，期限 9月1日 周一 到 9月30日 周二）：11 条
隐患台账（文昌中学，上报时间 9月1日 周一 到 9月30日 周二）：2 条`)
		w.settle()
		w.expect(said{"file", "wenchang-xz", "督办台账和隐患台账_2025-09-01至2025-09-30.xlsx"})
		sheets := w.sheets(w.lastFile(bot.WeCom))
		work := sheets["督办台账"]
		if len(work) != 3+11 || work[0][0] != "督办台账（文昌中学，期限 9月1日 周一 到 9月30日 周二）" || work[1][0] != "共 11 条，生成于 2025-09-10 周三 09:30" {
			w.t.Fatalf("work: %d rows, %q %q", len(work), work[0], work[1])
		}
		want := []string{"7", "22-14", "第22条 夯实校园安全基础，提升本质安全水平", "防溺水（第37周）", "文昌中学", "报送", "安全股", "2025-09-12 周五", "办理中", "60%", "绿", "2025-09-10 周三 09:30", "22-14 60%，已排查河道"}
		if diff := cmp.Diff(want, find(work, "防溺水（第37周）")); diff != "" {
			t.Errorf("work: %s", diff)
		}
		wantHazards := [][]string{{"隐患台账（文昌中学，上报时间 9月1日 周一 到 9月30日 周二）"}, {"共 2 条，生成于 2025-09-10 周三 09:30"},
			{"序号", "编号", "单位", "地点", "类别", "级别", "来源", "内容", "发现时间", "责任岗位", "整改期限", "措施", "状态", "复查人", "销号时间", "挂牌", "整改前照片", "整改后照片"},
			{"1", "YH-2025-0001", "文昌中学", "食堂后厨", "用电燃气", "未定级", "匿名上报", "食堂后厨燃气软管老化", "2025-09-10 周三 09:30", "安全专干", "2025-09-19 周五",
				"临时管控：已停用封闭\n2025-09-10 周三 整改完成：已换好，请复查", "已销号", "安全法规股股长\n2025-09-10 周三 通过", "2025-09-10 周三 09:30"},
			{"2", "YH-2025-0002", "文昌中学", "操场围墙", "建筑设施", "未定级", "本单位上报", "操场围墙 =1+1 开裂", "2025-09-10 周三 09:30", "安全专干", "2025-09-19 周五", "", "已上报"}}
		if diff := cmp.Diff(wantHazards, sheets["隐患台账"]); diff != "" {
			t.Errorf("hazards: %s", diff)
		}

		w.same("one ledger, on DingTalk", w.dingtalk("anquan-guzhang", "隐患台账导出excel"), "正在导出隐患台账，Excel 文件马上发给您：\n隐患台账（全区）：2 条")
		w.settle()
		w.expect(said{"file", "anquan-guzhang", "隐患台账_2025-09-10.xlsx"})
		if got := w.sheets(w.lastFile(bot.DingTalk)); len(got) != 1 || len(got["隐患台账"]) != 5 || strings.Contains(toJSON(w, got), "教师甲") {
			t.Errorf("hazards on DingTalk: %q", got)
		}
	})
}

// find returns the first row that holds a cell.
func find(rows [][]string, cell string) []string {
	for _, r := range rows {
		for _, c := range r {
			if c == cell {
				return r
			}
		}
	}
	return nil
}

func TestAnExportAsCSVComesZipped(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.hazards()
		w.dingtalk("anquan-guzhang", "导出隐患台账，要csv")
		w.settle()
		w.expect(said{"file", "anquan-guzhang", "隐患台账_2025-09-10.zip"})
		data := w.lastFile(bot.DingTalk)
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		w.ok(err)
		f, err := z.Open("隐患台账.csv")
		w.ok(err)
		text, err := io.ReadAll(f)
		w.ok(err)
		if !strings.HasPrefix(string(text), "\ufeff序号,编号,单位,") || strings.Count(string(text), "\r\n") != 3+2 {
			t.Errorf("%q", text)
		}
	})
}

func TestWhatIsNotExported(t *testing.T) {
	each(t, setup{}, func(w *world) {
		const refused = "导出台账由单位负责人、股室负责人或局办公室办理，请转告他们；范围只限本单位或本股室分管的。"
		w.same("a teacher", w.wecom("wenchang-jia", "导出9月台账"), refused)
		w.same("another school", w.wecom("wenchang-xz", "导出石码头小学的隐患台账"), "只能导出本单位或本股室牵头、协办的。要更大范围请联系局办公室。")
		w.same("nothing there", w.dingtalk("anquan-guzhang", "导出8月的隐患台账"), `没有可以导出的内容，没有做文件：
隐患台账（全区，上报时间 8月1日 周五 到 8月31日 周日）：0 条
可以换个时间或范围再试，例如“导出本学期隐患台账”。`)
		w.settle()
		w.expect()
		w.same("files ordered", w.query("SELECT COUNT(*) FROM notices WHERE kind = 'document'"), "0")
	})
}

func TestAnExportAskedForInAGroupComesInPrivate(t *testing.T) {
	each(t, setup{}, func(w *world) {
		group := w.query("SELECT chat_id FROM chat_groups WHERE platform = 'dingtalk' AND chat_id <> '' LIMIT 1")
		w.same("in the group", w.line("anquan-guzhang", stage.Line{Platform: bot.DingTalk, Group: group, Text: "导出9月的任务"}), "收到，导出结果私聊发给您。")
		w.settle()
		w.expect(said{"push", "anquan-guzhang", "正在导出督办台账，Excel 文件马上发给您：\n督办台账（安全股牵头、协办，期限 9月1日 周一 到 9月30日 周二）：31 条"},
			said{"file", "anquan-guzhang", "督办台账_2025-09-01至2025-09-30.xlsx"})
	})
}

// TestRightsCountWhenTheFileIsMade takes the post away after the wish.
func TestRightsCountWhenTheFileIsMade(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.hazards()
		w.wecom("wenchang-xz", "导出隐患台账")
		_, err := w.db().ExecContext(w.ctx, "UPDATE holdings SET until = 1 WHERE person_id = 'wenchang-xz'")
		w.ok(err)
		w.settle()
		w.expect(said{"push", "wenchang-xz", "导出台账由单位负责人、股室负责人或局办公室办理，请转告他们；范围只限本单位或本股室分管的。"})
		w.same("why", w.query("SELECT reason FROM messages WHERE kind = 'document'"), "forbidden")
	})
}

func TestAnUploadThatFailsIsTriedAgain(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.hazards()
		w.stage.WeCom.Fail(wecomUpload, 1, simwecom.Fault{DropAfter: true})
		w.stage.DingTalk.Fail(dingtalkUpload, 1, simdingtalk.Fault{Taken: true, Drop: true})
		w.wecom("wenchang-xz", "导出隐患台账")
		w.dingtalk("anquan-guzhang", "导出隐患台账")
		w.settle()
		w.expect()
		w.same("waiting", w.query("SELECT COUNT(*) FROM messages WHERE kind = 'document' AND state = 'queued' AND reason <> ''"), "2")
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(time.Minute)))
		w.expect(said{"file", "wenchang-xz", "隐患台账_2025-09-10.xlsx"}, said{"file", "anquan-guzhang", "隐患台账_2025-09-10.xlsx"})
	})
}

// TestAFileThatNeverComesIsSaid fails every upload: the person must not wait.
func TestAFileThatNeverComesIsSaid(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.hazards()
		w.stage.WeCom.Fail(wecomUpload, 100, simwecom.Fault{ErrCode: -1})
		w.wecom("wenchang-xz", "导出隐患台账")
		w.settle()
		w.expect()
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(time.Hour)))
		w.expect(said{"push", "wenchang-xz", "刚才要的文件没有发成。请过一会儿再发一次导出；还不行请联系平台管理员。"})
		w.same("state", w.query("SELECT state FROM messages WHERE kind = 'document'"), store.MsgFailed)
	})
}
