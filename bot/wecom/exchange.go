package wecom

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"duban/bot"
)

const (
	maxAnswer   = 1 << 20 // JSON answers are a few hundred bytes
	dialTimeout = 5 * time.Second
)

// exchange makes single HTTP calls to one platform address. It follows no
// redirect, bounds every answer, and its errors are *bot.SendError that never
// show a URL, since every URL holds a credential.
type exchange struct {
	base    *url.URL
	timeout time.Duration
	rt      *http.Transport
}

// request is one call; its query holds the credential.
type request struct {
	method string
	path   string
	query  url.Values
	body   []byte
	kind   string        // content type of a body that is not JSON
	within time.Duration // for calls that may take longer than the client's time-out
}

func newTransport(timeout time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   dialTimeout,
		ResponseHeaderTimeout: timeout,
		MaxIdleConnsPerHost:   32, // as many calls as the workers make at once
		IdleConnTimeout:       20 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// do makes the call within its time-out and returns the whole body.
func (x *exchange) do(ctx context.Context, r request) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, max(x.timeout, r.within))
	defer cancel()
	resp, err := x.open(ctx, r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, broken(r, "answer_lost", err)
	}
	if len(body) > maxAnswer {
		return nil, broken(r, "answer_too_large", errors.New("answer exceeds 1 MiB"))
	}
	return body, nil
}

// open makes the call and returns the answer with status 200, or a *bot.SendError.
// The caller bounds ctx and reads and closes the body.
func (x *exchange) open(ctx context.Context, r request) (*http.Response, error) {
	var written atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }}
	u := x.base.JoinPath(r.path)
	u.RawQuery = r.query.Encode()
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), r.method, u.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, fail(bot.Config, "api_base", errors.New("wecom: the API base is not a usable address"))
	}
	if r.method == http.MethodPost {
		req.Header.Set("Content-Type", cmp.Or(r.kind, "application/json; charset=utf-8"))
	}
	resp, err := x.rt.RoundTrip(req)
	if err != nil {
		if written.Load() {
			return nil, broken(r, "answer_lost", err)
		}
		return nil, fail(bot.Temporary, "unreachable", fmt.Errorf("%s: %w", r.path, err))
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, statusFailure(resp.StatusCode)
	}
	return resp, nil
}

// broken is a call whose answer did not arrive in full. A read can simply be
// repeated; a write may have been carried out.
func broken(r request, reason string, err error) *bot.SendError {
	class := bot.Temporary
	if r.method == http.MethodPost {
		class = bot.Ambiguous
	}
	return fail(class, reason, fmt.Errorf("%s: %w", r.path, err))
}
