package render

import (
	"strings"
	"testing"

	"duban/internal/notice"
)

func TestMessageFate(t *testing.T) {
	for want, m := range map[string]notice.Message{
		"已送达平台": {State: notice.MsgSent, Reason: "replay"},
		"没送到：平台上没有这个人，或不在应用的可见范围。请管理员核对账号和可见范围": {State: notice.MsgFailed, Reason: "invalid_user"},
		"没送到：平台不收。请管理员用 duban messages 查原因":     {State: notice.MsgFailed, Reason: "code 4711"},
		"已发出，平台没有确认。要紧的请打电话问一声":                 {State: notice.MsgUnknown, Reason: "odd"},
		"还没发": {State: notice.MsgQueued},
		"还没发：平台限制发送速度，自动再发": {State: notice.MsgSending, Reason: "qpm"},
	} {
		if got := MessageFate(m); got != want {
			t.Errorf("%s/%s: %q, want %q", m.State, m.Reason, got, want)
		}
	}
	for code, c := range causes() {
		if c.words == "" || strings.ContainsAny(c.words+c.next, "_") {
			t.Errorf("%s is not put into words: %+v", code, c)
		}
	}
}
