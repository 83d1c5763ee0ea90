package wecom

import (
	"fmt"
	"strconv"
	"strings"

	"duban/bot"
)

// refusal builds the error for an errcode. The platform's text may repeat what
// was sent to it, so the named secrets are taken out.
func refusal(code int64, msg string, secrets ...string) *bot.SendError {
	text := strconv.FormatInt(code, 10)
	return refusalAs(judge(text), text, msg, secrets...)
}

func refusalAs(t bot.Trouble, code, msg string, secrets ...string) *bot.SendError {
	msg = scrub(msg, secrets...)
	e := &bot.SendError{Class: t.Class, Reason: t.Reason, After: t.After, Code: code, Err: fmt.Errorf("wecom: %s", msg)}
	if e.Advice = t.Advice(code, ""); t.Reason == "ip_not_trusted" {
		e.Advice = t.Advice(code, bot.AddressIn(msg))
	}
	return e
}

// statusFailure classifies an HTTP answer other than 200. The platform itself
// reports errors with 200, so these come from something in between.
func statusFailure(status int) *bot.SendError {
	e := &bot.SendError{Code: strconv.Itoa(status), Err: fmt.Errorf("wecom: http status %d", status)}
	switch {
	case status == 504:
		// A gateway that waited in vain has passed the request on.
		e.Class, e.Reason = bot.Ambiguous, "gateway_timeout"
	case status == 429:
		e.Class, e.Reason, e.After = bot.RateLimit, "frequency", webhookPause
	case status >= 500:
		e.Class, e.Reason = bot.Temporary, "http_status"
	case status >= 300 && status < 400:
		// Following a redirect would repeat a POST, with the token, elsewhere.
		e.Class, e.Reason = bot.Config, "redirected"
		e.Advice = "接口地址被转到了别处，没有跟过去。请核对 DUBAN_WECOM_API_BASE 和服务器上的代理。"
	default:
		e.Class, e.Reason = bot.Config, "http_status"
		e.Advice = fmt.Sprintf("接口地址回答 HTTP %d，不像是企业微信。请核对 DUBAN_WECOM_API_BASE 和服务器上的代理。", status)
	}
	return e
}

func fail(class bot.SendClass, reason string, err error) *bot.SendError {
	return &bot.SendError{Class: class, Reason: reason, Err: err}
}

// scrub replaces secrets in text, and keeps it short enough for a log line.
func scrub(text string, secrets ...string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, redacted)
		}
	}
	return clip(legible(text), 300)
}
