package command

import (
	"strings"
	"testing"
	"time"

	"duban/internal/notice"
	"duban/internal/testkit"
	"duban/internal/testkit/script"
)

func TestWordsThatOnlyBringAPhoto(t *testing.T) {
	for words, want := range map[string]bool{"再补一张": true, "补照片": true, "这是现场照片": true, "还有两张图": true, "再发一张": true, "现场图片": true,
		"22-3": false, "换好了": false, "食堂门口地砖松动": false, "已整改": false, "好的": false, "是": false, "隐患": false, "3": false, "完成": false, "有": false, "补一下进度": false} {
		if got := onlyPhotos(words); got != want {
			t.Errorf("%q: %v", words, got)
		}
	}
}

// A photo with “再补一张” and a bare place said after it belong to the hazard just filed.
func TestWhatIsSaidRightAfterFilingBelongsToIt(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-jia", "上报隐患 应急灯不亮", false)
	h.say("wenchang-jia", "跳过", false)
	same := func(got, want string) {
		t.Helper()
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	same(h.say("wenchang-jia", "补一张照片", false), "好的，请直接发照片，会补到 YH-2025-0001")
	same(h.send(script.Said{Person: "wenchang-jia", Text: "再补一张", Photos: 1}).Text, "已补到 YH-2025-0001：照片 1 张。")
	same(h.say("wenchang-jia", "在实验楼1001室", false), "已补到 YH-2025-0001：地点 实验楼1001室。")
	if len(h.told) != 1 || h.told[0].PersonID != "wenchang-aq" || !strings.Contains(h.told[0].Text, "补充了地点：实验楼1001室") {
		t.Errorf("told %+v", h.told)
	}
	same(h.say("wenchang-aq", "查隐患1", false), "YH-2025-0001 已上报 · 未定级\n文昌中学 · 实验楼1001室 · 消防")
	same(h.say("wenchang-jia", "撤回", false), "已撤回：YH-2025-0001 的地点")
	same(h.say("wenchang-aq", "查隐患1", false), "YH-2025-0001 已上报 · 未定级\n文昌中学 · 地点未填 · 消防")
}

// What has its place keeps it, and later on a place is no answer any more.
func TestABarePlaceIsTakenOnlyWhereItIsMissing(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", false)
	if got := h.say("wenchang-jia", "实验楼二楼", false); strings.HasPrefix(got, "已补到") {
		t.Error(got)
	}
	h.say("wenchang-jia", "取消", false)
	h.say("wenchang-jia", "上报隐患 应急灯不亮", false)
	h.say("wenchang-jia", "跳过", false)
	h.clock.Set(h.clock.Now().Add(11 * time.Minute))
	if got := h.say("wenchang-jia", "实验楼二楼", false); strings.HasPrefix(got, "已补到") {
		t.Error(got)
	}
}

// Who filed without a name is not named when the place is told, nor when that is taken
// back.
func TestAPlaceIsToldWithoutAName(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-jia", "匿名上报隐患 应急灯不亮", false)
	h.say("wenchang-jia", "跳过", false)
	if got := h.say("wenchang-jia", "实验楼二楼", false); !strings.HasPrefix(got, "已补到 YH-2025-0001") {
		t.Fatal(got)
	}
	h.deliver()
	h.say("wenchang-jia", "撤回", false)
	if len(h.told) == 0 {
		t.Error("nobody hears that it was taken back")
	}
	for _, n := range h.told {
		if strings.Contains(n.Text, "教师甲") {
			t.Errorf("named: %s", n.Text)
		}
	}
	lines, err := h.store.Read(t.Context()).History(t.Context(), notice.Subject{Kind: notice.HazardSubj, ID: 1}, 10)
	if err != nil || len(lines) < 3 {
		t.Fatal(lines, err)
	}
	for _, l := range lines {
		if l.Actor == "wenchang-jia" {
			t.Errorf("in the history: %+v", l)
		}
	}
}
