package dingtalk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/internal/clock"
	"duban/internal/errs"
	simdingtalk "duban/internal/sim/dingtalk"
)

const (
	clientSecret = "client-secret-0123456789"
	hookToken    = "hooktoken0123456789"
	hookSecret   = "SEChookkey"

	tokenPath   = "/v1.0/oauth2/accessToken"
	userPath    = "/v1.0/robot/oToMessages/batchSend"
	groupPath   = "/v1.0/robot/groupMessages/send"
	filePath    = "/v1.0/robot/messageFiles/download"
	sessionPath = "/robot/sendBySession"
	hookPath    = "/robot/send"
)

type world struct {
	t      *testing.T
	sim    *simdingtalk.Sim
	server *httptest.Server
	clock  *clock.Movable
	client *dingtalk.Client
	logs   *bytes.Buffer
}

func newWorld(t *testing.T, change ...func(*dingtalk.ClientConfig)) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewFrozen(time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)), logs: &bytes.Buffer{}}
	w.sim = simdingtalk.New(simdingtalk.Config{
		ClientID: "dingapp1", ClientSecret: clientSecret, CorpID: "dingcorp1", RobotName: "督办助手",
		Users:    []simdingtalk.User{{ID: "u1", Name: "王老师"}, {ID: "u2", Name: "李主任"}},
		Groups:   []simdingtalk.Group{{ConversationID: "cidG==", Title: "安全群"}},
		Webhooks: []simdingtalk.Webhook{{Token: hookToken, Secret: hookSecret, ConversationID: "cidG=="}},
		Now:      w.clock.Now,
	})
	w.server = httptest.NewServer(w.sim)
	t.Cleanup(w.server.Close)
	w.sim.SetBaseURL(w.server.URL)
	cfg := dingtalk.ClientConfig{
		ClientID: "dingapp1", ClientSecret: dingtalk.NewSecret(clientSecret), CorpID: "dingcorp1",
		APIBase: w.server.URL, OAPIBase: w.server.URL, Now: w.clock.Now,
		Logger: slog.New(slog.NewTextHandler(w.logs, nil)),
	}
	for _, c := range change {
		c(&cfg)
	}
	client, err := dingtalk.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.client = client
	return w
}

func (w *world) user(text string) bot.Outgoing {
	return bot.Outgoing{To: bot.Target{UserID: "u1"}, Reply: bot.Reply{Text: text}, Key: "k-" + text}
}

// expect checks class and reason, and that nothing secret shows.
func (w *world) expect(err error, class bot.SendClass, reason string) *bot.SendError {
	w.t.Helper()
	var e *bot.SendError
	if !errors.As(err, &e) {
		w.t.Fatalf("error %v is not classified, want %s %s", err, class, reason)
	}
	if e.Class != class || e.Reason != reason {
		w.t.Errorf("%s %s, want %s %s: %v", e.Class, e.Reason, class, reason, err)
	}
	w.noSecrets(err.Error())
	return e
}

func (w *world) noSecrets(text string) {
	w.t.Helper()
	for _, secret := range []string{clientSecret, hookToken, hookSecret, "sim-token-", "session-0", "Signature=", w.server.URL} {
		if strings.Contains(text+w.logs.String(), secret) {
			w.t.Errorf("%q shows in %s", secret, text+w.logs.String())
		}
	}
}

var ignoreTime = cmp.FilterPath(func(p cmp.Path) bool {
	return p.Last().String() == ".At" || p.Last().String() == ".Raw" || p.Last().String() == ".Key" || p.Last().String() == ".URL"
}, cmp.Ignore())

func (w *world) sent(want ...simdingtalk.Sent) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.sim.Sent(), ignoreTime); diff != "" {
		w.t.Errorf("sent: -want +got\n%s", diff)
	}
}

