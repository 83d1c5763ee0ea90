package wecom

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban/bot"
)

// How long a refused frequency is waited out. The answer does not say which
// window was hit, so a send pauses for a short while rather than a whole day
// (document 90454).
const (
	webhookPause = time.Minute
	sendPause    = 5 * time.Minute
	busyPause    = 10 * time.Second
)

// verdict is what an errcode means for a send.
type verdict struct {
	class  bot.SendClass
	reason string
	after  time.Duration
}

// judge classifies the platform's errcode (global error page, document 90313).
// An unknown code means that the platform refused the message for a reason
// nobody has thought of: it is permanent and shown, never repeated blindly.
func judge(code int64) verdict {
	switch code {
	case -1:
		return verdict{class: bot.Temporary, reason: "busy"}
	case 45009:
		return verdict{bot.RateLimit, "frequency", sendPause}
	case 45033:
		return verdict{bot.RateLimit, "parallel_calls", busyPause}
	case 40003, 60111, 81013, 46004:
		return verdict{class: bot.Permanent, reason: "invalid_user"}
	case 40001, 40014, 41001, 42001:
		return verdict{class: bot.Config, reason: "token_rejected"}
	case 40013, 40056, 40091, 301002:
		return verdict{class: bot.Config, reason: "credentials"}
	case 60020, 301042:
		return verdict{class: bot.Config, reason: "ip_not_trusted"}
	case 48002, 48006, 60011, 301007, 50001, 50002, 50003, 43012, 85004, 85005:
		return verdict{class: bot.Config, reason: "not_permitted"}
	case 93000, 93004, 93008:
		return verdict{class: bot.Permanent, reason: "webhook_gone"}
	case 86003, 86008, 86001:
		return verdict{class: bot.Permanent, reason: "chat_gone"}
	case 40201:
		return verdict{class: bot.Permanent, reason: "content_blocked"}
	case 45002, 45008:
		return verdict{class: bot.Permanent, reason: "too_long"}
	case 40007:
		return verdict{class: bot.Permanent, reason: "media_gone"}
	case 45001, 45007, 830002:
		return verdict{class: bot.Permanent, reason: "media_too_large"}
	case 40008, 40033, 40058, 40063, 44001, 44004, 81012, 82001, 82002, 82003, 301019:
		return verdict{class: bot.Permanent, reason: "bad_request"}
	default:
		return verdict{class: bot.Permanent, reason: "refused"}
	}
}

// refusal builds the error for an errcode. The platform's text may repeat what
// was sent to it, so the named secrets are taken out.
func refusal(code int64, msg string, secrets ...string) *bot.SendError {
	v := judge(code)
	return &bot.SendError{
		Class: v.class, Reason: v.reason, After: v.after,
		Code: strconv.FormatInt(code, 10),
		Err:  fmt.Errorf("wecom: %s", scrub(msg, secrets...)),
	}
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
	default:
		e.Class, e.Reason = bot.Config, "http_status"
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
