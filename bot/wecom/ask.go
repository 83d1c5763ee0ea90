package wecom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
)

// ask makes one call with an access token, for what the library does not have or
// reads in one form only. A nil payload makes it a GET. into may be nil.
func (c *Client) ask(ctx context.Context, path string, query url.Values, payload, into any) error {
	r := request{method: http.MethodGet, path: path}
	if payload != nil {
		r.method, r.body = http.MethodPost, plain(payload)
	}
	return c.withToken(ctx, func(token string) error {
		r.query = url.Values{"access_token": {token}}
		maps.Copy(r.query, query)
		body, err := c.x.do(ctx, r)
		if err != nil {
			return err
		}
		return c.read(r, body, token, into)
	})
}

// read takes a JSON answer apart. What is no JSON object may come from anywhere.
func (c *Client) read(r request, body []byte, secret string, into any) error {
	var a struct {
		ErrCode *int64 `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
	}
	if err := json.Unmarshal(body, &a); err != nil || a.ErrCode == nil {
		return broken(r, "bad_answer", errors.New("the answer is not the platform's"))
	}
	if *a.ErrCode != 0 {
		return refusal(*a.ErrCode, a.ErrMsg, secret)
	}
	if into != nil && json.Unmarshal(body, into) != nil {
		return broken(r, "bad_answer", errors.New("the answer has another form"))
	}
	return nil
}

// plain encodes without the \uXXXX escapes that the platform refuses (error 40033).
// Texts have been through legible, which leaves none that need one.
func plain(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // into memory, of plain structs
	return bytes.TrimSpace(b.Bytes())
}
