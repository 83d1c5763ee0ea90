package wecom_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/bot"
	"duban/bot/wecom"
	simwecom "duban/internal/sim/wecom"
)

const (
	corp    = "ww6a112864f8022910"
	agent   = 1000002
	secret  = "Sup3rS3cretValue"
	hook    = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
	sendAPI = "/cgi-bin/message/send"
	hookAPI = "/cgi-bin/webhook/send"
	getAPI  = "/cgi-bin/gettoken"
)

// rig is one client against one fake platform with one clock that stands.
type rig struct {
	*simwecom.Server
	client *wecom.Client
	log    *bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

func (r *rig) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

func newRig(t testing.TB, change ...func(*wecom.ClientConfig)) *rig {
	t.Helper()
	r := &rig{now: time.Date(2025, 9, 19, 8, 35, 0, 0, time.UTC), log: &bytes.Buffer{}}
	var err error
	r.Server, err = simwecom.New(simwecom.Config{
		CorpID: corp, AgentID: agent, Secret: secret, Users: []string{"ZhangSan", "lisi"},
		WebhookKeys: map[string]string{hook: "安全群"}, Now: r.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(r.Server)
	t.Cleanup(srv.Close)
	cfg := wecom.ClientConfig{
		CorpID: corp, AgentID: agent, Secret: secret, APIBase: srv.URL, Timeout: 5 * time.Second,
		Now: r.Now, Logger: slog.New(slog.NewTextHandler(&lockedWriter{w: r.log}, nil)),
	}
	for _, f := range change {
		f(&cfg)
	}
	r.client = wecom.NewClient(cfg)
	t.Cleanup(r.client.Close)
	return r
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func (r *rig) send(user, key, text string) (bot.Receipt, error) {
	return r.client.Send(context.Background(), bot.Outgoing{To: bot.Target{UserID: user}, Key: key, Reply: bot.Reply{Text: text}})
}

func (r *rig) group(text string) error {
	_, err := r.client.Send(context.Background(), bot.Outgoing{To: bot.Target{Webhook: hook}, Reply: bot.Reply{Text: text}})
	return err
}

func wantError(t *testing.T, err error, class bot.SendClass, reason string) *bot.SendError {
	t.Helper()
	var e *bot.SendError
	if !errors.As(err, &e) || e.Class != class || e.Reason != reason {
		t.Fatalf("got %v, want %s %s", err, class, reason)
	}
	noSecrets(t, err.Error())
	return e
}

func noSecrets(t *testing.T, text string) {
	t.Helper()
	for _, s := range []string{secret, hook, "tok-", "ticket-", "access_token="} {
		if strings.Contains(text, s) {
			t.Errorf("%q is in %q", s, text)
		}
	}
}

func TestSendToMember(t *testing.T) {
	r := newRig(t)
	got, err := r.send("ZhangSan", "k1", "请签收 22-3：<校舍> & \"食堂\"。\u2028截止 9月19日 周五。")
	if err != nil {
		t.Fatal(err)
	}
	sent := r.Sent()
	if len(sent) != 1 || sent[0].To != "zhangsan" || sent[0].Channel != simwecom.App ||
		sent[0].Text != "请签收 22-3：<校舍> & \"食堂\"。\n截止 9月19日 周五。" || got.PlatformID != sent[0].MsgID {
		t.Fatalf("receipt %+v, sent %+v", got, sent)
	}
	want := `{"touser":"ZhangSan","msgtype":"text","agentid":1000002,"text":{"content":"请签收 22-3：<校舍> & \"食堂\"。\n截止 9月19日 周五。"},` +
		`"enable_duplicate_check":1,"duplicate_check_interval":`
	if !strings.HasPrefix(string(sent[0].Raw), want) {
		t.Errorf("body %s", sent[0].Raw)
	}
}

func TestSameKeyIsOneMessageAndEqualTextsAreNot(t *testing.T) {
	r := newRig(t)
	for _, key := range []string{"a", "a", "b", "", ""} {
		if _, err := r.send("lisi", key, "收到"); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(r.Sent()); n != 4 {
		t.Errorf("%d messages, want 4: a, b and two without a key", n)
	}
}

func TestLongTextGoesOutInNumberedParts(t *testing.T) {
	r := newRig(t)
	text := strings.TrimSpace(strings.Repeat("22-3 校舍安全排查，截止 9月19日 周五。\n", 100))
	got, err := r.send("lisi", "k", text)
	if err != nil {
		t.Fatal(err)
	}
	sent := r.Sent()
	if len(sent) != 3 || got.PlatformID != "msg-1,msg-2,msg-3" {
		t.Fatalf("%d messages, receipt %+v", len(sent), got)
	}
	var all []string
	for i, m := range sent {
		prefix := fmt.Sprintf("(%d/3)\n", i+1)
		if !strings.HasPrefix(m.Text, prefix) {
			t.Errorf("part %d starts %q", i, m.Text[:20])
		}
		all = append(all, strings.TrimPrefix(m.Text, prefix))
	}
	if strings.Join(all, "\n") != text {
		t.Error("the parts are not the text")
	}
}

func TestSendToGroup(t *testing.T) {
	r := newRig(t)
	if err := r.group("今日待办 3 项。"); err != nil {
		t.Fatal(err)
	}
	sent := r.Sent()
	if len(sent) != 1 || sent[0].To != "安全群" || sent[0].Text != "今日待办 3 项。" || string(sent[0].Raw) != `{"msgtype":"text","text":{"content":"今日待办 3 项。"}}`+"\n" {
		t.Fatalf("sent %+v %s", sent, sent[0].Raw)
	}
	if n := r.TokenFetches(); n != 0 {
		t.Errorf("a webhook needs no token, fetched %d", n)
	}
}

// Twenty senders at once share one token fetch.
func TestTokenIsFetchedOnce(t *testing.T) {
	r := newRig(t)
	if errs := r.together(20); len(errs) > 0 {
		t.Fatal(errs)
	}
	if n := r.TokenFetches(); n != 1 {
		t.Errorf("%d gettoken calls for 20 senders", n)
	}
	r.wait(100 * time.Minute)
	if _, err := r.send("lisi", "", "还在"); err != nil || r.TokenFetches() != 1 {
		t.Errorf("before the margin: %v, %d fetches", err, r.TokenFetches())
	}
	r.wait(16 * time.Minute) // 116 of 120 minutes
	if _, err := r.send("lisi", "", "还在"); err != nil || r.TokenFetches() != 2 {
		t.Errorf("within the margin: %v, %d fetches", err, r.TokenFetches())
	}
}

// together sends n messages at once and returns the errors.
func (r *rig) together(n int) []error {
	var wg sync.WaitGroup
	out := make([]error, n)
	for i := range n {
		wg.Go(func() { _, out[i] = r.send("lisi", fmt.Sprint(i), "同时") })
	}
	wg.Wait()
	var bad []error
	for _, err := range out {
		if err != nil {
			bad = append(bad, err)
		}
	}
	return bad
}

// A wrong secret asked for again and again bans the address for an hour.
func TestWrongSecretBacksOffForEverybody(t *testing.T) {
	r := newRig(t, func(c *wecom.ClientConfig) { c.Secret = "wr0ng-" + secret })
	errs := r.together(20)
	if len(errs) != 20 || r.TokenFetches() != 1 {
		t.Fatalf("%d errors, %d fetches", len(errs), r.TokenFetches())
	}
	for _, err := range errs {
		if e := wantError(t, err, bot.Config, "credentials"); e.Code != "40001" || e.After != time.Minute {
			t.Errorf("code %s after %v", e.Code, e.After)
		}
	}
	for _, step := range []struct {
		wait    time.Duration
		fetches int
	}{
		{59 * time.Second, 1}, {time.Second, 2}, {119 * time.Second, 2}, {time.Second, 3}, {4 * time.Minute, 4}, {7 * time.Minute, 4},
		{time.Minute, 5}, {16 * time.Minute, 6}, {32 * time.Minute, 7}, {59 * time.Minute, 7}, {time.Minute, 8},
	} {
		r.wait(step.wait)
		wantError(t, r.client.Check(context.Background()), bot.Config, "credentials")
		if n := r.TokenFetches(); n != step.fetches {
			t.Errorf("after %v more: %d fetches, want %d", step.wait, n, step.fetches)
		}
	}
	noSecrets(t, r.log.String())
	if !strings.Contains(r.log.String(), "no WeCom access token") {
		t.Error("nothing was logged")
	}
}

func TestTokenRefusedIsReplacedOnceAndTheSendRepeatedOnce(t *testing.T) {
	for name, invalidate := range map[string]func(*rig){
		"expired 42001": func(r *rig) { r.ExpireTokens() },
		"revoked 40014": func(r *rig) { r.RevokeTokens() },
		"40001":         func(r *rig) { r.Fail(sendAPI, 1, simwecom.Fault{ErrCode: 40001}) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if _, err := r.send("lisi", "1", "一"); err != nil {
				t.Fatal(err)
			}
			invalidate(r)
			if _, err := r.send("lisi", "2", "二"); err != nil {
				t.Fatal(err)
			}
			if r.TokenFetches() != 2 || len(r.Sent()) != 2 {
				t.Errorf("%d fetches, %d messages", r.TokenFetches(), len(r.Sent()))
			}
		})
	}
}

// Twenty senders whose token is refused at the same time do not throw away each
// other's new one.
func TestRefusedTokenIsReplacedOnceForAll(t *testing.T) {
	r := newRig(t)
	if err := r.client.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	r.RevokeTokens()
	if errs := r.together(20); len(errs) > 0 {
		t.Fatal(errs)
	}
	if n := r.TokenFetches(); n != 2 {
		t.Errorf("%d fetches, want 2", n)
	}
}

func TestFreshTokenRefusedBacksOff(t *testing.T) {
	r := newRig(t)
	r.Fail(sendAPI, 2, simwecom.Fault{ErrCode: 40014})
	_, err := r.send("lisi", "1", "一")
	wantError(t, err, bot.Config, "token_rejected")
	_, err = r.send("lisi", "1", "一")
	wantError(t, err, bot.Config, "token_rejected")
	if n := r.TokenFetches(); n != 2 {
		t.Errorf("%d fetches during the pause, want 2", n)
	}
	r.wait(time.Minute)
	if _, err := r.send("lisi", "1", "一"); err != nil {
		t.Error(err)
	}
}

// Once a token has served, the next trouble starts with the shortest pause.
func TestPausesStartAnewAfterSuccess(t *testing.T) {
	r := newRig(t)
	for _, want := range []time.Duration{time.Second, 2 * time.Second} {
		r.Fail(getAPI, 1, simwecom.Fault{ErrCode: -1})
		_, err := r.send("lisi", "k", "你好")
		if e := wantError(t, err, bot.Temporary, "busy"); e.After != want {
			t.Errorf("after %v, want %v", e.After, want)
		}
		r.wait(want)
	}
	if _, err := r.send("lisi", "k", "你好"); err != nil {
		t.Fatal(err)
	}
	r.ExpireTokens()
	r.Fail(getAPI, 1, simwecom.Fault{ErrCode: -1})
	_, err := r.send("lisi", "k2", "你好")
	if e := wantError(t, err, bot.Temporary, "busy"); e.After != time.Second {
		t.Errorf("after %v, want a second", e.After)
	}
}

func TestTokenFaults(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fault  simwecom.Fault
		class  bot.SendClass
		reason string
		after  time.Duration
	}{
		{"busy", simwecom.Fault{ErrCode: -1}, bot.Temporary, "busy", time.Second},
		{"banned", simwecom.Fault{ErrCode: 45009}, bot.RateLimit, "frequency", time.Hour},
		{"ip", simwecom.Fault{ErrCode: 60020}, bot.Config, "ip_not_trusted", time.Minute},
		{"other corp", simwecom.Fault{ErrCode: 40091}, bot.Config, "credentials", time.Minute},
		{"502", simwecom.Fault{Status: 502}, bot.Temporary, "http_status", time.Second},
		{"404", simwecom.Fault{Status: 404}, bot.Config, "http_status", time.Minute},
		{"302", simwecom.Fault{Status: 302}, bot.Config, "redirected", time.Minute},
		{"dropped", simwecom.Fault{DropBefore: true}, bot.Temporary, "answer_lost", time.Second},
		{"echo", simwecom.Fault{ErrCode: 40001, ErrMsg: "bad secret " + secret}, bot.Config, "credentials", time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t)
			r.Fail(getAPI, 1, tt.fault)
			_, err := r.send("lisi", "k", "你好")
			if e := wantError(t, err, tt.class, tt.reason); e.After != tt.after {
				t.Errorf("after %v, want %v", e.After, tt.after)
			}
			noSecrets(t, r.log.String())
			r.wait(tt.after)
			if _, err := r.send("lisi", "k", "你好"); err != nil || len(r.Sent()) != 1 {
				t.Errorf("after the pause: %v, sent %v", err, r.Sent())
			}
		})
	}
}

// A caller may give up on a token that hangs; the others are not held.
func TestWaitingForATokenEndsWithTheContext(t *testing.T) {
	r := newRig(t, func(c *wecom.ClientConfig) { c.Timeout = 300 * time.Millisecond })
	r.Fail(getAPI, 1, simwecom.Fault{Hang: true})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := r.client.Send(ctx, bot.Outgoing{To: bot.Target{UserID: "lisi"}, Reply: bot.Reply{Text: "x"}})
	wantError(t, err, bot.Temporary, "token_wait")
	wantError(t, r.client.Check(context.Background()), bot.Temporary, "answer_lost")
}

func TestSendFailuresAreClassified(t *testing.T) {
	code := func(n int) simwecom.Fault { return simwecom.Fault{ErrCode: n} }
	for _, tt := range []struct {
		name   string
		fault  simwecom.Fault
		class  bot.SendClass
		reason string
	}{
		{"-1", code(-1), bot.Temporary, "busy"},
		{"40003", code(40003), bot.Permanent, "invalid_user"},
		{"60111", code(60111), bot.Permanent, "invalid_user"},
		{"81013", code(81013), bot.Permanent, "invalid_user"},
		{"45009", code(45009), bot.RateLimit, "frequency"},
		{"45033", code(45033), bot.RateLimit, "parallel_calls"},
		{"60020", code(60020), bot.Config, "ip_not_trusted"},
		{"40013", code(40013), bot.Config, "credentials"},
		{"301002", code(301002), bot.Config, "credentials"},
		{"48002", code(48002), bot.Config, "not_permitted"},
		{"48006", code(48006), bot.Config, "not_permitted"},
		{"50003", code(50003), bot.Config, "not_permitted"},
		{"40201", code(40201), bot.Permanent, "content_blocked"},
		{"45002", code(45002), bot.Permanent, "too_long"},
		{"40033", code(40033), bot.Permanent, "bad_request"},
		{"44004", code(44004), bot.Permanent, "bad_request"},
		{"unknown code", code(987654), bot.Permanent, "refused"},
		{"500", simwecom.Fault{Status: 500}, bot.Temporary, "http_status"},
		{"504", simwecom.Fault{Status: 504}, bot.Ambiguous, "gateway_timeout"},
		{"429", simwecom.Fault{Status: 429}, bot.RateLimit, "frequency"},
		{"403", simwecom.Fault{Status: 403}, bot.Config, "http_status"},
		{"307", simwecom.Fault{Status: 307}, bot.Config, "redirected"},
		{"dropped before", simwecom.Fault{DropBefore: true}, bot.Ambiguous, "answer_lost"},
		{"dropped after", simwecom.Fault{DropAfter: true}, bot.Ambiguous, "answer_lost"},
		{"hangs", simwecom.Fault{Hang: true}, bot.Ambiguous, "answer_lost"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(c *wecom.ClientConfig) {
				if tt.fault.Hang {
					c.Timeout = 300 * time.Millisecond
				}
			})
			if err := r.client.Check(context.Background()); err != nil {
				t.Fatal(err)
			}
			r.Fail(sendAPI, 1, tt.fault)
			_, err := r.send("lisi", "k", "你好")
			e := wantError(t, err, tt.class, tt.reason)
			if (tt.class == bot.RateLimit) != (e.After > 0) {
				t.Errorf("after %v", e.After)
			}
			// Trying the same key again never shows the person a second copy.
			if _, err := r.send("lisi", "k", "你好"); err != nil {
				t.Fatal(err)
			}
			if n := len(r.Sent()); n != 1 {
				t.Errorf("%d messages reached the person", n)
			}
		})
	}
}

