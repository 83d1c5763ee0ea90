package scenario

import (
	"errors"
	"strings"
	"testing"
	"time"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
	"duban/seeds"
)

func (w *world) accounts(person string) string {
	w.t.Helper()
	return w.query("SELECT COUNT(*) FROM accounts WHERE person_id = '" + person + "'")
}

// member has WeCom tell of a change of contacts.
func (w *world) member(in simwecom.Incoming) {
	w.t.Helper()
	if in.Change != "" {
		in.Event = "change_contact"
	}
	d, err := w.stage.WeCom.Deliver(w.ctx, w.stage.WeComCallback(), in)
	w.ok(err)
	if d.Reply != nil && in.Event != "subscribe" {
		w.t.Errorf("an event about %s was answered: %s", in.User, d.Reply.Text)
	}
}

const stranger = "请发：绑定"

// Who leaves the organisation on DingTalk loses access at once, whatever road the event
// takes and however often it comes; what was done stays, and the office is told.
func TestWhoLeavesDingTalk(t *testing.T) {
	for name, stream := range map[string]bool{"over HTTP": false, "over the stream": true} {
		t.Run(name, func(t *testing.T) {
			each(t, setup{stream: stream}, func(w *world) {
				tell := func(e simdingtalk.Event) {
					t.Helper()
					if stream {
						w.ok(w.stage.DingTalk.StreamEvent(w.ctx, e))
						return
					}
					w.ok(w.stage.DingTalk.DeliverEvent(w.ctx, w.stage.DingTalkEventCallback(), e))
				}
				said := func(text string) string {
					t.Helper()
					if stream {
						return w.answered("shimatou-aq", stage.Line{Text: text})
					}
					return w.dingtalk("shimatou-aq", text)
				}
				if stream {
					w.connected(1)
				} else {
					w.ok(w.stage.DingTalk.CheckURL(w.ctx, w.stage.DingTalkEventCallback()))
				}
				if got := said("操场篮球架晃动"); !strings.Contains(got, "已登记 YH-2025-0001") {
					t.Fatalf("not filed: %s", got)
				}
				w.settle()
				w.take()
				for _, kind := range []string{"user_modify_org", "org_dept_modify"} {
					tell(simdingtalk.Event{Type: kind, Users: []string{"shimatou-aq"}, Depts: []int64{7}})
				}
				w.same("renamed", w.accounts("shimatou-aq"), "1")

				w.stage.DingTalk.Leave("shimatou-aq")
				tell(simdingtalk.Event{ID: "left", Type: "user_leave_org", Users: []string{"shimatou-aq"}, Times: 3})
				w.same("accounts", w.accounts("shimatou-aq"), "0")
				w.same("history of it", w.query("SELECT COUNT(*) FROM journal WHERE action = 'contact_left'"), "1")
				w.same("what was filed", w.query("SELECT COUNT(*) FROM hazards WHERE reporter = 'shimatou-aq'"), "1")
				w.settle()
				all := w.take()
				text := "石码头小学安全专干已离开钉钉组织或应用的可见范围，账号已停用，办过的记录都在。\n" +
					"石码头小学还有 14 项任务没有办结、1 处隐患没有销号。\n请定接手人：本人仍在岗请管理员核对可见范围，换人请改名册里的任职。"
				for _, reader := range []string{"ban-zhuren", "ban-ducha", "anquan-guzhang"} {
					if got := to(all, reader); len(got) != 1 || got[0] != text {
						t.Errorf("%s was told %q", reader, got)
					}
				}
				if got := to(all, "shimatou-aq"); len(got) > 0 {
					t.Errorf("who left was told %q", got)
				}

				// Somebody comes back, is bound anew, and the old event comes once more under another id.
				w.stage.DingTalk.Join(simdingtalk.User{ID: "shimatou-aq", Name: "石码头小学安全专干"})
				left := w.clock.Now()
				w.clock.Set(w.clock.Now().Add(time.Hour))
				tell(simdingtalk.Event{Type: "user_add_org", Users: []string{"shimatou-aq"}})
				w.same("came back", w.accounts("shimatou-aq"), "0")
				said("绑定 石码头小学安全专干 石码头小学")
				w.settle()
				w.take()
				w.wecom("ban-ducha", "同意绑定 1")
				w.settle()
				w.take()
				tell(simdingtalk.Event{Type: "user_leave_org", Users: []string{"shimatou-aq"}, At: left})
				w.same("bound anew", w.accounts("shimatou-aq"), "1")
				if got := said("1"); strings.Contains(got, stranger) {
					t.Errorf("bound anew: %s", got)
				}
				w.settle()
				w.take()
			})
		})
	}
}

