package scenario

import (
	"fmt"
	"testing"

	"duban/internal/app"
	"duban/internal/notice"
	simdingtalk "duban/internal/sim/dingtalk"
)

// Whom DingTalk's robot cannot write to is told by a work notification, where the app has
// its number; the operator can see whether it was read, and take it back.
func TestAWorkNotificationInThePlaceOfTheRobot(t *testing.T) {
	env := []string{fmt.Sprint("DUBAN_DINGTALK_AGENT_ID=", simdingtalk.AgentID)}
	each(t, setup{env: env}, func(w *world) {
		person, _ := w.alone("dingtalk")
		r := wayOf("dingtalk person")
		w.stage.DingTalk.Fail(r.send, 1, simdingtalk.Fault{Code: "robot.oto.notExist", Message: "no chat"})
		w.dispatch(r, notice.WorkUpdate, "22-14 请今天签收。")
		w.settle()
		w.expect(said{"work", person, "22-14 请今天签收。\n（09:30 发，机器人发不到您，请告诉局办公室）"})
		w.same("the robot's", w.query("SELECT CONCAT(state, ' ', reason, ' ', code) FROM messages WHERE platform = 'dingtalk'"), "failed no_private_chat robot.oto.notExist")
		var id int64
		_, err := fmt.Sscan(w.query("SELECT id FROM messages WHERE platform = 'work/dingtalk' AND state = 'sent'"), &id)
		w.ok(err)
		w.same("read", w.readers(id), "本人未读")
		w.same("taken back", w.takeBack(app.Recall{IDs: []int64{id}}), fmt.Sprintf("%d  已撤回（1 人）", id))
	})
}

// What is dropped without a word is found when somebody asks.
func TestAWorkNotificationThatWasDropped(t *testing.T) {
	env := []string{fmt.Sprint("DUBAN_DINGTALK_AGENT_ID=", simdingtalk.AgentID)}
	each(t, setup{env: env}, func(w *world) {
		r := wayOf("dingtalk work notification")

		w.dispatch(r, notice.WorkUpdate, "同样的话")
		w.settle()
		_, err := w.db().ExecContext(w.ctx, "UPDATE messages SET dedupe_key = 'first'")
		w.ok(err)
		second := w.dispatch(r, notice.WorkUpdate, "同样的话")
		w.settle()
		w.same("seen", fmt.Sprint(w.seen(r, "同样的话")), "1")
		w.same("asked for", w.readers(second), "工作通知当天的条数用完了，或同样的话当天已发过（错误码 143106）。明天自动恢复。")
	})
}

// Without the app's number everything is as before: the office hears of it.
func TestNoWorkNotificationByDefault(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		r := wayOf("dingtalk person")
		w.stage.DingTalk.Fail(r.send, 1, simdingtalk.Fault{Code: "robot.oto.notExist"})
		w.dispatch(r, notice.WorkUpdate, "x")
		w.settle()
		w.expect()
		w.same("the office hears in the morning", w.query("SELECT MIN(urgency) FROM notices WHERE dedupe_key LIKE 'undelivered:%'"), "merged")
	})
}
