package wecom

import (
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

// troubles is the platform's global table of errors (document 90313) as far as a bot
// can meet it.
var troubles = bot.Troubles{
	{Codes: []string{"-1"}, Class: bot.Temporary, Reason: "busy", Means: "企业微信一时忙"},
	{Codes: []string{"45009"}, Class: bot.RateLimit, Reason: "frequency", After: sendPause, Means: "调用太频繁，平台要求等一等"},
	{Codes: []string{"45033"}, Class: bot.RateLimit, Reason: "parallel_calls", After: busyPause, Means: "同时的调用太多，平台要求等一等"},

	{Codes: []string{"60111", "40003", "81013", "46004"}, Class: bot.Permanent, Reason: "invalid_user",
		Means: "企业微信里没有这个人，或不在应用的可见范围", Do: "请核对账号；在管理后台“应用管理 → 本应用 → 可见范围”把他所在的部门加进去"},

	{Codes: []string{"40014", "42001"}, Class: bot.Config, Reason: "token_rejected", Renew: true,
		Means: "平台不认刚取的 access_token", Do: "请核对企业 ID、AgentId 和 Secret 是不是同一个应用的，并确认没有别的程序在用这个 Secret 频繁换取"},
	{Codes: []string{"40001"}, Class: bot.Config, Reason: "token_rejected", Renew: true,
		Means: "Secret 不对，或应用被停用", Do: "请到管理后台“应用管理 → 本应用”重新查看 Secret，改 DUBAN_WECOM_SECRET，并确认应用是启用的"},
	{Codes: []string{"41001"}, Class: bot.Config, Reason: "token_rejected", Means: "请求里没有 access_token", Do: "请把这个错误码告诉开发者"},
	{Codes: []string{"40013"}, Class: bot.Config, Reason: "credentials",
		Means: "企业 ID 不对", Do: "请到管理后台“我的企业”最下面抄企业 ID，改 DUBAN_WECOM_CORP_ID"},
	{Codes: []string{"40056", "301002"}, Class: bot.Config, Reason: "credentials",
		Means: "AgentId 不对，或与 Secret 不是同一个应用的", Do: "请到管理后台“应用管理 → 本应用”核对，改 DUBAN_WECOM_AGENT_ID 和 DUBAN_WECOM_SECRET"},
	{Codes: []string{"40091"}, Class: bot.Config, Reason: "credentials",
		Means: "Secret 不对，或是别的企业的", Do: "请到管理后台“应用管理 → 本应用”重新查看 Secret，改 DUBAN_WECOM_SECRET"},
	{Codes: []string{"60020", "301042"}, Class: bot.Config, Reason: "ip_not_trusted",
		Means: "服务器的出口地址不在“企业可信 IP”里，一条消息也发不出", Do: "请到管理后台“应用管理 → 本应用 → 企业可信 IP”加上这个地址，约一分钟后生效"},
	{Codes: []string{"48002"}, Class: bot.Config, Reason: "not_permitted",
		Means: "应用没有这个接口的权限", Do: "请到管理后台“应用管理 → 本应用”核对权限；建群和往应用群里发消息要求可见范围是整个企业"},
	{Codes: []string{"48006"}, Class: bot.Config, Reason: "not_permitted",
		Means: "应用久未使用，接口被平台停了", Do: "请管理员到管理后台“应用管理 → 本应用”重新启用"},
	{Codes: []string{"60011"}, Class: bot.Config, Reason: "not_permitted",
		Means: "应用无权看这个成员、部门或标签", Do: "请到管理后台“应用管理 → 本应用 → 可见范围”加上"},
	{Codes: []string{"50003"}, Class: bot.Config, Reason: "not_permitted",
		Means: "应用被停用了", Do: "请到管理后台“应用管理 → 本应用”点“启用”"},
	{Codes: []string{"301007"}, Class: bot.Config, Reason: "not_permitted",
		Means: "企业不可用", Do: "请企业的超级管理员登录管理后台，看企业有没有被冻结或注销"},
	{Codes: []string{"50001", "50002", "85004", "85005"}, Class: bot.Config, Reason: "not_permitted",
		Means: "网页授权的域名没有设好，或成员不在可见范围", Do: "请到管理后台“应用管理 → 本应用 → 网页授权及 JS-SDK”设可信域名并完成归属校验"},
	{Codes: []string{"43012"}, Class: bot.Config, Reason: "not_permitted",
		Means: "带按钮的卡片要求应用设了接收消息的地址", Do: "请到管理后台“应用管理 → 本应用 → 接收消息”设 API 接收"},

	{Codes: []string{"93000", "93004", "93008"}, Class: bot.Permanent, Reason: "webhook_gone",
		Means: "群机器人的密钥失效、被停用，或已不在群里", Do: "请在那个群的“群设置 → 消息推送”重新添加，把新密钥写进 DUBAN_WECOM_WEBHOOKS"},
	{Codes: []string{"86003", "86008", "86001"}, Class: bot.Permanent, Reason: "chat_gone",
		Means: "应用群没有了，或不是这个应用建的", Do: "请用 duban chats create 重新建群，再改名册里那个群的 ref"},
	{Codes: []string{"86215"}, Class: bot.Permanent, Reason: "chat_exists", Means: "同样编号的应用群已经有了，当作建好了"},
	{Codes: []string{"86004", "86005", "86006", "86007", "86207", "86216"}, Class: bot.Permanent, Reason: "bad_members",
		Means: "应用群的名称、群主或成员不合要求", Do: "请核对成员都在可见范围、群主在成员里、成员 2 到 2000 人"},
	{Codes: []string{"40201"}, Class: bot.Permanent, Reason: "content_blocked",
		Means: "内容被平台拦截", Do: "同一段话再发也没有用，请换个说法"},
	{Codes: []string{"45002", "45008"}, Class: bot.Permanent, Reason: "too_long", Means: "内容太长", Do: "请把这条消息的编号告诉开发者"},
	{Codes: []string{"40029", "42003"}, Class: bot.Permanent, Reason: "login_code", Means: "登录码过期或用过了", Do: "请重新打开链接登录"},
	{Codes: []string{"40093"}, Class: bot.Config, Reason: "page_signature",
		Means: "网页签名不对", Do: "请核对 DUBAN_SERVER_PUBLIC_URL 与“网页授权及 JS-SDK”里的可信域名一致"},
	{Codes: []string{"40007"}, Class: bot.Permanent, Reason: "media_gone", Means: "平台上的文件过了三天，已经失效", Do: "请重新要一次这个文件"},
	{Codes: []string{"45001", "45007", "830002"}, Class: bot.Permanent, Reason: "media_too_large", Means: "文件太大", Do: "请缩小范围再导出"},
	{Codes: []string{"40008", "40033", "40058", "40063", "44001", "44004", "81012", "82001", "82002", "82003", "301019",
		"42014", "42016", "42017", "42018", "42045", "40066", "60003", "60123"}, Class: bot.Permanent, Reason: "bad_request",
		Means: "平台说请求的写法不对", Do: "请把这条消息的编号告诉开发者"},
}

// Troubles returns the platform's table of errors.
func Troubles() bot.Troubles { return troubles }

// unlisted is what an unknown code means: the platform refused the message for a
// reason nobody has thought of. It is permanent and shown, never repeated blindly.
var unlisted = bot.Trouble{Class: bot.Permanent, Reason: "refused", Means: "平台不收，原因不在表里", Do: "请按错误码在企业微信开发者中心“全局错误码”里查"}

func judge(code string) bot.Trouble {
	if t, ok := troubles.Find(code); ok {
		return t
	}
	return unlisted
}
