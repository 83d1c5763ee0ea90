package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/clock"
	"duban/internal/link"
	"duban/internal/login"
	"duban/internal/obs"
)

// fakeDoor knows the code "good".
type fakeDoor struct{ platform string }

func (d fakeDoor) Inside(agent string) bool { return agent == d.platform }

func (d fakeDoor) Address(back, state string, inside bool) string {
	return "https://platform.example/" + d.platform + "?" + url.Values{"back": {back}, "state": {state}}.Encode()
}

func (d fakeDoor) User(_ context.Context, code string) (string, error) {
	switch code {
	case "good":
		return "u1", nil
	case "unbound":
		return "u2", nil
	case "outside":
		return "", nil
	case "down":
		return "", &bot.SendError{Class: bot.Temporary, Err: errors.New("down")}
	}
	return "", &bot.SendError{Class: bot.Permanent, Err: errors.New("no such code")}
}

// askingLinks has one link that opens for who has logged in as u1 with WeCom.
type askingLinks struct{ fakeLinks }

func (d askingLinks) Open(ctx context.Context, t string, v link.Visitor) (link.Opened, error) {
	if t != token {
		return link.Opened{}, link.ErrClosed
	}
	o := link.Opened{Login: []string{"dingtalk", "wecom"}, Wrong: v.Account.User != ""}
	if v.Account == (login.Account{Platform: "wecom", User: "u1"}) {
		o, _ = d.fakeLinks.Open(ctx, t, link.Visitor{Browser: browserA})
		o.Login = []string{"dingtalk", "wecom"}
	}
	return o, nil
}

// logBrowser is a browser with cookies before the pages.
type logBrowser struct {
	h       http.Handler
	agent   string
	cookies map[string]string
	log     *obs.LogCapture
	set     []*http.Cookie // by the last answer
}

func newLogBrowser() *logBrowser {
	b := &logBrowser{cookies: map[string]string{}, log: obs.NewLogCapture()}
	b.h = New(Options{Clock: clock.NewFrozen(time.Unix(1757476800, 0)), Log: b.log.Logger(), Metrics: obs.NewMetrics(),
		Photos: &PhotoPages{Desk: askingLinks{}, Store: fakePhotos{}, Loc: time.UTC, Secure: true},
		PageSDK: &PageSDK{Script: "https://sdk.example/wx.js", Public: "https://d.cn", Sign: func(_ context.Context, address, nonce string) (wecom.Signed, error) {
			return wecom.Signed{Corp: "ww1", Timestamp: 7, Nonce: nonce, Signature: "signed " + address}, nil
		}},
		Logins: &Logins{Doors: map[string]Door{"wecom": fakeDoor{"wecom"}, "dingtalk": fakeDoor{"dingtalk"}}, Keys: login.Keys{Key: "k"}, Public: "https://d.cn", Secure: true,
			Known: func(_ context.Context, a login.Account) (bool, error) {
				if a.User == "u1" {
					return true, nil
				}
				return false, nil
			}}})
	return b
}

func (b *logBrowser) get(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("User-Agent", b.agent)
	for name, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: v})
	}
	out := httptest.NewRecorder()
	b.h.ServeHTTP(out, r)
	b.set = out.Result().Cookies()
	for _, c := range b.set {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return out
}

// begun starts a login and returns the state the platform was given.
func (b *logBrowser) begun(t *testing.T, platform string) string {
	t.Helper()
	out := b.get("/login/" + platform + "?to=" + url.QueryEscape("/h/"+token))
	to, err := url.Parse(out.Header().Get("Location"))
	if err != nil || out.Code != http.StatusSeeOther || to.Host != "platform.example" || to.Query().Get("back") != "https://d.cn/login/"+platform+"/back" {
		t.Fatalf("%d %v", out.Code, to)
	}
	if strings.Contains(to.String(), token) {
		t.Errorf("the platform learns of the link: %s", to)
	}
	return to.Query().Get("state")
}

func TestLoginOpensALink(t *testing.T) {
	b := newLogBrowser()
	out := b.get("/h/" + token)
	if page := out.Body.String(); out.Code != 200 || !strings.Contains(page, "用企业微信登录") || !strings.Contains(page, "用钉钉登录") || strings.Contains(page, "漏水") || strings.Contains(page, "不保存") {
		t.Fatalf("%d %s", out.Code, page)
	}
	state := b.begun(t, "wecom")
	if c := b.set[0]; c.Name != startCookie || c.Path != "/login/" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("%+v", c)
	}
	out = b.get("/login/wecom/back?code=good&state=" + state)
	if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/h/"+token+"?in=1" {
		t.Fatalf("%d %v", out.Code, out.Header())
	}
	if c := b.set[1]; c.Name != passCookie || c.Path != "/h/" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.MaxAge != int(login.Life.Seconds()) {
		t.Errorf("%+v", c)
	}
	out = b.get("/h/" + token + "?in=1")
	if page := out.Body.String(); out.Code != 200 || !strings.Contains(page, "漏水") || !strings.Contains(page, "只有您登录后能打开") || strings.Contains(page, "<script") {
		t.Errorf("%d %s", out.Code, page)
	}
	if out = b.get("/h/" + token + "/full/1"); out.Code != 200 || out.Body.String() != jpegBytes {
		t.Errorf("picture: %d", out.Code)
	}
	if out = b.get("/login/wecom/back?code=good&state=" + state); out.Code != 400 {
		t.Errorf("the way back is open a second time: %d", out.Code)
	}
}

func TestLoginRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		back   string // with the state behind it
		status int
		says   string
		logged int
	}{
		"a code that is of no use":       {"/login/wecom/back?code=old&state=", 400, "再试一次", 0},
		"nobody agreed":                  {"/login/wecom/back?state=", 400, "再试一次", 0},
		"another state":                  {"/login/wecom/back?code=good&state=x", 400, "不是从本页开始", 0},
		"another platform":               {"/login/dingtalk/back?code=good&state=", 400, "不是从本页开始", 0},
		"no such platform":               {"/login/qq/back?code=good&state=", 400, "不是从本页开始", 0},
		"somebody outside":               {"/login/wecom/back?code=outside&state=", 403, "不属于本组织", 0},
		"somebody who is not registered": {"/login/wecom/back?code=unbound&state=", 403, "按提示登记", 0},
		"while the platform is away":     {"/login/wecom/back?code=down&state=", 503, "企业微信暂时没有回话", 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newLogBrowser()
			out := b.get(c.back + b.begun(t, "wecom"))
			if out.Code != c.status || !strings.Contains(out.Body.String(), c.says) || b.cookies[passCookie] != "" {
				t.Errorf("%d %s", out.Code, out.Body)
			}
			if lines := b.log.Lines(8); len(lines) != c.logged {
				t.Errorf("logged %v", lines)
			}
		})
	}
	b := newLogBrowser()
	if out := b.get("/login/wecom/back?code=good&state="); out.Code != 400 || b.cookies[passCookie] != "" {
		t.Errorf("in a browser that began nothing: %d", out.Code)
	}
}

// TestLoginLeadsNowhereElse asks for logins that would send somebody to a foreign page.
func TestLoginLeadsNowhereElse(t *testing.T) {
	for _, to := range []string{"", "https://evil.example/", "//evil.example", "/\\evil.example", "/h/" + token + "/../../x", "/h/" + token + "?x", "/q/" + token, "/h/" + token + "\n", "javascript:alert(1)"} {
		b := newLogBrowser()
		if out := b.get("/login/wecom?to=" + url.QueryEscape(to)); out.Code != 404 || out.Header().Get("Location") != "" || len(b.set) > 0 {
			t.Errorf("%q: %d %s", to, out.Code, out.Header().Get("Location"))
		}
	}
	if out := newLogBrowser().get("/login/qq?to=/h/" + token); out.Code != 404 {
		t.Errorf("with a foreign platform: %d", out.Code)
	}
}

// TestLoginGoesRoundOnce is about browsers that log in unasked: without cookies, or with
// the wrong account, they must not go round for ever.
func TestLoginGoesRoundOnce(t *testing.T) {
	b := newLogBrowser()
	b.agent = "wecom"
	if out := b.get("/h/" + token); out.Code != http.StatusSeeOther || out.Header().Get("Location") != loginAddress("wecom", "/h/"+token) {
		t.Fatalf("%d %v", out.Code, out.Header())
	}
	if out := b.get("/h/" + token + "?in=1"); out.Code != 200 || !strings.Contains(out.Body.String(), "不保存 Cookie") {
		t.Errorf("without cookies: %d %s", out.Code, out.Body)
	}
	b.cookies[passCookie] = login.Keys{Key: "k"}.Pass(login.Account{Platform: "wecom", User: "u9"}, time.Unix(1757476800, 0))
	if out := b.get("/h/" + token); out.Code != 200 || !strings.Contains(out.Body.String(), "不是发给您现在登录的账号的") || strings.Contains(out.Body.String(), "漏水") {
		t.Errorf("as somebody else: %d %s", out.Code, out.Body)
	}
	b.cookies[passCookie] = login.Keys{Key: "foreign"}.Pass(login.Account{Platform: "wecom", User: "u1"}, time.Unix(1757476800, 0))
	if out := b.get("/h/" + token); out.Code != http.StatusSeeOther {
		t.Errorf("with a forged pass: %d", out.Code)
	}
}

func TestPageIsSignedInsideWeCom(t *testing.T) {
	b := newLogBrowser()
	b.agent = "Mozilla/5.0 wxwork/4.1"
	b.cookies[passCookie] = login.Keys{Key: "k"}.Pass(login.Account{Platform: "wecom", User: "u1"}, time.Unix(1757476800, 0))
	out := b.get("/h/" + token + "?in=1")
	policy := out.Header().Get("Content-Security-Policy")
	if page := out.Body.String(); !strings.Contains(page, `data-signature="signed https://d.cn/h/`+token+`?in=1"`) || !strings.Contains(page, `src="https://sdk.example/wx.js"`) || !strings.Contains(policy, "script-src 'self' https://sdk.example/wx.js") {
		t.Errorf("%s\n%s", policy, page)
	}
	if out = b.get("/pages/wecom.js"); out.Code != 200 || !strings.Contains(out.Body.String(), "hideOptionMenu") {
		t.Errorf("%d", out.Code)
	}
}