func TestSendToAPerson(t *testing.T) {
	w := newWorld(t)
	for _, r := range []bot.Reply{
		{Text: "已登记：隐患56\n谢谢"},
		{Title: "到期提醒", Text: "22-3 *食堂*\n\n今天到期"},
		{Title: "请选", Text: "哪一项？", Buttons: []bot.Button{{Label: "完成", Send: "完成 22-3"}}},
		{Title: "请选", Text: "哪一项？", Buttons: []bot.Button{{Label: "完成", Send: "完成 22-3"}, {Label: "延期", Send: "延期 22-3"}}},
	} {
		receipt, err := w.client.Send(context.Background(), bot.Outgoing{To: bot.Target{UserID: "u1"}, Reply: r})
		if err != nil || receipt.PlatformID == "" {
			t.Fatalf("receipt %+v, error %v", receipt, err)
		}
	}
	done, later := simdingtalk.Button{Label: "完成", Content: "完成 22-3"}, simdingtalk.Button{Label: "延期", Content: "延期 22-3"}
	w.sent(
		simdingtalk.Sent{Road: "api", UserID: "u1", Kind: "sampleText", Text: "已登记：隐患56\n谢谢"},
		simdingtalk.Sent{Road: "api", UserID: "u1", Kind: "sampleMarkdown", Title: "到期提醒", Text: "22-3 ＊食堂＊\n\n今天到期"},
		simdingtalk.Sent{Road: "api", UserID: "u1", Kind: "sampleActionCard", Title: "请选", Text: "哪一项？", Buttons: []simdingtalk.Button{done}},
		simdingtalk.Sent{Road: "api", UserID: "u1", Kind: "sampleActionCard2", Title: "请选", Text: "哪一项？", Buttons: []simdingtalk.Button{done, later}},
	)
	if w.sim.TokenCalls() != 1 {
		t.Errorf("%d token calls", w.sim.TokenCalls())
	}
}

func TestSendToAGroupNamesWhatToType(t *testing.T) {
	w := newWorld(t)
	r := bot.Reply{Title: "周报", Text: "本周3项到期", Buttons: []bot.Button{{Label: "查看", Send: "查询 本周"}}}
	for _, to := range []bot.Target{{ChatID: "cidG=="}, {Webhook: hookToken + "|" + hookSecret}} {
		if _, err := w.client.Send(context.Background(), bot.Outgoing{To: to, Reply: r, Key: "k"}); err != nil {
			t.Fatal(err)
		}
	}
	text := "本周3项到期\n\n可以@我回复：“查询 本周”（查看）"
	w.sent(
		simdingtalk.Sent{Road: "api", GroupID: "cidG==", Kind: "sampleMarkdown", Title: "周报", Text: text},
		simdingtalk.Sent{Road: "webhook", GroupID: "cidG==", Kind: "markdown", Title: "周报", Text: text},
	)
}

func TestWebhookSwallowsTheSameKey(t *testing.T) {
	w := newWorld(t)
	m := bot.Outgoing{To: bot.Target{Webhook: hookToken + "|" + hookSecret}, Reply: bot.Reply{Text: "周报"}, Key: "k1"}
	w.sim.Fail(hookPath, 1, simdingtalk.Fault{Taken: true, Drop: true})
	_, err := w.client.Send(context.Background(), m)
	w.expect(err, bot.Ambiguous, "no_answer")
	if _, err := w.client.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	w.sent(simdingtalk.Sent{Road: "webhook", GroupID: "cidG==", Kind: "text", Text: "周报"})
}

func TestWebhookWindow(t *testing.T) {
	w := newWorld(t)
	send := func() error {
		_, err := w.client.Send(context.Background(), bot.Outgoing{To: bot.Target{Webhook: hookToken + "|" + hookSecret}, Reply: bot.Reply{Text: "周报"}})
		return err
	}
	for range 18 {
		if err := send(); err != nil {
			t.Fatal(err)
		}
	}
	if e := w.expect(send(), bot.RateLimit, "webhook_window"); e.After != time.Minute {
		t.Errorf("waits %v", e.After)
	}
	w.clock.Set(w.clock.Now().Add(time.Minute))
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if n := len(w.sim.Sent()); n != 19 {
		t.Errorf("%d messages", n)
	}
}

