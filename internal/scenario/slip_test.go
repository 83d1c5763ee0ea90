package scenario

import (
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/sim/stage"
)

// TestSlips follows supervision slips over days: issued by the policy, read with the
// morning message, answered once however often the answer is delivered, told on, and
// missed.
func TestSlips(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		w.until("2025-09-12 09:00") // ten working days late: red
		all := w.take()
		for _, head := range []string{"wenchang-xz", "wenchang-aq"} {
			w.reads(all, head, "1. 【红单】HD-2025-001 23-1 文昌中学后续设备与校园文化\n   8月29日 周五到期，已超期 10 个工作日\n"+
				"   请在 9月16日 周二前回执：什么原因、哪天完成，例如“回执 1 因设备没到，9月19日前完成”")
		}
		w.reads(all, "ju-juzhang", "1. 【红单】🔴 23-1 文昌中学后续设备与校园文化\n   文昌中学 · 8月29日 周五到期，已超期 10 个工作日 · 承办单位还没有说明")

		w.tellOften("wenchang-xz", bot.DingTalk, "9001", "回执 1 因设备没到，10月15日前完成", "已记下回执：HD-2025-001 红单")
		w.same("receipts", w.query("SELECT COUNT(*) FROM journal WHERE action = 'receipt'"), "1")
		w.same("reports", w.query("SELECT COUNT(*) FROM reports WHERE note = '设备没到' AND eta = '2025-10-15'"), "1")
		w.until("2025-09-14 22:00")
		for _, s := range w.take() {
			if strings.Contains(s.Text, "回执") {
				t.Errorf("told on the same day or a day off: %s", s.Text)
			}
		}
		w.until("2025-09-15 09:00")
		all = w.take()
		for _, above := range []string{"ju-juzhang", "ban-ducha", "jicai-guzhang"} {
			w.reads(all, above, "【红单】HD-2025-001 23-1 文昌中学后续设备与校园文化\n   文昌中学已回执：设备没到；10月15日 周三前完成")
		}

		w.until("2025-09-18 09:00") // yellow for 12-7
		w.reads(w.take(), "yizhizhong-xz", "【黄单】HD-2025-003 12-7 区内职校招生")
		w.until("2025-09-22 22:00")
		for _, s := range w.take() {
			if strings.Contains(s.Text, "HD-2025-001") {
				t.Errorf("a slip with a receipt is asked for: %s", s.Text)
			}
		}
		w.until("2025-09-23 09:00")
		w.reads(w.take(), "zhicheng-guzhang", "【黄单】HD-2025-003 12-7 区内职校招生\n   一职中还没有回执（应在 9月22日 周一前）")
		w.tellOften("yizhizhong-xz", bot.WeCom, "9002", "12-7 回执：两个专业没招满，9月30日前完成", "已记下回执：HD-2025-003 黄单")
		w.until("2025-09-24 09:00")
		w.reads(w.take(), "zhicheng-guzhang", "一职中已回执：两个专业没招满；9月30日 周二前完成")

		w.until("2025-09-28 09:00") // the ladder goes on, with the explanation
		w.reads(w.take(), "ju-juzhang", "【红单】🔴 12-7 区内职校招生\n   一职中 · 9月15日 周一到期，已超期 10 个工作日 · 承办单位说明：两个专业没招满")
		w.same("numbers without gaps", w.query("SELECT COUNT(*) - MAX(seq) FROM slips"), "0")
	})
}

// reads holds that a person got one message, with these words.
func (w *world) reads(all []said, person, words string) {
	w.t.Helper()
	got := to(all, person)
	mornings := 0
	for _, text := range got {
		if strings.HasPrefix(text, "早上好！") {
			mornings++
		}
	}
	text := strings.Join(got, "\n")
	lines := func(s string) string { return fold(s) }
	if !strings.Contains(lines(text), lines(words)) || mornings != len(got) {
		w.t.Errorf("%s got %d messages:\n%s\nwant in it:\n%s", person, len(got), text, words)
	}
}

// tellOften delivers one message several times.
func (w *world) tellOften(person string, on bot.Platform, id, text, answer string) {
	w.t.Helper()
	first := ""
	for range 3 {
		got := w.line(person, stage.Line{Platform: on, Text: text, MsgID: id})
		if first == "" {
			first = got
		}
		if !strings.HasPrefix(got, answer) || got != first {
			w.t.Errorf("%s: %s", text, got)
		}
	}
}
