package command

import (
	"strings"
	"testing"

	"duban/internal/testkit"
)

// Two people filed the same thing: once it is merged, both hear of the one that goes on
// and read how it ended, each once. What is taken back is as it was.
func TestReportersOfMergedHazardsHearTheResult(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-jia", "上报隐患 操场围墙开裂", false)
	h.say("yizhizhong-xz", "上报隐患 文昌中学操场西侧围墙裂缝", false)
	h.say("wenchang-xz", "隐患1和2重复，保留1", false)
	if got := h.say("wenchang-xz", "确认", false); got != "已合并：YH-2025-0002 并入 YH-2025-0001。" {
		t.Fatal(got)
	}
	toldIt := func(person, words string) int {
		n := 0
		for _, one := range h.told {
			if one.PersonID == person && strings.Contains(one.Text, words) {
				n++
			}
		}
		return n
	}
	if toldIt("yizhizhong-xz", "已并入 YH-2025-0001 一起整改，有结果会告诉您") != 1 {
		t.Errorf("told of the merging: %+v", h.told)
	}
	h.say("wenchang-aq", "隐患1 已修好，请复查", false)
	h.say("anquan-guzhang", "隐患1 复查通过", false)
	h.say("anquan-guzhang", "隐患1 销号", false)
	if toldIt("wenchang-jia", "您报的 YH-2025-0001 已解决并销号") != 1 || toldIt("yizhizhong-xz", "您报的隐患（已并入 YH-2025-0001）已解决并销号") != 1 {
		t.Errorf("told of the result: %+v", h.told)
	}
}

func TestTakingBackAMergingTakesBackWhoHears(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-jia", "上报隐患 操场围墙开裂", false)
	h.say("yizhizhong-xz", "上报隐患 文昌中学操场西侧围墙裂缝", false)
	h.say("wenchang-xz", "隐患1和2重复，保留1", false)
	h.say("wenchang-xz", "确认", false)
	if got := h.say("wenchang-xz", "撤回", false); !strings.HasPrefix(got, "已撤回：合并 YH-2025-0002") {
		t.Fatal(got)
	}
	h.say("wenchang-aq", "隐患1 已修好，请复查", false)
	for _, one := range h.told {
		if one.PersonID == "yizhizhong-xz" {
			t.Errorf("still told: %+v", one)
		}
	}
}

// Whoever says that it is the same as an open hazard reads its result as well.
func TestASecondReporterHearsTheResult(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-jia", "上报隐患 操场围墙开裂", false)
	if got := h.say("wenchang-xz", "上报隐患 操场围墙开裂", false); !strings.Contains(got, "已经有一条相近的") {
		t.Fatal(got)
	}
	if got := h.say("wenchang-xz", "1", false); !strings.Contains(got, "有结果会告诉您") {
		t.Fatal(got)
	}
	list, err := h.store.Read(t.Context()).Followers(t.Context(), 1)
	if err != nil || len(list) != 1 || list[0].PersonID != "wenchang-xz" || list[0].Interest != "filed" {
		t.Errorf("%+v, %v", list, err)
	}
}
