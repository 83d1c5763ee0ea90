package wecom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"duban/bot"
)

const (
	leastDocument  = 5 // the platform takes no file of five bytes or fewer
	uploadPatience = 6 // times an ordinary call's time-out
)

// appFile is a file message to one member (document 90236). Two tries have two
// media ids, so the platform's duplicate check would not know them for one.
type appFile struct {
	ToUser  string  `json:"touser"`
	MsgType string  `json:"msgtype"`
	AgentID int     `json:"agentid"`
	File    fileOut `json:"file"`
}

type fileOut struct {
	MediaID string `json:"media_id"`
}

// sendDocument puts the file on the platform and sends it. Nobody has seen
// anything before the second step is taken, so a failure of the first may always
// be tried again.
func (c *Client) sendDocument(ctx context.Context, to bot.Target, d bot.Document) (bot.Receipt, error) {
	if to.UserID == "" || to.Webhook != "" || to.ChatID != "" {
		return bot.Receipt{}, fail(bot.Permanent, "no_target", errors.New("documents go to members only"))
	}
	if err := fits(d); err != nil {
		return bot.Receipt{}, err
	}
	if err := singleUser(to.UserID); err != nil {
		return bot.Receipt{}, err
	}
	if err := take(c.members, strings.ToLower(to.UserID), "member_quota", 1); err != nil {
		return bot.Receipt{}, err
	}
	media, err := c.upload(ctx, d)
	if err != nil {
		return bot.Receipt{}, bot.Harmless(err)
	}
	id, err := c.post(ctx, appFile{ToUser: to.UserID, MsgType: "file", AgentID: c.agentID, File: fileOut{MediaID: media}})
	if e := (*bot.SendError)(nil); errors.As(err, &e) && e.Reason == "media_gone" {
		return bot.Receipt{}, fail(bot.Temporary, e.Reason, err) // the next try brings it anew
	}
	return bot.Receipt{PlatformID: id}, err
}

// fits reports whether the platform takes a file of this size.
func fits(d bot.Document) error {
	switch {
	case d.Name == "" || len(d.Content) <= leastDocument:
		return fail(bot.Permanent, "empty_document", errors.New("the document has no name or no content"))
	case len(d.Content) > bot.MaxDocument:
		return fail(bot.Permanent, "media_too_large", errors.New("the document exceeds 20 MiB"))
	}
	return nil
}

// upload uses media/upload (document 90253) and returns the media id. The library
// is not used here: it reads the answer in one fixed form only.
func (c *Client) upload(ctx context.Context, d bot.Document) (media string, err error) {
	body, kind := form(d)
	err = c.withToken(ctx, func(token string) error {
		query := url.Values{"access_token": {token}, "type": {"file"}}
		raw, err := c.x.do(ctx, request{method: http.MethodPost, path: "/cgi-bin/media/upload", query: query, body: body, kind: kind, within: uploadPatience * c.x.timeout})
		if err != nil {
			return err
		}
		media, err = uploaded(raw, token)
		return err
	})
	return media, err
}

func uploaded(raw []byte, token string) (string, error) {
	var a struct {
		ErrCode int64  `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		MediaID string `json:"media_id"`
	}
	switch err := json.Unmarshal(raw, &a); {
	case err != nil:
		return "", fail(bot.Temporary, "bad_answer", errors.New("media/upload: the answer is no JSON"))
	case a.ErrCode != 0:
		return "", refusal(a.ErrCode, a.ErrMsg, token)
	case a.MediaID == "":
		return "", fail(bot.Temporary, "bad_answer", errors.New("media/upload: no media id"))
	}
	return a.MediaID, nil
}

// form is the file as the platform's multipart form wants it, with its length in
// the part's head.
func form(d bot.Document) (body []byte, kind string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	name := strings.NewReplacer(`\`, "", `"`, "", "\r", "", "\n", "").Replace(d.Name)
	part, _ := w.CreatePart(map[string][]string{ // into memory, cannot fail
		"Content-Disposition": {fmt.Sprintf(`form-data; name="media"; filename="%s"; filelength=%d`, name, len(d.Content))},
		"Content-Type":        {"application/octet-stream"},
	})
	_, _ = part.Write(d.Content)
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}
