// Package download gets files from addresses that a platform named, without any
// credential. Such an address comes from outside: only the platform's own storage is
// asked, never this machine or the network around it.
package download

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

// Max is the largest file that is taken, in bytes.
const Max = 20 << 20

const timeout = 30 * time.Second

// Getter opens files. It is safe for concurrent use.
type Getter struct {
	suffixes []string
	local    bool // tests and the demo: the platform is on this machine
	http     *http.Client
}

// New returns a Getter for hosts that end in one of the suffixes. local allows this
// machine as well.
func New(suffixes []string, local bool) *Getter {
	d := &Getter{suffixes: suffixes, local: local}
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
	d.http = &http.Client{Transport: transport, Timeout: timeout, CheckRedirect: d.redirect}
	return d
}

var errAddress = errors.New("file address is not allowed")

func (d *Getter) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > 1 || !d.allowed(req.URL) {
		return errAddress
	}
	req.Header.Del("Referer") // the first address is pre-signed
	return nil
}

func (d *Getter) allowed(u *url.URL) bool {
	return (u.Scheme == "https" || u.Scheme == "http") && u.User == nil && d.allowedHost(u.Hostname())
}

func (d *Getter) allowedHost(host string) bool {
	host = strings.ToLower(host)
	if d.local && IsLoopback(host) {
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
func (d *Getter) guard(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !isPublic(at.Addr()) && !(d.local && at.Addr().Unmap().IsLoopback()) {
		return errAddress
	}
	return nil
}

// Open returns the content of the file at a pre-signed address. Errors are
// *bot.SendError: Permanent when the file is gone, too large or offered from an address
// that is not allowed; none holds the address. Reading more than Max bytes fails, it never
// ends early in silence. Name and type are not to be trusted.
func (d *Getter) Open(ctx context.Context, address string) (io.ReadCloser, error) {
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
	return &capped{body: resp.Body, left: Max}, nil
}

func fileFailure(resp *http.Response) error {
	cause := fmt.Errorf("HTTP %d from the file storage", resp.StatusCode)
	switch {
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		return &bot.SendError{Class: bot.Temporary, Reason: "busy", Err: cause}
	case resp.StatusCode != http.StatusOK:
		return &bot.SendError{Class: bot.Permanent, Reason: "file_gone", Err: cause}
	case resp.ContentLength > Max:
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

// withoutURL strips the address from HTTP errors: queries carry credentials.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// IsLoopback reports whether host is this machine by name or number.
func IsLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}

// carrierGrade is shared address space; cloud providers keep their metadata
// services there.
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

// isPublic reports whether an address may be fetched from: neither this
// machine nor the network around it.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !carrierGrade.Contains(ip)
}
