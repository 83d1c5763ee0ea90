package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRefused(t *testing.T) {
	const (
		wecom = "DUBAN_WECOM_CORP_ID=ww1 DUBAN_WECOM_AGENT_ID=2 DUBAN_WECOM_SECRET=s DUBAN_WECOM_TOKEN=t DUBAN_WECOM_ENCODING_AES_KEY=" + testAESKey
		ding  = "DUBAN_DINGTALK_CLIENT_ID=d DUBAN_DINGTALK_CLIENT_SECRET=s"
		part  = "只配了一部分，还缺这一项；不用"
		whole = "就把它的配置全部去掉"
	)
	for _, tc := range []struct{ name, environ, want string }{
		{"dsn without prefix", "DUBAN_DATABASE_DSN=" + leak + "@tcp(h)/d", "DUBAN_DATABASE_DSN：要以 sqlite: 或 mysql: 开头，例如 sqlite:data/duban.db"},
		{"redis scheme", "DUBAN_REDIS_URL=http://h", "DUBAN_REDIS_URL：要以 redis:// 或 rediss:// 开头；留空则用进程内置的 Redis"},
		{"address", "DUBAN_SERVER_ADDR=8080", "DUBAN_SERVER_ADDR：应写成 主机:端口，例如 127.0.0.1:8080"},
		{"proxies", "DUBAN_SERVER_TRUSTED_PROXIES=127.0.0.1,nginx", "DUBAN_SERVER_TRUSTED_PROXIES：应是地址或网段，多个用逗号隔开，例如 127.0.0.1,10.0.0.0/8"},
		{"port", "DUBAN_SERVER_ADDR=:99999", "DUBAN_SERVER_ADDR：端口应是 0 到 65535 的数字"},
		{"public url", "DUBAN_SERVER_PUBLIC_URL=duban.example", "DUBAN_SERVER_PUBLIC_URL：应是以 http:// 或 https:// 开头的完整地址"},
		{"url with key", "DUBAN_WECOM_API_BASE=https://h?key=" + leak, "DUBAN_WECOM_API_BASE：地址里不要带用户名、? 或 # 之后的内容"},
		{"zone", "DUBAN_TIMEZONE=Mars/Base", "DUBAN_TIMEZONE：不认识这个时区，请写 Asia/Shanghai 这样的名称"},
		{"zone local", "DUBAN_TIMEZONE=Local", "DUBAN_TIMEZONE：不认识这个时区，请写 Asia/Shanghai 这样的名称"},
		{"role", "DUBAN_SERVER_ROLES=web,cook", "DUBAN_SERVER_ROLES：不认识的角色“cook”，只能是 web、worker、scheduler，用逗号隔开"},
		{"no role", "DUBAN_SERVER_ROLES=,", "DUBAN_SERVER_ROLES：没有写角色，请从 web、worker、scheduler 中选，用逗号隔开"},
		{"level", "DUBAN_LOG_LEVEL=loud", "DUBAN_LOG_LEVEL：只能是 debug、info、warn、error 之一"},
		{"dev now", "DUBAN_DEV_NOW=tomorrow", "DUBAN_DEV_NOW：时间要写成 2025-09-10T09:30:00+08:00 这样的格式"},
		{"callback secret", "DUBAN_CALLBACK_SECRET=a/b", "DUBAN_CALLBACK_SECRET：应是 8 到 128 个字母、数字、- 或 _（建议 32 个随机字符）"},
		{"agent id", wecom + " DUBAN_WECOM_AGENT_ID=abc", "DUBAN_WECOM_AGENT_ID：应当是一个正整数，请照后台抄写\nDUBAN_WECOM_AGENT_ID：企业微信自建应用" + part + "企业微信自建应用" + whole},
		{"short aes", wecom + " DUBAN_WECOM_ENCODING_AES_KEY=abc", "DUBAN_WECOM_ENCODING_AES_KEY：应为 43 个字符（现为 3 个），请回后台完整复制\nDUBAN_WECOM_ENCODING_AES_KEY：企业微信自建应用" + part + "企业微信自建应用" + whole},
		{"bad aes", "DUBAN_WECOM_BOT_TOKEN=t DUBAN_WECOM_BOT_ENCODING_AES_KEY=" + strings.Repeat("!", 43), "DUBAN_WECOM_BOT_ENCODING_AES_KEY：含有不该出现的字符，请回后台完整复制\nDUBAN_WECOM_BOT_ENCODING_AES_KEY：企业微信智能机器人（回调）" + part + "企业微信智能机器人（回调）" + whole},
		{"corp id alone", "DUBAN_WECOM_CORP_ID=ww1 DUBAN_WECOM_AGENT_ID=2 DUBAN_WECOM_SECRET=s DUBAN_WECOM_TOKEN=t", "DUBAN_WECOM_ENCODING_AES_KEY：企业微信自建应用" + part + "企业微信自建应用" + whole},
		{"bot callback half", "DUBAN_WECOM_BOT_ID=b DUBAN_WECOM_BOT_TOKEN=t", "DUBAN_WECOM_BOT_ENCODING_AES_KEY：企业微信智能机器人（回调）" + part + "企业微信智能机器人（回调）" + whole},
		{"bot socket half", "DUBAN_WECOM_BOT_ID=b DUBAN_WECOM_BOT_MODE=WebSocket", "DUBAN_WECOM_BOT_SECRET：企业微信智能机器人（长连接）" + part + "企业微信智能机器人（长连接）" + whole},
		{"dingtalk half", "DUBAN_DINGTALK_CORP_ID=c DUBAN_DINGTALK_CLIENT_ID=d", "DUBAN_DINGTALK_CLIENT_SECRET：钉钉" + part + "钉钉" + whole},
		{"dingtalk events half", ding + " DUBAN_DINGTALK_EVENT_TOKEN=t", "DUBAN_DINGTALK_EVENT_AES_KEY：钉钉事件订阅" + part + "钉钉事件订阅" + whole},
		{"both forms", "DUBAN_ADMIN_TOKEN=" + leak + " DUBAN_ADMIN_TOKEN_FILE=/x", "DUBAN_ADMIN_TOKEN：与 DUBAN_ADMIN_TOKEN_FILE 只能设一个，请去掉其中之一"},
		{"no such file", "DUBAN_ADMIN_TOKEN_FILE=/none/here", "DUBAN_ADMIN_TOKEN_FILE：读不了文件 /none/here（文件不存在），请检查路径和权限"},
		{"moved clock, wecom", wecom + " DUBAN_DEV_NOW=2025-09-10T09:30:00+08:00", clockRefused("https://qyapi.weixin.qq.com")},
		{"moved clock, wecom odd spelling", wecom + " DUBAN_WECOM_API_BASE=https://QYAPI.weixin.qq.com.:443 DUBAN_DEV_NOW=2025-09-10T09:30:00+08:00", clockRefused("https://QYAPI.weixin.qq.com.:443")},
		{"moved clock, dingtalk", ding + " DUBAN_DINGTALK_OAPI_BASE=http://127.0.0.1:1 DUBAN_DEV_NOW=2025-09-10T09:30:00+08:00", clockRefused("https://api.dingtalk.com")},
		{"moved clock, old dingtalk", ding + " DUBAN_DINGTALK_API_BASE=http://127.0.0.1:1 DUBAN_DEV_NOW=2025-09-10T09:30:00+08:00", clockRefused("https://oapi.dingtalk.com")},
		{"login with what", "DUBAN_PAGES_LOGIN=wecom,qq", "DUBAN_PAGES_LOGIN：只能是 wecom、dingtalk，多个用逗号隔开"},
		{"login without pages", wecom + " DUBAN_PAGES_LOGIN=wecom", "DUBAN_SERVER_PUBLIC_URL：设了 DUBAN_PAGES_LOGIN 就要有外网访问地址"},
		{"login without the app", ding + " DUBAN_SERVER_PUBLIC_URL=https://d.cn DUBAN_PAGES_LOGIN=DingTalk,wecom", "DUBAN_PAGES_LOGIN：没有配企业微信自建应用，不能用它登录"},
		{"login without the robot", wecom + " DUBAN_SERVER_PUBLIC_URL=https://d.cn DUBAN_PAGES_LOGIN=dingtalk", "DUBAN_PAGES_LOGIN：没有配钉钉应用，不能用它登录"},
		{"script without pages", wecom + " DUBAN_WECOM_JS_SDK=https://res.example/wx.js", "DUBAN_WECOM_JS_SDK：要先配企业微信自建应用和 DUBAN_SERVER_PUBLIC_URL"},
		{"moved clock, login", wecom + " DUBAN_SERVER_PUBLIC_URL=https://d.cn DUBAN_PAGES_LOGIN=wecom DUBAN_WECOM_API_BASE=http://127.0.0.1:1 DUBAN_DEV_NOW=2025-09-10T09:30:00+08:00", clockRefused("https://open.weixin.qq.com")},
		{"moved clock, bot", "DUBAN_WECOM_BOT_ID=b DUBAN_WECOM_BOT_SECRET=s DUBAN_WECOM_BOT_MODE=websocket DUBAN_WECOM_API_BASE=http://127.0.0.1:1 DUBAN_DEV_NOW=2025-09-10T09:30:00+08:00", clockRefused("wss://openws.work.weixin.qq.com")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Load("", lastWins(tc.environ))
			var ps Problems
			if !errors.As(err, &ps) {
				t.Fatalf("Load error = %v, want Problems", err)
			}
			var lines []string
			for _, p := range ps {
				lines = append(lines, p.Key+"："+p.Say)
			}
			if diff := cmp.Diff(tc.want, strings.Join(lines, "\n")); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if leaks(err.Error()) {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func clockRefused(base string) string {
	return "DUBAN_DEV_NOW：可拨动的时钟不能接真实平台（" + base + "）。请去掉 DUBAN_DEV_NOW，或把平台接口地址改为模拟服务"
}

// lastWins splits words into an environment; like a shell, a later one wins.
func lastWins(words string) []string { return strings.Fields(words) }

func TestProblemsAreListedTogether(t *testing.T) {
	_, err := Load("", []string{"DUBAN_SERVER_ADDR=x", "DUBAN_LOG_LEVEL=y"})
	want := "配置有 2 处要改：\n" +
		"  DUBAN_SERVER_ADDR：应写成 主机:端口，例如 127.0.0.1:8080\n" +
		"  DUBAN_LOG_LEVEL：只能是 debug、info、warn、error 之一"
	if err == nil || err.Error() != want {
		t.Errorf("error = %v\nwant %s", err, want)
	}
}

func TestMovedClockIsFineWithFakes(t *testing.T) {
	c := mustLoad(t, "", "DUBAN_DEV_NOW=2025-09-10T09:30:00+08:00", "DUBAN_DINGTALK_CLIENT_ID=d", "DUBAN_DINGTALK_CLIENT_SECRET=s",
		"DUBAN_DINGTALK_CORP_ID=c", "DUBAN_DINGTALK_API_BASE=http://127.0.0.1:1", "DUBAN_DINGTALK_OAPI_BASE=http://localhost:1/weixin.qq.com")
	if c.Dev.Now.IsZero() {
		t.Error("the clock is not set")
	}
}

func TestWarnings(t *testing.T) {
	c := mustLoad(t, "", "DUBAN_SERVER_ADDR=:8080", "DUBAN_DINGTALK_CLIENT_ID=d", "DUBAN_DINGTALK_CLIENT_SECRET=s")
	want := []string{
		"没有设 DUBAN_DINGTALK_CORP_ID，无法核对钉钉消息是否来自本组织，请补上",
		"没有设 DUBAN_CALLBACK_SECRET：钉钉的签名不覆盖消息内容，建议给回调地址加一段别人猜不到的后缀",
		"没有设 DUBAN_ADMIN_TOKEN，运维页面和 /metrics 已关闭",
	}
	if diff := cmp.Diff(want, c.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestWarningsAboutPages(t *testing.T) {
	const counted, plain = "设了 DUBAN_SERVER_PUBLIC_URL 而没有设 DUBAN_SERVER_TRUSTED_PROXIES", "DUBAN_SERVER_PUBLIC_URL 不是 https"
	for url, want := range map[string][2]bool{"": {}, "https://a.example": {true, false}, "http://a.example": {false, true}, "http://127.0.0.1:8080": {}, "http://localhost:1": {}} {
		got := strings.Join(mustLoad(t, "", "DUBAN_SERVER_PUBLIC_URL="+url).Warnings, "\n")
		if strings.Contains(got, counted) != want[0] || strings.Contains(got, plain) != want[1] {
			t.Errorf("%q: %s", url, got)
		}
	}
	if c := mustLoad(t, "", "DUBAN_SERVER_PUBLIC_URL=https://a.example", "DUBAN_SERVER_TRUSTED_PROXIES=127.0.0.1"); len(c.Warnings) != 0 {
		t.Errorf("%q", c.Warnings)
	}
}

func TestSecretFileLimits(t *testing.T) {
	big := filepath.Join(t.TempDir(), "big")
	if err := os.WriteFile(big, make([]byte, maxSecretFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		big:                   "读不完整或超过 64 KB",
		write(t, "e", " \n "): "是空的",
		t.TempDir():           "读不完整",
	} {
		if _, err := Load("", []string{"DUBAN_ADMIN_TOKEN_FILE=" + path}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("file %s: %v, want %q", filepath.Base(path), err, want)
		}
	}
}
