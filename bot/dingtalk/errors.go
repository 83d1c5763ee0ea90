package dingtalk

import (
	"time"

	"duban/bot"
)

// Stable words for SendError.Reason that callers decide by.
const (
	ReasonQuota       = "quota"        // monthly quota used up
	ReasonAuth        = "auth"         // token refused, also after a refresh
	ReasonCredentials = "credentials"  // client id or secret refused
	ReasonInvalidUser = "invalid_user" // unknown, left, or outside the app's scope
	ReasonSessionGone = "session_gone" // sessionWebhook expired: send by the API
	ReasonGroupGone   = "group_gone"   // dissolved, or the robot was removed
	ReasonRobotOut    = "robot_stopped"
)

// reasonNoPackage is the refusal of SMS and phone calls where none are left.
const reasonNoPackage = "ding_quota"

// The rows that are also read from HTTP statuses and from answers of other roads.
var (
	needsToken = bot.Trouble{Codes: []string{"InvalidAuthentication", "40014", "41001", "42001"}, Class: bot.Config, Reason: ReasonAuth, Renew: true,
		Means: "平台不认刚取的 access_token", Do: "请到开放平台“凭证与基础信息”核对 Client ID 和 Client Secret"}
	permission = bot.Trouble{Codes: []string{"Forbidden*", "50002", "50004", "60011"}, Class: bot.Config, Reason: "permission",
		Means: "应用没有这个接口的权限，或超出了通讯录权限范围", Do: "请到开放平台“权限管理”开通，核对通讯录权限范围，然后发布新版本"}
	badPath   = bot.Trouble{Codes: []string{"InvalidAction.NotFound"}, Class: bot.Config, Reason: "bad_path", Means: "接口地址不对", Do: "请核对 DUBAN_DINGTALK_API_BASE 和 DUBAN_DINGTALK_OAPI_BASE，一般不用设"}
	perMinute = bot.Trouble{Codes: []string{"Forbidden.AccessDenied.Qpm*", "send.too.fast", "send.byToken.tooFast", "toomuch.msg", "143103"},
		Class: bot.RateLimit, Reason: "qpm", After: time.Minute, Means: "这一分钟发得太多，平台要求等一等"}
	busy = bot.Trouble{Codes: []string{"-1", "15", "system.*", "isp.*", "ServiceUnavailable*", "send.ding.exception"}, Class: bot.Temporary, Reason: "busy", Means: "钉钉一时忙"}
	// A custom robot over 20 messages a minute is blocked for ten.
	blocked = bot.Trouble{Codes: []string{"130101", "410100"}, Class: bot.RateLimit, Reason: "blocked", After: 10 * time.Minute,
		Means: "群机器人一分钟超过 20 条，被平台停 10 分钟", Do: "到时自动恢复；有别的程序用同一个群机器人的，请分开"}
	noSession = bot.Trouble{Codes: []string{"300001", "session.expired"}, Class: bot.Permanent, Reason: ReasonSessionGone, Means: "会话的回复地址过期了"}
	noWebhook = bot.Trouble{Codes: []string{"400101", "400106"}, Class: bot.Permanent, Reason: "webhook_gone",
		Means: "群机器人的 access_token 失效，或机器人已不在群里", Do: "请在那个群的“群设置 → 机器人”重新添加自定义机器人，改 DUBAN_DINGTALK_WEBHOOKS"}
	noUser = bot.Trouble{Codes: []string{"staffId.notExisted", "miss.staffId", "33012", "40104", "60121"}, Class: bot.Permanent, Reason: ReasonInvalidUser,
		Means: "钉钉里没有这个人，或不在应用的可见范围", Do: "请核对 UserID；到开放平台“版本管理与发布”把他加进可见范围并发布"}
)

