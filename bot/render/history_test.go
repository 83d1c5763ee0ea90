package render

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/internal/journal"
)

func TestHistory(t *testing.T) {
	loc := time.FixedZone("CST", 8*60*60)
	at := time.Date(2025, 9, 10, 1, 30, 5, 0, time.UTC)
	got := History([]journal.Entry{
		{ID: 9, At: at, Actor: "p1", Channel: "wecom", Action: "report", Before: "signed 2025-09-19", After: "in_progress 2025-09-19", Note: "已经\n联系厂家"},
		{ID: 8, At: at, Actor: "system", Channel: "system", Action: "escalate", After: "section_chief"},
		{ID: 7, At: at, Actor: "unbound", Channel: "dingtalk", Action: "bind", After: "p1"},
		{ID: 6, At: at, Actor: "p9", Channel: "dingtalk", Action: "fix_done", Before: "fixing", After: "fixed"},
		{ID: 5, At: at, Actor: "p1", Channel: "wecom", Action: "quiet_off", Before: "2025-09-12T08:00", After: "off"},
		{ID: 4, At: at, Actor: "p1", Channel: "wecom", Action: "urge"},
	}, map[string]string{"p1": "张敏"}, loc)
	want := []string{
		"9  2025-09-10 周三 09:30:05  张敏（企业微信）  汇报进展：已签收 2025-09-19 → 办理中 2025-09-19（已经 联系厂家）",
		"8  2025-09-10 周三 09:30:05  系统（系统）  升级：股室负责人",
		"7  2025-09-10 周三 09:30:05  未绑定的人（钉钉）  绑定：张敏",
		"6  2025-09-10 周三 09:30:05  p9（钉钉）  整改：整改中 → 待复查",
		"5  2025-09-10 周三 09:30:05  张敏（企业微信）  取消免打扰：2025-09-12T08:00 → 不设",
		"4  2025-09-10 周三 09:30:05  张敏（企业微信）  催办",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
