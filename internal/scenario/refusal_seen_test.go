package scenario

import (
	"fmt"
	"strings"
	"testing"

	"duban/internal/app"
	"duban/internal/notice"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
	"duban/internal/store"
)

// findings is what the doctor says of one thing.
func (w *world) finding(name string) string {
	w.t.Helper()
	var lines []string
	app.Doctor(w.ctx, w.config(), func(f app.Finding) {
		if f.Name == name {
			lines = append(lines, fmt.Sprint(f.OK, " ", f.Say))
		}
	})
	return strings.Join(lines, "\n")
}

// shown is what the operator reads of the newest message of a kind.
func (w *world) shown(kind notice.Kind) string {
	w.t.Helper()
	var id int64
	_, err := fmt.Sscan(w.query("SELECT MAX(id) FROM messages WHERE kind = '"+string(kind)+"'"), &id)
	w.ok(err)
	var b strings.Builder
	w.ok(app.ShowMessage(w.ctx, w.config(), id, func(line string) { b.WriteString(line + "\n") }))
	return b.String()
}

// Of several people in one call some are refused: each of them has a state and a reason,
// and the others have their message.
func TestPartOfManyIsRefused(t *testing.T) {
	const wanted = "SELECT COUNT(*) FROM messages WHERE kind = 'work_update' AND CONCAT(state, ' ', reason) = '%s'"
	t.Run("wecom", func(t *testing.T) {
		each(t, setup{}, func(w *world) {
			people := w.onWeCom(3)
			ids := make([]string, 3)
			for i, p := range people {
				ids[i], _ = w.stage.UserID(p, "wecom")
			}
			w.stage.WeCom.RemoveUser(ids[1])
			w.stage.WeCom.Unlicense(ids[2], true)
			w.broadcast(notice.WorkUpdate, sameWords, people...)
			w.settle()
			w.take()
			for _, end := range []string{"sent ", "failed invalid_user", "failed unlicensed_user"} {
				w.same(end, w.query(fmt.Sprintf(wanted, end)), "1")
			}
		})
	})
	t.Run("dingtalk", func(t *testing.T) {
		each(t, setup{}, func(w *world) {
			person, user := w.alone("dingtalk")
			w.stage.DingTalk.FlowControl(user, 1)
			r := wayOf("dingtalk person")
			w.dispatch(r, notice.WorkUpdate, "甲")
			w.settle()
			w.same("throttled", w.query("SELECT CONCAT(state, ' ', reason) FROM messages WHERE person_id = '"+person+"'"), "queued flow_control")
			w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(quarter)))
			w.same("later", fmt.Sprint(w.seen(r, "甲")), "1")
			w.same("sent", w.query("SELECT state FROM messages WHERE person_id = '"+person+"'"), store.MsgSent)
		})
	})
}

// Who looks after the system hears of what only they can mend, with the address that has
// to be typed into the console, from the platform that still works and from the doctor.
func TestAnUntrustedAddressIsTold(t *testing.T) {
	const advice = "服务器的出口地址不在“企业可信 IP”里，一条消息也发不出（错误码 60020）%s。请到管理后台“应用管理 → 本应用 → 企业可信 IP”加上这个地址，约一分钟后生效。"
	each(t, setup{everywhere: true}, func(w *world) {
		w.stage.WeCom.Distrust("203.0.113.9")
		r := wayOf("wecom app")
		for _, text := range []string{"一", "二", "三"} {
			now := w.clock.Now()
			w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
				_, err := tx.AddMessage(w.ctx, store.Message{Key: text, Kind: notice.WorkUpdate, PersonID: "wenchang-xz", Platform: r.platform, Address: "wenchang-xz", Text: text, State: store.MsgQueued, NextAt: now, Created: now})
				return err
			}))
		}
		w.settle()
		named := fmt.Sprintf(advice, "，平台看到的服务器地址是 203.0.113.9")
		w.same("the doctor", w.finding("wecom"), "false "+named)
		if got := w.shown(notice.WorkUpdate); !strings.Contains(got, "queued（ip_not_trusted 60020）") || !strings.Contains(got, fmt.Sprintf(advice, "")) {
			t.Errorf("shown:\n%s", got)
		}
		w.same("alarms", w.query("SELECT COUNT(*) FROM notices WHERE kind = 'alarm' AND dedupe_key LIKE 'refused:%'"), w.query("SELECT COUNT(DISTINCT person_id) FROM notices WHERE dedupe_key LIKE 'refused:%'"))
		w.stage.WeCom.Distrust("")
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(quarter)))
		want := "【发不出消息】9月10日 周三 09:30 起，企业微信不收本系统的消息：" + named + "消息都等着，改好后自动补发。可以用 duban doctor 检查。"
		if got := strings.Join(to(w.take(), "jishu-admin"), "\n"); got != want {
			t.Errorf("the administrator reads:\n%s", got)
		}
		w.same("the doctor afterwards", w.finding("wecom"), "true 凭证有效，能取到 access_token，服务器的地址受信任，应用叫“教育督办”")
		w.logs.Reset()
	})
}

