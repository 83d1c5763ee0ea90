package dingtalk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"duban/bot"
)

const maxAnswer = 1 << 20

// answer is what came back: the status, and the body if it was a JSON object.
type answer struct {
	status int
	body   object
}

// wire posts. It follows no redirects and its errors never hold a URL.
type wire struct {
	http    *http.Client
	timeout time.Duration // of a call with a JSON body
}

func newWire(timeout time.Duration) wire {
	return wire{timeout: timeout, http: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post sends payload once as JSON.
func (w wire) post(ctx context.Context, endpoint, token string, payload any) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	return w.send(ctx, endpoint, token, "application/json; charset=utf-8", encode(payload))
}

// send posts a body once, within the time that ctx leaves. A failure is a *bot.SendError: Temporary as long as
// nothing of the request had been written, Ambiguous afterwards.
func (w wire) send(ctx context.Context, endpoint, token, kind string, body []byte) (answer, error) {
	return w.exchange(ctx, http.MethodPost, endpoint, token, kind, body)
}

// exchange makes one call.
func (w wire) exchange(ctx context.Context, method, endpoint, token, kind string, body []byte) (answer, error) {
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { written.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, method, endpoint, bytes.NewReader(body))
	if err != nil {
		return answer{}, &bot.SendError{Class: bot.Config, Reason: "bad_url", Err: errors.New("address of the platform is not a URL")}
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Accept", "application/json") // without it the stream gateway answers in XML
	if token != "" {
		req.Header.Set("x-acs-dingtalk-access-token", token)
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return answer{}, broken(err, written.Load())
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return answer{}, broken(err, true)
	}
	return answer{status: resp.StatusCode, body: parseObject(raw)}, nil
}

// broken classifies a failure of the connection.
func broken(err error, written bool) error {
	e := &bot.SendError{Class: bot.Temporary, Reason: "unreachable", Err: withoutURL(err)}
	if written {
		e.Class, e.Reason = bot.Ambiguous, "no_answer"
	}
	return e
}

// withoutURL strips the address from HTTP errors: queries carry credentials.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// failure returns nil if the platform took the request, else a *bot.SendError.
// secrets are removed from the platform's words.
func (a answer) failure(secrets ...string) error {
	code, message := a.code()
	if code == "" && a.status == http.StatusOK && a.body != nil {
		return nil
	}
	v := judge(code, a.status)
	if code == "" && a.status >= 200 && a.status < 300 {
		v = bot.Trouble{Class: bot.Ambiguous, Reason: "bad_answer", Means: "平台的回答不是约定的格式，说不准到没到"} // HTML, or nothing we know
	}
	if id := a.body.id("requestid"); id != "" {
		message += " requestid " + id
	}
	missing := ""
	if scopes := a.body.child("accessdenieddetail").names("requiredScopes"); len(scopes) > 0 {
		message += " required scopes " + strings.Join(scopes, ",")
		missing = "缺的权限是 " + redact(strings.Join(scopes, "、"), secrets...) + "。"
	}
	code, message = redact(code, secrets...), redact(message, secrets...)
	address := ""
	if v.Reason == "ip" {
		address = bot.AddressIn(message)
	}
	return &bot.SendError{Class: v.Class, Reason: v.Reason, Code: code, After: v.After, Advice: v.Advice(code, address) + missing,
		Err: fmt.Errorf("HTTP %d: %s", a.status, message)}
}

// code finds the error code in the forms of the new API (code), the old API
// (errcode, 88 wrapping sub_code) and the gateway (status 1111).
func (a answer) code() (code, message string) {
	b := a.body
	switch errcode := b.id("errcode"); {
	case errcode == "88" || errcode == "15":
		if sub := b.id("sub_code"); sub != "" {
			return sub, b.text("sub_msg")
		}
		return "-1", b.text("errmsg") // the authentication service timed out
	case errcode != "" && errcode != "0":
		return errcode, b.text("errmsg")
	}
	if b.id("code") != "" && (a.status >= 300 || b.id("message") != "") {
		return b.id("code"), b.text("message")
	}
	if b.id("punish") != "" || b.id("status") == "1111" {
		return "1111", "punished for " + strconv.FormatInt(b.number("wait"), 10) + " s"
	}
	return "", "no platform error code"
}

// refusedToken reports whether a fresh token may help.
func refusedToken(err error) bool {
	var e *bot.SendError
	return errors.As(err, &e) && e.Class == bot.Config && e.Reason == ReasonAuth
}