// troubles is the platform's errors of the new API (server API error codes, and the
// pages of the calls used here) and of the old one by errcode.
var troubles = bot.Troubles{
	needsToken, busy, noUser, perMinute, blocked, noSession, noWebhook, badPath,
	{Codes: []string{"invalidClientIdOrSecret", "authFailed"}, Class: bot.Config, Reason: ReasonCredentials,
		Means: "Client ID 或 Client Secret 不对", Do: "请到开放平台“凭证与基础信息”重新抄，改 DUBAN_DINGTALK_CLIENT_ID 和 DUBAN_DINGTALK_CLIENT_SECRET，前后不要带空格"},
	{Codes: []string{"Forbidden.AccessDenied.IpNotInWhiteList", "60020"}, Class: bot.Config, Reason: "ip",
		Means: "服务器的出口地址不在白名单里", Do: "请到开放平台“本应用 → 安全设置 → 服务器出口 IP”加上这个地址"},
	{Codes: []string{"Forbidden.AccessDenied.AccessTokenPermissionDenied"}, Class: bot.Config, Reason: "permission",
		Means: "应用缺少接口权限", Do: "请到开放平台“权限管理”申请，然后发布新版本"},
	{Codes: []string{"Forbidden.AccessDenied.Qps*", "Throttling*", "90018", "90002"}, Class: bot.RateLimit, Reason: "qps", After: 2 * time.Second, Means: "每秒调用太多，平台要求等一等"},
	{Codes: []string{"Forbidden.AccessDenied.ApiCountLimit*", "90020", "90030"}, Class: bot.Config, Reason: ReasonQuota,
		Means: "组织本月的调用或推送额度用完了，发不出也收不到内容", Do: "请钉钉管理员购买额度，或等下月 1 日；急事请打电话"},
	{Codes: []string{"1111"}, Class: bot.RateLimit, Reason: "ip_banned", After: 5 * time.Minute, Means: "服务器的地址调用太密，被平台停 5 分钟",
		Do: "到时自动恢复；同一出口地址上有别的程序的，请分开"},
	{Codes: []string{"invalidParameter.robotCode.auth", "invalidParameter.robotCode.notExsit", "invalidParameter.robotCode.notExist", "invalid.chatbotId"}, // the third as it should be spelt
		Class: bot.Config, Reason: "robot_code", Means: "RobotCode 不是这个应用的机器人", Do: "请到开放平台“本应用 → 机器人”抄 RobotCode，改 DUBAN_DINGTALK_ROBOT_CODE；与 Client ID 相同的可以不填"},
	{Codes: []string{"ding.serverquota.insufficient"}, Class: bot.Config, Reason: reasonNoPackage,
		Means: "服务端 DING（短信、电话）的额度用完了", Do: "请钉钉管理员购买“服务端 DING”额度，它和客户端的 DING 额度是两回事"},
	{Codes: []string{"310000"}, Class: bot.Config, Reason: "webhook_security",
		Means: "群机器人的安全设置没有通过", Do: "请在那个群的“群设置 → 机器人”里把安全设置改为“加签”，把 SEC 开头的密钥写进 DUBAN_DINGTALK_WEBHOOKS（access_token|SEC…）；用 IP 限制的加上本服务器"},

	{Codes: []string{"conversation.org.notMatch"}, Class: bot.Permanent, Reason: "wrong_org", Means: "那个群不属于本组织", Do: "请用本组织的内部群"},
	{Codes: []string{"robot.oto.notExist", "chatbotId.notAllow.sendOTO"}, Class: bot.Permanent, Reason: "no_private_chat",
		Means: "机器人不能和这个人单聊", Do: "请到开放平台“机器人”核对单聊是否开启、版本是否发布，请本人先给机器人发一句话"},
	{Codes: []string{"bot.stopped", "400102"}, Class: bot.Permanent, Reason: ReasonRobotOut, Means: "机器人被停用了", Do: "请到开放平台“本应用 → 机器人”启用，或在群设置里启用"},
	{Codes: []string{"group.disbanded", "invalid.openConversationId", "resource.not.found", "400013"}, Class: bot.Permanent, Reason: ReasonGroupGone,
		Means: "群解散了，或机器人已不在群里", Do: "请把应用机器人重新加进群，或停用名册里这个群的登记"},
	{Codes: []string{"430101", "430102", "430103", "430104", "contain.*"}, Class: bot.Permanent, Reason: "content", Means: "内容被平台拦截", Do: "同一段话再发也没有用，请换个说法"},
	{Codes: []string{"460101", "101002", "invalidParameter.msgParam.tooLong"}, Class: bot.Permanent, Reason: "too_long", Means: "内容太长", Do: "请把这条消息的编号告诉开发者"},
	{Codes: []string{"143105", "143106"}, Class: bot.Permanent, Reason: "daily_limit", Means: "工作通知当天的条数用完了，或同样的话当天已发过", Do: "明天自动恢复"},
	{Codes: []string{"40078"}, Class: bot.Permanent, Reason: "login_code", Means: "登录码过期或用过了"},
	{Codes: []string{"60003"}, Class: bot.Permanent, Reason: "no_department", Means: "部门不存在"},
	{Codes: []string{"invalidParameter.robotCode.downloadCode"}, Class: bot.Permanent, Reason: "file_gone", Means: "照片或文件的下载码过期了", Do: "请本人重发"},
	{Codes: []string{"22", "40035", "400002", "400105", "43004", "43007", "43008", "40004", "ding.receivercount.limit",
		"invalidParameter.userIds.overMax", "invalidParameter.msgKey.invalid", "invalidParameter.msgParam.invalid"},
		Class: bot.Permanent, Reason: "bad_request", Means: "平台说请求的写法不对", Do: "请把这条消息的编号告诉开发者"},
	permission, // last: its families are the widest
}

// Troubles returns the platform's table of errors.
func Troubles() bot.Troubles { return troubles }

// unlisted is what an unknown code means. Anything refused for an unknown reason is
// permanent: repeating it would only cost quota.
var unlisted = bot.Trouble{Class: bot.Permanent, Reason: "refused", Means: "平台不收，原因不在表里", Do: "请按错误码在钉钉开放平台“全局错误码”里查"}
