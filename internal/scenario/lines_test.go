package scenario

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
)

// Both long connections, cut again and again: whatever is taken is stored once and answered
// once, nothing is acknowledged twice, and nothing is left behind. The long version is
// `make soak-lines`.
func TestLinesAreCutAgainAndAgain(t *testing.T) {
	each(t, setup{stream: true, smartBot: socket}, func(w *world) {
		const cuts = 30
		var before int
		for i := range cuts {
			w.connected(1)
			w.ok(w.stage.SmartBot.AwaitSocket(w.ctx, true))
			in := simdingtalk.Incoming{UserID: fmt.Sprintf("new-%d", i), Nick: "新人", Text: "我的任务", MsgID: fmt.Sprintf("d%d", i), Times: 2}
			w.ok(w.stage.DingTalk.DeliverStream(w.ctx, in))
			_, err := w.stage.SmartBot.DeliverSocket(w.ctx, simwecom.BotIncoming{User: in.UserID, Text: in.Text, MsgID: in.MsgID})
			w.ok(err)
			w.ok(w.stage.SmartBot.PingSocket(w.ctx))                  // it knows that its answer was taken
			w.clock.Set(w.clock.Now().Add(time.Minute + time.Second)) // so old, a connection is replaced at once
			if i%3 == 0 {
				w.ok(w.stage.DingTalk.EndStreams(w.ctx))
				w.connected(1)
				w.ok(w.stage.DingTalk.DeliverStream(w.ctx, in)) // handed over again, on the next one
				w.stage.DingTalk.CloseEnding()
			} else {
				w.stage.DingTalk.DropStreams()
			}
			w.stage.SmartBot.DropSocket()
			if i == cuts/3 {
				before = held()
			}
		}
		w.connected(1)
		w.ok(w.stage.SmartBot.AwaitSocket(w.ctx, true))
		w.settle()
		answers := map[string]int{}
		for _, s := range w.stage.DingTalk.Sent() {
			answers[s.UserID]++
		}
		for _, s := range w.stage.WeCom.Sent() {
			answers[s.To]++
		}
		for i := range cuts {
			if n := answers[fmt.Sprintf("new-%d", i)]; n != 2 { // one on each platform
				t.Errorf("%d answers to message %d", n, i)
			}
		}
		w.same("stored", w.query("SELECT COUNT(*) FROM inbox"), fmt.Sprint(2*cuts))
		w.same("acknowledged twice", fmt.Sprint(w.stage.DingTalk.Strays()), "0")
		w.same("tickets", fmt.Sprint(w.stage.DingTalk.OpenCalls()), fmt.Sprint(cuts+1))
		w.same("connections of the smart bot", fmt.Sprint(w.stage.SmartBot.Dials()), fmt.Sprint(cuts+1))
		after := held() // a leak leaves more than one at each of the cuts; what is just ending goes
		for patience := time.Now().Add(10 * time.Second); after > before+cuts && time.Now().Before(patience); after = held() {
			runtime.Gosched()
		}
		if after > before+cuts {
			t.Errorf("goroutines and descriptors grew from %d to %d", before, after)
		}
		w.take()
	})
}

// held counts goroutines and, where the system tells, descriptors.
func held() int {
	files, _ := os.ReadDir("/proc/self/fd")
	return runtime.NumGoroutine() + len(files)
}
