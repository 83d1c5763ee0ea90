package wecom

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"duban/bot"
)

// getToken asks for an access token (document 91039). It does not go through the
// library, whose errors print the secret.
func (c *Client) getToken(ctx context.Context, secret Secret) (string, time.Duration, error) {
	if c.corpID == "" || secret == "" {
		return "", 0, fail(bot.Config, "credentials", errors.New("corp id or secret is not set"))
	}
	query := url.Values{"corpid": {c.corpID}, "corpsecret": {secret.Reveal()}}
	body, err := c.x.do(ctx, request{method: http.MethodGet, path: "/cgi-bin/gettoken", query: query})
	if err != nil {
		return "", 0, err
	}
	var a struct {
		ErrCode int64  `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		Token   string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return "", 0, fail(bot.Temporary, "bad_answer", errors.New("gettoken: the answer is not JSON"))
	}
	if a.ErrCode != 0 {
		return "", 0, tokenRefusal(a.ErrCode, a.ErrMsg, secret)
	}
	if a.Token == "" || a.Seconds <= 0 {
		return "", 0, fail(bot.Temporary, "bad_answer", errors.New("gettoken: no token in the answer"))
	}
	return a.Token, time.Duration(a.Seconds) * time.Second, nil
}

// tokenRefusal differs from other refusals in one point: without a token no message is
// at fault, and 40001 means that the secret is wrong.
func tokenRefusal(code int64, msg string, secret Secret) *bot.SendError {
	text := strconv.FormatInt(code, 10)
	t := judge(text)
	if t.Class == bot.Permanent || t.Renew {
		t.Class, t.Reason = bot.Config, "credentials"
	}
	return refusalAs(t, text, msg, secret.Reveal())
}
