package app

import (
	"duban/bot"
	"duban/bot/dingtalk"
	"duban/bot/wecom"
	"duban/internal/notice"
)

// tables are the platforms' tables of errors.
func tables() map[bot.Platform]bot.Troubles {
	return map[bot.Platform]bot.Troubles{bot.WeCom: wecom.Troubles(), bot.DingTalk: dingtalk.Troubles()}
}

// troubleOf is what the platform's table says about why a message did not leave, "" if
// it left or the table does not know the reason.
func troubleOf(m notice.Message) string {
	if m.State == notice.MsgSent || m.Reason == "" {
		return ""
	}
	table := tables()[bot.Platform(notice.PlatformOf(m.Platform))]
	t, known := table.Find(m.Code)
	if !known || t.Reason != m.Reason { // the same code may mean something else on another road
		t, known = table.ByReason(m.Reason)
	}
	if !known {
		return ""
	}
	return t.Advice(m.Code, "")
}