func TestTheDoctorSaysWhereToClick(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		w.stage.WeCom.Fail(wecomToken, 1, simwecom.Fault{ErrCode: 40001})
		w.same("a wrong secret", w.finding("wecom"), "false Secret 不对，或应用被停用（错误码 40001）。请到管理后台“应用管理 → 本应用”重新查看 Secret，改 DUBAN_WECOM_SECRET，并确认应用是启用的。")
		w.stage.WeCom.Fail(wecomToken, 1, simwecom.Fault{Status: 502})
		w.same("the platform away", w.finding("wecom"), "false 连不上企业微信，或它没有回话，请检查服务器的外网和接口地址（DUBAN_WECOM_API_BASE）。")
		w.stage.WeCom.SwitchOff(true)
		w.same("the app switched off", w.finding("wecom"), "false 应用被停用了。请到管理后台“应用管理 → 本应用”点“启用”。")
		w.stage.WeCom.SwitchOff(false)
		w.stage.DingTalk.Fail(dingtalkToken, 1, simdingtalk.Fault{Code: "invalidClientIdOrSecret", Message: "无效的clientId"})
		w.same("DingTalk's secret", w.finding("dingtalk"), "false Client ID 或 Client Secret 不对（错误码 invalidClientIdOrSecret）。请到开放平台“凭证与基础信息”重新抄，改 DUBAN_DINGTALK_CLIENT_ID 和 DUBAN_DINGTALK_CLIENT_SECRET，前后不要带空格。")
		w.stage.DingTalk.Fail(dingtalkToken, 1, simdingtalk.Fault{Code: "Forbidden.AccessDenied.IpNotInWhiteList", Status: 403, Message: "request ip=203.0.113.9"})
		w.same("DingTalk's list", w.finding("dingtalk"), "false 服务器的出口地址不在白名单里（错误码 Forbidden.AccessDenied.IpNotInWhiteList），平台看到的服务器地址是 203.0.113.9。请到开放平台“本应用 → 安全设置 → 服务器出口 IP”加上这个地址。")
	})
}

// TestAnswersByTheSession plays the short road back to a conversation: what is refused there
// goes by the API, and what may have arrived is not said twice.
func TestAnswersByTheSession(t *testing.T) {
	const path = "/robot/sendBySession"
	each(t, setup{stream: true, env: []string{"DUBAN_PLATFORM_TIMEOUT=300ms", "DUBAN_ADMIN_TOKEN=" + metricsToken}}, func(w *world) {
		w.connected(1)
		for i, c := range []struct {
			name  string
			fault simdingtalk.Fault
			roads string // by which it is seen
			state string
		}{
			{"expired", simdingtalk.Fault{ErrCode: 300001}, "push", "sent "},
			{"server error", simdingtalk.Fault{Status: 500}, "push", "sent "},
			{"redirected", simdingtalk.Fault{Status: 302, Location: "http://127.0.0.1:1/inner"}, "push", "sent "},
			{"too fast", simdingtalk.Fault{ErrCode: 130101}, "push", "sent "},
			{"hanging", simdingtalk.Fault{Hang: true}, "", "unknown no_answer"},
			{"cut after the work", simdingtalk.Fault{Taken: true, Drop: true}, "answer", "unknown no_answer"},
			{"HTML", simdingtalk.Fault{Taken: true, Body: "<html>"}, "answer", "unknown bad_answer"},
			{"endless", simdingtalk.Fault{Taken: true, Endless: true}, "answer", "unknown bad_answer"},
			{"truncated", simdingtalk.Fault{Taken: true, Truncate: true}, "answer", "unknown no_answer"},
		} {
			w.stage.DingTalk.Fail(path, 1, c.fault)
			w.line("shimatou-aq", stage.Line{Platform: "dingtalk", Text: "我的任务", MsgID: fmt.Sprint("m", i)})
			w.settle()
			w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(quarter)))
			var roads []string
			for _, s := range w.take() {
				roads = append(roads, s.Road)
			}
			w.same(c.name+": seen", strings.Join(roads, " "), c.roads)
			w.same(c.name, w.query("SELECT CONCAT(state, ' ', reason) FROM messages WHERE kind = 'answer' ORDER BY id DESC LIMIT 1"), c.state)
		}
		w.nothingLeaked()
		w.logs.Reset()
	})
}

// A DING that may have rung does not ring again.
func TestADingInDoubtRingsOnce(t *testing.T) {
	for name, fault := range map[string]simdingtalk.Fault{"cut": {Taken: true, Drop: true}, "HTML": {Taken: true, Body: "<html>"}} {
		t.Run(name, func(t *testing.T) {
			each(t, setup{now: "2025-09-10T23:40:00+08:00", env: []string{"DUBAN_DINGTALK_DING=app"}}, func(w *world) {
				w.settle()
				w.take()
				w.wecom("wenchang-jia", fire)
				w.settle()
				w.take()
				w.stage.DingTalk.Fail("/v1.0/robot/ding/send", 1, fault)
				w.until("2025-09-10 23:44")
				w.same("rang", rings(w.take()), "anquan-guzhang app")
				w.same("state", w.query("SELECT state FROM messages WHERE platform = 'ding/app'"), store.MsgUnknown)
			})
		})
	}
}