func TestWebhookRefusals(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		key    string
		fault  simdingtalk.Fault
		class  bot.SendClass
		reason string
	}{
		{"unknown", simdingtalk.Fault{}, bot.Permanent, "webhook_gone"},
		{hookToken, simdingtalk.Fault{}, bot.Config, "webhook_security"},
		{hookToken + "|wrong", simdingtalk.Fault{}, bot.Config, "webhook_security"},
		{hookToken, simdingtalk.Fault{Status: 302, Location: "https://err.example/"}, bot.RateLimit, "blocked"},
		{hookToken, simdingtalk.Fault{ErrCode: 130101, Message: "send too fast"}, bot.RateLimit, "blocked"},
		{hookToken, simdingtalk.Fault{ErrCode: 40014, Message: "token " + hookToken + " bad"}, bot.Permanent, "webhook_gone"},
		{hookToken, simdingtalk.Fault{ErrCode: 90030}, bot.Config, "quota"},
	}
	for _, tt := range tests {
		if tt.fault != (simdingtalk.Fault{}) {
			w.sim.Fail(hookPath, 1, tt.fault)
		}
		_, err := w.client.Send(context.Background(), bot.Outgoing{To: bot.Target{Webhook: tt.key}, Reply: bot.Reply{Text: "x"}})
		w.expect(err, tt.class, tt.reason)
	}
	w.sent()
}

func TestSendFailures(t *testing.T) {
	tests := []struct {
		name   string
		to     bot.Target
		set    func(w *world)
		class  bot.SendClass
		reason string
		after  time.Duration
	}{
		{"unknown person", bot.Target{UserID: "gone"}, nil, bot.Permanent, "invalid_user", 0},
		{"flow control", bot.Target{UserID: "u1"}, func(w *world) { w.sim.FlowControl("u1", 1) }, bot.RateLimit, "flow_control", time.Minute},
		{"unknown group", bot.Target{ChatID: "cidNone"}, nil, bot.Permanent, "group_gone", 0},
		{"quota", bot.Target{UserID: "u1"}, func(w *world) { w.sim.ExhaustAPI() }, bot.Config, "quota", 0},
		{"no target", bot.Target{}, nil, bot.Permanent, "bad_target", 0},
		{"two targets", bot.Target{UserID: "u1", ChatID: "cidG=="}, nil, bot.Permanent, "bad_target", 0},
		{"per second", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Status: 403, Code: "Forbidden.AccessDenied.QpsLimitForApi"}), bot.RateLimit, "qps", 2 * time.Second},
		{"permission", bot.Target{ChatID: "cidG=="}, fail(groupPath, simdingtalk.Fault{Status: 403, Code: "Forbidden.AccessDenied.AccessTokenPermissionDenied"}), bot.Config, "permission", 0},
		{"server error", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Status: 500, Code: "system.error"}), bot.Temporary, "busy", 0},
		{"bad gateway", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Status: 502, Body: "<html>"}), bot.Temporary, "busy", 0},
		{"gateway time-out", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Status: 504}), bot.Ambiguous, "gateway_timeout", 0},
		{"not JSON", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Status: 200, Body: "<html>"}), bot.Ambiguous, "bad_answer", 0},
		{"banned", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Status: 200, Body: `{"status":1111,"wait":5,"source":"x5","punish":"deny"}`}), bot.RateLimit, "ip_banned", 5 * time.Minute},
		{"redirect", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Status: 307, Location: "/elsewhere"}), bot.Config, "redirect", 0},
		{"wrong path", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Status: 404, Code: "InvalidAction.NotFound"}), bot.Config, "bad_path", 0},
		{"connection lost", bot.Target{UserID: "u1"}, fail(userPath, simdingtalk.Fault{Drop: true}), bot.Ambiguous, "no_answer", 0},
		{"wrong secret", bot.Target{UserID: "u1"}, fail(tokenPath, simdingtalk.Fault{Code: "invalidClientIdOrSecret", Message: "appSecret=" + clientSecret}), bot.Config, "credentials", 0},
		{"token connection lost", bot.Target{UserID: "u1"}, fail(tokenPath, simdingtalk.Fault{Drop: true}), bot.Temporary, "no_answer", 0},
		{"token server error", bot.Target{UserID: "u1"}, fail(tokenPath, simdingtalk.Fault{Status: 500}), bot.Temporary, "busy", 0},
		{"token not JSON", bot.Target{UserID: "u1"}, fail(tokenPath, simdingtalk.Fault{Body: "<html>"}), bot.Temporary, "bad_answer", 0},
		{"token answer without token", bot.Target{UserID: "u1"}, fail(tokenPath, simdingtalk.Fault{Body: `{"expireIn":7200}`}), bot.Temporary, "bad_answer", 0},
		{"platform away", bot.Target{UserID: "u1"}, func(w *world) { w.server.Close() }, bot.Temporary, "unreachable", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			if tt.set != nil {
				tt.set(w)
			}
			_, err := w.client.Send(context.Background(), bot.Outgoing{To: tt.to, Reply: bot.Reply{Text: "提醒"}})
			if e := w.expect(err, tt.class, tt.reason); e.After != tt.after {
				t.Errorf("after %v", e.After)
			}
			w.sent()
		})
	}
}

