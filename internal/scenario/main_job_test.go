package scenario

import (
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/sim/stage"
)

func TestATeacherFilesAHazardAndAChiefSeesIt(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.same("filing", w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", photo(100)), `已登记 YH-2025-0001
文昌中学 · 食堂后厨 · 用电燃气
食堂后厨燃气软管老化
处理：文昌中学安全专干，9月11日 周四前签收，9月19日 周五前整改（默认时限）
已补到 YH-2025-0001：照片 1 张。`)
		w.settle()
		w.expect(said{"push", "wenchang-aq", `⚠️ 新报隐患 YH-2025-0001
文昌中学 · 食堂后厨 · 用电燃气
食堂后厨燃气软管老化
上报人：文昌中学教师甲，9月11日 周四前签收，9月19日 周五前整改（默认时限）
接办请回复“签收隐患1”。`})
		w.stored("wenchang-jia", 1)

		w.same("the chief looks it up", w.dingtalk("anquan-guzhang", "查隐患1"), `YH-2025-0001 已上报 · 未定级
文昌中学 · 食堂后厨 · 用电燃气
食堂后厨燃气软管老化
上报：9月10日 周三
整改期限：9月19日 周五到期，还有 7 个工作日
照片：1 张
看照片请发“看照片 YH-2025-0001”。`)
		w.same("this week's deadlines", w.dingtalk("anquan-guzhang", "本周到期"), `安全股的事项（9月8日 周一到9月14日 周日到期），共 3 项：
1． 🟢 22-14 防溺水（第37周）
　　石码头小学 · 9月12日 周五到期，还有 2 个工作日 · 未签收
2． 🟢 22-14 防溺水（第37周）
　　文昌中学 · 9月12日 周五到期，还有 2 个工作日 · 未签收
3． 🟢 22-14 防溺水（第37周）
　　张家塞小学 · 9月12日 周五到期，还有 2 个工作日 · 未签收
回复“查 1”看详情。`)

		w.same("signing", w.wecom("wenchang-aq", "签收隐患1"), `已签收 YH-2025-0001：食堂后厨燃气软管老化
整改期限：9月19日 周五到期，还有 7 个工作日`)
		w.settle()
		w.expect(said{"push", "wenchang-jia", "您报的 YH-2025-0001 已有人接办：文昌中学签收，整改期限 9月19日 周五。"})

		w.same("progress", w.wecom("wenchang-xz", "22-14 60%"), "已记下：22-14 防溺水（第37周）\n现在：进度 60%")
		chief := w.dingtalk("anquan-guzhang", "22-14")
		if !strings.Contains(chief, "文昌中学 · 9月12日 周五到期，还有 2 个工作日 · 进度 60%") {
			t.Errorf("the chief does not see the report:\n%s", chief)
		}
	})
}

// stored checks that a person's photos have arrived in the house.
func (w *world) stored(person string, n int) {
	w.t.Helper()
	list, err := w.store().Read(w.ctx).Hazards(w.ctx, hazard.Filter{Reporter: person})
	w.ok(err)
	files, err := w.store().Read(w.ctx).FilesOf(w.ctx, notice.Subject{Kind: notice.HazardSubj, ID: list[0].ID})
	w.ok(err)
	if len(files) != n {
		w.t.Fatalf("%d files, want %d", len(files), n)
	}
	for _, f := range files {
		if f.State != "stored" || f.MIME != "image/jpeg" || f.SHA256 == "" || f.Size == 0 {
			w.t.Errorf("file is not stored: %+v", f)
		}
	}
}

func TestOneMorningMessageOnTheRightDay(t *testing.T) {
	each(t, setup{now: "2025-09-12T17:00:00+08:00"}, func(w *world) {
		// Item 12-7 is due on Monday the 15th: the chief on DingTalk is told on
		// Tuesday, not before and not at the weekend.
		w.until("2025-09-15 20:00")
		for _, s := range w.take() {
			if s.To == "zhicheng-guzhang" {
				t.Errorf("told too early: %s", s.Text)
			}
		}
		w.until("2025-09-16 08:29")
		w.expect()
		w.until("2025-09-16 08:30")
		all := w.take()
		got := to(all, "zhicheng-guzhang")
		if len(got) != 1 {
			t.Fatalf("%d messages, want 1:\n%s", len(got), list(all))
		}
		w.same("morning", got[0], `早上好！9月16日 周二，有 1 件事请您留意：
1． 🔴 12-7 区内职校招生
　　一职中 · 9月15日 周一到期，已超期 1 个工作日 · 承办单位还没有说明
回复“查 1”看详情。`)
		w.same("the entry by its number", w.dingtalk("zhicheng-guzhang", "查 1"), `🔴 12-7 区内职校招生
来源：第12条 推动职业教育优质融合发展
承办：一职中　牵头股室：职成股
协办：计财股
期限：9月15日 周一到期，已超期 1 个工作日（由局里立项时确定）
进展：未签收`)
		// What the school says reaches the chief with the next look.
		w.same("the school explains", w.dingtalk("yizhizhong-xz", "12-7 遇到困难：计划数还没下达"), `已记下：12-7 区内职校招生
现在：遇到困难
困难已记下，职成股能看到。`)
		w.until("2025-09-17 12:00")
		if again := to(w.take(), "zhicheng-guzhang"); len(again) != 0 {
			t.Errorf("chased after the report: %q", again)
		}
	})
}

func TestNobodyIsChasedOnADayOff(t *testing.T) {
	each(t, setup{now: "2025-09-26T17:00:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		w.until("2025-09-27 23:00") // Saturday
		w.expect()
		w.until("2025-09-28 23:00") // Sunday, made a working day
		if len(w.take()) == 0 {
			t.Error("nothing on a make-up working day")
		}
		w.until("2025-09-30 23:00")
		w.take()
		w.until("2025-10-08 23:59") // the National Day holidays
		w.expect()
		w.until("2025-10-09 09:00")
		if len(w.take()) == 0 {
			t.Error("nothing on the first day after the holidays")
		}
	})
}

func TestAtMostOneMergedMessageADay(t *testing.T) {
	each(t, setup{}, func(w *world) {
		for range 30 {
			w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().AddDate(0, 0, 1)))
			counts := map[string]int{}
			for _, s := range w.take() {
				counts[s.To]++
				if counts[s.To] == 2 {
					t.Errorf("until %s: a second message to %s: %s", w.clock.Now(), s.To, s.Text)
				}
			}
		}
	})
}

func TestTheSameCallbackFiveTimesActsOnce(t *testing.T) {
	each(t, setup{}, func(w *world) {
		for platform, person := range map[bot.Platform]string{bot.WeCom: "wenchang-jia", bot.DingTalk: "shimatou-aq"} {
			l := stage.Line{Platform: platform, Text: "上报隐患 教学楼二楼走廊灯不亮", MsgID: "7001"}
			first := w.line(person, l)
			for range 4 {
				w.same("repeated", w.line(person, l), first)
			}
			w.settle()
			w.take()
			list, err := w.store().Read(w.ctx).Hazards(w.ctx, hazard.Filter{Reporter: person})
			w.ok(err)
			if len(list) != 1 {
				t.Errorf("%s: %d hazards, want 1", platform, len(list))
			}
		}
	})
}
