package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var ignoreLocation = cmpopts.IgnoreUnexported(Config{}, Calendar{})

func defaults() *Config {
	return &Config{
		Server:   Server{Addr: "127.0.0.1:8080", Roles: Roles{Web, Worker, Scheduler}},
		Database: Database{DSN: NewSecret("sqlite:data/duban.db")},
		Timezone: "Asia/Shanghai",
		WeCom: WeCom{APIBase: "https://qyapi.weixin.qq.com", LoginBase: "https://open.weixin.qq.com", ScanBase: "https://login.work.weixin.qq.com", Buttons: ButtonsAsText,
			Bot: WeComBot{Mode: BotCallback, WSURL: "wss://openws.work.weixin.qq.com", FileHosts: []string{"myqcloud.com", "qq.com", "qpic.cn"}}},
		DingTalk: DingTalk{Mode: DingTalkHTTP, APIBase: "https://api.dingtalk.com", OAPIBase: "https://oapi.dingtalk.com", LoginBase: "https://login.dingtalk.com", CardRoute: "duban", Ding: DingOff, MonthlyCalls: 5000, MonthlyPushes: 3000},
		Platform: Platform{Timeout: 10 * time.Second},
		Log:      Log{Level: "info", Format: "text"},
		Data:     Data{Dir: "data"},
		Media:    Media{Store: MediaFolder, Dir: filepath.Join("data", "media"), MaxSide: 2560, Keep: 1095, S3: S3{Region: "us-east-1", Style: "auto"}},
		Notice:   Notice{Note: noticeNote},
	}
}

func TestNothingSetGivesTheDefaults(t *testing.T) {
	got := mustLoad(t, "")
	if diff := cmp.Diff(defaults(), got, ignoreLocation); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	if got.Location().String() != "Asia/Shanghai" || got.WeCom.Enabled() || got.WeCom.Bot.Enabled() ||
		got.DingTalk.Enabled() || !got.Redis.InProcess() {
		t.Errorf("defaults turn something on: %+v", got)
	}
}

func TestEnvironmentWinsOverFile(t *testing.T) {
	path := write(t, "duban.yaml", `
server: {addr: "0.0.0.0:9000", public_url: "https://file.example/", trusted_proxies: "127.0.0.1, 10.0.0.0/8"}
wecom:
  corp_id: ww-file
  agent_id: 1000002
  secret: "from file"
  token: tok
  encoding_aes_key: `+testAESKey+`
dev:
  now: 2025-09-10T09:30:00+08:00
wecom_unused:
`)
	got := mustLoad(t, path,
		"PATH=/bin", "DUBAN_SERVER_ADDR=127.0.0.1:7000", "DUBAN_WECOM_SECRET= from env \n",
		"DUBAN_WECOM_CORP_ID=", "DUBAN_WECOM_API_BASE=http://127.0.0.1:9/", "DUBAN_DATA_DIR=/srv/duban",
		"DUBAN_SERVER_ROLES=worker, web,worker", "DUBAN_TEST_REQUIRE=mysql")
	want := defaults()
	want.Server = Server{Addr: "127.0.0.1:7000", PublicURL: "https://file.example", Roles: Roles{Worker, Web}, TrustedProxies: []string{"127.0.0.1", "10.0.0.0/8"}}
	want.WeCom = WeCom{CorpID: "ww-file", AgentID: 1000002, Secret: NewSecret("from env"), Token: NewSecret("tok"),
		EncodingAESKey: NewSecret(testAESKey), APIBase: "http://127.0.0.1:9", LoginBase: "https://open.weixin.qq.com", ScanBase: "https://login.work.weixin.qq.com", Buttons: ButtonsAsText, Bot: want.WeCom.Bot}
	want.Dev.Now = time.Date(2025, 9, 10, 1, 30, 0, 0, time.UTC)
	want.Data.Dir = "/srv/duban"
	want.Media.Dir = "/srv/duban/media"
	want.Database.DSN = NewSecret("sqlite:/srv/duban/duban.db")
	want.Warnings = []string{"设了 DUBAN_DEV_NOW：时钟可以拨动，仅供演练"}
	if diff := cmp.Diff(want, got, ignoreLocation); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
}

func TestSecretFromFile(t *testing.T) {
	path := write(t, "token", "  tok-1234567890123456 \n\n")
	got := mustLoad(t, "", "DUBAN_ADMIN_TOKEN_FILE="+path)
	if got.Admin.Token.Reveal() != "tok-1234567890123456" {
		t.Errorf("token from file = %q", got.Admin.Token.Reveal())
	}
}

func TestDefaultFileIsReadFromWorkingDirectory(t *testing.T) {
	t.Chdir(filepath.Dir(write(t, DefaultFile, "log: {level: debug}\n")))
	if got := mustLoad(t, ""); got.Log.Level != "debug" {
		t.Errorf("level = %q, want the one of ./duban.yaml", got.Log.Level)
	}
}

func TestEmptyVariableCountsAsUnset(t *testing.T) {
	var environ []string
	for _, key := range Keys() {
		environ = append(environ, key.Env+"=", key.Env+"_FILE=")
	}
	if diff := cmp.Diff(defaults(), mustLoad(t, "", environ...), ignoreLocation); diff != "" {
		t.Errorf("empty variables changed something (-want +got):\n%s", diff)
	}
}