func fail(path string, f simdingtalk.Fault) func(*world) {
	return func(w *world) { w.sim.Fail(path, 1, f) }
}

func TestSendOfNothing(t *testing.T) {
	w := newWorld(t)
	_, err := w.client.Send(context.Background(), w.user(" "))
	w.expect(err, bot.Permanent, "empty_message")
}

func TestTimeOutAfterTheWriteIsAmbiguous(t *testing.T) {
	w := newWorld(t, func(c *dingtalk.ClientConfig) { c.Timeout = 50 * time.Millisecond })
	if err := w.client.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.sim.Fail(userPath, 1, simdingtalk.Fault{Taken: true, Hang: true})
	_, err := w.client.Send(context.Background(), w.user("提醒"))
	w.expect(err, bot.Ambiguous, "no_answer")
	w.sent(simdingtalk.Sent{Road: "api", UserID: "u1", Kind: "sampleText", Text: "提醒"})
}

func TestCancelledBeforeTheWriteIsTemporary(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := w.client.Send(ctx, w.user("提醒"))
	if bot.ClassOf(err) != bot.Temporary {
		t.Errorf("error %v", err)
	}
	w.sent()
}

func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	for _, f := range []simdingtalk.Fault{
		{}, // the platform forgot the token
		{Status: 401, Body: "{}"},
		{ErrCode: 40014},
		{ErrCode: 42001},
		{ErrCode: 88, SubCode: "40014"},
	} {
		w := newWorld(t)
		if _, err := w.client.Send(context.Background(), w.user("一")); err != nil {
			t.Fatal(err)
		}
		if f == (simdingtalk.Fault{}) {
			w.sim.ExpireTokens()
		} else {
			w.sim.Fail(userPath, 1, f)
		}
		if _, err := w.client.Send(context.Background(), w.user("二")); err != nil {
			t.Fatalf("%+v: %v", f, err)
		}
		if w.sim.TokenCalls() != 2 || len(w.sim.Sent()) != 2 {
			t.Errorf("%+v: %d token calls, %d messages", f, w.sim.TokenCalls(), len(w.sim.Sent()))
		}
	}
}

