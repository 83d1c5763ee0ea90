package scenario

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/notice"
	simwecom "duban/internal/sim/wecom"
	"duban/internal/store"
)

// broadcast tells several people the same, as the domain would.
func (w *world) broadcast(kind notice.Kind, text string, people ...string) {
	w.t.Helper()
	now := w.clock.Now()
	var list []notice.Notice
	for _, p := range people {
		list = append(list, notice.Notice{Kind: kind, Urgency: notice.Prompt, PersonID: p, NotBefore: now, CreatedAt: now, Text: text,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("test:%s:%s", kind, p)})
	}
	w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
		_, err := tx.AddNotices(w.ctx, list)
		return err
	}))
}

// calls counts the calls that brought the text to people on WeCom.
func (w *world) calls(text string) int {
	ids := map[string]bool{}
	for _, m := range w.stage.WeCom.Sent() {
		if strings.Contains(m.Text, text) {
			ids[m.MsgID] = true
		}
	}
	return len(ids)
}

// onWeCom returns people who are written to on WeCom.
func (w *world) onWeCom(n int) (people []string) {
	w.t.Helper()
	rows, err := w.db().QueryContext(w.ctx, `SELECT person_id FROM accounts GROUP BY person_id HAVING COUNT(*) = 1 AND MIN(platform) = 'wecom' ORDER BY person_id`)
	w.ok(err)
	defer rows.Close()
	for rows.Next() && len(people) < n {
		var p string
		w.ok(rows.Scan(&p))
		people = append(people, p)
	}
	if len(people) < n {
		w.t.Fatalf("only %d people on WeCom", len(people))
	}
	return people
}

const sameWords = "明天下午三点全体安全专干开会。"

func TestTheSameWordsLeaveWithOneCall(t *testing.T) {
	each(t, setup{}, func(w *world) {
		people := w.onWeCom(3)
		w.broadcast(notice.WorkUpdate, sameWords, people...)
		w.settle()
		all := w.take()
		for _, p := range people {
			if got := to(all, p); len(got) != 1 || !strings.Contains(got[0], sameWords) {
				t.Errorf("%s got %q", p, got)
			}
		}
		if got := w.calls(sameWords); got != 1 {
			t.Errorf("%d calls, want 1", got)
		}
		w.same("sent", w.query("SELECT COUNT(*) FROM messages WHERE state = 'sent' AND platform_id <> '' AND attempts = 1"), "3")
	})
}

func TestOneOfManyWhoCannotBeReached(t *testing.T) {
	each(t, setup{}, func(w *world) {
		people := w.onWeCom(3)
		id, _ := w.stage.UserID(people[1], bot.WeCom)
		w.settle() // what the night looks after is done for today
		w.stage.WeCom.RemoveUser(id)
		w.broadcast(notice.WorkUpdate, sameWords, people...)
		w.settle()
		all := w.take()
		if len(to(all, people[0])) != 1 || len(to(all, people[2])) != 1 || len(to(all, people[1])) != 0 {
			t.Errorf("got:\n%s", list(all))
		}
		w.same("the one", w.query("SELECT CONCAT(state, ' ', reason) FROM messages WHERE person_id = '"+people[1]+"' AND kind = 'work_update'"), "failed invalid_user")
		w.same("the others", w.query("SELECT COUNT(*) FROM messages WHERE state = 'sent' AND kind = 'work_update'"), "2")
	})
}

// What an unclear end means is decided by kind, for each of those concerned.
func TestManyInDoubt(t *testing.T) {
	for name, c := range map[string]struct {
		kind  notice.Kind
		fault simwecom.Fault
		state string // at first
		calls int    // in the end
	}{
		"not taken: tried again together":       {notice.WorkUpdate, simwecom.Fault{ErrCode: -1}, store.MsgQueued, 1},
		"an ordinary message: at most once":     {notice.WorkUpdate, simwecom.Fault{DropAfter: true}, store.MsgUnknown, 1},
		"an escalation: at least once":          {notice.Escalation, simwecom.Fault{DropBefore: true}, store.MsgQueued, 1},
		"an escalation that had arrived is one": {notice.Escalation, simwecom.Fault{DropAfter: true}, store.MsgQueued, 1},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, setup{}, func(w *world) {
				people := w.onWeCom(3)
				w.stage.WeCom.Fail(wecomSend, 1, c.fault)
				w.broadcast(c.kind, sameWords, people...)
				w.settle()
				w.same("state", w.query("SELECT COUNT(*) FROM messages WHERE state = '"+c.state+"'"), "3")
				w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(time.Hour)))
				all := w.take()
				for _, p := range people {
					if got := to(all, p); len(got) != 1 {
						t.Errorf("%s got it %d times, want once", p, len(got))
					}
				}
				if got := w.calls(sameWords); got != c.calls {
					t.Errorf("%d calls reached people, want %d", got, c.calls)
				}
			})
		})
	}
}

// A worker that dies while it sends to many leaves all of them in doubt.
func TestManyLeftByACrash(t *testing.T) {
	for kind, want := range map[notice.Kind]string{notice.WorkUpdate: "unknown crash", notice.Escalation: "sent "} {
		t.Run(string(kind), func(t *testing.T) {
			each(t, setup{}, func(w *world) {
				people := w.onWeCom(3)
				w.stage.WeCom.Fail(wecomSend, 1, simwecom.Fault{ErrCode: -1})
				w.broadcast(kind, sameWords, people...)
				w.settle()
				_, err := w.db().ExecContext(w.ctx, "UPDATE messages SET state = 'sending', reason = ''")
				w.ok(err)
				w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(time.Hour)))
				w.take()
				w.same("fates", w.query("SELECT COUNT(*) FROM messages WHERE CONCAT(state, ' ', reason) = '"+want+"'"), "3")
			})
		})
	}
}