func TestUnknownVariableIsWarnedOf(t *testing.T) {
	got := mustLoad(t, "", "DUBAN_WECOM_CROP_ID="+leak, "DUBAN_TEST_MYSQL_DSN=x", "OTHER=1")
	want := []string{"环境变量 DUBAN_WECOM_CROP_ID 不是 duban 的配置项，已忽略，请检查拼写"}
	if diff := cmp.Diff(want, got.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestRobotCodeIsTheClientIDUnlessSet(t *testing.T) {
	environ := []string{"DUBAN_DINGTALK_CLIENT_ID=ding1", "DUBAN_DINGTALK_CLIENT_SECRET=s", "DUBAN_DINGTALK_CORP_ID=c"}
	if got := mustLoad(t, "", environ...); got.DingTalk.RobotCode != "ding1" {
		t.Errorf("robot code = %q", got.DingTalk.RobotCode)
	}
	if got := mustLoad(t, "", append(environ, "DUBAN_DINGTALK_ROBOT_CODE=r2")...); got.DingTalk.RobotCode != "r2" {
		t.Errorf("robot code = %q", got.DingTalk.RobotCode)
	}
}

func TestDatabaseSplit(t *testing.T) {
	for dsn, want := range map[string][2]string{
		"sqlite:data/x.db":      {SQLite, "data/x.db"},
		"sqlite::memory:":       {SQLite, ":memory:"},
		"mysql:u:p@tcp(h:1)/db": {MySQL, "u:p@tcp(h:1)/db"},
		"postgres:x":            {"", ""},
		"mysql:":                {"", ""},
		"data/x.db":             {"", ""},
	} {
		if kind, rest := (Database{DSN: NewSecret(dsn)}).Split(); kind != want[0] || rest != want[1] {
			t.Errorf("Split(%q) = %q, %q; want %q", dsn, kind, rest, want)
		}
	}
}

// write puts content into a file of a fresh folder and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFileProblems(t *testing.T) {
	dir := t.TempDir()
	for _, tc := range []struct{ name, yaml, want string }{
		{"unknown key", "server:\n  adress: 1.2.3.4:80\n", "PATH server.adress：没有这个配置项，请对照配置说明改正或删去"},
		{"scalar section", "wecom: abc\n", "PATH wecom：没有这个配置项，请对照配置说明改正或删去"},
		{"number for text", "wecom: {token: 0123}\n", "DUBAN_WECOM_TOKEN：配置文件里的 wecom.token 要写成一个带引号的文字"},
		{"list for text", "log: {level: [info]}\n", "DUBAN_LOG_LEVEL：配置文件里的 log.level 要写成一个带引号的文字"},
		{"broken", "server:\n  addr: \"" + leak + "\n", "PATH：读不了这个配置文件，请检查文件是否存在、YAML 缩进是否正确（"},
		{"tabs", "server:\n\taddr: " + leak + "\n", "PATH：读不了这个配置文件，请检查文件是否存在、YAML 缩进是否正确（第 2 行附近）"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(dir, "c.yaml")
			if err := os.WriteFile(path, []byte(tc.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Load(path, nil)
			if err == nil || !strings.Contains(err.Error(), strings.ReplaceAll(tc.want, "PATH", path)) || leaks(err.Error()) {
				t.Errorf("error = %v\nwant %q in it and no content of the file", err, tc.want)
			}
		})
	}
	if _, err := Load(filepath.Join(dir, "none.yaml"), nil); err == nil || !strings.Contains(err.Error(), "文件不存在") {
		t.Errorf("a named file that is not there: %v", err)
	}
}

func FuzzLoadFile(f *testing.F) {
	f.Add("server: {addr: \"127.0.0.1:1\"}")
	f.Add("wecom:\n  agent_id: 1\n")
	f.Add("a: &a [*a]")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content string) {
		path := filepath.Join(dir, "f.yaml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := Load(path, nil); (c == nil) == (err == nil) {
			t.Errorf("Load gave %v and %v", c, err)
		}
	})
}

func TestWebhooksAreNamed(t *testing.T) {
	c := mustLoad(t, "", "DUBAN_WECOM_WEBHOOKS= office = k=1 , schools=k2")
	for name, want := range map[string]string{"office": "k=1", "schools": "k2"} {
		if got, ok := c.WeCom.Webhooks.Key(name); !ok || got != want {
			t.Errorf("key of %s = %q, %v; want %q", name, got, ok, want)
		}
	}
	if _, ok := c.WeCom.Webhooks.Key("other"); ok {
		t.Error("an unknown name has a key")
	}
	for _, bad := range []string{"office", "office=", "Büro=k", "a=k,a=l", ",", "a=k,,b=l"} {
		_, err := Load("", []string{"DUBAN_WECOM_WEBHOOKS=" + bad})
		if err == nil || strings.Contains(err.Error(), "=k") {
			t.Errorf("%q gave %v", bad, err)
		}
	}
}
