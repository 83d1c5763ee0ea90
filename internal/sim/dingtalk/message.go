package simdingtalk

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The roads a message can come by.
const (
	RoadBody    = "body"    // HTTP answer to a push
	RoadSession = "session" // sessionWebhook
	RoadAPI     = "api"     // OpenAPI
	RoadWebhook = "webhook" // custom robot
	RoadDing    = "ding"    // DING; Kind is app, sms or phone
)

// Button is a button as people see it. Content is what pressing it sends into
// the chat in the reader's name; for other links it is empty.
type Button struct{ Label, Content, URL string }

// Sent is a message of the robot as one person or one group has received it.
type Sent struct {
	At        time.Time
	Road      string
	UserID    string // set for private chats
	GroupID   string // set for groups
	Kind      string // msgtype or msgKey
	Title     string
	Text      string // as a person reads it: hard breaks are line breaks
	Raw       string // text as it was sent
	Buttons   []Button
	AtUserIDs []string
	Key       string // processQueryKey, OpenAPI only
	ReplyTo   string // msgId of the push it answers, HTTP answers only
	File      *File  // of file messages
}

// File is a file as its receiver can save it.
type File struct {
	Name string
	Data []byte
}

type message struct {
	kind, title, raw string
	isMarkdown       bool
	buttons          []Button
	at               []string
	uuid             string
	file             *File
}

// apiKeys lists the keys that each msgKey needs.
var apiKeys = map[string][]string{
	"sampleText":        {"content"},
	"sampleMarkdown":    {"title", "text"},
	"sampleImageMsg":    {"photoURL"},
	"sampleLink":        {"title", "text", "picUrl", "messageUrl"},
	"sampleActionCard":  {"title", "text", "singleTitle", "singleURL"},
	"sampleActionCard2": numbered(2),
	"sampleActionCard3": numbered(3),
	"sampleActionCard4": numbered(4),
	"sampleActionCard5": numbered(5),
	"sampleActionCard6": {"title", "text", "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2"},
	"sampleAudio":       {"mediaId", "duration"},
	"sampleFile":        {"mediaId", "fileName", "fileType"},
	"sampleVideo":       {"duration", "videoMediaId", "videoType", "picMediaId"},
}

func numbered(n int) []string {
	keys := []string{"title", "text"}
	for i := 1; i <= n; i++ {
		keys = append(keys, fmt.Sprintf("actionTitle%d", i), fmt.Sprintf("actionURL%d", i))
	}
	return keys
}

// parseAPIMessage returns the message, or the platform's error code. The caller
// holds the lock.
func (s *Sim) parseAPIMessage(in request) (message, string) {
	keys, known := apiKeys[in.MsgKey]
	if !known {
		return message{}, "invalidParameter.msgKey.invalid"
	}
	const invalid = "invalidParameter.msgParam.invalid"
	var param string
	if json.Unmarshal(in.MsgParam, &param) != nil {
		return message{}, invalid
	}
	if len(param) > maxParam {
		return message{}, "invalidParameter.msgParam.tooLong"
	}
	var values map[string]string // fails on values that are not strings
	if json.Unmarshal([]byte(param), &values) != nil {
		return message{}, invalid
	}
	for _, key := range keys {
		if values[key] == "" {
			return message{}, invalid
		}
	}
	m := apiMessage(in.MsgKey, values)
	if in.MsgKey == "sampleFile" {
		file, ok := s.uploads[values["mediaId"]]
		if !ok || !slices.Contains(sentTypes, values["fileType"]) {
			return message{}, invalid
		}
		m.file, m.isMarkdown = &File{Name: values["fileName"], Data: file.content}, false
	}
	return m, ""
}

func apiMessage(key string, values map[string]string) message {
	m := message{kind: key, title: values["title"], raw: values["text"], isMarkdown: true}
	switch {
	case key == "sampleText":
		m.raw, m.isMarkdown = values["content"], false
	case key == "sampleActionCard":
		m.buttons = []Button{button(values["singleTitle"], values["singleURL"])}
	case key == "sampleActionCard6":
		m.buttons = []Button{button(values["buttonTitle1"], values["buttonUrl1"]), button(values["buttonTitle2"], values["buttonUrl2"])}
	case strings.HasPrefix(key, "sampleActionCard"):
		for i := 1; values[fmt.Sprintf("actionTitle%d", i)] != "" && i <= 5; i++ {
			m.buttons = append(m.buttons, button(values[fmt.Sprintf("actionTitle%d", i)], values[fmt.Sprintf("actionURL%d", i)]))
		}
	}
	return m
}

type hookBody struct {
	MsgType  string `json:"msgtype"`
	Text     struct{ Content string }
	Markdown struct{ Title, Text string }
	Card     struct {
		Title, Text, SingleTitle, SingleURL string
		Btns                                []struct{ Title, ActionURL string }
	} `json:"actionCard"`
	At      struct{ AtUserIDs []string }
	MsgUUID string
}

// parseHookMessage reads the format of HTTP answers and webhooks. An empty
// message has no kind.
func parseHookMessage(raw []byte) (message, error) {
	var in hookBody
	if len(strings.TrimSpace(string(raw))) == 0 {
		return message{}, nil
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return message{}, fmt.Errorf("message is not valid JSON: %w", err)
	}
	m := message{kind: in.MsgType, at: in.At.AtUserIDs, uuid: in.MsgUUID}
	switch in.MsgType {
	case "", "empty":
		return message{}, nil
	case "text":
		m.raw = in.Text.Content
	case "markdown":
		m.title, m.raw, m.isMarkdown = in.Markdown.Title, in.Markdown.Text, true
	case "actionCard":
		m.title, m.raw, m.isMarkdown = in.Card.Title, in.Card.Text, true
		if in.Card.SingleTitle != "" {
			m.buttons = append(m.buttons, button(in.Card.SingleTitle, in.Card.SingleURL))
		}
		for _, b := range in.Card.Btns {
			m.buttons = append(m.buttons, button(b.Title, b.ActionURL))
		}
	default:
		return message{}, fmt.Errorf("msgtype %q is not supported", in.MsgType)
	}
	if m.raw == "" || m.isMarkdown && m.title == "" {
		return message{}, fmt.Errorf("message of type %s lacks title or text", in.MsgType)
	}
	return m, nil
}

const sendPrefix = "dtmd://dingtalkclient/sendMessage?content="

func button(label, address string) Button {
	b := Button{Label: label, URL: address}
	if encoded, ok := strings.CutPrefix(address, sendPrefix); ok {
		// Clients decode percent signs only; a + stays a +.
		if content, err := url.PathUnescape(encoded); err == nil {
			b.Content = content
		}
	}
	return b
}

var (
	hardBreak = regexp.MustCompile(` {2,}\n *`)
	paragraph = regexp.MustCompile(`\n{2,}`)
)

// readable shows markdown as the client does: hard breaks and paragraphs break
// the line, a single line break is swallowed.
func readable(markdown string) string {
	const line, gap = "\x00", "\x01"
	s := hardBreak.ReplaceAllString(markdown, line)
	s = paragraph.ReplaceAllString(s, gap)
	s = strings.ReplaceAll(s, "\n", " ")
	return strings.NewReplacer(line, "\n", gap, "\n\n").Replace(s)
}