func TestInvalidTargets(t *testing.T) {
	r := newRig(t)
	for _, user := range []string{"@all", "@ALL", "lisi|zhangsan", "li si"} {
		_, err := r.send(user, "", "x")
		wantError(t, err, bot.Permanent, "invalid_user")
	}
	if r.TokenFetches() != 0 || len(r.Sent()) != 0 {
		t.Error("a target for several people reached the platform")
	}
	_, err := r.send("nobody", "", "x")
	if e := wantError(t, err, bot.Permanent, "invalid_user"); e.Code != "81013" {
		t.Errorf("code %q", e.Code)
	}
	_, err = r.send("lisi", "", " \n")
	wantError(t, err, bot.Permanent, "empty_text")
	_, err = r.client.Send(context.Background(), bot.Outgoing{To: bot.Target{ChatID: "c"}, Reply: bot.Reply{Text: "x"}})
	wantError(t, err, bot.Permanent, "no_target")
}

// errcode 0 with a list of invalid or unlicensed members is a failure too.
func TestPartialFailureIsAFailure(t *testing.T) {
	for reason, field := range map[string]string{"invalid_user": "invaliduser", "unlicensed_user": "unlicenseduser"} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == getAPI {
				fmt.Fprint(w, `{"errcode":0,"access_token":"tok-1","expires_in":7200}`)
				return
			}
			fmt.Fprintf(w, `{"errcode":0,"errmsg":"ok","%s":"lisi","msgid":"m"}`, field)
		}))
		c := wecom.NewClient(wecom.ClientConfig{CorpID: corp, AgentID: agent, Secret: secret, APIBase: srv.URL})
		_, err := c.Send(context.Background(), bot.Outgoing{To: bot.Target{UserID: "lisi"}, Reply: bot.Reply{Text: "x"}})
		wantError(t, err, bot.Permanent, reason)
		srv.Close()
	}
}

func TestStrangeAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		token, send string
		class       bot.SendClass
		reason      string
	}{
		"no token":       {`{"errcode":0}`, "", bot.Temporary, "bad_answer"},
		"token html":     {`<html>`, "", bot.Temporary, "bad_answer"},
		"no life":        {`{"errcode":0,"access_token":"tok-1"}`, "", bot.Temporary, "bad_answer"},
		"send html":      {`{"errcode":0,"access_token":"tok-1","expires_in":60}`, `<html>`, bot.Ambiguous, "bad_answer"},
		"send too large": {`{"errcode":0,"access_token":"tok-1","expires_in":60}`, strings.Repeat(" ", 2<<20), bot.Ambiguous, "answer_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == getAPI {
					fmt.Fprint(w, tt.token)
					return
				}
				fmt.Fprint(w, tt.send)
			}))
			defer srv.Close()
			c := wecom.NewClient(wecom.ClientConfig{CorpID: corp, AgentID: agent, Secret: secret, APIBase: srv.URL + "/"})
			_, err := c.Send(context.Background(), bot.Outgoing{To: bot.Target{UserID: "lisi"}, Reply: bot.Reply{Text: "x"}})
			wantError(t, err, tt.class, tt.reason)
		})
	}
}

// Nothing was written to a port where nobody listens, so the send can be repeated.
func TestUnreachableIsTemporary(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := wecom.NewClient(wecom.ClientConfig{CorpID: corp, AgentID: agent, Secret: secret, APIBase: "http://" + address})
	_, err = c.Send(context.Background(), bot.Outgoing{To: bot.Target{Webhook: hook}, Reply: bot.Reply{Text: "x"}})
	wantError(t, err, bot.Temporary, "unreachable")
	wantError(t, c.Check(context.Background()), bot.Temporary, "unreachable")
	for _, base := range []string{"::::", "no-scheme", "ftp://x"} {
		c := wecom.NewClient(wecom.ClientConfig{CorpID: corp, AgentID: agent, Secret: secret, APIBase: base})
		if err := c.Check(context.Background()); err == nil {
			t.Errorf("%q was accepted", base)
		} else {
			noSecrets(t, err.Error())
		}
	}
	c = wecom.NewClient(wecom.ClientConfig{APIBase: "http://" + address})
	wantError(t, c.Check(context.Background()), bot.Config, "credentials")
}

