package dingtalk

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/url"
	"path"
	"slices"
	"strings"

	"duban/bot"
	"duban/internal/errs"
)

const uploadPatience = 6 // times an ordinary call's time-out

// fileTypes are the endings a file message may have (document "robot message
// type").
var fileTypes = []string{"xlsx", "pdf", "zip", "rar", "doc", "docx"}

// sendDocument puts the file on the platform and sends it. Nobody has seen
// anything before the second step is taken, so a failure of the first may always
// be tried again.
func (c *Client) sendDocument(ctx context.Context, to bot.Target, d bot.Document) (bot.Receipt, error) {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(d.Name), "."))
	switch {
	case to.UserID == "" || to.ChatID != "" || to.Webhook != "":
		return bot.Receipt{}, permanent("bad_target", "documents go to persons only")
	case len(d.Content) == 0:
		return bot.Receipt{}, permanent("empty_document", "the document has no content")
	case len(d.Content) > bot.MaxDocument:
		return bot.Receipt{}, permanent("too_large", "the document exceeds 20 MiB")
	case !slices.Contains(fileTypes, ending):
		return bot.Receipt{}, permanent("file_type", "the platform takes no files of this type")
	}
	media, err := c.upload(ctx, d)
	if err != nil {
		return bot.Receipt{}, errs.At("upload", bot.Harmless(err))
	}
	param := encode(map[string]string{"mediaId": media, "fileName": d.Name, "fileType": ending})
	return c.sendOne(ctx, to.UserID, "sampleFile", string(param))
}

// upload uses the old API's media/upload (document "upload media files"). The
// type stands in the query and in the form, as not every gateway reads both.
func (c *Client) upload(ctx context.Context, d bot.Document) (string, error) {
	body, kind := form(d)
	ctx, cancel := context.WithTimeout(ctx, uploadPatience*c.cfg.Timeout)
	defer cancel()
	ans, err := c.authorised(ctx, func(token string) (answer, error) {
		query := url.Values{"access_token": {token}, "type": {"file"}}
		return c.wire.send(ctx, c.cfg.OAPIBase+"/media/upload?"+query.Encode(), "", kind, body)
	})
	if err != nil {
		return "", err
	}
	if id := ans.body.id("media_id"); id != "" {
		return id, nil
	}
	return "", &bot.SendError{Class: bot.Temporary, Reason: "bad_answer", Err: fmt.Errorf("upload answer without a media id")}
}

func form(d bot.Document) (body []byte, kind string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b) // into memory, cannot fail
	_ = w.WriteField("type", "file")
	part, _ := w.CreateFormFile("media", strings.NewReplacer("\r", "", "\n", "").Replace(d.Name))
	_, _ = part.Write(d.Content)
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}
