package dingtalk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
)

const backAddress = "https://duban.example.edu.cn/login/dingtalk/back"

// come goes to the address somebody is sent to and returns what comes back.
func (w *world) come(address string) url.Values {
	w.t.Helper()
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Get(address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	back, err := url.Parse(resp.Header.Get("Location"))
	if err != nil {
		w.t.Fatal(err)
	}
	return back.Query()
}

func TestLoginAddress(t *testing.T) {
	w := newWorld(t)
	want := "https://login.dingtalk.com/oauth2/auth?client_id=dingapp1&prompt=consent&redirect_uri=https%3A%2F%2Fd.cn%2Fback&response_type=code&scope=openid&state=S"
	if got := w.client.NewLogin("").Address("https://d.cn/back", "S", true); got != want {
		t.Errorf("%s", got)
	}
	for agent, want := range map[string]bool{"Mozilla/5.0 AliApp(DingTalk/7.6.15)": true, "Mozilla/5.0 wxwork/4.1": false, "": false} {
		if w.client.NewLogin("").Inside(agent) != want {
			t.Errorf("%q: %t", agent, !want)
		}
	}
}

func TestLogin(t *testing.T) {
	for name, c := range map[string]struct{ who, corp, want string }{
		"a member":                  {"u1", "", "u1"},
		"nobody of ours":            {"u99", "", ""},
		"with another organisation": {"u1", "dingcorp2", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.sim.RegisterPages(backAddress)
			w.sim.LogIn(c.who, c.corp)
			l := w.client.NewLogin(w.server.URL)
			back := w.come(l.Address(backAddress, "STATE", false))
			if back.Get("state") != "STATE" || back.Get("authCode") == "" {
				t.Fatalf("came back with %v", back)
			}
			got, err := l.User(t.Context(), back.Get("authCode"))
			if err != nil || got != c.want {
				t.Errorf("%q %v", got, err)
			}
			if _, err := l.User(t.Context(), back.Get("authCode")); bot.ClassOf(err) != bot.Permanent {
				t.Errorf("a second time: %v", err)
			}
			if used := w.sim.Used().APICalls; used != 0 {
				t.Errorf("%d of the month's calls", used)
			}
		})
	}
}

func TestLoginWhileThePlatformFails(t *testing.T) {
	for _, path := range []string{"/v1.0/oauth2/userAccessToken", "/v1.0/contact/users/me", "/topapi/user/getbyunionid"} {
		for name, c := range map[string]struct {
			fault simdingtalk.Fault
			class bot.SendClass
		}{
			"down":           {simdingtalk.Fault{Status: 502, Body: "x"}, bot.Temporary},
			"a page instead": {simdingtalk.Fault{Status: 200, Body: "<html>"}, bot.Temporary},
			"cut off":        {simdingtalk.Fault{Drop: true}, bot.Temporary},
			"not permitted":  {simdingtalk.Fault{Status: 403, Code: "Forbidden.AccessDenied.AccessTokenPermissionDenied"}, bot.Config},
			"empty":          {simdingtalk.Fault{Status: 200, Body: `{"errcode":0}`}, bot.Temporary},
		} {
			if c.fault.Drop && path == "/v1.0/contact/users/me" {
				continue // a read is repeated by the HTTP client itself
			}
			w := newWorld(t)
			w.sim.RegisterPages(backAddress)
			w.sim.LogIn("u1", "")
			w.sim.Fail(path, 1, c.fault)
			l := w.client.NewLogin(w.server.URL)
			got, err := l.User(t.Context(), w.come(l.Address(backAddress, "S", false)).Get("authCode"))
			if got != "" || bot.ClassOf(err) != c.class {
				t.Errorf("%s %s: %q %v", path, name, got, err)
			}
			if err != nil && (strings.Contains(err.Error(), "login-") || strings.Contains(err.Error(), "token-")) {
				t.Errorf("%s %s: %v holds a credential", path, name, err)
			}
		}
	}
}