func TestRefusedTokenTwiceIsAConfigError(t *testing.T) {
	w := newWorld(t)
	w.sim.Fail(userPath, 2, simdingtalk.Fault{Code: "InvalidAuthentication", Message: "不合法的access_token=sim-token-1"})
	_, err := w.client.Send(context.Background(), w.user("提醒"))
	w.expect(err, bot.Config, "auth")
	if w.sim.TokenCalls() != 2 {
		t.Errorf("%d token calls", w.sim.TokenCalls())
	}
	w.sent()
}

func TestOneTokenForManySenders(t *testing.T) {
	w := newWorld(t)
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if _, err := w.client.Send(context.Background(), bot.Outgoing{To: bot.Target{UserID: "u1"}, Reply: bot.Reply{Text: "x"}}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if w.sim.TokenCalls() != 1 || len(w.sim.Sent()) != 30 {
		t.Errorf("%d token calls, %d messages", w.sim.TokenCalls(), len(w.sim.Sent()))
	}
}

func TestRetryGoesOnWithThePartThatFailed(t *testing.T) {
	w := newWorld(t)
	m := w.user(strings.Repeat("长", 8000))
	var texts []string
	w.sim.Subscribe(func(s simdingtalk.Sent) {
		texts = append(texts, s.Text)
		if len(texts) == 1 {
			w.sim.Fail(userPath, 1, simdingtalk.Fault{Status: 500, Code: "system.error"})
		}
	})
	_, err := w.client.Send(context.Background(), m)
	w.expect(err, bot.Temporary, "busy")
	if _, err := w.client.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"（1/3）\n" + strings.Repeat("长", 3500), "（2/3）\n" + strings.Repeat("长", 3500), "（3/3）\n" + strings.Repeat("长", 1000),
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	if _, err := w.client.Send(context.Background(), m); err != nil || len(texts) != 6 {
		t.Errorf("a finished message is remembered: %d parts, %v", len(texts), err)
	}
}

// robot answers every push over its reply session and keeps what it decoded.
func (w *world) robot(r bot.Reply, at ...string) (url string, last func() (bot.Message, error)) {
	var got bot.Message
	var failed error
	cfg := dingtalk.ClientConfig{ClientID: "dingapp1", CorpID: "dingcorp1", OAPIBase: w.server.URL}.Decoding()
	verifier, err := dingtalk.NewVerifier(dingtalk.NewSecret(clientSecret), w.clock.Now)
	if err != nil {
		w.t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		if err := verifier.Verify(req.Header); err != nil {
			failed = err
			return
		}
		if got, failed = dingtalk.Decode(body, cfg); failed == nil {
			failed = w.client.ReplySession(req.Context(), got.ReplyURL, r, at...)
		}
		_, _ = rw.Write(dingtalk.BodyReply(bot.Reply{}))
	}))
	w.t.Cleanup(server.Close)
	return server.URL, func() (bot.Message, error) { return got, failed }
}

func TestReplySession(t *testing.T) {
	w := newWorld(t)
	url, last := w.robot(bot.Reply{Title: "已登记", Text: "隐患56\n谢谢"}, "u1")
	reply, status, err := w.sim.Deliver(context.Background(), url, simdingtalk.Incoming{UserID: "u1", GroupID: "cidG==", Text: "报隐患 漏水"})
	if err != nil || status != 200 || reply != nil {
		t.Fatalf("%v %d %v", reply, status, err)
	}
	if _, err := last(); err != nil {
		t.Fatal(err)
	}
	w.sent(simdingtalk.Sent{Road: "session", GroupID: "cidG==", Kind: "markdown", Title: "已登记",
		Text: "@王老师\n隐患56\n谢谢", AtUserIDs: []string{"u1"}})
}

