package scenario

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/login"
)

// browser is a browser that keeps cookies and reaches the public address.
type browser struct {
	w     *world
	agent string
	c     *http.Client
}

func (w *world) browser(agent string) browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	w.ok(err)
	return browser{w, agent, &http.Client{Jar: jar, Transport: proxied{w}}}
}

// proxied is the way through the reverse proxy: the public address is the first node.
type proxied struct{ w *world }

func (p proxied) RoundTrip(r *http.Request) (*http.Response, error) {
	to := r.Clone(r.Context())
	if "https://"+r.URL.Host == public {
		to.URL.Scheme, to.URL.Host = "http", p.w.nodes[0].Addr()
	}
	resp, err := http.DefaultTransport.RoundTrip(to)
	if err == nil {
		resp.Request = r
	}
	return resp, err
}

// open opens a page and follows where it leads.
func (b browser) open(address string) (*http.Response, string) {
	b.w.t.Helper()
	r, err := http.NewRequestWithContext(b.w.ctx, http.MethodGet, address, nil)
	b.w.ok(err)
	r.Header.Set("User-Agent", b.agent)
	resp, err := b.c.Do(r)
	b.w.ok(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	b.w.ok(err)
	return resp, string(body)
}

const (
	inWeCom    = "Mozilla/5.0 (iPhone) MicroMessenger/7.0.1 wxwork/4.1.0"
	inDingTalk = "Mozilla/5.0 (iPhone) AliApp(DingTalk/7.6.15)"
	atADesk    = "Mozilla/5.0 (X11; Linux) Firefox/128.0"
)

func withLogins(o setup) setup {
	o.logins = true
	o.env = append(o.env, "DUBAN_WECOM_JS_SDK=https://sdk.example.edu.cn/wx.js")
	return withPages(o)
}

var wayOn = regexp.MustCompile(`<a class="button" href="(/login/[^"]+)">用(企业微信|钉钉)登录`)

// TestALinkOpensForWhoLogsIn follows a link in the browsers of both platforms, at a desk,
// and in the hands of somebody else.
func TestALinkOpensForWhoLogsIn(t *testing.T) {
	for _, platform := range []bot.Platform{bot.WeCom, bot.DingTalk} {
		t.Run(string(platform), func(t *testing.T) {
			each(t, withLogins(setup{everywhere: true}), func(w *world) {
				w.twoSchools()
				w.say(platform, "wenchang-aq", "看照片 YH0001")
				w.settle()
				all := w.take()
				g := linkIn.FindStringSubmatch(list(all))
				if g == nil || !strings.Contains(list(all), "30 分钟内有效，登录后只有您本人能看，请不要转发") {
					t.Fatalf("pushed: %s", list(all))
				}
				agent := inWeCom
				if platform == bot.DingTalk {
					agent = inDingTalk
				}
				w.stage.LogIn("wenchang-aq")
				phone := w.browser(agent)
				resp, page := phone.open(g[0])
				if resp.StatusCode != 200 || !strings.Contains(page, "YH-2025-0001") || !strings.Contains(page, "只有您登录后能打开") {
					t.Fatalf("in the platform's own browser: %d %s", resp.StatusCode, page)
				}
				if resp, _ := phone.open(public + pictureIn.FindString(page)); resp.StatusCode != 200 {
					t.Errorf("picture: %d", resp.StatusCode)
				}
				w.signed(page, platform, resp.Request.URL.String())
				desk := w.browser(atADesk) // the same person, elsewhere
				_, page = desk.open(g[0])
				ways := wayOn.FindAllStringSubmatch(page, -1)
				if len(ways) != 2 || strings.Contains(page, "YH-2025") {
					t.Fatalf("at a desk: %s", page)
				}
				for _, way := range ways {
					if _, page = w.browser(atADesk).open(public + strings.ReplaceAll(way[1], "&amp;", "&")); !strings.Contains(page, "YH-2025-0001") {
						t.Errorf("with %s: %s", way[2], page)
					}
				}
				w.stage.LogIn("wenchang-jia") // to whom it was passed on
				if _, page = w.browser(agent).open(g[0]); strings.Contains(page, "YH-2025") || !strings.Contains(page, "不是发给您现在登录的账号的") {
					t.Errorf("passed on: %s", page)
				}
				w.same("history", w.query("SELECT CONCAT(actor, ' ', COUNT(*)) FROM journal WHERE action = 'photos_opened' GROUP BY actor"), "wenchang-aq 1")
				w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(login.Life)))
				if resp, _ = phone.open(g[0]); resp.StatusCode != 404 {
					t.Errorf("after its end: %d", resp.StatusCode)
				}
				w.take()
			})
		})
	}
}

