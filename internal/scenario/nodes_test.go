package scenario

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"duban/bot"
	"duban/internal/hazard"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	"duban/internal/store"
	"duban/internal/testkit"
)

// shared runs a scenario on one MySQL and one real Redis, which several nodes
// can share; where there is none, on SQLite and an in-process server that is
// shared in the same way.
func shared(t *testing.T, o setup, play func(w *world)) {
	t.Helper()
	testkit.EachEmpty(t, func(t *testing.T, dsn string) { play(open(t, dsn, testkit.Redis(t), o)) })
}

// morning is the plan for one morning: who gets a message.
func morning(t *testing.T, w *world, at string) []said {
	t.Helper()
	w.until(at)
	return w.take()
}

// TestTwoNodesSendEachThingOnce lets two nodes with all roles sweep and work at
// once, over and over, and compares with what one node alone sends.
func TestTwoNodesSendEachThingOnce(t *testing.T) {
	const eve, day = "2025-09-14T12:00:00+08:00", "2025-09-15 08:30"
	var want []said
	t.Run("alone", func(t *testing.T) {
		testkit.EachEmpty(t, func(t *testing.T, dsn string) {
			if want == nil {
				want = morning(t, open(t, dsn, "", setup{now: eve}), day)
			}
		})
	})
	if len(want) < 4 {
		t.Fatalf("only %d messages that morning: this proves nothing", len(want))
	}
	shared(t, setup{now: eve, nodes: 2, roles: "web,worker,scheduler"}, func(w *world) {
		for _, at := range []string{"2025-09-15T07:05:00+08:00", "2025-09-15T08:30:00+08:00"} {
			to, err := time.Parse(time.RFC3339, at)
			w.ok(err)
			w.clock.Set(to)
			w.idle()
		}
		got := w.take()
		if !slices.Equal(got, want) {
			t.Errorf("two nodes sent:\n%s\none node sends:\n%s", list(got), list(want))
		}
	})
}

// idle has all nodes sweep at once until nothing is due or on its way any more.
func (w *world) idle() {
	w.t.Helper()
	deadline := time.After(60 * time.Second)
	for {
		var sweeps sync.WaitGroup
		for _, n := range w.nodes {
			for range 3 {
				sweeps.Go(func() {
					if err := n.Sweep(w.ctx); err != nil {
						w.t.Errorf("sweep: %v", err)
					}
				})
			}
		}
		sweeps.Wait()
		if w.nothingDue() {
			return
		}
		select {
		case <-w.news:
		case <-time.After(20 * time.Millisecond): // a task may end without a message
		case <-deadline:
			w.t.Fatal("work does not come to an end")
		}
	}
}

// nothingDue looks at the rows: nothing due, nothing being sent.
func (w *world) nothingDue() bool {
	w.t.Helper()
	now := w.clock.Now()
	tx := w.store().Read(w.ctx)
	busy, err := tx.AnyChaseDue(w.ctx, now)
	w.ok(err)
	people, err := tx.Recipients(w.ctx, now, 1)
	w.ok(err)
	alarms, err := tx.DueResponses(w.ctx, now, 1)
	w.ok(err)
	open := w.query("SELECT COUNT(*) FROM messages WHERE state IN ('queued','sending')")
	files, err := tx.DueFiles(w.ctx, now, 1)
	w.ok(err)
	return !busy && len(alarms) == 0 && len(people) == 0 && open == "0" && len(files) == 0
}

func TestFlushingRedisLosesNothing(t *testing.T) {
	shared(t, setup{now: "2025-09-14T12:00:00+08:00", roles: "web"}, func(w *world) {
		// No worker runs, so everything that is due waits in Redis and dies there.
		w.clock.Set(time.Date(2025, 9, 15, 0, 30, 0, 0, time.UTC)) // 08:30 in Shanghai
		w.ok(w.nodes[0].Sweep(w.ctx))
		w.wecom("wenchang-jia", "上报隐患 配电房门没锁", photo(9))
		w.flush()
		w.stop(w.nodes[0])
		w.expect()
		w.env = append(w.env, "DUBAN_SERVER_ROLES=web,worker,scheduler")
		w.node()
		w.idle()
		all := w.take()
		if len(to(all, "wenchang-aq")) == 0 {
			t.Errorf("the officer never heard of the hazard:\n%s", list(all))
		}
		if len(to(all, "anquan-guzhang")) != 1 {
			t.Errorf("the chief's morning message was lost or doubled:\n%s", list(all))
		}
		w.stored("wenchang-jia", 1)
		w.flush()
		w.idle()
		w.expect() // and nothing is sent twice because of it
	})
}

