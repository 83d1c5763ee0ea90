package scenario

import (
	"strings"
	"testing"

	"duban/bot"
)

// TestDidItArrive holds what those who may ask are told of what became of messages,
// on both platforms: what arrived by another road, what did not, what waits.
func TestDidItArrive(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		w.stage.WeCom.RemoveUser("anquan-guzhang") // still reachable on DingTalk
		w.stage.WeCom.RemoveUser("wenchang-aq")    // reachable nowhere
		_, err := w.db().ExecContext(w.ctx, "DELETE FROM accounts WHERE person_id = 'wenchang-aq' AND platform = 'dingtalk'")
		w.ok(err)
		w.wecom("wenchang-jia", "上报隐患 配电房门没锁，钥匙在张三那里")
		w.settle()
		w.wecom("wenchang-xz", "免打扰到明天早上8点")
		w.until("2025-09-11 08:00")
		w.wecom("ban-ducha", "文昌中学 催办 22-14")
		w.until("2025-09-11 09:00")
		w.take()

		for _, ask := range []struct {
			on           bot.Platform
			person, says string
			has          []string
		}{
			{bot.WeCom, "ban-ducha", "谁没收到", []string{"文昌中学安全专干 ", "没送到，平台上没有这个人", "请管理员核对账号", "“已送达平台”不等于本人看过。"}},
			{bot.DingTalk, "ban-ducha", "昨天的提醒送到了吗", []string{"9月10日 周三的通知"}},
			{bot.DingTalk, "anquan-guzhang", "文昌中学收到没有", []string{"文昌中学，9月5日 周五以来的通知", "没送到"}},
			{bot.DingTalk, "anquan-guzhang", "我的消息收到了吗", []string{"发给您的", "已送达平台", "这里只查发给您自己的"}},
			{bot.WeCom, "wenchang-xz", "送到了吗", []string{"发给您的"}},
		} {
			answer := w.say(ask.on, ask.person, ask.says)
			for _, part := range ask.has {
				if !strings.Contains(fold(answer), part) {
					t.Errorf("%s: %s\n%s\nwant in it: %s", ask.person, ask.says, answer, part)
				}
			}
			for _, words := range []string{"张三", "钥匙", "还有 2 个工作日"} {
				if strings.Contains(answer, words) {
					t.Errorf("%s: words of a message: %s", ask.says, answer)
				}
			}
		}
	})
}
