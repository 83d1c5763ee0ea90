package render

import (
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/notice"
)

// FateName says in one word what became of a message.
func FateName(f notice.Fate) string {
	return map[notice.Fate]string{notice.Arrived: "已送达平台", notice.InDoubt: "已发出，平台没有确认", notice.ToCome: "还没发", notice.Failed: "没送到",
		notice.Needless: "事情已办，不用再送"}[f]
}

// cause is a named reason in plain words, and what helps against it.
type cause struct{ words, next string }

// causes is the one place where the reasons of notices and messages are worded.
func causes() map[string]cause {
	out := map[string]cause{
		"no_account": {"没有绑定账号", "请本人发“绑定 姓名 单位”"}, "left": {"名册里已停用", "请核对名册里的任职"},
		"invalid_user": {"平台上没有这个人，或不在应用的可见范围", "请管理员核对账号和可见范围"},
		"no_target":    {"没有可发的地址", "请管理员核对账号"}, "no_private_chat": {"本人还没有和机器人单聊过", "请本人先给机器人发一句话"},
		"platform_off": {"那个平台没有配置", "请管理员配置，或请本人绑定另一个平台"},
		"expired":      {"当天没发出去", "仍要说的会并入下一次早间消息"}, "crash": {"发到一半服务停了", "要紧的请打电话"},
		"quota": {"平台本月额度用完", "请管理员买额度，急事请打电话"}, "daily_limit": {"平台当天的条数用完", "明天会再发"},
		"replay": {"管理员已安排重发", ""}, "recalled": {"管理员撤回了", ""}, "partial": {"平台只收下一部分", "要紧的请打电话"}, "gateway_timeout": {"平台没有回话", "要紧的请打电话问一声"},
		"unsent": {"上一次没发成", ""}, "in_doubt": {"上一次不知道送到没有", ""}, "asked": {"对方设了免打扰", "急事请打电话"},
		"quiet": {"休息时间不打扰", ""}, "told_today": {"今天的早间消息已发过", ""},
	}
	for _, same := range []struct {
		cause
		codes string
	}{
		{cause{"系统的凭证或权限不对，消息等着", "请管理员处理"}, "credentials token_rejected auth not_permitted permission robot_code ip ip_not_trusted redirected bad_path webhook_security"},
		{cause{"平台限制发送速度，自动再发", ""}, "frequency parallel_calls qps qpm blocked ip_banned flow_control webhook_window token_wait token_backoff"},
		{cause{"平台一时不通，自动再发", ""}, "busy http_status unreachable bad_answer"},
		{cause{"内容被平台拦截", "请联系局办公室换一种说法"}, "content content_blocked"},
		{cause{"群或群机器人没有了", "请管理员核对"}, "webhook_gone robot_stopped chat_gone group_gone"},
		{cause{"那时事情已经办了、停了或没有了", ""}, "closed submitted signed reviewed suspended gone answered undone"},
	} {
		for _, code := range strings.Fields(same.codes) {
			out[code] = same.cause
		}
	}
	return out
}

// Cause puts a named reason into plain words and says what to do. A reason that is
// not known to the table is no riddle for its reader: the operator finds it.
func Cause(f notice.Fate, reason string) (words, next string) {
	c, known := causes()[reason]
	switch {
	case known:
		return c.words, c.next
	case f == notice.Failed:
		return "平台不收", "请管理员用 duban messages 查原因"
	case f == notice.InDoubt:
		return "", "要紧的请打电话问一声"
	}
	return "", ""
}

// MessageFate says what became of one message, with the reason.
func MessageFate(m notice.Message) string {
	words, next := Cause(m.Fate(), m.Reason)
	out := FateName(m.Fate())
	if words != "" && m.Fate() != notice.Arrived {
		out += "：" + words
	}
	if next != "" && m.Fate() != notice.Arrived {
		out += "。" + next
	}
	return out
}

// Until says when something that waits will be told, and why not now.
func (c Context) Until(reason string, at, now time.Time) string {
	words, _ := Cause(notice.ToCome, reason)
	when := "马上就发"
	if at.After(now) {
		when = calendar.In(at, c.Loc).Say(c.Today) + at.In(c.Loc).Format(" 15:04") + " 并入早间消息"
	}
	if words == "" {
		return when
	}
	return words + "，" + when
}
