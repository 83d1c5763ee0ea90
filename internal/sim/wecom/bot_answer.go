package simwecom

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

const maxBotAnswer = 20480

// botBody is what the bot says, by any road (documents 101031, 101138, 101463).
type botBody struct {
	MsgType      string   `json:"msgtype"`
	ResponseType string   `json:"response_type"`
	UserIDs      []string `json:"userids"`
	Text         content  `json:"text"`
	Markdown     content  `json:"markdown"`
	Stream       struct {
		ID      string `json:"id"`
		Finish  bool   `json:"finish"`
		Content string `json:"content"`
	} `json:"stream"`
	Card *card `json:"template_card"`
}

// place is where something is shown.
type place struct {
	to    string
	group bool
}

func (in BotIncoming) place() place {
	if in.Group != "" {
		return place{in.Group, true}
	}
	return place{in.User, false}
}

func (in BotIncoming) entering() bool { return in.Event == "enter_chat" }

// readBody reads the JSON of an answer.
func readBody(raw []byte) (botBody, error) {
	var m botBody
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("fake smart bot: the answer's content is no JSON: %w", err)
	}
	return m, nil
}

// passively takes the answer in the response to a callback.
func (b *Bot) passively(in BotIncoming, raw []byte) (*Sent, error) {
	m, err := readBody(raw)
	switch {
	case err != nil:
		return nil, err
	case in.Press != nil:
		return b.update(in, m)
	case in.Event != "" && !in.entering():
		return nil, fmt.Errorf("fake smart bot: the event %s takes no answer", in.Event)
	case in.entering() && m.MsgType == "text", in.entering() && m.MsgType == "template_card",
		!in.entering() && m.MsgType == "stream", !in.entering() && m.MsgType == "template_card":
		return b.show(in.place(), m)
	}
	return nil, fmt.Errorf("fake smart bot: %q is no answer to this", m.MsgType)
}

// show checks what is said and records it as shown in the conversation.
func (b *Bot) show(at place, m botBody) (*Sent, error) {
	text := ""
	switch {
	case m.MsgType == "stream" && m.Stream.ID == "":
		return nil, errors.New("fake smart bot: a stream without an id")
	case m.MsgType == "stream" && !m.Stream.Finish:
		return nil, errors.New("fake smart bot: an unfinished stream, and polling is not played")
	case m.MsgType == "stream":
		text = m.Stream.Content
	case m.MsgType == "markdown":
		text = m.Markdown.Content
	case m.MsgType == "text":
		text = m.Text.Content
	case m.MsgType == "template_card":
		return b.showCard(at, m.Card)
	default:
		return nil, fmt.Errorf("fake smart bot: %q is no answer", m.MsgType)
	}
	if text == "" || len(text) > maxBotAnswer {
		return nil, fmt.Errorf("fake smart bot: %d bytes of content", len(text))
	}
	s := b.shown(at, m.MsgType, strings.ReplaceAll(text, "  \n", "\n"))
	b.out.record(s)
	return &s, nil
}

func (b *Bot) shown(at place, kind, text string) Sent {
	sum := md5.Sum([]byte(at.to + text)) // a stand-in for the platform's own id
	return Sent{At: b.cfg.Now(), Channel: SmartBot, To: at.to, Type: kind, Text: text, MsgID: hex.EncodeToString(sum[:8])}
}

// respond takes an answer by response code, once: words, and in private chats cards.
func (b *Bot) respond(w http.ResponseWriter, r *http.Request) {
	body := new(bytes.Buffer)
	_, _ = body.ReadFrom(http.MaxBytesReader(w, r.Body, 1<<20))
	b.mu.Lock()
	id := r.URL.Query().Get("response_code")
	c, ok := b.codes[id]
	ok = ok && b.cfg.Now().Before(c.ends)
	delete(b.codes, id)
	b.mu.Unlock()
	if !ok {
		refuse(40096, "invalid response code").write(w)
		return
	}
	m, err := readBody(body.Bytes())
	if err == nil && m.MsgType != "markdown" && (m.MsgType != "template_card" || c.group) {
		err = fmt.Errorf("fake smart bot: %q is no late answer here", m.MsgType)
	}
	if err == nil {
		_, err = b.show(c.place, m)
	}
	if err != nil {
		refuse(40058, err.Error()).write(w)
		return
	}
	reply(nil).write(w)
}
