package scenario

import (
	"strings"
	"testing"

	"duban/internal/calendar"
)

// A deputy gets one message with what only she decides, each answered by its number
// and one word, and can ask for the rest.
func TestALeadersMorning(t *testing.T) {
	each(t, setup{now: "2025-10-10T09:30:00+08:00"}, func(w *world) {
		w.settle()
		w.wecom("wenchang-xz", "22-3 申请延期到11月30日，因为验收排期")
		w.dingtalk("shimatou-xz", "22-3 遇到困难：摄像头没有到货")
		w.wecom("wenchang-jia", "上报隐患 教学楼外墙瓷砖脱落")
		w.wecom("wenchang-aq", "隐患1 整改不了，缺经费")
		w.until("2025-10-11 08:30") // a Saturday that is worked on
		early := to(w.take(), "ju-fuju-anquan")
		if len(early) != 1 {
			t.Fatalf("%d messages on what was handed up: %q", len(early), early)
		}
		w.same("handed up", early[0], `早上好！10月11日 周六，红灯 1 项，黄灯 5 项，重大隐患 0 条。
请您定 1 件事：
1. ⚠️ YH-2025-0001 教学楼外墙瓷砖脱落
   文昌中学 · 提请局里协调：整改不了，缺经费
   回复“1 查”
其他没有要您过问的。`)
		w.until("2025-10-13 08:30") // the wish has waited for two working days
		if asked := to(w.take(), "ju-fuju-anquan"); len(asked) != 1 || !strings.Contains(asked[0], "\n2. 申请延期：22-3") {
			t.Errorf("the wish that waits: %q", asked)
		}
		w.until("2025-10-14 08:30")
		got := to(w.take(), "ju-fuju-anquan")
		if len(got) != 1 {
			t.Fatalf("%d messages, want 1: %q", len(got), got)
		}
		w.same("her morning", got[0], `早上好！10月14日 周二，红灯 1 项，黄灯 5 项，重大隐患 0 条（与 10月13日 周一相同）。
请您定 3 件事：
1. ⚠️ YH-2025-0001 教学楼外墙瓷砖脱落
   文昌中学 · 提请局里协调：整改不了，缺经费
   回复“1 查”
2. 【黄单】申请延期：22-3 监控视频汇聚并与公安联网
   文昌中学 · 从 10月10日 周五 到 11月30日 周日 · 已等 3 个工作日 · 原因：验收排期
   回复“2 同意”或“2 不同意”
3. 【黄单】🔴 22-3 监控视频汇聚并与公安联网
   石码头小学 · 10月10日 周五到期，已超期 3 个工作日 · 承办单位说明：22-3 遇到困难：摄像头没有到货
   回复“3 催办”或“3 查”
其他没有要您过问的。`)
		w.same("all of it", w.wecom("ju-fuju-anquan", "今天"), `今天的全部事项，共 3 件：
1. ⚠️ YH-2025-0001 教学楼外墙瓷砖脱落
   文昌中学 · 提请局里协调：整改不了，缺经费
2. 【黄单】申请延期：22-3 监控视频汇聚并与公安联网
   文昌中学 · 从 10月10日 周五 到 11月30日 周日 · 已等 3 个工作日 · 原因：验收排期
3. 【黄单】🔴 22-3 监控视频汇聚并与公安联网
   石码头小学 · 10月10日 周五到期，已超期 3 个工作日 · 承办单位说明：22-3 遇到困难：摄像头没有到货
回复编号加“查”看详情，加“催办”催一下，例如“1 查”。`)
		w.same("look", w.wecom("ju-fuju-anquan", "1 查"), `YH-2025-0001 整改中 · 未定级
文昌中学 · 教学楼外 · 建筑设施
教学楼外墙瓷砖脱落
上报：10月10日 周五
整改期限：10月20日 周一到期，还有 4 个工作日
10月10日 周五 提请局里协调：整改不了，缺经费`)
		w.same("agree", w.wecom("ju-fuju-anquan", "2 同意"), `已批准延期：22-3 监控视频汇聚并与公安联网（文昌中学）
10月10日 周五 → 11月30日 周日`)
		w.same("urge", w.wecom("ju-fuju-anquan", "3 催办"), `已催办 22-3 监控视频汇聚并与公安联网（石码头小学），送给 2 人。对方汇报后会有记录，您可以发“查 22-3”看进展。`)
		w.settle()
		urged := "区教育局分管安全副局长催办：22-3 监控视频汇聚并与公安联网\n期限：10月10日 周五到期，已超期 3 个工作日。请回复“22-3 进展”说明情况。"
		later := "延期已批准：22-3 监控视频汇聚并与公安联网，新的期限 11月30日 周日。"
		w.expect(said{"push", "shimatou-aq", urged}, said{"push", "shimatou-xz", urged}, said{"push", "wenchang-aq", later}, said{"push", "wenchang-xz", later})

		// What was decided no longer waits, what moved is said.
		w.until("2025-10-16 08:30")
		got = to(w.take(), "ju-juzhang")
		w.same("the director's", got[len(got)-1], `早上好！10月16日 周四，红灯 12 项，黄灯 5 项，重大隐患 0 条（比 10月14日 周二：红灯+1）。
请您定 2 件事：
1. 【红单】🔴 23-8 石码头小学特教班教室
   石码头小学 · 9月26日 周五到期，已超期 10 个工作日 · 承办单位还没有说明
   回复“1 催办”或“1 查”
2. 🔴 22-3 监控视频汇聚并与公安联网
   石码头小学 · 10月10日 周五到期，已超期 5 个工作日 · 承办单位说明：22-3 遇到困难：摄像头没有到货
   回复“2 催办”或“2 查”
其他没有要您过问的。`)
	})
}

// What the section decides in time never reaches the leader.
func TestALeaderIsNotAskedWhatIsDecided(t *testing.T) {
	onSQLite(t, setup{now: "2025-10-10T09:30:00+08:00"}, func(w *world) {
		w.settle()
		w.wecom("wenchang-xz", "22-3 申请延期到11月30日，因为验收排期")
		w.wecom("wenchang-jia", "上报隐患 教学楼外墙瓷砖脱落")
		w.wecom("wenchang-aq", "隐患1 整改不了，缺经费")
		w.wecom("wenchang-aq", "隐患1 已整改")
		w.dingtalk("anquan-guzhang", "同意延期 文昌中学 22-3")
		w.until("2025-10-13 20:00")
		if got := to(w.take(), "ju-fuju-anquan"); len(got) > 0 {
			t.Errorf("asked nevertheless: %q", got)
		}
	})
}

// What waits for a leader who is away reaches who stands in, with the right to decide.
func TestWhatWaitsForALeaderReachesTheStandIn(t *testing.T) {
	each(t, setup{now: "2025-10-10T09:30:00+08:00"}, func(w *world) {
		w.settle()
		w.wecom("wenchang-jia", "上报隐患 教学楼外墙瓷砖脱落")
		w.wecom("wenchang-aq", "隐患1 整改不了，缺经费")
		w.delegate("ju-fuju-anquan", "ju-fuju-jiaoxue", calendar.Of(2025, 10, 11), calendar.Of(2025, 10, 14))
		w.until("2025-10-11 08:30") // a Saturday that is worked on
		all := w.take()
		if got := to(all, "ju-fuju-jiaoxue"); len(got) != 1 || !strings.Contains(got[0], "YH-2025-0001") {
			t.Errorf("the one who stands in: %q", got)
		}
		if got := to(all, "ju-fuju-anquan"); len(got) != 0 {
			t.Errorf("the one who is away: %q", got)
		}
	})
}
