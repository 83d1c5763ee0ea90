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

// Bodies of answers (document 101031): a text is taken only as a welcome, so that every
// other answer in words is a stream, also one with a single part.
type (
	words struct {
		Content string `json:"content"`
	}
	stream struct {
		ID      string `json:"id"`
		Finish  bool   `json:"finish"`
		Content string `json:"content"`
	}
	// Body is the JSON of one answer.
	Body struct {
		Kind     string              `json:"msgtype,omitempty"`
		Update   string              `json:"response_type,omitempty"`
		UserIDs  []string            `json:"userids,omitempty"` // whose card is updated; none: everybody's
		ChatID   string              `json:"chatid,omitempty"`  // of a push
		Text     *words              `json:"text,omitempty"`
		Markdown *words              `json:"markdown,omitempty"`
		Stream   *stream             `json:"stream,omitempty"`
		Card     *wecom.TemplateCard `json:"template_card,omitempty"`
	}
)

// streamBody is an answer that is whole at once.
func streamBody(id, content string) Body {
	return Body{Kind: "stream", Stream: &stream{id, true, content}}
}

func markdownBody(content string) Body { return Body{Kind: "markdown", Markdown: &words{content}} }

func cardBody(c wecom.TemplateCard) Body { return Body{Kind: "template_card", Card: &c} }

// Answer is the one body that answers m where it came from, and what is left to say by
// another road. ok is false where nothing is to be said there.
func Answer(m Message, r bot.Reply, cards bool) (body Body, rest bot.Reply, ok bool) {
	switch {
	case m.Task != "":
		body, rest = pressed(m, r)
		return body, rest, true
	case m.Event != "" && m.Event != entered: // no other event takes an answer
		return Body{}, r, false
	}
	parts := Parts(r)
	if len(parts) == 0 {
		return Body{}, bot.Reply{}, false
	}
	if card, fits := wecom.CardOf(r, taskOf(m)); cards && fits {
		return cardBody(card), bot.Reply{}, true
	}
	if m.Event == entered {
		return Body{Kind: "text", Text: &words{wecom.Parts(r)[0]}}, bot.Reply{}, true
	}
	return streamBody(m.ID, parts[0]), bot.Reply{Title: r.Title, Text: strings.Join(parts[1:], "\n")}, true
}

// Sealed is the response to a callback: one answer, encrypted. The nonce must be the one of
// the request's own address (document 101033).
func Sealed(codec *wecom.Codec, answer Body, now time.Time, nonce string) ([]byte, error) {
	inner, err := json.Marshal(answer)
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
