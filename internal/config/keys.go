package config

import (
	"strconv"
	"strings"
	"time"
)

// prefix begins the name of every environment variable of duban.
const prefix = "DUBAN_"

// Key describes one setting. The list of keys is the single source of the
// loader, of the example files and of the table in the documentation.
type Key struct {
	Env     string // e.g. DUBAN_SERVER_ADDR; with _FILE behind it the name of a file to read
	YAML    string // place in duban.yaml, e.g. server.addr
	Default string // "" when there is none
	Secret  bool   // never shown
	Help    string // Chinese
	HelpEN  string

	put func(*Config, string) error
}

// Keys returns every setting in the order of the documentation.
func Keys() []Key {
	keys := append(baseKeys(), wecomKeys()...)
	keys = append(keys, dingtalkKeys()...)
	keys = append(keys, operatorKeys()...)
	keys = append(keys, mediaKeys()...)
	for i := range keys {
		keys[i].Env = envName(keys[i].YAML)
	}
	return keys
}

// envName turns a place in the YAML file into the name of its variable.
func envName(path string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

func baseKeys() []Key {
	return []Key{
		{YAML: "server.addr", Default: "127.0.0.1:8080", put: address(func(c *Config) *string { return &c.Server.Addr }),
			Help: "监听地址，主机:端口", HelpEN: "Listening address, host:port"},
		{YAML: "server.public_url", put: httpURL(func(c *Config) *string { return &c.Server.PublicURL }),
			Help: "外网访问地址，用在二维码和消息里的链接，如 https://duban.example.edu.cn；留空则没有扫码页面和照片链接", HelpEN: "Public address, used in codes and links; empty: no pages"},
		{YAML: "server.roles", Default: "web,worker,scheduler", put: putRoles,
			Help: "本进程承担的角色；命令行 --role 优先", HelpEN: "Roles of this process; --role wins"},
		{YAML: "server.trusted_proxies", put: networks(func(c *Config) *[]string { return &c.Server.TrustedProxies }),
			Help: "前面的反向代理的地址或网段，多个用逗号隔开，如 127.0.0.1,10.0.0.0/8；只有它们写的 X-Forwarded-For 才算数，扫码页面按它限次", HelpEN: "Reverse proxies whose X-Forwarded-For is believed, comma separated"},
		{YAML: "pages.login", put: platforms(func(c *Config) *[]string { return &c.Pages.Login }),
			Help: "照片页面用哪个平台登录：wecom、dingtalk，多个用逗号隔开，要先在后台设好可信域名或回调地址；留空则链接只在第一次打开它的浏览器里有效", HelpEN: "Platforms to log in to the pages with; empty: a link opens in the first browser only"},
		{YAML: "database.dsn", Default: "sqlite:<data.dir>/duban.db", Secret: true, put: secret(func(c *Config) *Secret { return &c.Database.DSN }),
			Help: "数据库：sqlite:文件路径，或 mysql:用户:密码@tcp(主机:3306)/库名", HelpEN: "sqlite:PATH, or mysql: and a go-sql-driver DSN"},
		{YAML: "redis.url", Secret: true, put: secret(func(c *Config) *Secret { return &c.Redis.URL }),
			Help: "Redis 地址 redis://:密码@主机:6379/0；留空用进程内置的", HelpEN: "redis://… address; empty means in-process"},
		{YAML: "timezone", Default: "Asia/Shanghai", put: putTimezone,
			Help: "时区，决定一天从何时开始", HelpEN: "IANA time zone in which days begin"},
		{YAML: "calendar.file", put: putCalendar,
			Help: "本局的节假日、调休和校历文件（YAML），补充或更正内置的；改后要重启", HelpEN: "YAML file with working days and school terms that amend the built-in ones"},
	}
}

func wecomKeys() []Key {
	return []Key{
		{YAML: "wecom.corp_id", put: text(func(c *Config) *string { return &c.WeCom.CorpID }),
			Help: "企业微信：企业 ID", HelpEN: "WeCom corp id"},
		{YAML: "wecom.agent_id", put: number(func(c *Config) *int64 { return &c.WeCom.AgentID }),
			Help: "自建应用的 AgentId（数字）", HelpEN: "Agent id of the self-built app"},
		{YAML: "wecom.secret", Secret: true, put: secret(func(c *Config) *Secret { return &c.WeCom.Secret }),
			Help: "自建应用的 Secret", HelpEN: "Secret of the self-built app"},
		{YAML: "wecom.token", Secret: true, put: secret(func(c *Config) *Secret { return &c.WeCom.Token }),
			Help: "自建应用“接收消息”的 Token", HelpEN: "Callback token of the app"},
		{YAML: "wecom.encoding_aes_key", Secret: true, put: aesKey(func(c *Config) *Secret { return &c.WeCom.EncodingAESKey }),
			Help: "自建应用“接收消息”的 EncodingAESKey，43 位", HelpEN: "Callback AES key of the app, 43 characters"},
		{YAML: "wecom.api_base", Default: "https://qyapi.weixin.qq.com", put: httpURL(func(c *Config) *string { return &c.WeCom.APIBase }),
			Help: "企业微信接口地址，一般不用改", HelpEN: "Base address of the WeCom API"},
		{YAML: "wecom.login_base", Default: "https://open.weixin.qq.com", put: httpURL(func(c *Config) *string { return &c.WeCom.LoginBase }),
			Help: "企业微信网页授权的地址，一般不用改", HelpEN: "Base address of WeCom's login"},
		{YAML: "wecom.scan_base", Default: "https://login.work.weixin.qq.com", put: httpURL(func(c *Config) *string { return &c.WeCom.ScanBase }),
			Help: "电脑浏览器里扫码登录企业微信的地址，一般不用改", HelpEN: "Base address of WeCom's login by scanning a code"},
		{YAML: "wecom.js_sdk", put: httpURL(func(c *Config) *string { return &c.WeCom.JSSDK }),
			Help: "企业微信 JS-SDK 脚本的完整地址（抄自平台文档，未经实测）；填了，企业微信里打开的照片页就不能从菜单转发", HelpEN: "Address of WeCom's script for pages; with it photo pages cannot be passed on from the menu"},
		{YAML: "wecom.buttons", Default: ButtonsAsText, put: choice(func(c *Config) *string { return &c.WeCom.Buttons }, ButtonsAsText, ButtonsAsCard),
			Help: "带按钮的消息怎样显示：text 写成可以回复的文字，card 用模板卡片（在微信里用插件收消息的人看不到卡片）", HelpEN: "text or card; members in the WeChat plugin do not see cards"},
		{YAML: "wecom.webhooks", Secret: true, put: named(func(c *Config) *Webhooks { return &c.WeCom.Webhooks }),
			Help: "群机器人的密钥，写成 名称=密钥，多个用逗号隔开；名称与群名册里的 ref 对应", HelpEN: "Group robots as name=key, comma separated; groups refer to the names"},
		{YAML: "wecom.bot_id", put: text(func(c *Config) *string { return &c.WeCom.Bot.ID }),
			Help: "智能机器人的 Bot ID（长连接方式必填）", HelpEN: "Id of the smart bot (WebSocket mode)"},
		{YAML: "wecom.bot_secret", Secret: true, put: secret(func(c *Config) *Secret { return &c.WeCom.Bot.Secret }),
			Help: "智能机器人的 Secret（长连接方式必填）", HelpEN: "Secret of the smart bot (WebSocket mode)"},
		{YAML: "wecom.bot_token", Secret: true, put: secret(func(c *Config) *Secret { return &c.WeCom.Bot.Token }),
			Help: "智能机器人的 Token（回调方式必填）", HelpEN: "Callback token of the smart bot"},
		{YAML: "wecom.bot_encoding_aes_key", Secret: true, put: aesKey(func(c *Config) *Secret { return &c.WeCom.Bot.EncodingAESKey }),
			Help: "智能机器人的 EncodingAESKey，43 位（回调方式必填）", HelpEN: "Callback AES key of the smart bot"},
		{YAML: "wecom.bot_mode", Default: BotCallback, put: choice(func(c *Config) *string { return &c.WeCom.Bot.Mode }, BotCallback, BotWebSocket),
			Help: "智能机器人接收方式：callback 或 websocket", HelpEN: "callback or websocket"},
		{YAML: "wecom.bot_ws_url", Default: "wss://openws.work.weixin.qq.com", put: wsURL(func(c *Config) *string { return &c.WeCom.Bot.WSURL }),
			Help: "智能机器人长连接地址，一般不用改", HelpEN: "WebSocket address of the smart bot"},
		{YAML: "wecom.bot_file_hosts", Default: "myqcloud.com,qq.com,qpic.cn", put: hosts(func(c *Config) *[]string { return &c.WeCom.Bot.FileHosts }),
			Help: "发给智能机器人的照片只从这些域名（及其下级）下载，多个用逗号隔开", HelpEN: "Domains that files sent to the smart bot are fetched from"},
	}
}

func dingtalkKeys() []Key {
	return []Key{
		{YAML: "dingtalk.client_id", put: text(func(c *Config) *string { return &c.DingTalk.ClientID }),
			Help: "钉钉应用的 Client ID（原 AppKey）", HelpEN: "Client id (app key) of the DingTalk app"},
		{YAML: "dingtalk.client_secret", Secret: true, put: secret(func(c *Config) *Secret { return &c.DingTalk.ClientSecret }),
			Help: "钉钉应用的 Client Secret（原 AppSecret）", HelpEN: "Client secret of the DingTalk app"},
		{YAML: "dingtalk.robot_code", Default: "<dingtalk.client_id>", put: text(func(c *Config) *string { return &c.DingTalk.RobotCode }),
			Help: "机器人的 RobotCode，一般与 Client ID 相同", HelpEN: "Robot code, normally the client id"},
		{YAML: "dingtalk.corp_id", put: text(func(c *Config) *string { return &c.DingTalk.CorpID }),
			Help: "组织的 CorpId，用来核对消息来自本组织", HelpEN: "Organisation the messages must come from"},
		{YAML: "dingtalk.agent_id", put: number(func(c *Config) *int64 { return &c.DingTalk.AgentID }),
			Help: "应用的 AgentId（数字），发工作通知才需要", HelpEN: "Agent id, needed for work notifications only"},
		{YAML: "dingtalk.mode", Default: DingTalkHTTP, put: choice(func(c *Config) *string { return &c.DingTalk.Mode }, DingTalkHTTP, DingTalkStream),
			Help: "机器人接收方式：http 或 stream", HelpEN: "http or stream"},
		{YAML: "dingtalk.api_base", Default: "https://api.dingtalk.com", put: httpURL(func(c *Config) *string { return &c.DingTalk.APIBase }),
			Help: "钉钉新版接口地址，一般不用改", HelpEN: "Base address of the new API"},
		{YAML: "dingtalk.oapi_base", Default: "https://oapi.dingtalk.com", put: httpURL(func(c *Config) *string { return &c.DingTalk.OAPIBase }),
			Help: "钉钉旧版接口地址，一般不用改", HelpEN: "Base address of the old API"},
		{YAML: "dingtalk.login_base", Default: "https://login.dingtalk.com", put: httpURL(func(c *Config) *string { return &c.DingTalk.LoginBase }),
			Help: "钉钉网页登录的地址，一般不用改", HelpEN: "Base address of DingTalk's login"},
		{YAML: "dingtalk.webhooks", Secret: true, put: named(func(c *Config) *Webhooks { return &c.DingTalk.Webhooks }),
			Help:   "自定义机器人，写成 名称=access_token，有加签的在后面接一个竖线和加签密钥，用关键词的再接一个竖线和关键词（没有加签就空着：名称=token||关键词），多个用逗号隔开；名称与群名册里的 ref 对应",
			HelpEN: "Custom robots as name=token, name=token|secret or name=token|secret|keyword, comma separated; groups refer to the names"},
		{YAML: "dingtalk.event_token", Secret: true, put: secret(func(c *Config) *Secret { return &c.DingTalk.EventToken }),
			Help: "事件订阅（HTTP 推送）的签名 token", HelpEN: "Token of the HTTP event subscription"},
		{YAML: "dingtalk.event_aes_key", Secret: true, put: aesKey(func(c *Config) *Secret { return &c.DingTalk.EventAESKey }),
			Help: "事件订阅（HTTP 推送）的 aes_key，43 位", HelpEN: "AES key of the HTTP event subscription, 43 characters"},
		{YAML: "dingtalk.card_template", put: text(func(c *Config) *string { return &c.DingTalk.CardTemplate }),
			Help: "互动卡片的模板 ID（自己在卡片平台搭，见操作说明）；不填，按钮用链接", HelpEN: "Template of interactive cards; without one buttons are links"},
		{YAML: "dingtalk.card_route", Default: "duban", put: text(func(c *Config) *string { return &c.DingTalk.CardRoute }),
			Help: "HTTP 方式接收卡片回传的路由名，用 duban cards register 登记", HelpEN: "Route key of card presses in HTTP mode"},
		{YAML: "dingtalk.card_secret", Secret: true, put: secret(func(c *Config) *Secret { return &c.DingTalk.CardSecret }),
			Help: "HTTP 方式卡片回传的签名密钥，自己定一串随机字符（HTTP 方式用卡片时必填）", HelpEN: "Secret that signs card presses in HTTP mode"},
		{YAML: "dingtalk.ding", Default: DingOff, put: choice(func(c *Config) *string { return &c.DingTalk.Ding }, DingOff, "app", "sms", "phone"),
			Help: "紧急情况没人回应时，最响可以用哪种 DING 提醒：off 不用、app 应用内、sms 短信、phone 电话；短信和电话要先买 DING 额度", HelpEN: "The loudest DING for emergencies: off, app, sms or phone"},
		{YAML: "dingtalk.monthly_calls", Default: "5000", put: number(func(c *Config) *int64 { return &c.DingTalk.MonthlyCalls }),
			Help: "本组织每月的接口调用额度，所有应用合计；免费版 5000，专业版 200000", HelpEN: "API calls a month of the organisation, all apps together"},
		{YAML: "dingtalk.monthly_pushes", Default: "3000", put: number(func(c *Config) *int64 { return &c.DingTalk.MonthlyPushes }),
			Help: "本组织每月的推送额度（收到的消息、群机器人发出的消息）；免费版 3000，专业版 50000", HelpEN: "Pushes a month of the organisation, group robots included"},
	}
}

func operatorKeys() []Key {
	return []Key{
		{YAML: "callback.secret", Secret: true, put: pathSecret(func(c *Config) *Secret { return &c.Callback.Secret }),
			Help: "回调地址的末段，别人猜不到的一串字母数字；留空则不带", HelpEN: "Last path segment of every callback address"},
		{YAML: "platform.timeout", Default: "10s", put: putPlatformTimeout,
			Help: "一次平台接口调用最多等多久，100ms 到 60s；网络慢的可以放长", HelpEN: "How long one call of a platform may take"},
		{YAML: "admin.token", Secret: true, put: secret(func(c *Config) *Secret { return &c.Admin.Token }),
			Help: "运维页面和 /metrics 的口令；留空则关闭", HelpEN: "Token of operator pages and /metrics; empty: closed"},
		{YAML: "dev.now", put: putDevNow,
			Help: "仅供演练：可拨动时钟的起点，RFC3339；接真实平台时拒绝启动", HelpEN: "Start of a movable clock; refused with real platforms"},
		{YAML: "log.level", Default: "info", put: choice(func(c *Config) *string { return &c.Log.Level }, "debug", "info", "warn", "error"),
			Help: "日志级别：debug、info、warn、error", HelpEN: "Log level"},
		{YAML: "log.format", Default: "text", put: choice(func(c *Config) *string { return &c.Log.Format }, "text", "json"),
			Help: "日志格式：text 或 json", HelpEN: "text or json"},
		{YAML: "data.dir", Default: "data", put: text(func(c *Config) *string { return &c.Data.Dir }),
			Help: "数据文件夹（SQLite 数据库等）", HelpEN: "Folder of our own files"},
		{YAML: "notice.note", Default: noticeNote, put: text(func(c *Config) *string { return &c.Notice.Note }),
			Help: "整改通知书末尾的说明：依据什么、期限是不是本局自定", HelpEN: "Small print of the notices to mend a hazard"},
	}
}

// noticeNote says what a notice is and what it is not: time limits nobody chose are
// the bureau's own, no rule.
const noticeNote = "本通知书按隐患台账生成，用于教育系统内部督促整改，不替代有关部门依法出具的文书；标明“默认时限”的期限是本局内部设定。"

// applies reports whether the default is a value, not a description of one.
func (k Key) applies() bool { return k.Default != "" && !strings.Contains(k.Default, "<") }

func text(at func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error { *at(c) = v; return nil }
}

func secret(at func(*Config) *Secret) func(*Config, string) error {
	return func(c *Config, v string) error { *at(c) = NewSecret(v); return nil }
}

func number(at func(*Config) *int64) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n <= 0 {
			return say("应当是一个正整数，请照后台抄写")
		}
		*at(c) = n
		return nil
	}
}

func putRoles(c *Config, v string) (err error) {
	c.Server.Roles, err = ParseRoles(v)
	return err
}

func putPlatformTimeout(c *Config, v string) error {
	d, err := time.ParseDuration(v)
	if err != nil || d < 100*time.Millisecond || d > time.Minute {
		return say("要写成 10s 这样的时长，100ms 到 60s 之间")
	}
	c.Platform.Timeout = d
	return nil
}

func putTimezone(c *Config, v string) error {
	loc, err := time.LoadLocation(v)
	if err != nil || v == "Local" {
		return say("不认识这个时区，请写 Asia/Shanghai 这样的名称")
	}
	c.Timezone, c.location = v, loc
	return nil
}

func putDevNow(c *Config, v string) error {
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return say("时间要写成 2025-09-10T09:30:00+08:00 这样的格式")
	}
	c.Dev.Now = t
	return nil
}
