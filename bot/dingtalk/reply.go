package dingtalk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"duban/bot"
)

// dtmd is the address that makes the reader's client send a text into the chat
// in the reader's name. It works only in messages of a robot.
const dtmd = "dtmd://dingtalkclient/sendMessage?content="

// silence is the answer that shows nothing (document "robot message type").
const silence = `{"msgtype":"empty"}`

type hookMessage struct {
	Type       string      `json:"msgtype"`
	Text       *hookText   `json:"text,omitempty"`
	Markdown   *hookText   `json:"markdown,omitempty"`
	ActionCard *actionCard `json:"actionCard,omitempty"`
	At         *hookAt     `json:"at,omitempty"`
	UUID       string      `json:"msgUuid,omitempty"`
}

type hookText struct {
	Title   string `json:"title,omitempty"`
	Content string `json:"content,omitempty"`
	Text    string `json:"text,omitempty"`
}

type actionCard struct {
	Title       string       `json:"title"`
	Text        string       `json:"text"`
	Orientation string       `json:"btnOrientation"`
	Buttons     []cardButton `json:"btns"`
}

type cardButton struct {
	Title string `json:"title"`
	URL   string `json:"actionURL"`
}

type hookAt struct {
	UserIDs []string `json:"atUserIds"`
}

// BodyReply returns the answer to put into the HTTP response of a push:
// {"msgtype":"empty"} for an empty reply, an action card for buttons, markdown
// for a title, else plain text. It is one message, cut with a notice if too
// long; use Parts and ReplySession to say more. For groups pass the reply
// through TypedButtons first.
func BodyReply(r bot.Reply) []byte {
	r = cut(r)
	if r.Text == "" {
		return []byte(silence)
	}
	return encode(hookBody(r))
}

// hookBody is the message format of HTTP answers, sessionWebhooks and custom
// robots (document "custom robots send group messages").
func hookBody(r bot.Reply) hookMessage {
	switch {
	case len(r.Buttons) > 0:
		card := &actionCard{Title: heading(r), Text: markdown(r.Text), Orientation: "0"}
		for _, b := range r.Buttons {
			card.Buttons = append(card.Buttons, cardButton{Title: b.Label, URL: sendLink(b.Send)})
		}
		return hookMessage{Type: "actionCard", ActionCard: card}
	case r.Title != "":
		return hookMessage{Type: "markdown", Markdown: &hookText{Title: r.Title, Text: markdown(r.Text)}}
	default:
		return hookMessage{Type: "text", Text: &hookText{Content: disarm(r.Text)}}
	}
}

// mention lets the message notify people: the ids are listed and also stand at
// the front of the text, without which the client does not highlight them.
func (m *hookMessage) mention(ids []string) {
	if len(ids) == 0 {
		return
	}
	m.At = &hookAt{UserIDs: ids}
	names := "@" + strings.Join(ids, " @") + " "
	switch {
	case m.ActionCard != nil:
		m.ActionCard.Text = names + hardBreak + m.ActionCard.Text
	case m.Markdown != nil:
		m.Markdown.Text = names + hardBreak + m.Markdown.Text
	default:
		m.Text.Content = names + "\n" + m.Text.Content
	}
}

// apiMessage returns msgKey and msgParam of the same message for the OpenAPI
// (document "robot message type"). All values are strings.
func apiMessage(r bot.Reply) (key, param string) {
	n := len(r.Buttons)
	switch {
	case n == 1:
		return "sampleActionCard", string(encode(map[string]string{
			"title": heading(r), "text": markdown(r.Text),
			"singleTitle": r.Buttons[0].Label, "singleURL": sendLink(r.Buttons[0].Send),
		}))
	case n > 1:
		values := map[string]string{"title": heading(r), "text": markdown(r.Text)}
		for i, b := range r.Buttons {
			values[fmt.Sprintf("actionTitle%d", i+1)] = b.Label
			values[fmt.Sprintf("actionURL%d", i+1)] = sendLink(b.Send)
		}
		return fmt.Sprintf("sampleActionCard%d", n), string(encode(values))
	case r.Title != "":
		return "sampleMarkdown", string(encode(map[string]string{"title": r.Title, "text": markdown(r.Text)}))
	default:
		return "sampleText", string(encode(map[string]string{"content": disarm(r.Text)}))
	}
}

// heading is the title, or the first line where a title is compulsory.
func heading(r bot.Reply) string {
	if r.Title != "" {
		return r.Title
	}
	first, _, _ := strings.Cut(r.Text, "\n")
	return shorten(oneLine(first), maxLabel)
}

// sendLink percent-encodes content; a blank is %20, since + stays a plus.
func sendLink(content string) string {
	return dtmd + strings.ReplaceAll(url.QueryEscape(content), "+", "%20")
}

// encode writes JSON without turning & and < into six bytes each.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte(silence) // only strings are encoded, which cannot fail
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