func TestMemberQuotaIsKeptBecauseThePlatformDropsSilently(t *testing.T) {
	r := newRig(t)
	for i := range 30 {
		if _, err := r.send("lisi", "", fmt.Sprint("第", i)); err != nil {
			t.Fatal(err)
		}
	}
	r.wait(20 * time.Second)
	_, err := r.send("LiSi", "", "第31")
	if e := wantError(t, err, bot.RateLimit, "member_quota"); e.After != 41*time.Second {
		t.Errorf("after %v", e.After)
	}
	if _, err := r.send("zhangsan", "", "别人"); err != nil {
		t.Error(err)
	}
	r.wait(41 * time.Second)
	if _, err := r.send("lisi", "", "第31"); err != nil {
		t.Error(err)
	}
	if n := len(r.Dropped()); n != 0 || len(r.Sent()) != 32 {
		t.Errorf("%d dropped, %d sent", n, len(r.Sent()))
	}
}

func TestWebhookFailures(t *testing.T) {
	r := newRig(t)
	for i := range 20 {
		if err := r.group(fmt.Sprint("第", i)); err != nil {
			t.Fatal(err)
		}
	}
	if e := wantError(t, r.group("多"), bot.RateLimit, "webhook_quota"); e.After != 61*time.Second {
		t.Errorf("after %v", e.After)
	}
	r.wait(61 * time.Second)
	for _, tt := range []struct {
		fault  simwecom.Fault
		class  bot.SendClass
		reason string
	}{
		{simwecom.Fault{ErrCode: 93000, ErrMsg: "invalid key " + hook}, bot.Permanent, "webhook_gone"},
		{simwecom.Fault{ErrCode: 45009}, bot.RateLimit, "frequency"},
		{simwecom.Fault{ErrCode: 40058}, bot.Permanent, "bad_request"},
		{simwecom.Fault{Status: 503}, bot.Temporary, "http_status"},
		{simwecom.Fault{DropAfter: true}, bot.Ambiguous, "answer_lost"},
	} {
		r.Fail(hookAPI, 1, tt.fault)
		wantError(t, r.group("x"), tt.class, tt.reason)
	}
	_, err := r.client.Send(context.Background(), bot.Outgoing{To: bot.Target{Webhook: "wrong"}, Reply: bot.Reply{Text: "x"}})
	wantError(t, err, bot.Permanent, "webhook_gone")
}

