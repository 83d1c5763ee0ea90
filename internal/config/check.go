package config

import (
	"net"
	"net/url"
	"strings"
)

// realHosts are the domains of the platforms themselves, with all below them.
var realHosts = []string{"weixin.qq.com", "dingtalk.com", "dingtalk.io"}

// isReal reports whether an address leads to a real platform.
func isReal(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true // better refused than sent
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for _, domain := range realHosts {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// check looks at settings together: what one requires of another.
func (c *Config) check() Problems {
	var ps Problems
	if kind, _ := c.Database.Split(); kind == "" {
		ps = append(ps, Problem{"DUBAN_DATABASE_DSN", "要以 sqlite: 或 mysql: 开头，例如 sqlite:data/duban.db"})
	}
	if c.Redis.URL.IsSet() && !strings.HasPrefix(c.Redis.URL.Reveal(), "redis") {
		ps = append(ps, Problem{"DUBAN_REDIS_URL", "要以 redis:// 或 rediss:// 开头；留空则用进程内置的 Redis"})
	}
	ps = append(ps, c.checkWeCom()...)
	ps = append(ps, c.checkBot()...)
	ps = append(ps, c.checkDingTalk()...)
	ps = append(ps, c.checkPages()...)
	ps = append(ps, c.checkMedia()...)
	return append(ps, c.checkClock()...)
}

// requirement is a setting that must be there once its platform is in use.
type requirement struct {
	env string
	set bool
}

// missing names the settings not given.
func missing(whose string, needs ...requirement) Problems {
	var ps Problems
	for _, n := range needs {
		if !n.set {
			ps = append(ps, Problem{n.env, whose + "只配了一部分，还缺这一项；不用" + whose + "就把它的配置全部去掉"})
		}
	}
	return ps
}

func (c *Config) checkWeCom() Problems {
	w := c.WeCom
	if !w.Enabled() && (w.CorpID == "" || w.Bot.Enabled()) {
		return nil
	}
	return missing("企业微信自建应用",
		requirement{"DUBAN_WECOM_CORP_ID", w.CorpID != ""},
		requirement{"DUBAN_WECOM_AGENT_ID", w.AgentID != 0},
		requirement{"DUBAN_WECOM_SECRET", w.Secret.IsSet()},
		requirement{"DUBAN_WECOM_TOKEN", w.Token.IsSet()},
		requirement{"DUBAN_WECOM_ENCODING_AES_KEY", w.EncodingAESKey.IsSet()})
}

func (c *Config) checkBot() Problems {
	b := c.WeCom.Bot
	if !b.Enabled() {
		return nil
	}
	if b.Mode == BotWebSocket {
		return missing("企业微信智能机器人（长连接）",
			requirement{"DUBAN_WECOM_BOT_ID", b.ID != ""},
			requirement{"DUBAN_WECOM_BOT_SECRET", b.Secret.IsSet()})
	}
	return missing("企业微信智能机器人（回调）",
		requirement{"DUBAN_WECOM_BOT_TOKEN", b.Token.IsSet()},
		requirement{"DUBAN_WECOM_BOT_ENCODING_AES_KEY", b.EncodingAESKey.IsSet()})
}

func (c *Config) checkDingTalk() Problems {
	d := c.DingTalk
	events := d.EventToken.IsSet() || d.EventAESKey.IsSet()
	if !d.Enabled() && !events && d.RobotCode == "" && d.CorpID == "" && d.AgentID == 0 {
		return nil
	}
	ps := missing("钉钉",
		requirement{"DUBAN_DINGTALK_CLIENT_ID", d.ClientID != ""},
		requirement{"DUBAN_DINGTALK_CLIENT_SECRET", d.ClientSecret.IsSet()})
	if events {
		ps = append(ps, missing("钉钉事件订阅",
			requirement{"DUBAN_DINGTALK_EVENT_TOKEN", d.EventToken.IsSet()},
			requirement{"DUBAN_DINGTALK_EVENT_AES_KEY", d.EventAESKey.IsSet()})...)
	}
	return ps
}

// checkPages sees that people can log in where they are told to.
func (c *Config) checkPages() Problems {
	var ps Problems
	if len(c.Pages.Login) > 0 && c.Server.PublicURL == "" {
		ps = append(ps, Problem{"DUBAN_SERVER_PUBLIC_URL", "设了 DUBAN_PAGES_LOGIN 就要有外网访问地址"})
	}
	if c.Pages.LogsIn(WeComName) && !c.WeCom.Enabled() {
		ps = append(ps, Problem{"DUBAN_PAGES_LOGIN", "没有配企业微信自建应用，不能用它登录"})
	}
	if c.Pages.LogsIn(DingTalkName) && !c.DingTalk.Enabled() {
		ps = append(ps, Problem{"DUBAN_PAGES_LOGIN", "没有配钉钉应用，不能用它登录"})
	}
	if c.WeCom.JSSDK != "" && (c.Server.PublicURL == "" || !c.WeCom.Enabled()) {
		ps = append(ps, Problem{"DUBAN_WECOM_JS_SDK", "要先配企业微信自建应用和 DUBAN_SERVER_PUBLIC_URL"})
	}
	return ps
}

// checkClock keeps a moved clock away from real people: a rehearsal of a whole
// year must not send them a year of messages.
func (c *Config) checkClock() Problems {
	if c.Dev.Now.IsZero() {
		return nil
	}
	var bases []string
	if c.WeCom.Enabled() {
		bases = append(bases, c.WeCom.APIBase)
	}
	if c.WeCom.Bot.Enabled() {
		bases = append(bases, c.WeCom.APIBase)
	}
	if c.WeCom.Bot.Enabled() && c.WeCom.Bot.Mode == BotWebSocket {
		bases = append(bases, c.WeCom.Bot.WSURL)
	}
	if c.DingTalk.Enabled() {
		bases = append(bases, c.DingTalk.APIBase, c.DingTalk.OAPIBase)
	}
	if c.Pages.LogsIn(WeComName) {
		bases = append(bases, c.WeCom.LoginBase, c.WeCom.ScanBase)
	}
	if c.Pages.LogsIn(DingTalkName) {
		bases = append(bases, c.DingTalk.LoginBase)
	}
	for _, base := range bases {
		if isReal(base) {
			return Problems{{"DUBAN_DEV_NOW", "可拨动的时钟不能接真实平台（" + base + "）。请去掉 DUBAN_DEV_NOW，或把平台接口地址改为模拟服务"}}
		}
	}
	return nil
}

// publicIsHere reports whether the pages are for this machine's browser alone.
func (c *Config) publicIsHere() bool {
	u, err := url.Parse(c.Server.PublicURL)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// warnings are remarks on settings that work but should be thought about.
func (c *Config) warnings() []string {
	var ws []string
	if c.DingTalk.Enabled() && c.DingTalk.CorpID == "" {
		ws = append(ws, "没有设 DUBAN_DINGTALK_CORP_ID，无法核对钉钉消息是否来自本组织，请补上")
	}
	if c.DingTalk.Enabled() && c.DingTalk.Mode == DingTalkHTTP && !c.Callback.Secret.IsSet() && !c.listensLocally() {
		ws = append(ws, "没有设 DUBAN_CALLBACK_SECRET：钉钉的签名不覆盖消息内容，建议给回调地址加一段别人猜不到的后缀")
	}
	if !c.Admin.Token.IsSet() && !c.listensLocally() {
		ws = append(ws, "没有设 DUBAN_ADMIN_TOKEN，运维页面和 /metrics 已关闭")
	}
	if strings.HasPrefix(c.Server.PublicURL, "https:") && len(c.Server.TrustedProxies) == 0 {
		ws = append(ws, "设了 DUBAN_SERVER_PUBLIC_URL 而没有设 DUBAN_SERVER_TRUSTED_PROXIES：扫码的人都会被当成反向代理那一个地址，一起限次")
	}
	if strings.HasPrefix(c.Server.PublicURL, "http:") && !c.publicIsHere() {
		ws = append(ws, "DUBAN_SERVER_PUBLIC_URL 不是 https：照片和上报内容会明文经过网络，请配证书")
	}
	if c.WeCom.Bot.Enabled() && !c.WeCom.Enabled() {
		ws = append(ws, "只配了智能机器人，没有配自建应用：只能在有人问时回答，提醒和私聊的内容发不出去")
	}
	if c.DingTalk.EventToken.IsSet() && c.DingTalk.Mode == DingTalkStream {
		ws = append(ws, "钉钉用 Stream 方式接收，事件也从 Stream 来，DUBAN_DINGTALK_EVENT_… 的设置不起作用")
	}
	if !c.Dev.Now.IsZero() {
		ws = append(ws, "设了 DUBAN_DEV_NOW：时钟可以拨动，仅供演练")
	}
	return append(ws, c.mediaWarnings()...)
}

// listensLocally reports whether only this machine can reach the server.
func (c *Config) listensLocally() bool {
	host, _, err := net.SplitHostPort(c.Server.Addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
