package wecom

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"

	"duban/bot"
)

// Limits of what a group robot takes beside texts (document 99110).
const (
	maxGroupMarkdown = 4096
	maxGroupImage    = 2 << 20
)

type groupMarkdown struct {
	MsgType  string  `json:"msgtype"`
	Markdown textOut `json:"markdown"`
}

type groupImage struct {
	MsgType string `json:"msgtype"`
	Image   struct {
		Base64 string `json:"base64"`
		MD5    string `json:"md5"`
	} `json:"image"`
}

type groupFile struct {
	MsgType string  `json:"msgtype"`
	File    fileOut `json:"file"`
}

// SendMarkdown sends markdown to a group through its robot; older clients show it as
// plain text.
func (c *Client) SendMarkdown(ctx context.Context, key, text string) error {
	parts := SplitText(legible(text), maxGroupMarkdown)
	if err := take(c.webhooks, fingerprint(key), "webhook_quota", len(parts)); err != nil {
		return err
	}
	for i, part := range parts {
		if err := c.hook(ctx, key, groupMarkdown{MsgType: "markdown", Markdown: textOut{part}}); err != nil {
			return unfinished(err, i, false)
		}
	}
	return nil
}

// SendImage shows a picture, JPEG or PNG, in a group.
func (c *Client) SendImage(ctx context.Context, key string, data []byte) error {
	switch kind := http.DetectContentType(data); {
	case kind != "image/jpeg" && kind != "image/png":
		return fail(bot.Permanent, "file_type", errors.New("a group robot takes JPEG and PNG only"))
	case len(data) > maxGroupImage:
		return fail(bot.Permanent, "media_too_large", errors.New("the picture exceeds 2 MiB"))
	}
	if err := take(c.webhooks, fingerprint(key), "webhook_quota", 1); err != nil {
		return err
	}
	m := groupImage{MsgType: "image"}
	sum := md5.Sum(data) // asked for by the platform, no secret depends on it
	m.Image.Base64, m.Image.MD5 = base64.StdEncoding.EncodeToString(data), hex.EncodeToString(sum[:])
	return c.hook(ctx, key, m)
}

// SendFile puts a file on the platform for one group's robot and shows it there.
func (c *Client) SendFile(ctx context.Context, key string, d bot.Document) error {
	if err := fits(d); err != nil {
		return err
	}
	if err := take(c.webhooks, fingerprint(key), "webhook_quota", 1); err != nil {
		return err
	}
	body, kind := form(d)
	r := request{method: http.MethodPost, path: "/cgi-bin/webhook/upload_media", query: url.Values{"key": {key}, "type": {"file"}},
		body: body, kind: kind, within: uploadPatience * c.x.timeout}
	raw, err := c.x.do(ctx, r)
	if err != nil {
		return bot.Harmless(err)
	}
	media, err := uploaded(raw, key)
	if err != nil {
		return bot.Harmless(err)
	}
	return c.hook(ctx, key, groupFile{MsgType: "file", File: fileOut{media}})
}

// hook posts one message to a group's robot.
func (c *Client) hook(ctx context.Context, key string, m any) error {
	r := request{method: http.MethodPost, path: "/cgi-bin/webhook/send", query: url.Values{"key": {key}}, body: plain(m)}
	raw, err := c.x.do(ctx, r)
	if err == nil {
		err = c.read(r, raw, key, nil)
	}
	return hookWait(err)
}

// hookWait waits the minute that a group robot's quota is counted by.
func hookWait(err error) error {
	var e *bot.SendError
	if errors.As(err, &e) && e.Code == "45009" {
		e.After = webhookPause
	}
	return err
}
