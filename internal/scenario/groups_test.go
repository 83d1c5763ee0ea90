package scenario

import (
	"strings"
	"testing"

	"duban/internal/app"
	"duban/internal/errs"
)

// What an operator says in a group to see that its robot is set right.
func TestAnOperatorTriesAGroup(t *testing.T) {
	each(t, setup{}, func(w *world) {
		var lines []string
		say := func(line string) { lines = append(lines, line) }
		w.ok(app.ListGroups(w.ctx, w.config(), say))
		w.same("groups", strings.Join(lines, "\n"), "demo-dingtalk  校园安全工作群（演示）  钉钉  应用机器人  发日报\n"+
			"demo-wecom  资阳区教育局督办工作群（演示）  企业微信  群机器人“demo-wecom-group”  发日报")
		send := func(id string, m app.GroupMessage) string {
			if err := app.SendToGroup(w.ctx, w.config(), id, m, say); err != nil {
				return errs.Say(err)
			}
			return ""
		}
		w.same("words", send("demo-wecom", app.GroupMessage{Text: "试发"}), "")
		w.same("words on DingTalk", send("demo-dingtalk", app.GroupMessage{Text: "试发"}), "")
		w.same("a picture", send("demo-wecom", app.GroupMessage{Image: photo(3).Data}), "")
		w.same("a file", send("demo-wecom", app.GroupMessage{FileName: "通知.pdf", File: []byte("%PDF-1.7")}), "")
		w.expect(said{"group", "demo-wecom", "试发"}, said{"group", "cid-demo-anquan", "试发"}, said{"group", "demo-wecom", ""}, said{"group", "demo-wecom", ""})
		w.same("a file on DingTalk", send("demo-dingtalk", app.GroupMessage{Image: photo(3).Data}), "只有企业微信的群机器人能发 Markdown、图片和文件，这个群只能发文字。")
		w.same("nowhere", send("x", app.GroupMessage{Text: "试发"}), "名册里没有这个群，请用 duban groups list 查编号。")
		w.env = append(w.env, "DUBAN_WECOM_WEBHOOKS=demo-wecom-group=gone")
		w.same("a robot that is gone", send("demo-wecom", app.GroupMessage{Text: "试发"}),
			"群机器人的密钥失效、被停用，或已不在群里（错误码 93000）。请在那个群的“群设置 → 消息推送”重新添加，把新密钥写进 DUBAN_WECOM_WEBHOOKS。")
	})
}