func TestManyRedeliveriesAtOnceActOnce(t *testing.T) {
	shared(t, setup{nodes: 2, roles: "web"}, func(w *world) {
		var calls sync.WaitGroup
		answers := make([]string, 8)
		for i := range answers {
			calls.Go(func() {
				answers[i], _ = w.stage.Say(w.ctx, stage.Line{Platform: bot.DingTalk, UserID: "shimatou-aq", Text: "上报隐患 操场看台栏杆松动", MsgID: "once"})
			})
		}
		calls.Wait()
		for i, a := range answers {
			if a != answers[0] || a == "" {
				t.Errorf("answer %d differs:\n%s\nfirst:\n%s", i, a, answers[0])
			}
		}
		list, err := w.store().Read(w.ctx).Hazards(w.ctx, hazard.Filter{Reporter: "shimatou-aq"})
		w.ok(err)
		if len(list) != 1 || list[0].Seq != 1 {
			t.Errorf("%d hazards, want one with number 1", len(list))
		}
		w.settle()
		if got := w.query("SELECT COUNT(*) FROM messages WHERE person_id = 'shimatou-xz'"); got != "1" && got != "0" {
			t.Errorf("%s messages about it", got)
		}
		w.take()
	})
}

// TestACrashWhileSending leaves a message claimed, as a killed process would, and
// looks at what happens when the claim runs out.
func TestACrashWhileSending(t *testing.T) {
	for kind, again := range map[string]bool{"morning": false, "digest": false, "emergency": true, "new_hazard": true} {
		t.Run(kind, func(t *testing.T) {
			each(t, setup{}, func(w *world) {
				now := w.clock.Now()
				w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
					id, err := tx.AddMessage(w.ctx, store.Message{Key: "k", Kind: "x", PersonID: "wenchang-xz", Platform: "wecom", Address: "wenchang-xz",
						Text: "测试", State: store.MsgQueued, NextAt: now, Created: now})
					if err != nil {
						return err
					}
					_, err = tx.ClaimMessages(w.ctx, now, now.Add(2*time.Minute), id)
					return err
				}))
				_, err := w.db().ExecContext(w.ctx, fmt.Sprintf("UPDATE messages SET kind = '%s'", kind))
				w.ok(err)
				w.settle()
				w.expect() // somebody else may still be at it
				w.ok(w.nodes[0].Advance(w.ctx, now.Add(3*time.Minute)))
				state := w.query("SELECT state FROM messages")
				if again {
					w.expect(said{"push", "wenchang-xz", "测试"})
					w.same("state", state, store.MsgSent)
				} else {
					w.expect()
					w.same("state", state, store.MsgUnknown)
				}
			})
		})
	}
}

// flush empties Redis, as an operator's FLUSHALL would.
func (w *world) flush() {
	w.t.Helper()
	for _, e := range w.env {
		address, ok := strings.CutPrefix(e, "DUBAN_REDIS_URL=")
		if !ok || address == "" {
			continue
		}
		o, err := redis.ParseURL(address)
		w.ok(err)
		c := redis.NewClient(o)
		w.ok(c.FlushDB(w.ctx).Err())
		w.ok(c.Close())
	}
}

// await waits for something that other goroutines bring about.
func (w *world) await(done func() bool) {
	w.t.Helper()
	deadline := time.After(60 * time.Second)
	for !done() {
		select {
		case <-w.news:
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			w.t.Fatal("it never came to that")
		}
	}
}

// Two processes hold a connection each. A message that both are handed acts once, and
// one of them may go.
func TestTwoNodesShareTheStream(t *testing.T) {
	shared(t, setup{stream: true, nodes: 2}, func(w *world) {
		w.connected(2)
		id, _ := w.stage.UserID("shimatou-aq", bot.DingTalk)
		w.ok(w.stage.DingTalk.DeliverStream(w.ctx, simdingtalk.Incoming{UserID: id, Text: "操场篮球架晃动", MsgID: "m1", Times: 4}))
		w.settle()
		w.same("hazards", w.query("SELECT COUNT(*) FROM hazards"), "1")
		answers := 0
		for _, s := range w.take() {
			if s.Road == "answer" {
				answers++
			}
		}
		if answers != 1 {
			t.Errorf("%d answers to one message", answers)
		}
		w.stop(w.nodes[0])
		w.connected(1)
		if got := w.answered("shimatou-aq", stage.Line{Text: "我的任务"}); got == "" {
			t.Error("no answer from the node that is left")
		}
	})
}
