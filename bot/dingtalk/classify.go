package dingtalk

import (
	"net/http"
	"strings"
	"time"

	"duban/bot"
)

// verdict is what an error code means for the message.
type verdict struct {
	class  bot.SendClass
	reason string
	after  time.Duration
}

// Stable words for SendError.Reason that callers decide by.
const (
	ReasonQuota       = "quota"        // monthly quota used up
	ReasonAuth        = "auth"         // token refused, also after a refresh
	ReasonCredentials = "credentials"  // client id or secret refused
	ReasonInvalidUser = "invalid_user" // unknown, left, or outside the app's scope
	ReasonSessionGone = "session_gone" // sessionWebhook expired: send by the API
	ReasonGroupGone   = "group_gone"   // dissolved, or the robot was removed
)

var (
	badRequest = verdict{bot.Permanent, "bad_request", 0}
	needsToken = verdict{bot.Config, ReasonAuth, 0}
	permission = verdict{bot.Config, "permission", 0}
	quotaGone  = verdict{bot.Config, ReasonQuota, 0}
	noUser     = verdict{bot.Permanent, ReasonInvalidUser, 0}
	noGroup    = verdict{bot.Permanent, ReasonGroupGone, 0}
	tooLong    = verdict{bot.Permanent, "too_long", 0}
	unsafeText = verdict{bot.Permanent, "content", 0}
	noSession  = verdict{bot.Permanent, ReasonSessionGone, 0}
	noWebhook  = verdict{bot.Permanent, "webhook_gone", 0}
	stopped    = verdict{bot.Permanent, "robot_stopped", 0}
	robotCode  = verdict{bot.Config, "robot_code", 0}
	busy       = verdict{bot.Temporary, "busy", 0}
	perSecond  = verdict{bot.RateLimit, "qps", 2 * time.Second}
	perMinute  = verdict{bot.RateLimit, "qpm", time.Minute}
	blocked    = verdict{bot.RateLimit, "blocked", 10 * time.Minute} // custom robots over 20/min
	banned     = verdict{bot.RateLimit, "ip_banned", 5 * time.Minute}
	refusal    = verdict{bot.Permanent, "refused", 0}
)

// byCode holds the errors of the new API (server API error codes, and the pages
// of the two robot send calls) and of the old one by errcode.
var byCode = map[string]verdict{
	"InvalidAuthentication":                          needsToken,
	"invalidClientIdOrSecret":                        {bot.Config, ReasonCredentials, 0},
	"InvalidAction.NotFound":                         {bot.Config, "bad_path", 0},
	"Forbidden.AccessDenied.IpNotInWhiteList":        {bot.Config, "ip", 0},
	"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi": perSecond,
	"Forbidden.AccessDenied.QpsLimitForApi":          perSecond,
	"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi": perMinute,
	"Forbidden.AccessDenied.ApiCountLimitForOrg":     quotaGone,
	"send.too.fast":                                  perMinute,
	"send.byToken.tooFast":                           perMinute,
	"invalidParameter.robotCode.auth":                robotCode,
	"invalidParameter.robotCode.notExsit":            robotCode, // the platform's spelling
	"invalidParameter.robotCode.notExist":            robotCode,
	"invalidParameter.userIds.overMax":               badRequest,
	"invalidParameter.msgKey.invalid":                badRequest,
	"invalidParameter.msgParam.invalid":              badRequest,
	"invalidParameter.msgParam.tooLong":              tooLong,
	"invalidParameter.robotCode.downloadCode":        {bot.Permanent, "file_gone", 0},
	"staffId.notExisted":                             noUser,
	"conversation.org.notMatch":                      {bot.Permanent, "wrong_org", 0},
	"robot.oto.notExist":                             {bot.Permanent, "no_private_chat", 0},
	"chatbotId.notAllow.sendOTO":                     {bot.Permanent, "no_private_chat", 0},
	"bot.stopped":                                    stopped,
	"group.disbanded":                                noGroup,
	"invalid.openConversationId":                     noGroup,
	"resource.not.found":                             noGroup,
	"session.expired":                                noSession,
	"system.error":                                   busy,
	"ding.serverquota.insufficient":                  {bot.Config, reasonNoPackage, 0},
	"ding.receivercount.limit":                       badRequest,
	"send.ding.exception":                            busy,
	"invalid.chatbotId":                              robotCode,
	"miss.staffId":                                   noUser,
	"toomuch.msg":                                    perMinute,

	"-1": busy, "15": busy, "1111": banned,
	"22": badRequest, "40035": badRequest, "400002": badRequest, "400105": badRequest,
	"43004": badRequest, "43007": badRequest, "43008": badRequest, "40004": badRequest,
	"33012": noUser, "40104": noUser, "60121": noUser,
	"40014": needsToken, "41001": needsToken, "42001": needsToken,
	"40078": {bot.Permanent, "login_code", 0},
	"50002": permission, "50004": permission, "60011": permission,
	"60003": {bot.Permanent, "no_department", 0},
	"60020": {bot.Config, "ip", 0},
	"90018": perSecond, "90002": perSecond,
	"90020": quotaGone, "90030": quotaGone,
	"143103": perMinute, "143105": {bot.Permanent, "daily_limit", 0}, "143106": {bot.Permanent, "daily_limit", 0},
	"130101": blocked, "410100": blocked,
	"310000": {bot.Config, "webhook_security", 0},
	"300001": noSession, "400101": noWebhook, "400106": noWebhook, "400102": stopped,
	"400013": noGroup,
	"460101": tooLong, "101002": tooLong,
	"430101": unsafeText, "430102": unsafeText, "430103": unsafeText, "430104": unsafeText,
}

// byPrefix catches families of codes whose members are not all documented.
var byPrefix = []struct {
	prefix string
	verdict
}{
	{"Forbidden.AccessDenied.Qps", perSecond},
	{"Forbidden.AccessDenied.Qpm", perMinute},
	{"Forbidden.AccessDenied.ApiCountLimit", quotaGone},
	{"Throttling", perSecond},
	{"Forbidden", permission},
	{"contain.", unsafeText},
	{"isp.", busy},
	{"system.", busy},
	{"ServiceUnavailable", busy},
}

// judge classifies by the platform's code, else by the HTTP status. Anything
// refused for an unknown reason is permanent: repeating it would only cost
// quota. A gateway time-out is ambiguous, the message may still go out; other
// server errors are to be repeated (server API error codes).
func judge(code string, status int) verdict {
	if v, ok := byCode[code]; ok {
		return v
	}
	for _, family := range byPrefix {
		if strings.HasPrefix(code, family.prefix) {
			return family.verdict
		}
	}
	switch {
	case status == http.StatusUnauthorized:
		return needsToken
	case status == http.StatusForbidden:
		return permission
	case status == http.StatusNotFound:
		return verdict{bot.Config, "bad_path", 0}
	case status == http.StatusTooManyRequests:
		return perMinute
	case status == http.StatusRequestTimeout || status == http.StatusGatewayTimeout:
		return verdict{bot.Ambiguous, "gateway_timeout", 0}
	case status >= 500:
		return busy
	case status >= 300 && status < 400:
		return verdict{bot.Config, "redirect", 0}
	}
	return refusal
}