// A long digest that broke off after its first part must not be repeated blindly.
func TestBrokenOffParts(t *testing.T) {
	long := strings.Repeat("督", 1000)
	r := newRig(t)
	failSecond := func(path string) func() {
		n := 0
		return r.Subscribe(func(simwecom.Sent) {
			if n++; n == 1 {
				r.Fail(path, 1, simwecom.Fault{Status: 503})
			}
		})
	}
	stop := failSecond(hookAPI)
	wantError(t, r.group(long), bot.Ambiguous, "partial")
	stop()
	stop = failSecond(sendAPI)
	_, err := r.send("lisi", "", long)
	wantError(t, err, bot.Ambiguous, "partial")
	stop()
	// With a key the platform swallows the repeated part.
	r.Reset()
	stop = failSecond(sendAPI)
	_, err = r.send("lisi", "key", long)
	wantError(t, err, bot.Temporary, "http_status")
	stop()
	if _, err = r.send("lisi", "key", long); err != nil {
		t.Fatal(err)
	}
	if n := len(r.Sent()); n != 2 {
		t.Errorf("%d parts reached the person, want 2", n)
	}
	_, err = r.send("zhangsan", "", strings.Repeat("督", 30*700))
	wantError(t, err, bot.Permanent, "too_long")
}

func TestFetch(t *testing.T) {
	r := newRig(t)
	ctx := context.Background()
	photo := bytes.Repeat([]byte{0xff, 0xd8, 0x00}, 1000)
	read := func(id string) ([]byte, error) {
		body, err := r.client.Fetch(ctx, bot.Attachment{Kind: bot.Image, Ref: id})
		if err != nil {
			return nil, err
		}
		defer body.Close()
		return io.ReadAll(body)
	}
	id := r.AddMedia(photo, "image/jpeg")
	if got, err := read(id); err != nil || !bytes.Equal(got, photo) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	r.ExpireTokens()
	if got, err := read(id); err != nil || !bytes.Equal(got, photo) || r.TokenFetches() != 2 {
		t.Errorf("after the token died: %d bytes, %v, %d fetches", len(got), err, r.TokenFetches())
	}
	own := []byte(`{"errcode":40014,"note":"a person's own file"}`)
	if got, err := read(r.AddMedia(own, "application/json")); err != nil || !bytes.Equal(got, own) {
		t.Errorf("a JSON file: %q, %v", got, err)
	}
	_, err := read(r.AddMedia(make([]byte, 21<<20), "video/mp4"))
	wantError(t, err, bot.Permanent, "media_too_large")
	_, err = read("unknown")
	wantError(t, err, bot.Permanent, "media_gone")
	_, err = read("")
	wantError(t, err, bot.Permanent, "media_gone")
	r.wait(73 * time.Hour)
	_, err = read(id)
	wantError(t, err, bot.Permanent, "media_gone")
	for _, f := range []simwecom.Fault{{Status: 500}, {ErrCode: -1}} {
		r.Fail("/cgi-bin/media/get", 1, f)
		if _, err := read(id); bot.ClassOf(err) != bot.Temporary {
			t.Errorf("%+v gave %v", f, err)
		}
	}
}

