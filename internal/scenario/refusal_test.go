package scenario

import (
	"fmt"
	"testing"

	"duban/internal/notice"
	"duban/internal/store"
)

// TestEveryFailureOnEveryRoad lets each road out of the house fail in every way the
// platforms and the net know. Each time the message must stand in the state and with the
// reason that the operator needs, come after the mending unless it may have come already,
// and no credential may be in anything the program writes.
func TestEveryFailureOnEveryRoad(t *testing.T) {
	for _, r := range ways() {
		t.Run(r.name, func(t *testing.T) {
			env := []string{"DUBAN_PLATFORM_TIMEOUT=300ms", "DUBAN_ADMIN_TOKEN=" + metricsToken, "DUBAN_DINGTALK_AGENT_ID=3001", "DUBAN_DINGTALK_WEBHOOKS=hook=" + hookToken + "|" + hookSecret}
			play := onSQLite // no database knows why a platform refuses
			if r.column == atDingTalk && !r.file && r.group == "" {
				play = each
			}
			play(t, setup{env: env}, func(w *world) {
				inner, hits := innerService(t)
				w.ready(r)
				for _, kind := range []notice.Kind{notice.WorkUpdate, notice.Emergency} {
					for _, f := range failures(inner) {
						if r.file && kind == notice.Emergency || f.onToken && r.token == "" {
							continue
						}
						w.fails(r, f, kind)
					}
				}
				if n := hits.Load(); n > 0 {
					t.Errorf("%d requests followed a redirect to an inner address", n)
				}
				w.nothingLeaked()
				w.logs.Reset() // refusals are logged as errors, as they should be
			})
		})
	}
}

// fails plays one failure of one road.
func (w *world) fails(r way, f failure, kind notice.Kind) {
	w.t.Helper()
	name := fmt.Sprintf("%s, %s", f.name, kind)
	text := "测试：" + name
	f.play(w, r)
	id := w.dispatch(r, kind, text)
	w.settle()
	wantState, wantReason := f.want(r)
	if wantState == store.MsgUnknown && kind == notice.Emergency {
		wantState = store.MsgQueued // rather twice than not at all
	}
	w.same(name+": at first", w.query(fmt.Sprintf("SELECT CONCAT(state, ' ', reason) FROM messages WHERE id = %d", id)), wantState+" "+wantReason)
	f.mend(w, r)
	w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(quarter)))
	if got, want := w.seen(r, text), f.arrivals(r, kind); got != want {
		w.t.Errorf("%s: seen %d times, want %d", name, got, want)
	}
	end := store.MsgSent
	if wantState == store.MsgUnknown || wantState == store.MsgFailed {
		end = wantState
	}
	w.same(name+": in the end", w.query(fmt.Sprintf("SELECT state FROM messages WHERE id = %d", id)), end)
}
