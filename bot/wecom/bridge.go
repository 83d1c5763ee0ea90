package wecom

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/silenceper/wechat/v2/util"
)

// bridge is the HTTP transport under the silenceper library. The library takes
// no context, has one global HTTP client and puts credentials into URLs that it
// prints in errors. So it is handed a ticket instead of each credential, and
// the bridge exchanges the ticket, once, for the call it stands for: which
// platform address, which credential, which context. See
// docs/adr/0002-wecom-client.md.
type bridge struct {
	once  sync.Once
	serve atomic.Uint64
	calls sync.Map // ticket -> *call; only while the call runs
}

// call is one library call under way.
type call struct {
	ctx        context.Context
	x          *exchange
	credential string
}

// library is the one bridge of the process: the library has one HTTP client for
// all, so there is nothing smaller to tie it to.
var library bridge

var errNoTicket = errors.New("wecom: a library call outside of Client is not routed")

// through runs f with a ticket for the credential. Whatever f asks of the
// library with that ticket goes to x under ctx.
func (b *bridge) through(ctx context.Context, x *exchange, credential string, f func(ticket string) error) error {
	b.once.Do(b.install)
	ticket := "ticket-" + strconv.FormatUint(b.serve.Add(1), 10)
	b.calls.Store(ticket, &call{ctx: ctx, x: x, credential: credential})
	defer b.calls.Delete(ticket)
	return f(ticket)
}

// install replaces the library's HTTP client, before its first use and only once.
func (b *bridge) install() {
	util.DefaultHTTPClient = &http.Client{Transport: b}
}

// RoundTrip carries out the call that the ticket in the URL stands for. Errors
// are *bot.SendError; an answer always has status 200 and is held in memory.
func (b *bridge) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	query := req.URL.Query()
	c, ok := b.redeem(query)
	if !ok {
		return nil, errNoTicket
	}
	answer, err := c.x.do(c.ctx, request{method: req.Method, path: req.URL.Path, query: query, body: plainJSON(body)})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer)), Request: req,
	}, nil
}

// redeem finds the call and puts the real credential in the place of its ticket.
func (b *bridge) redeem(query url.Values) (*call, bool) {
	for _, name := range []string{"access_token", "key"} {
		v, ok := b.calls.LoadAndDelete(query.Get(name))
		if ok {
			c := v.(*call)
			query.Set(name, c.credential)
			return c, true
		}
	}
	return nil, false
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}

// plainJSON undoes the \u003c, \u003e and \u0026 that the library's encoder
// writes and the platform refuses (error 40033). Escapes are read in pairs, so an
// escaped backslash before such a sequence is left alone.
func plainJSON(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' || i+1 >= len(body) {
			out = append(out, body[i])
			continue
		}
		if i+6 <= len(body) {
			if c, ok := htmlEscapes(string(body[i : i+6])); ok {
				out = append(out, c)
				i += 5
				continue
			}
		}
		out = append(out, body[i], body[i+1])
		i++
	}
	return out
}

func htmlEscapes(seq string) (byte, bool) {
	switch seq {
	case `\u003c`:
		return '<', true
	case `\u003e`:
		return '>', true
	case `\u0026`:
		return '&', true
	}
	return 0, false
}
