package aibot

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/errs"
)

// MaxAnswer is how long the content of one answer may be, in bytes (document 101031).
const MaxAnswer = 20480

// Parts turns a reply into the contents of answers, each within MaxAnswer.
func Parts(r bot.Reply) []string {
	text := wecom.Words(r)
	if text == "" {
		return nil
	}
	return wecom.SplitText(markdown(text), MaxAnswer)
}

// markdown shows plain text as it is: a line break ends a line there only with two spaces
// before it, and a line must not become a heading or a quotation by its first character.
func markdown(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "#") || strings.HasPrefix(l, ">") {
			l = `\` + l
		}
		lines[i] = l
	}
	return strings.Join(lines, "  \n")
}

// streamBody is an answer that is whole at once. A text is taken only as a welcome, so that
// every answer is a stream, also one with a single part.
func streamBody(id, content string) any {
	return map[string]any{"msgtype": "stream", "stream": map[string]any{"id": id, "finish": true, "content": content}}
}

// Sealed is the body of the answer to a callback: the JSON of one answer, encrypted. The
// nonce must be the one of the request's own address (document 101033).
func Sealed(codec *wecom.Codec, messageID, content string, now time.Time, nonce string) ([]byte, error) {
	inner, err := json.Marshal(streamBody(messageID, content))
	if err != nil {
		return nil, errs.At("encode answer", err)
	}
	encrypted, err := codec.Encrypt(inner)
	if err != nil {
		return nil, errs.At("seal answer", err)
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	out, err := json.Marshal(map[string]any{"encrypt": encrypted, "msgsignature": codec.Signature(stamp, nonce, encrypted), "timestamp": now.Unix(), "nonce": nonce})
	return out, errs.At("encode answer", err)
}

// Open verifies a callback's query and body and returns the JSON inside. Every failure is
// wecom.ErrRejected.
func Open(codec *wecom.Codec, query url.Values, body []byte) ([]byte, error) {
	var outer struct {
		Encrypt string `json:"encrypt"`
	}
	_ = json.Unmarshal(body, &outer) // what is no envelope has no signature either
	return codec.Unwrap(query, outer.Encrypt)
}
