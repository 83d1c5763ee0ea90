package scenario

import (
	"strings"
	"testing"

	"duban/internal/calendar"
	simwecom "duban/internal/sim/wecom"
	"duban/seeds"
)

// stuck plays a morning on which WeCom takes nothing, and then takes again. Each
// morning message has been tried once and waits.
func (w *world) stuck() {
	w.t.Helper()
	w.until("2025-09-17 08:29")
	w.take()
	w.stage.WeCom.Fail(wecomSend, 100, simwecom.Fault{ErrCode: -1, ErrMsg: "system busy"})
	w.until("2025-09-17 08:30")
	w.take()
	w.stage.WeCom.Mend(wecomSend)
}

// TestWhatIsOverIsNotChasedByAQueuedMessage ends, stops and answers matters while
// the messages about them wait for the platform.
func TestWhatIsOverIsNotChasedByAQueuedMessage(t *testing.T) {
	each(t, setup{now: "2025-09-16T18:00:00+08:00"}, func(w *world) {
		w.stuck()
		w.wecom("ban-ducha", "17-3 作废，原因：活动取消")
		w.wecom("ban-ducha", "确认")
		w.wecom("ban-ducha", "20-4 中止，原因：等上级文件")
		w.wecom("ban-ducha", "确认")
		w.until("2025-09-17 08:45")
		all := w.take()
		w.same("the message without its dead entry", mornings(all, "wenchang-xz"), `早上好！9月17日 周三，有 1 件事请您留意：
1. 🟢 17-4 师德师风宣传月
   9月30日 周二到期，还有 10 个工作日 · 未签收
直接回复就行，例如“1 60%”报进度、“签收 1”。`)
		for _, person := range []string{"ban-zhuren", "ban-ducha", "ju-juzhang"} {
			w.same("nothing left to tell "+person, mornings(all, person), "")
			w.same("why", w.query("SELECT CONCAT(state, ' ', reason) FROM messages WHERE kind = 'morning' AND person_id = '"+person+"' ORDER BY id DESC LIMIT 1"), "dropped gone")
		}
		w.same("its number means what is shown", w.wecom("wenchang-xz", "签收 1"), `已签收：17-4 师德师风宣传月
期限：9月30日 周二到期，还有 10 个工作日
有进展请发“17-4 60%”。`)
		w.settle()
		w.take()
	})
}

// TestAQueuedMessageFollowsThePost gives a post away while the message waits.
func TestAQueuedMessageFollowsThePost(t *testing.T) {
	each(t, setup{now: "2025-09-16T18:00:00+08:00"}, func(w *world) {
		w.stuck()
		w.reseed(func(set *seeds.Set) {
			leaves(set, "wenchang-xz")
			set.Holdings = append(set.Holdings, seeds.Holding{Person: "wenchang-jia", Post: "s-wenchang-fuze", From: calendar.Of(2025, 9, 17)})
		})
		w.until("2025-09-17 08:45")
		all := w.take()
		w.same("the former head", mornings(all, "wenchang-xz"), "")
		if got := mornings(all, "wenchang-jia"); !strings.Contains(got, "1. 🔴 17-3") || !strings.Contains(got, "2. 🟢 17-4") {
			t.Errorf("the new head was told:\n%s", got)
		}
	})
}

// mornings are the merged messages that one reader got.
func mornings(all []said, reader string) string {
	var out []string
	for _, text := range to(all, reader) {
		if strings.HasPrefix(text, "早上好") {
			out = append(out, text)
		}
	}
	return strings.Join(out, "\n\n")
}
