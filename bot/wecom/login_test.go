package wecom_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"duban/bot"
	"duban/bot/wecom"
	simwecom "duban/internal/sim/wecom"
)

const pageHost = "duban.example.edu.cn"

// come asks the fake platform for the page that somebody is sent to and returns where it
// sends him back, nil if it does not.
func (r *rig) come(address, agent string) url.Values {
	u, _ := url.Parse(address)
	req := httptest.NewRequest(http.MethodGet, u.Path+"?"+u.RawQuery, nil)
	req.Header.Set("User-Agent", agent)
	out := httptest.NewRecorder()
	r.Server.ServeHTTP(out, req)
	back, err := url.Parse(out.Header().Get("Location"))
	if err != nil || out.Code != http.StatusFound {
		return nil
	}
	return back.Query()
}

func TestLoginAddresses(t *testing.T) {
	l := wecom.NewClient(wecom.ClientConfig{CorpID: "ww1", AgentID: 7}).NewLogin("", "")
	for _, c := range []struct {
		inside bool
		want   string
	}{
		{true, "https://open.weixin.qq.com/connect/oauth2/authorize?agentid=7&appid=ww1&redirect_uri=https%3A%2F%2Fd.cn%2Fback&response_type=code&scope=snsapi_base&state=S#wechat_redirect"},
		{false, "https://login.work.weixin.qq.com/wwlogin/sso/login?agentid=7&appid=ww1&login_type=CorpApp&redirect_uri=https%3A%2F%2Fd.cn%2Fback&state=S"},
	} {
		if got := l.Address("https://d.cn/back", "S", c.inside); got != c.want {
			t.Errorf("inside %t: %s", c.inside, got)
		}
	}
	for agent, want := range map[string]bool{"Mozilla/5.0 wxwork/4.1.0 MicroMessenger/7.0.1": true, "Mozilla/5.0 MicroMessenger/8.0": false, "": false, "Mozilla/5.0 DingTalk/7.0": false} {
		if l.Inside(agent) != want {
			t.Errorf("%q: %t", agent, !want)
		}
	}
}

const inWeCom = "Mozilla/5.0 wxwork/4.1.0"

func TestLogin(t *testing.T) {
	for name, c := range map[string]struct {
		who    string
		member bool
		agent  string
		want   string
	}{
		"a member":              {"ZhangSan", true, inWeCom, "zhangsan"},
		"by scanning":           {"ZhangSan", true, "Firefox", "zhangsan"},
		"not visible to us":     {"wangwu", true, inWeCom, "wangwu"}, // who that is on the roster is asked elsewhere
		"of a linked one":       {"ww2/zhangsan", true, inWeCom, ""},
		"from outside":          {"openid-1", false, inWeCom, ""},
		"an outsider by a scan": {"openid-1", false, "Firefox", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			l := r.client.NewLogin("", "")
			r.TrustDomain(pageHost)
			r.LogIn(c.who, c.member)
			back := r.come(l.Address("https://"+pageHost+"/login/wecom/back", "STATE", l.Inside(c.agent)), c.agent)
			if back.Get("state") != "STATE" {
				t.Fatalf("came back with %v", back)
			}
			got, err := l.User(t.Context(), back.Get("code"))
			if err != nil || got != c.want {
				t.Errorf("%q %v", got, err)
			}
			if _, err := l.User(t.Context(), back.Get("code")); bot.ClassOf(err) != bot.Permanent || bot.CodeOf(err) != "40029" {
				t.Errorf("a second time: %v", err)
			}
		})
	}
}

func TestLoginCodesOfIdeas(t *testing.T) {
	r := newRig(t)
	l := r.client.NewLogin("", "")
	for _, code := range []string{"", "a b", "a&userid=lisi", "a#b", strings.Repeat("a", 513), "../x"} {
		if got, err := l.User(t.Context(), code); got != "" || bot.ClassOf(err) != bot.Permanent {
			t.Errorf("%q: %q %v", code, got, err)
		}
	}
	if n := r.TokenFetches(); n != 0 {
		t.Errorf("%d tokens fetched for nothing", n)
	}
}

func TestLoginWhileThePlatformFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault simwecom.Fault
		class bot.SendClass
	}{
		"busy":           {simwecom.Fault{ErrCode: -1}, bot.Temporary},
		"not permitted":  {simwecom.Fault{ErrCode: 50001}, bot.Config},
		"an old code":    {simwecom.Fault{ErrCode: 42003}, bot.Permanent},
		"down":           {simwecom.Fault{Status: 502}, bot.Temporary},
		"a page instead": {simwecom.Fault{Body: "<html>"}, bot.Temporary},
	} {
		r := newRig(t)
		r.Fail("/cgi-bin/auth/getuserinfo", 1, c.fault)
		got, err := r.client.NewLogin("", "").User(t.Context(), "CODE")
		if got != "" || bot.ClassOf(err) != c.class || strings.Contains(err.Error(), "CODE") {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

func TestPageSignatures(t *testing.T) {
	r := newRig(t)
	pages := r.client.NewPages(r.Now)
	page := "https://" + pageHost + "/h/ABC?in=1"
	for range 3 {
		s, err := pages.Sign(t.Context(), page+"#top", "NONCE")
		if err != nil || !r.TakesPage(s.Corp, strconv.FormatInt(s.Timestamp, 10), s.Nonce, s.Signature, page) || s.Timestamp != r.Now().Unix() {
			t.Fatalf("%+v %v", s, err)
		}
	}
	if n := r.PageTickets(); n != 1 {
		t.Errorf("%d tickets", n)
	}
	r.wait(2 * 60 * 60 * 1e9)
	if s, err := pages.Sign(t.Context(), page, "N"); err != nil || !r.TakesPage(s.Corp, strconv.FormatInt(s.Timestamp, 10), "N", s.Signature, page) || r.PageTickets() != 2 {
		t.Errorf("%+v %v after its end", s, err)
	}
	r.wait(2 * 60 * 60 * 1e9)
	r.Fail("/cgi-bin/get_jsapi_ticket", 1, simwecom.Fault{ErrCode: 48002})
	for range 5 {
		if _, err := pages.Sign(t.Context(), page, "N"); bot.ClassOf(err) != bot.Config {
			t.Errorf("refused: %v", err)
		}
	}
	if n := r.PageTickets(); n != 2 {
		t.Errorf("%d tickets: a refusal is asked again and again", n)
	}
}
