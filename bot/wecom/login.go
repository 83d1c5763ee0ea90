package wecom

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"duban/bot"
)

// The platform's addresses for people who log in (documents 96441 and 98151). The second is
// for browsers outside WeCom, which show a code to scan.
const (
	DefaultLoginBase = "https://open.weixin.qq.com"
	DefaultScanBase  = "https://login.work.weixin.qq.com"
)

// Login is what sends people to the platform and tells who came back.
type Login struct {
	client      *Client
	base, scan  string
	corp, agent string
}

// NewLogin returns the login of the client's app. Empty addresses are the platform's.
func (c *Client) NewLogin(base, scan string) *Login {
	if base == "" {
		base = DefaultLoginBase
	}
	if scan == "" {
		scan = DefaultScanBase
	}
	return &Login{client: c, base: strings.TrimRight(base, "/"), scan: strings.TrimRight(scan, "/"), corp: c.corpID, agent: strconv.Itoa(c.agentID)}
}

// Inside reports whether a browser is WeCom's own, which logs its member in unasked.
func (l *Login) Inside(userAgent string) bool {
	return strings.Contains(strings.ToLower(userAgent), "wxwork")
}

// Address is where somebody is sent to log in. back must lie on the app's trusted domain;
// state is letters and digits, at most 128.
func (l *Login) Address(back, state string, inside bool) string {
	if !inside {
		q := url.Values{"login_type": {"CorpApp"}, "appid": {l.corp}, "agentid": {l.agent}, "redirect_uri": {back}, "state": {state}}
		return l.scan + "/wwlogin/sso/login?" + q.Encode()
	}
	q := url.Values{"appid": {l.corp}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"snsapi_base"}, "state": {state}, "agentid": {l.agent}}
	return l.base + "/connect/oauth2/authorize?" + q.Encode() + "#wechat_redirect"
}

// codeForm bounds what is taken for a code (at most 512 bytes, document 96442).
var codeForm = regexp.MustCompile(`^[A-Za-z0-9_.~-]{1,512}$`)

// User redeems a code, once, and returns the member's id in lower case; "" for somebody who
// is no member of this enterprise. The platform names members outside the app's visible
// range as well: the id tells who somebody is and gives no right (document 96442).
func (l *Login) User(ctx context.Context, code string) (string, error) {
	if !codeForm.MatchString(code) {
		return "", fail(bot.Permanent, "login_code", errors.New("not a code"))
	}
	var a struct {
		UserID string `json:"userid"`
	}
	if err := l.client.ask(ctx, "/cgi-bin/auth/getuserinfo", url.Values{"code": {code}}, nil, &a); err != nil {
		return "", err
	}
	if strings.Contains(a.UserID, "/") { // a member of a linked enterprise comes as corp/userid
		return "", nil
	}
	return userID(a.UserID), nil
}