// A forged event, one of another organisation and one that cannot be stored.
func TestEventsThatAreNotTaken(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		address := w.stage.DingTalkEventCallback()
		leave := simdingtalk.Event{Type: "user_leave_org", Users: []string{"shimatou-aq"}}
		if err := w.stage.DingTalk.DeliverEvent(w.ctx, address+"x", leave); !errors.Is(err, simdingtalk.ErrPushFailed) {
			t.Errorf("another address: %v", err)
		}
		other, err := stage.Open(&seeds.Set{}, w.clock.Now)
		w.ok(err)
		defer other.Close()
		if err := other.DingTalk.DeliverEvent(w.ctx, address, leave); !errors.Is(err, simdingtalk.ErrPushFailed) {
			t.Errorf("forged: %v", err)
		}
		leave.Corp = "dingsomebodyelse"
		w.ok(w.stage.DingTalk.DeliverEvent(w.ctx, address, leave))
		w.same("accounts", w.accounts("shimatou-aq"), "1")
	})
}

// On WeCom an app hears who enters and leaves what it may see, and some apps hear all.
func TestWhoLeavesWeCom(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.member(simwecom.Incoming{User: "wenchang-jia", Event: "unsubscribe"})
		w.same("hidden", w.accounts("wenchang-jia"), "0")
		w.clock.Set(w.clock.Now().Add(time.Minute))
		w.member(simwecom.Incoming{User: "wenchang-jia", Event: "subscribe"})
		w.same("shown again", w.accounts("wenchang-jia"), "1")
		w.member(simwecom.Incoming{User: "wenchang-jia", Event: "unsubscribe", At: w.clock.Now().Add(-30 * time.Second)})
		w.same("an older event comes late", w.accounts("wenchang-jia"), "1")

		w.member(simwecom.Incoming{User: "Wenchang-XZ", Change: "delete_user"})
		w.same("deleted", w.accounts("wenchang-xz"), "0")
		if got := w.wecom("wenchang-xz", "我的任务"); !strings.Contains(got, stranger) {
			t.Errorf("still has access: %s", got)
		}
		w.clock.Set(w.clock.Now().Add(time.Minute))
		w.member(simwecom.Incoming{User: "wenchang-xz", Change: "create_user"})
		w.same("somebody with the same id", w.accounts("wenchang-xz"), "0")
		w.settle()
		if got := to(w.take(), "ban-ducha"); len(got) != 1 || !strings.Contains(got[0], "文昌中学校长已离开企业微信组织") {
			t.Errorf("the office was told %q", got)
		}
	})
}

// Who gets another user id keeps everything: rights, the open conversation and what is
// about to be sent, also when the events come in the wrong order.
func TestAnotherUserID(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.wecom("wenchang-xz", "我的任务")
		for range 2 {
			w.member(simwecom.Incoming{User: "wenchang-xz", Change: "update_user", NewUserID: "Wang.Xiaozhang"})
		}
		w.same("accounts", w.query("SELECT user_id FROM accounts WHERE person_id = 'wenchang-xz'"), "wang.xiaozhang")
		w.same("told once", w.query("SELECT COUNT(*) FROM journal WHERE action = 'contact_renumbered'"), "1")
		got := w.line("wenchang-xz", stage.Line{Platform: bot.WeCom, UserID: "Wang.Xiaozhang", Text: "1 40%"})
		if !strings.HasPrefix(got, "已记下") {
			t.Errorf("the numbered list is gone: %s", got)
		}
		at := w.clock.Now()
		w.clock.Set(w.clock.Now().Add(time.Minute))
		w.member(simwecom.Incoming{User: "aq2", Change: "delete_user"})
		w.member(simwecom.Incoming{User: "wenchang-aq", Change: "update_user", NewUserID: "aq2", At: at})
		w.same("left under the new id, told in the wrong order", w.accounts("wenchang-aq"), "0")
		w.settle()
		w.take()
	})
}