// A server that does not tell the length cannot make us read without end.
func TestFetchStopsAtItsLimit(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == getAPI {
			fmt.Fprint(w, `{"errcode":0,"access_token":"tok-1","expires_in":7200}`)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		block := make([]byte, 1<<20)
		for range 40 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	defer srv.Close()
	c := wecom.NewClient(wecom.ClientConfig{CorpID: corp, AgentID: agent, Secret: secret, APIBase: srv.URL})
	body, err := c.Fetch(context.Background(), bot.Attachment{Ref: "m"})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	n, err := io.Copy(io.Discard, body)
	wantError(t, err, bot.Permanent, "media_too_large")
	if n > 21<<20 {
		t.Errorf("read %d bytes", n)
	}
}

// Several platforms live in one process, each with its own clients.
func TestClientsOfDifferentPlatformsDoNotMix(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		r := newRig(t)
		wg.Go(func() {
			for j := range 5 {
				text := fmt.Sprintf("平台%d消息%d", i, j)
				if _, err := r.send("lisi", "", text); err != nil {
					t.Error(err)
				}
				if err := r.group(text); err != nil {
					t.Error(err)
				}
			}
			for _, m := range r.Sent() {
				if !strings.HasPrefix(m.Text, fmt.Sprintf("平台%d", i)) {
					t.Errorf("platform %d got %q", i, m.Text)
				}
			}
			if n := len(r.Sent()); n != 10 {
				t.Errorf("platform %d got %d messages", i, n)
			}
		})
	}
	wg.Wait()
}
