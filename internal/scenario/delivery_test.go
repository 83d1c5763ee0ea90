package scenario

import (
	"strings"
	"testing"
	"time"

	simwecom "duban/internal/sim/wecom"
	"duban/internal/store"
)

const wecomSend = "/cgi-bin/message/send"

// told queues a message of a kind to a person, as the domain would.
func (w *world) told(kind, person, text string) {
	w.t.Helper()
	now := w.clock.Now()
	id, _ := w.stage.UserID(person, "wecom")
	w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
		_, err := tx.AddMessage(w.ctx, store.Message{Key: "test:" + kind + "@wecom", Kind: "answer", PersonID: person, Platform: "wecom", Address: id,
			Text: text, State: store.MsgQueued, NextAt: now, Created: now})
		return err
	}))
	_, err := w.db().ExecContext(w.ctx, "UPDATE messages SET kind = '"+kind+"' WHERE kind = 'answer'")
	w.ok(err)
}

func TestAMessageThatCannotArriveTakesAnotherRoad(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.settle()                                 // what the night looks after is done for today
		w.stage.WeCom.RemoveUser("anquan-guzhang") // still reachable on DingTalk
		w.stage.WeCom.RemoveUser("wenchang-aq")    // reachable nowhere
		w.wecom("wenchang-jia", "上报隐患 配电房门没锁")
		w.settle()
		all := w.take()
		if got := to(all, "ban-zhuren"); len(got) != 1 || !strings.Contains(got[0], "文昌中学安全专干") || !strings.Contains(got[0], "没有送达") {
			t.Errorf("the office does not know who cannot be reached:\n%s", list(all))
		}
		w.until("2025-09-11 08:30")
		all = w.take()
		if got := to(all, "anquan-guzhang"); len(got) != 1 || !strings.Contains(got[0], "YH-2025-0001") {
			t.Errorf("the chief did not get the message on the other platform:\n%s", list(all))
		}
		if state := w.query("SELECT reason FROM messages WHERE person_id = 'wenchang-aq' AND state = 'failed' AND kind = 'new_hazard'"); state == "" {
			t.Error("the failure has no reason")
		}
	})
}

func TestWhatAFailedSendMeans(t *testing.T) {
	for name, c := range map[string]struct {
		kind  string
		fault simwecom.Fault
		sent  int    // in the end
		state string // at first
	}{
		"not taken: tried again":                             {"morning", simwecom.Fault{ErrCode: -1, ErrMsg: "system busy"}, 1, store.MsgQueued},
		"a gateway's error: it may have arrived, so no more": {"morning", simwecom.Fault{DropAfter: true}, 1, store.MsgUnknown},
		// It is sent again; the platform knows it for the same and shows it once.
		"an emergency in doubt is sent again": {"emergency", simwecom.Fault{DropAfter: true}, 1, store.MsgQueued},
		"too fast: the window is waited for":  {"morning", simwecom.Fault{ErrCode: 45009, ErrMsg: "freq out of limit"}, 1, store.MsgQueued},
		"a dead token is renewed at once":     {"morning", simwecom.Fault{ErrCode: 42001, ErrMsg: "expired"}, 1, store.MsgSent},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, setup{}, func(w *world) {
				w.stage.WeCom.Fail(wecomSend, 1, c.fault)
				w.told(c.kind, "wenchang-xz", "测试")
				w.settle()
				w.same("state", w.query("SELECT state FROM messages WHERE person_id = 'wenchang-xz'"), c.state)
				w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(2*time.Hour)))
				if got := to(w.take(), "wenchang-xz"); len(got) != c.sent {
					t.Errorf("arrived %d times, want %d", len(got), c.sent)
				}
			})
		})
	}
}

func TestAMorningMessageThatNeverLeftIsToldTheNextDay(t *testing.T) {
	each(t, setup{now: "2025-09-10T18:00:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		w.stage.DingTalk.ExhaustAPI() // refuses all sends
		w.until("2025-09-11 23:00")
		if got := to(w.take(), "shimatou-aq"); len(got) != 0 {
			t.Fatalf("it left: %q", got)
		}
		// What the message told waits again, and is told if it is still true.
		if got := w.query("SELECT COUNT(*) FROM notices WHERE person_id = 'shimatou-aq' AND state = 'pending'"); got == "0" {
			t.Error("what was never told is lost")
		}
		w.logs.Reset() // the operator was alarmed
	})
}

func TestHoldersOfNoAccountAreNotForgotten(t *testing.T) {
	each(t, setup{}, func(w *world) {
		_, err := w.db().ExecContext(w.ctx, "DELETE FROM accounts WHERE person_id IN ('wenchang-aq', 'wenchang-xz')")
		w.ok(err)
		w.wecom("wenchang-jia", "教学楼着火了")
		w.settle()
		all := w.take()
		if got := strings.Join(to(all, "ban-zhuren"), "\n"); !strings.Contains(got, "未送达") || !strings.Contains(got, "文昌中学校长") {
			t.Errorf("nobody hears that the head could not be told:\n%s", list(all))
		}
	})
}

// TestOneBadRoundDoesNotSilenceEverybody damages the policy of one round, so that
// its step can never be taken.
func TestOneBadRoundDoesNotSilenceEverybody(t *testing.T) {
	each(t, setup{now: "2025-09-10T18:00:00+08:00"}, func(w *world) {
		w.settle()
		w.take()
		_, err := w.db().ExecContext(w.ctx, "UPDATE chases SET policy_version = 99, next_at = 1757500000000 WHERE id = (SELECT id FROM (SELECT MIN(id) AS id FROM chases) x)")
		w.ok(err)
		w.until("2025-09-11 08:30")
		w.until("2025-09-11 10:00")
		if got := to(w.take(), "shimatou-aq"); len(got) != 1 {
			t.Errorf("the morning message of somebody else: %q", got)
		}
	})
}
