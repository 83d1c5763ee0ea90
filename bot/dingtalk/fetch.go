package dingtalk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"duban/bot"
	"duban/internal/errs"
)

const (
	maxFile      = 20 << 20
	fetchTimeout = 30 * time.Second
)

// Fetch opens a file that somebody sent to the robot (document "download the
// file content of the robot receiving message"). Each call costs one of the
// month's API calls; the code dies soon, so fetch at once.
//
// Errors are *bot.SendError: Permanent when the file is gone, too large or
// offered from an address that is not allowed. Reading more than 20 MiB fails,
// it never ends early in silence. Name and type told by the platform are not
// to be trusted.
func (c *Client) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	if a.Ref == "" {
		return nil, errs.At("dingtalk fetch", permanent("file_gone", "attachment has no download code"))
	}
	ans, err := c.call(ctx, "/v1.0/robot/messageFiles/download",
		map[string]string{"downloadCode": a.Ref, "robotCode": c.cfg.RobotCode})
	if err != nil {
		return nil, errs.At("dingtalk fetch", bot.Harmless(err))
	}
	body, err := c.download.open(ctx, ans.body.id("downloadUrl"))
	return body, errs.At("dingtalk fetch", err)
}

// downloader gets files from pre-signed addresses, without any token.
type downloader struct {
	suffixes []string
	local    bool // tests and the demo: the platform is on this machine
	http     *http.Client
}

func newDownloader(suffixes []string, local bool) *downloader {
	d := &downloader{suffixes: suffixes, local: local}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: d.guard}
	plain := &net.Dialer{Timeout: 10 * time.Second}
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConns:        4,
		IdleConnTimeout:     time.Minute,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil || d.allowedHost(host) {
				return dialer.DialContext(ctx, network, address)
			}
			// Requests go to allowed hosts only, so this is the operator's proxy.
			return plain.DialContext(ctx, network, address)
		},
	}
	d.http = &http.Client{Transport: transport, Timeout: fetchTimeout, CheckRedirect: d.redirect}
	return d
}

var errAddress = errors.New("file address is not allowed")

func (d *downloader) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > 1 || !d.allowed(req.URL) {
		return errAddress
	}
	req.Header.Del("Referer") // the first address is pre-signed
	return nil
}

func (d *downloader) allowed(u *url.URL) bool {
	return (u.Scheme == "https" || u.Scheme == "http") && u.User == nil && d.allowedHost(u.Hostname())
}

func (d *downloader) allowedHost(host string) bool {
	host = strings.ToLower(host)
	if d.local && isLoopback(host) {
		return true
	}
	for _, suffix := range d.suffixes {
		suffix = strings.ToLower(strings.TrimPrefix(suffix, "."))
		if suffix != "" && (host == suffix || strings.HasSuffix(host, "."+suffix)) {
			return true
		}
	}
	return false
}

// guard looks at the address a name has led to, just before the connection.
func (d *downloader) guard(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !isPublic(at.Addr()) && !(d.local && at.Addr().Unmap().IsLoopback()) {
		return errAddress
	}
	return nil
}

func (d *downloader) open(ctx context.Context, address string) (io.ReadCloser, error) {
	u, err := url.Parse(address)
	if err != nil || !d.allowed(u) {
		return nil, &bot.SendError{Class: bot.Permanent, Reason: "bad_url", Err: errAddress}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &bot.SendError{Class: bot.Permanent, Reason: "bad_url", Err: errAddress}
	}
	resp, err := d.http.Do(req)
	if err != nil {
		if errors.Is(err, errAddress) {
			return nil, &bot.SendError{Class: bot.Permanent, Reason: "bad_url", Err: errAddress}
		}
		return nil, &bot.SendError{Class: bot.Temporary, Reason: "unreachable", Err: withoutURL(err)}
	}
	if err := fileFailure(resp); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return &capped{body: resp.Body, left: maxFile}, nil
}

func fileFailure(resp *http.Response) error {
	cause := fmt.Errorf("HTTP %d from the file storage", resp.StatusCode)
	switch {
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		return &bot.SendError{Class: bot.Temporary, Reason: "busy", Err: cause}
	case resp.StatusCode != http.StatusOK:
		return &bot.SendError{Class: bot.Permanent, Reason: "file_gone", Err: cause}
	case resp.ContentLength > maxFile:
		return tooLarge()
	}
	return nil
}

func tooLarge() error {
	return &bot.SendError{Class: bot.Permanent, Reason: "too_large",
		Err: errs.New(errs.Invalid, "文件超过 20 MB，没有收下。请压缩后再发。")}
}

// capped fails once more than left bytes come.
type capped struct {
	body io.ReadCloser
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.body.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, tooLarge()
	}
	return n, withoutURL(err)
}

func (c *capped) Close() error { return c.body.Close() }