func TestReplySessionGone(t *testing.T) {
	w := newWorld(t)
	url, last := w.robot(bot.Reply{})
	if _, _, err := w.sim.Deliver(context.Background(), url, simdingtalk.Incoming{UserID: "u1", Text: "帮助"}); err != nil {
		t.Fatal(err)
	}
	m, err := last()
	if err != nil {
		t.Fatal(err)
	}
	say := func() error { return w.client.ReplySession(context.Background(), m.ReplyURL, bot.Reply{Text: "好"}) }
	if err := say(); err != nil {
		t.Fatal(err)
	}
	w.sim.Fail(sessionPath, 1, simdingtalk.Fault{Status: 500})
	w.expect(say(), bot.Permanent, dingtalk.ReasonSessionGone)
	w.sim.Fail(sessionPath, 1, simdingtalk.Fault{ErrCode: 130101, Message: "session=" + m.ReplyURL})
	w.expect(say(), bot.RateLimit, "blocked")
	w.sim.Fail(sessionPath, 1, simdingtalk.Fault{Drop: true})
	w.expect(say(), bot.Ambiguous, "no_answer")
	w.clock.Set(m.ReplyURLEnds)
	w.expect(say(), bot.Permanent, dingtalk.ReasonSessionGone)
	w.sent(simdingtalk.Sent{Road: "session", UserID: "u1", Kind: "text", Text: "好"})
}

func TestReplySessionCallsNobodyElse(t *testing.T) {
	w := newWorld(t)
	called := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer other.Close()
	for _, address := range []string{"", other.URL, "https://oapi.dingtalk.com.example/x", "file:///etc/passwd"} {
		err := w.client.ReplySession(context.Background(), address, bot.Reply{Text: "x"})
		w.expect(err, bot.Permanent, "bad_url")
	}
	if called {
		t.Error("a foreign address was called")
	}
}

func TestFetch(t *testing.T) {
	w := newWorld(t)
	code := w.sim.AddFile([]byte("\xff\xd8photo"), "image/jpeg")
	body, err := w.client.Fetch(context.Background(), bot.Attachment{Kind: bot.Image, Ref: code})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	if got, err := io.ReadAll(body); err != nil || string(got) != "\xff\xd8photo" {
		t.Errorf("%q %v", got, err)
	}
}

func TestFetchFailures(t *testing.T) {
	url := func(address string) func(*world) {
		return func(w *world) {
			address := strings.ReplaceAll(address, "SIM", w.server.URL)
			w.sim.Fail(filePath, 1, simdingtalk.Fault{Body: fmt.Sprintf(`{"downloadUrl":%q}`, address)})
		}
	}
	redirects := func(n int) func(*world) {
		return func(w *world) {
			url("SIM/files/x")(w)
			w.sim.Fail("/files/x", n, simdingtalk.Fault{Status: 302, Location: "/files/x"})
		}
	}
	tests := []struct {
		name   string
		set    func(*world)
		class  bot.SendClass
		reason string
	}{
		{"unknown code", func(*world) {}, bot.Permanent, "file_gone"},
		{"no address", url(""), bot.Permanent, "bad_url"},
		{"foreign host", url("https://evil.example/x"), bot.Permanent, "bad_url"},
		{"host that only looks alike", url("https://evil-aliyuncs.com/x"), bot.Permanent, "bad_url"},
		{"metadata service", url("http://100.100.100.200/latest"), bot.Permanent, "bad_url"},
		{"local file", url("file:///etc/passwd"), bot.Permanent, "bad_url"},
		{"with user", url("https://a@oss.aliyuncs.com/x"), bot.Permanent, "bad_url"},
		{"storage forgot it", url("SIM/files/none?Signature=sim"), bot.Permanent, "file_gone"},
		{"storage busy", func(w *world) {
			url("SIM/files/x?Signature=sim")(w)
			w.sim.Fail("/files/x", 1, simdingtalk.Fault{Status: 503})
		}, bot.Temporary, "busy"},
		{"connection lost", func(w *world) {
			url("SIM/files/x?Signature=sim")(w)
			w.sim.Fail("/files/x", 9, simdingtalk.Fault{Drop: true})
		}, bot.Temporary, "unreachable"},
		{"two redirects", redirects(2), bot.Permanent, "bad_url"},
		{"redirect elsewhere", func(w *world) {
			url("SIM/files/x")(w)
			w.sim.Fail("/files/x", 1, simdingtalk.Fault{Status: 302, Location: "http://169.254.169.254/"})
		}, bot.Permanent, "bad_url"},
		{"answer lost", fail(filePath, simdingtalk.Fault{Drop: true}), bot.Temporary, "no_answer"},
		{"quota", func(w *world) { w.sim.ExhaustAPI() }, bot.Config, "quota"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			tt.set(w)
			_, err := w.client.Fetch(context.Background(), bot.Attachment{Ref: "dc-unknown"})
			w.expect(err, tt.class, tt.reason)
		})
	}
	w := newWorld(t)
	_, err := w.client.Fetch(context.Background(), bot.Attachment{})
	w.expect(err, bot.Permanent, "file_gone")
}

