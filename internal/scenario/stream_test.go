package scenario

import (
	"context"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/sim/stage"
)

// connected waits until n processes hold a stream.
func (w *world) connected(n int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	w.ok(w.stage.DingTalk.AwaitStreams(ctx, n))
}

// answered has a person write over the stream and returns the answer, which is sent as a
// message of its own.
func (w *world) answered(person string, l stage.Line) string {
	w.t.Helper()
	l.Platform = bot.DingTalk
	w.line(person, l)
	w.settle()
	var answers []string
	var rest []said
	for _, s := range w.take() {
		if s.Road == "answer" {
			answers = append(answers, s.Text)
		} else {
			rest = append(rest, s)
		}
	}
	for _, s := range rest {
		w.push(s)
	}
	return strings.Join(answers, "\n--\n")
}

// Without a public address everything works the same: a hazard with a photo, its life, and
// a message that is handed over again.
func TestHazardOverTheStream(t *testing.T) {
	each(t, setup{stream: true}, func(w *world) {
		w.connected(1)
		got := w.answered("shimatou-aq", stage.Line{Text: "操场篮球架晃动", Photos: []stage.Photo{photo(90)}, MsgID: "m1"})
		w.same("filed", got, "已登记 YH-2025-0001\n石码头小学 · 操场 · 体育器材\n操场篮球架晃动\n照片：1 张\n处理：石码头小学安全专干，9月11日 周四前签收，9月19日 周五前整改（默认时限）")
		w.same("handed over again", w.answered("shimatou-aq", stage.Line{Text: "操场篮球架晃动", MsgID: "m1"}), "")
		w.same("hazards", w.query("SELECT COUNT(*) FROM hazards"), "1")
		w.same("photos", w.query("SELECT COUNT(*) FROM files"), "1")
		got = w.answered("shimatou-aq", stage.Line{Text: "签收隐患1"})
		if !strings.HasPrefix(got, "已签收 YH-2025-0001") {
			t.Errorf("signed: %s", got)
		}
		w.take()
	})
}

// The gateway ends connections now and then, and networks cut them: both are bridged.
func TestStreamIsBridged(t *testing.T) {
	onSQLite(t, setup{stream: true}, func(w *world) {
		w.connected(1)
		w.ok(w.stage.DingTalk.EndStreams(w.ctx))
		w.connected(1)
		w.stage.DingTalk.CloseEnding()
		if got := w.answered("shimatou-aq", stage.Line{Text: "我的任务"}); got == "" {
			t.Error("no answer over the second connection")
		}
		w.stage.DingTalk.DropStreams()
		w.connected(1)
		if got := w.answered("shimatou-aq", stage.Line{Text: "我的任务"}); got == "" {
			t.Error("no answer over the third connection")
		}
	})
}
