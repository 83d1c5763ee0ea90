package dingtalk

import (
	"net/http"

	"duban/bot"
)

// judge classifies by the platform's code, else by the HTTP status. A gateway
// time-out is ambiguous, the message may still go out; other server errors are to be
// repeated (server API error codes).
func judge(code string, status int) bot.Trouble {
	if code != "" {
		if t, ok := troubles.Find(code); ok {
			return t
		}
	}
	switch {
	case status == http.StatusUnauthorized:
		return needsToken
	case status == http.StatusForbidden:
		return permission
	case status == http.StatusNotFound:
		return badPath
	case status == http.StatusTooManyRequests:
		return perMinute
	case status == http.StatusRequestTimeout || status == http.StatusGatewayTimeout:
		return bot.Trouble{Class: bot.Ambiguous, Reason: "gateway_timeout", Means: "钉钉的网关没有等到回话，说不准到没到"}
	case status >= 500:
		return busy
	case status >= 300 && status < 400:
		return bot.Trouble{Class: bot.Config, Reason: "redirect", Means: "接口地址被转到了别处，没有跟过去", Do: "请核对 DUBAN_DINGTALK_API_BASE、DUBAN_DINGTALK_OAPI_BASE 和服务器上的代理"}
	}
	return unlisted
}

// as gives an error the meaning of another row of the table.
func as(t bot.Trouble, e *bot.SendError) {
	e.Class, e.Reason, e.After, e.Advice = t.Class, t.Reason, t.After, t.Advice(e.Code, "")
}
