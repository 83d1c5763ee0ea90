package wecom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"duban/bot"
)

const (
	maxMedia     = 20<<20 + 64<<10 // the platform's own 20 MB and a margin
	mediaTimeout = 2 * time.Minute
)

// Fetch implements bot.Fetcher through media/get (document 90254). Media ids die
// after three days. The reader yields at most 20 MiB and a margin and then fails;
// reading is bounded in time as well. The library is not used here: it reads
// without a limit and takes a user's own JSON file for an error.
func (c *Client) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	if a.Ref == "" {
		return nil, fail(bot.Permanent, "media_gone", errors.New("the attachment has no media id"))
	}
	ctx, cancel := context.WithTimeout(ctx, mediaTimeout)
	var body io.ReadCloser
	err := c.withToken(ctx, func(token string) error {
		var err error
		body, err = c.openMedia(ctx, token, a.Ref)
		return err
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return &limited{ReadCloser: body, left: maxMedia, cancel: cancel}, nil
}

func (c *Client) openMedia(ctx context.Context, token, id string) (io.ReadCloser, error) {
	query := url.Values{"access_token": {token}, "media_id": {id}}
	resp, err := c.x.open(ctx, request{method: http.MethodGet, path: "/cgi-bin/media/get", query: query})
	if err != nil {
		return nil, err
	}
	if isErrorAnswer(resp.Header) {
		defer resp.Body.Close()
		return nil, mediaRefusal(resp.Body, token, id)
	}
	if resp.ContentLength > maxMedia {
		resp.Body.Close()
		return nil, fail(bot.Permanent, "media_too_large", errors.New("media exceeds 20 MiB"))
	}
	return resp.Body, nil
}

// isErrorAnswer tells an error from a file by the headers alone: a file comes
// with a disposition, even if it is itself JSON.
func isErrorAnswer(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return false
	}
	text := kind == "text/plain" || strings.HasSuffix(kind, "/json")
	return text && h.Get("Content-Disposition") == ""
}

func mediaRefusal(body io.Reader, secrets ...string) error {
	var a struct {
		ErrCode int64  `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
	}
	raw, err := io.ReadAll(io.LimitReader(body, maxAnswer))
	if err != nil {
		return fail(bot.Temporary, "answer_lost", err)
	}
	if json.Unmarshal(raw, &a) != nil || a.ErrCode == 0 {
		return fail(bot.Temporary, "bad_answer", errors.New("media/get: neither a file nor an error"))
	}
	return refusal(a.ErrCode, a.ErrMsg, secrets...)
}

// limited is a reader that fails, rather than ends, at its limit.
type limited struct {
	io.ReadCloser
	left   int64
	cancel context.CancelFunc
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, fail(bot.Permanent, "media_too_large", fmt.Errorf("media exceeds %d bytes", maxMedia))
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.ReadCloser.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return n + int(l.left), fail(bot.Permanent, "media_too_large", fmt.Errorf("media exceeds %d bytes", maxMedia))
	}
	return n, err
}

// Close implements io.Closer and ends the call.
func (l *limited) Close() error {
	defer l.cancel()
	return l.ReadCloser.Close()
}
