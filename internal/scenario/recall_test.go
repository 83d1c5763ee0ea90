package scenario

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"duban/internal/app"
	"duban/internal/errs"
	"duban/internal/notice"
	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
)

// take back is what the operator reads when messages are recalled.
func (w *world) takeBack(r app.Recall) string {
	w.t.Helper()
	var lines []string
	w.ok(app.RecallMessages(w.ctx, w.config(), r, func(line string) { lines = append(lines, line) }))
	return strings.Join(lines, "\n")
}

func (w *world) readers(id int64) string {
	w.t.Helper()
	var lines []string
	if err := app.ReadersOf(w.ctx, w.config(), id, func(line string) { lines = append(lines, line) }); err != nil {
		return errs.Say(err)
	}
	return strings.Join(lines, "\n")
}

func TestAMessageIsTakenBack(t *testing.T) {
	for _, r := range []way{wayOf("wecom app"), wayOf("dingtalk person"), wayOf("dingtalk group")} {
		t.Run(r.name, func(t *testing.T) {
			each(t, setup{}, func(w *world) {
				id := w.dispatch(r, notice.WorkUpdate, "发错了")
				w.settle()
				w.same("seen", fmt.Sprint(w.seen(r, "发错了")), "1")
				key := w.query(fmt.Sprintf("SELECT platform_id FROM messages WHERE id = %d", id))
				one := app.Recall{IDs: []int64{id}}
				w.same("recalled", w.takeBack(one), fmt.Sprintf("%d  已撤回（1 人）", id))
				if !w.stage.WeCom.Recalled(key) && !w.stage.DingTalk.Recalled(key) {
					t.Error("the platform still shows it")
				}
				w.same("row", w.query(fmt.Sprintf("SELECT CONCAT(state, ' ', reason) FROM messages WHERE id = %d", id)), "recalled recalled")
				w.same("again", w.takeBack(one), fmt.Sprintf("%d  没有撤回：这条消息没有发到平台，或已经撤回。", id))
				if got := w.shown(notice.WorkUpdate); !strings.Contains(got, "没送到：管理员撤回了") {
					t.Errorf("shown:\n%s", got)
				}
			})
		})
	}
}

func TestWhatCannotBeTakenBack(t *testing.T) {
	each(t, setup{}, func(w *world) {
		person, group := w.dispatch(wayOf("wecom app"), notice.WorkUpdate, "一"), w.dispatch(wayOf("wecom group robot"), notice.WorkUpdate, "二")
		w.settle()
		w.take()
		w.same("a group robot's", w.takeBack(app.Recall{IDs: []int64{group}}), fmt.Sprintf("%d  没有撤回：平台没有给这条消息编号（群机器人和会话里的回答没有编号），只能请群主在群里删。", group))
		w.same("none", w.takeBack(app.Recall{IDs: []int64{4711}}), "4711  没有撤回：没有这条消息，请用 duban messages list 查编号。")
		w.stage.WeCom.Fail("/cgi-bin/message/recall", 1, simwecom.Fault{ErrCode: 60020, ErrMsg: "from ip: 203.0.113.9"})
		if got := w.takeBack(app.Recall{IDs: []int64{person}}); !strings.Contains(got, "203.0.113.9") {
			t.Errorf("refused: %s", got)
		}
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(25*time.Hour)))
		w.take()
		w.env = append(w.env, "DUBAN_DEV_NOW="+w.clock.Now().Format(time.RFC3339))
		w.same("too late", w.takeBack(app.Recall{IDs: []int64{person}}), fmt.Sprintf("%d  没有撤回：超过 24 小时，平台不让了。", person))
	})
}

// What one call brought to several people can only be taken back from all of them.
func TestManyAreTakenBackTogether(t *testing.T) {
	each(t, setup{}, func(w *world) {
		w.broadcast(notice.WorkUpdate, sameWords, w.onWeCom(3)...)
		w.settle()
		w.take()
		var id int64
		_, err := fmt.Sscan(w.query("SELECT MIN(id) FROM messages WHERE kind = 'work_update'"), &id)
		w.ok(err)
		w.same("one of three", w.takeBack(app.Recall{IDs: []int64{id}}), fmt.Sprintf("%d  没有撤回：这条和另外 2 人的是一次发出的，平台只能一起撤回；要一起撤回请加 --together。", id))
		w.same("all", w.takeBack(app.Recall{IDs: []int64{id}, Together: true}), fmt.Sprintf("%d  已撤回（3 人）", id))
		w.same("rows", w.query("SELECT COUNT(*) FROM messages WHERE state = 'recalled'"), "3")
	})
}

func TestWhoHasReadIt(t *testing.T) {
	each(t, setup{}, func(w *world) {
		private, group := w.dispatch(wayOf("dingtalk person"), notice.WorkUpdate, "一"), w.dispatch(wayOf("dingtalk group"), notice.WorkUpdate, "二")
		wecom := w.dispatch(wayOf("wecom app"), notice.WorkUpdate, "三")
		w.settle()
		w.take()
		w.same("nobody yet", w.readers(private), "本人未读")
		_, user := w.alone("dingtalk")
		w.stage.DingTalk.Open(user, "")
		w.stage.DingTalk.Open("somebody", "cid-demo-anquan")
		w.same("read", w.readers(private), "本人已读")
		w.same("in the group", w.readers(group), "群里已读 1 人")
		w.same("on WeCom", w.readers(wecom), "企业微信不告诉应用谁读了消息，钉钉才有。")
		w.stage.DingTalk.Fail("/v1.0/robot/oToMessages/readStatus", 1, simdingtalk.Fault{Code: "system.error", Status: 500})
		w.same("busy", w.readers(private), "钉钉一时忙（错误码 system.error）。")
	})
}
