package scenario

import (
	"strings"
	"testing"

	"duban/bot/wecom"
	"duban/internal/app"
	"duban/internal/errs"
	simwecom "duban/internal/sim/wecom"
	"duban/internal/store"
)

// A group that WeCom's app makes gets the day's digest; making it again finds it.
func TestAGroupOfTheAppsOwn(t *testing.T) {
	each(t, setup{}, func(w *world) {
		var lines []string
		say := func(line string) { lines = append(lines, line) }
		var members []string
		for _, p := range w.onWeCom(3) {
			id, _ := w.stage.UserID(p, "wecom")
			members = append(members, id)
		}
		make := func() string {
			err := app.CreateChat(w.ctx, w.config(), "g-xiaozhang", app.ChatSettings{Name: "校长群", Add: members}, say)
			if err != nil {
				return errs.Say(err)
			}
			return ""
		}
		w.stage.WeCom.Narrow(true)
		w.same("a narrow range", make(), "应用没有这个接口的权限（错误码 48002）。请到管理后台“应用管理 → 本应用”核对权限；建群和往应用群里发消息要求可见范围是整个企业。")
		w.stage.WeCom.Narrow(false)
		w.stage.WeCom.Fail("/cgi-bin/appchat/create", 1, simwecom.Fault{DropAfter: true})
		w.same("an answer lost", make(), "群的名称要 1 到 50 个字，成员 2 到 2000 人；或者平台没有回话，请再试一次。")
		w.same("again", make(), "")
		id := wecom.ChatID("g-xiaozhang")
		if !strings.Contains(strings.Join(lines, "\n"), "via: conversation, ref: "+id) {
			t.Errorf("said %q", lines)
		}
		lines = nil
		w.ok(app.UpdateChat(w.ctx, w.config(), "g-xiaozhang", app.ChatSettings{Name: "校长工作群", Owner: members[0], Remove: members[2:]}, say))
		w.ok(app.ShowChat(w.ctx, w.config(), id, say))
		w.same("changed", lines[1], id+"  校长工作群  群主 "+members[0]+"  2 人")

		_, err := w.db().ExecContext(w.ctx, "UPDATE chat_groups SET webhook = '', chat_id = '"+id+"' WHERE id = 'demo-wecom'")
		w.ok(err)
		w.until("2025-09-10 17:30")
		digest := to(w.take(), id)
		if len(digest) != 1 || !strings.Contains(digest[0], "9月10日 周三") {
			t.Fatalf("the digest: %q", digest)
		}
		w.same("its message", w.query("SELECT state FROM messages WHERE kind = 'digest' AND group_id = 'demo-wecom'"), store.MsgSent)
	})
}
