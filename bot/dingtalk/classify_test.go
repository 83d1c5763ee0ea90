package dingtalk

import (
	"errors"
	"strings"
	"testing"
	"time"

	"duban/bot"
)

// Every documented error, with the reaction it must lead to.
func TestJudge(t *testing.T) {
	tests := []struct {
		code   string
		status int
		class  bot.SendClass
		reason string
	}{
		{"InvalidAuthentication", 400, bot.Config, ReasonAuth},
		{"", 401, bot.Config, ReasonAuth},
		{"authFailed", 401, bot.Config, ReasonCredentials},
		{"Forbidden.AccessDenied.AccessTokenPermissionDenied", 403, bot.Config, "permission"},
		{"Forbidden.AccessDenied.IpNotInWhiteList", 403, bot.Config, "ip"},
		{"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403, bot.RateLimit, "qps"},
		{"Forbidden.AccessDenied.QpsLimitForApi", 403, bot.RateLimit, "qps"},
		{"Forbidden.AccessDenied.QpsLimitForOrg", 403, bot.RateLimit, "qps"},
		{"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", 403, bot.RateLimit, "qpm"},
		{"Forbidden.AccessDenied.ApiCountLimitForOrg", 403, bot.Config, ReasonQuota},
		{"", 403, bot.Config, "permission"},
		{"send.too.fast", 400, bot.RateLimit, "qpm"},
		{"send.byToken.tooFast", 400, bot.RateLimit, "qpm"},
		{"invalidParameter.robotCode.auth", 400, bot.Config, "robot_code"},
		{"invalidParameter.robotCode.notExsit", 400, bot.Config, "robot_code"},
		{"invalidParameter.userIds.overMax", 400, bot.Permanent, "bad_request"},
		{"invalidParameter.msgKey.invalid", 400, bot.Permanent, "bad_request"},
		{"invalidParameter.msgParam.invalid", 400, bot.Permanent, "bad_request"},
		{"invalidParameter.msgParam.tooLong", 400, bot.Permanent, "too_long"},
		{"invalidParameter.robotCode.downloadCode", 400, bot.Permanent, "file_gone"},
		{"staffId.notExisted", 400, bot.Permanent, ReasonInvalidUser},
		{"conversation.org.notMatch", 400, bot.Permanent, "wrong_org"},
		{"robot.oto.notExist", 400, bot.Permanent, "no_private_chat"},
		{"chatbotId.notAllow.sendOTO", 400, bot.Permanent, "no_private_chat"},
		{"bot.stopped", 400, bot.Permanent, "robot_stopped"},
		{"group.disbanded", 400, bot.Permanent, ReasonGroupGone},
		{"invalid.openConversationId", 400, bot.Permanent, ReasonGroupGone},
		{"resource.not.found", 400, bot.Permanent, ReasonGroupGone},
		{"session.expired", 400, bot.Permanent, ReasonSessionGone},
		{"contain.sensitive.word", 400, bot.Permanent, "content"},
		{"invalidClientIdOrSecret", 400, bot.Config, ReasonCredentials},
		{"InvalidAction.NotFound", 404, bot.Config, "bad_path"},
		{"", 404, bot.Config, "bad_path"},
		{"system.error", 500, bot.Temporary, "busy"},
		{"ServiceUnavailable", 503, bot.Temporary, "busy"},
		{"", 500, bot.Temporary, "busy"},
		{"", 502, bot.Temporary, "busy"},
		{"", 504, bot.Ambiguous, "gateway_timeout"},
		{"", 429, bot.RateLimit, "qpm"},
		{"Throttling.Api", 400, bot.RateLimit, "qps"},
		{"", 302, bot.Config, "redirect"},
		{"never.seen", 400, bot.Permanent, "refused"},

		{"-1", 200, bot.Temporary, "busy"},
		{"isp.top-remote-connection-timeout", 200, bot.Temporary, "busy"},
		{"22", 200, bot.Permanent, "bad_request"},
		{"33012", 200, bot.Permanent, ReasonInvalidUser},
		{"40004", 200, bot.Permanent, "bad_request"},
		{"40014", 200, bot.Config, ReasonAuth},
		{"42001", 200, bot.Config, ReasonAuth},
		{"41001", 200, bot.Config, ReasonAuth},
		{"40035", 200, bot.Permanent, "bad_request"},
		{"400002", 200, bot.Permanent, "bad_request"},
		{"40078", 200, bot.Permanent, "login_code"},
		{"40104", 200, bot.Permanent, ReasonInvalidUser},
		{"60121", 200, bot.Permanent, ReasonInvalidUser},
		{"43004", 200, bot.Permanent, "bad_request"},
		{"43007", 200, bot.Permanent, "bad_request"},
		{"43008", 200, bot.Permanent, "bad_request"},
		{"50002", 200, bot.Config, "permission"},
		{"50004", 200, bot.Config, "permission"},
		{"60011", 200, bot.Config, "permission"},
		{"60003", 200, bot.Permanent, "no_department"},
		{"60020", 200, bot.Config, "ip"},
		{"90018", 200, bot.RateLimit, "qps"},
		{"90002", 200, bot.RateLimit, "qps"},
		{"90020", 200, bot.Config, ReasonQuota},
		{"90030", 200, bot.Config, ReasonQuota},
		{"143103", 200, bot.RateLimit, "qpm"},
		{"143105", 200, bot.Permanent, "daily_limit"},
		{"143106", 200, bot.Permanent, "daily_limit"},
		{"130101", 200, bot.RateLimit, "blocked"},
		{"410100", 200, bot.RateLimit, "blocked"},
		{"310000", 200, bot.Config, "webhook_security"},
		{"300001", 200, bot.Permanent, ReasonSessionGone},
		{"460101", 200, bot.Permanent, "too_long"},
		{"101002", 200, bot.Permanent, "too_long"},
		{"400013", 200, bot.Permanent, ReasonGroupGone},
		{"400101", 200, bot.Permanent, "webhook_gone"},
		{"400102", 200, bot.Permanent, "robot_stopped"},
		{"400105", 200, bot.Permanent, "bad_request"},
		{"400106", 200, bot.Permanent, "webhook_gone"},
		{"430101", 200, bot.Permanent, "content"},
		{"430104", 200, bot.Permanent, "content"},
		{"999999", 200, bot.Permanent, "refused"},
	}
	for _, tt := range tests {
		v := judge(tt.code, tt.status)
		if v.Class != tt.class || v.Reason != tt.reason {
			t.Errorf("%s/%d: %s %s, want %s %s", tt.code, tt.status, v.Class, v.Reason, tt.class, tt.reason)
		}
		if (v.Class == bot.RateLimit) != (v.After > 0) {
			t.Errorf("%s/%d: class %s waits %v", tt.code, tt.status, v.Class, v.After)
		}
	}
}

func TestAnswerFailure(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		class  bot.SendClass // "" is success
		code   string
		text   string // part of the error
	}{
		{"taken", 200, `{"processQueryKey":"k"}`, "", "", ""},
		{"old success", 200, `{"errcode":0,"errmsg":"ok"}`, "", "", ""},
		{"old success as text", 200, `{"errcode":"0"}`, "", "", ""},
		{"errcode as text", 200, `{"errcode":"60020","errmsg":"ip"}`, bot.Config, "60020", "HTTP 200: ip"},
		{"wrapped", 200, `{"errcode":88,"errmsg":"ding talk error","sub_code":"60011","sub_msg":"没有权限"}`, bot.Config, "60011", "没有权限"},
		{"wrapped token", 200, `{"errcode":88,"sub_code":"40014","sub_msg":"不合法的access_token"}`, bot.Config, "40014", ""},
		{"wrapper alone", 200, `{"errcode":88,"errmsg":"auth"}`, bot.Temporary, "-1", "auth"},
		{"remote time-out", 200, `{"errcode":15,"sub_code":"isp.top-remote-connection-timeout"}`, bot.Temporary, "isp.top-remote-connection-timeout", ""},
		{"scopes and request", 403, `{"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"no","requestid":"r1","accessdenieddetail":{"requiredScopes":["qyapi_robot_sendmsg"]}}`,
			bot.Config, "Forbidden.AccessDenied.AccessTokenPermissionDenied", "no requestid r1 required scopes qyapi_robot_sendmsg"},
		{"banned address", 200, `{"status":1111,"wait":5,"source":"x5","punish":"deny"}`, bot.RateLimit, "1111", "punished"},
		{"HTML with 200", 200, `<html>`, bot.Ambiguous, "", "HTTP 200"},
		{"nothing with 200", 200, ``, bot.Ambiguous, "", ""},
		{"HTML with 502", 502, `<html>`, bot.Temporary, "", ""},
		{"redirect", 302, ``, bot.Config, "", ""},
	}
	for _, tt := range tests {
		err := answer{status: tt.status, body: parseObject([]byte(tt.body))}.failure()
		if bot.ClassOf(err) != tt.class {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var e *bot.SendError
		if tt.class != "" && (!errors.As(err, &e) || e.Code != tt.code || !strings.Contains(e.Error(), tt.text)) {
			t.Errorf("%s: code %q, %v", tt.name, e.Code, err)
		}
	}
}

func TestWindowIsExact(t *testing.T) {
	w, at := newWindows(), time.Unix(1760000000, 0)
	for i := range maxPerMinute {
		if wait := w.take("a", at.Add(time.Duration(i)*time.Second)); wait != 0 {
			t.Fatalf("message %d waits %v", i, wait)
		}
	}
	if wait := w.take("a", at.Add(20*time.Second)); wait != 40*time.Second {
		t.Errorf("waits %v", wait)
	}
	if wait := w.take("b", at.Add(20*time.Second)); wait != 0 {
		t.Errorf("another robot waits %v", wait)
	}
	if wait := w.take("a", at.Add(60*time.Second)); wait != 0 {
		t.Errorf("after a minute it waits %v", wait)
	}
	if wait := w.take("a", at.Add(60*time.Second)); wait != time.Second {
		t.Errorf("the window slides by %v", wait)
	}
}