func TestFetchFollowsOneRedirect(t *testing.T) {
	w := newWorld(t)
	code := w.sim.AddFile([]byte("photo"), "image/jpeg")
	w.sim.Fail("/files/"+code, 1, simdingtalk.Fault{Status: 302, Location: "/files/" + code + "?Signature=sim"})
	body, err := w.client.Fetch(context.Background(), bot.Attachment{Ref: code})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	if got, _ := io.ReadAll(body); string(got) != "photo" {
		t.Errorf("%q", got)
	}
}

func TestFetchCapsTheSize(t *testing.T) {
	w := newWorld(t)
	code := w.sim.AddFile(make([]byte, 20<<20+1), "video/mp4")
	large, err := w.client.Fetch(context.Background(), bot.Attachment{Ref: code})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = large.Close() }()
	_, err = io.Copy(io.Discard, large)
	w.expect(err, bot.Permanent, "too_large")
	if errs.Say(err) != "文件超过 20 MB，没有收下。请压缩后再发。" {
		t.Error(errs.Say(err))
	}
	exact := w.sim.AddFile(make([]byte, 20<<20), "video/mp4")
	body, err := w.client.Fetch(context.Background(), bot.Attachment{Ref: exact})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	if n, err := io.Copy(io.Discard, body); n != 20<<20 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestCheck(t *testing.T) {
	w := newWorld(t)
	if err := w.client.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	if used := w.sim.Used(); used.APICalls != 0 {
		t.Errorf("a check costs %d calls", used.APICalls)
	}
	wrong := newWorld(t, func(c *dingtalk.ClientConfig) { c.ClientSecret = dingtalk.NewSecret("wrong-secret") })
	err := wrong.client.Check(context.Background())
	if !strings.HasPrefix(errs.Say(err), "Client ID 或 Client Secret 不对（错误码 invalidClientIdOrSecret）。请到开放平台“凭证与基础信息”重新抄") || bot.ClassOf(err) != bot.Config {
		t.Errorf("%v", err)
	}
	wrong.noSecrets(err.Error())
	if strings.Contains(err.Error()+wrong.logs.String(), "wrong-secret") || !strings.Contains(wrong.logs.String(), "no access token") {
		t.Errorf("log %s", wrong.logs)
	}
	away := newWorld(t)
	away.server.Close()
	if err := away.client.Check(context.Background()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("%v", err)
	}
}

func TestNewClientRefusesIncompleteSettings(t *testing.T) {
	secret := dingtalk.NewSecret("x")
	for _, cfg := range []dingtalk.ClientConfig{
		{}, {ClientID: "a"}, {ClientSecret: secret}, {ClientID: " ", ClientSecret: secret},
		{ClientID: "a", ClientSecret: secret, APIBase: "api.dingtalk.com"},
		{ClientID: "a", ClientSecret: secret, OAPIBase: "ftp://x"},
	} {
		if _, err := dingtalk.NewClient(cfg); !errs.Is(err, errs.Invalid) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}
