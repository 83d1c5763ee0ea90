package dingtalk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"duban/bot"
	"duban/internal/errs"
)

// DefaultLoginBase is where people log in with a browser (document "obtain identity
// credentials").
const DefaultLoginBase = "https://login.dingtalk.com"

// Login is what sends people to the platform and tells who came back. Its calls cost
// nothing of the month's.
type Login struct {
	client *Client
	base   string
}

// NewLogin returns the login of the client's application. An empty address is the
// platform's.
func (c *Client) NewLogin(base string) *Login {
	return &Login{client: c, base: strings.TrimRight(either(base, DefaultLoginBase), "/")}
}

// Inside reports whether a browser is DingTalk's own.
func (l *Login) Inside(userAgent string) bool {
	return strings.Contains(strings.ToLower(userAgent), "dingtalk")
}

// Address is where somebody is sent to log in. back must be registered in the console. The
// page is the same inside DingTalk, where it asks for nothing but one press.
func (l *Login) Address(back, state string, _ bool) string {
	q := url.Values{"redirect_uri": {back}, "response_type": {"code"}, "client_id": {l.client.cfg.ClientID}, "scope": {"openid"}, "state": {state}, "prompt": {"consent"}}
	return l.base + "/oauth2/auth?" + q.Encode()
}

// User redeems a code, once, and returns the user id; "" for somebody who is no member of
// this organisation.
func (l *Login) User(ctx context.Context, code string) (string, error) {
	if code == "" || len(code) > 512 {
		return "", &bot.SendError{Class: bot.Permanent, Reason: "login_code", Err: errors.New("not a code")}
	}
	token, corp, err := l.redeem(ctx, code)
	if err != nil {
		return "", errs.At("dingtalk login", err)
	}
	if ours := l.client.cfg.CorpID; ours != "" && corp != "" && corp != ours {
		return "", nil
	}
	union, err := l.me(ctx, token)
	if err != nil {
		return "", errs.At("dingtalk login", err)
	}
	return l.member(ctx, union)
}

// redeem exchanges a code for the token of one user (document "obtain user token").
func (l *Login) redeem(ctx context.Context, code string) (token, corp string, err error) {
	secret := l.client.cfg.ClientSecret.Reveal()
	ans, err := l.client.wire.post(ctx, l.client.cfg.APIBase+"/v1.0/oauth2/userAccessToken", "",
		map[string]string{"clientId": l.client.cfg.ClientID, "clientSecret": secret, "code": code, "grantType": "authorization_code"})
	if err == nil {
		err = ans.failure(secret, code)
	}
	if token = ans.body.id("accessToken"); err == nil && token == "" {
		err = noAnswer("a user token")
	}
	return token, ans.body.id("corpId"), bot.Harmless(err)
}

// me asks who a token belongs to (document "query user information"). Of the answer only
// the id is read.
func (l *Login) me(ctx context.Context, token string) (union string, err error) {
	ctx, cancel := context.WithTimeout(ctx, l.client.wire.timeout)
	defer cancel()
	ans, err := l.client.wire.exchange(ctx, http.MethodGet, l.client.cfg.APIBase+"/v1.0/contact/users/me", token, "", nil)
	if err == nil {
		err = ans.failure(token)
	}
	if union = ans.body.id("unionId"); err == nil && union == "" {
		err = noAnswer("a union id")
	}
	return union, bot.Harmless(err)
}

// member finds the user id of a union id (document "query a user by the union id").
func (l *Login) member(ctx context.Context, union string) (string, error) {
	ans, err := l.client.metered(ctx, bot.Meter{}, func(token string) (answer, error) {
		query := url.Values{"access_token": {token}}
		return l.client.wire.post(ctx, l.client.cfg.OAPIBase+"/topapi/user/getbyunionid?"+query.Encode(), "", map[string]any{"unionid": union})
	})
	if bot.CodeOf(err) == "60121" { // no user of this organisation
		return "", nil
	}
	result := ans.body.child("result")
	if err == nil && result.number("contact_type") == 1 { // an outside contact
		return "", nil
	}
	user := result.id("userid")
	if err == nil && user == "" {
		err = noAnswer("a user id")
	}
	return user, errs.At("dingtalk login", bot.Harmless(err))
}

func noAnswer(what string) error {
	return &bot.SendError{Class: bot.Temporary, Reason: "bad_answer", Err: errors.New("answer without " + what)}
}
