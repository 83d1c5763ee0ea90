package render

import (
	"time"

	"duban/bot"
	"duban/internal/calendar"
)

// Refused tells an administrator that a platform takes no messages, since when, and
// what to do. It stays true when it is read after the mending.
func Refused(p bot.Platform, since time.Time, advice string) string {
	if advice == "" {
		advice = "平台不接受本系统的设置。"
	}
	day := calendar.In(since, since.Location())
	return "【发不出消息】" + day.Say(day) + since.Format(" 15:04") + " 起，" + PlatformName(p) + "不收本系统的消息：" + advice +
		"消息都等着，改好后自动补发。可以用 duban doctor 检查。"
}