var signature = regexp.MustCompile(`data-corp="([^"]*)" data-timestamp="([^"]*)" data-nonce="([^"]*)" data-signature="([^"]*)"`)

// signed checks that a page is signed for the platform's script, and only inside WeCom.
func (w *world) signed(page string, platform bot.Platform, address string) {
	w.t.Helper()
	g := signature.FindStringSubmatch(page)
	if (g != nil) != (platform == bot.WeCom) {
		w.t.Errorf("%s: signature %v", platform, g)
	}
	if g != nil && !w.stage.WeCom.TakesPage(g[1], g[2], g[3], g[4], address) {
		w.t.Errorf("the platform does not take %v for %s", g, address)
	}
}

// TestALoginIsNoRight logs people in who may not see the page, or not any more.
func TestALoginIsNoRight(t *testing.T) {
	each(t, withLogins(setup{}), func(w *world) {
		w.twoSchools()
		address := public + w.linkFor(bot.WeCom, "wenchang-aq", 1)
		for name, c := range map[string]struct {
			logIn func()
			says  string
		}{
			"a member the roster does not know": {func() { w.stage.WeCom.LogIn("nobody-here", true) }, "还没有和名册里的人对上"},
			"somebody of another enterprise":    {func() { w.stage.WeCom.LogIn("openid-1", false) }, "不属于本组织"},
			"of a linked enterprise":            {func() { w.stage.WeCom.LogIn("ww2/wenchang-aq", true) }, "不属于本组织"},
		} {
			c.logIn()
			if _, page := w.browser(inWeCom).open(address); !strings.Contains(page, c.says) || strings.Contains(page, "YH-2025") {
				t.Errorf("%s: %s", name, page)
			}
		}
		w.stage.LogIn("wenchang-aq")
		phone := w.browser(inWeCom)
		if _, page := phone.open(address); !strings.Contains(page, "YH-2025-0001") {
			t.Fatalf("the right one: %s", page)
		}
		w.exec("UPDATE hazards SET unit_id = 's-shimatou' WHERE id = 1") // another school's now
		if resp, page := phone.open(address); resp.StatusCode != 404 || strings.Contains(page, "YH-2025") {
			t.Errorf("without the right: %d %s", resp.StatusCode, page)
		}
		w.exec("UPDATE hazards SET unit_id = 's-wenchang' WHERE id = 1")
		w.exec("DELETE FROM accounts WHERE person_id = 'wenchang-aq'")
		if resp, page := phone.open(address); resp.StatusCode == 200 && strings.Contains(page, "YH-2025") {
			t.Errorf("without the account: %d %s", resp.StatusCode, page)
		}
	})
}

// TestNobodyIsLoggedInByAForeignPage plays the way back to a browser that never set out.
func TestNobodyIsLoggedInByAForeignPage(t *testing.T) {
	each(t, withLogins(setup{}), func(w *world) {
		w.twoSchools()
		link := public + w.linkFor(bot.WeCom, "wenchang-aq", 1)
		w.stage.LogIn("wenchang-aq")
		attacker := w.browser(inWeCom)
		var back string
		attacker.c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if strings.HasSuffix(r.URL.Path, "/back") {
				back = r.URL.String()
				return http.ErrUseLastResponse
			}
			return nil
		}
		attacker.open(link)
		u, err := url.Parse(back)
		w.ok(err)
		if u.Query().Get("code") == "" {
			t.Fatalf("way back %q", back)
		}
		victim := w.browser(inWeCom)
		if resp, page := victim.open(back); resp.StatusCode != 400 || !strings.Contains(page, "不是从本页开始的") {
			t.Errorf("%d %s", resp.StatusCode, page)
		}
		for _, c := range victim.c.Jar.Cookies(&url.URL{Scheme: "https", Host: strings.TrimPrefix(public, "https://"), Path: "/h/"}) {
			t.Errorf("cookie %s", c.Name)
		}
	})
}
