package scenario

import (
	"strings"
	"testing"
)

// TestATalk holds the turns of ordinary talk in which a bot easily looks foolish.
func TestATalk(t *testing.T) {
	each(t, setup{}, func(w *world) {
		for _, turn := range []struct{ person, says, answer string }{
			{"wenchang-jia", "上报隐患", "好的，是什么地方的什么隐患？"},
			{"wenchang-jia", "教学楼三楼栏杆松了", "已登记 YH-2025-0001\n文昌中学 · 教学楼三楼 · 建筑设施\n教学楼三楼栏杆松了\n"},
			{"wenchang-jia", "谢谢", "不客气，有事随时发给我。"},
			{"wenchang-jia", "匿名上报：宿舍楼安全出口锁住了", "已登记 YH-2025-0002\n"},
			{"wenchang-jia", "上报重大隐患 配电房漏电", "已登记 YH-2025-0003\n文昌中学 · 配电房 · 用电燃气\n配电房漏电\n"},
			{"wenchang-aq", "未销号的隐患", "隐患（未销号）共 3 条：\n1. YH-2025-0003 已上报\n"},
			{"wenchang-aq", "签收 2", "已签收 YH-2025-0002：宿舍楼安全出口锁住了\n"},
			{"wenchang-aq", "消防那个做完了", "这是哪一项的进度？\n1. 22-7"},
			{"wenchang-aq", "1", "已记下：22-7"},
			{"wenchang-aq", "消防那个做完了", "这是哪一项的进度？"},
			{"wenchang-aq", "算了", "好的，已取消，没有保存任何内容。"},
			{"wenchang-aq", "99-9 50%", "没有找到“99-9”。"},
			{"anquan-guzhang", "我的任务", "安全股的事项，共 "},
			{"jijiao-guzhang", "9-1 90.3%", "已记下：9-1 全区普惠园覆盖率\n现在：现值 90.3%（目标≥91%）\n"},
			{"wenchang-jia", "解绑", "已解绑 文昌中学教师甲。"},
			{"wenchang-jia", "我的任务", "我还不认识您，先绑定一下就能用了。"},
			{"wenchang-jia", "绑定 文昌中学 文昌中学", "请这样发：绑定 姓名 单位"},
			{"wenchang-jia", "绑定 文昌中学教师甲 文昌中学", "绑定好了：文昌中学教师甲，资阳区文昌中学。"},
			{"wenchang-jia", "我报的隐患", "您报的隐患，共 3 条："},
		} {
			if got := w.wecom(turn.person, turn.says); !strings.HasPrefix(got, turn.answer) {
				t.Errorf("%s: %q\nanswer: %s\nwant:   %s…", turn.person, turn.says, got, turn.answer)
			}
		}
		w.settle()
		for _, s := range w.take() {
			if strings.Contains(s.Text, "YH-2025-0002") && strings.Contains(s.Text, "教师甲") {
				t.Errorf("the anonymous reporter is named: %s", s.Text)
			}
			if strings.Contains(s.Text, "YH-2025-0003") && s.To == "anquan-guzhang" && !strings.Contains(s.Text, "上报人说是重大隐患") {
				t.Errorf("the safety section is not told how grave it may be: %s", s.Text)
			}
		}
	})
}
