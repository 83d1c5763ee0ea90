// Package aibot speaks with a smart bot (智能机器人) of WeCom, the only road on which words
// that people write in a group reach a server. It receives by callback or over a WebSocket
// (documents 100719, 101027, 101463); the messages are the same.
package aibot

import (
	"cmp"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/errs"
)

// Config says whose messages these are and where answers may go.
type Config struct {
	CorpID  string   // the organisation of the bot
	BotID   string   // names the bot where a frame does not; compared if set
	APIBase string   // where response addresses may point to; empty: wecom.DefaultAPIBase
	AESKey  string   // callback mode: decrypts files as well
	Hosts   []string // host suffixes that files may come from; empty: Tencent's storage
	Cards   bool     // buttons go out as cards, else as words to type
}

// ResponseLife is how long one answer may follow by a response address (document 101138).
const ResponseLife = time.Hour

// message is what the callback and the socket bring. Everything may be missing.
type message struct {
	MsgID       string `json:"msgid"`
	BotID       string `json:"aibotid"`
	ChatID      string `json:"chatid"`
	ChatType    string `json:"chattype"`
	ResponseURL string `json:"response_url"`
	CreateTime  int64  `json:"create_time"`
	From        struct {
		UserID string `json:"userid"`
		CorpID string `json:"corpid"`
	} `json:"from"`
	content
	Quote *content `json:"quote"`
	Event struct {
		Type string `json:"eventtype"`
		press
		Card press `json:"template_card_event"`
	} `json:"event"`
}

// press is a pressed button: the documents put it one level below the event, the types of
// the platform's own library beside its kind.
type press struct {
	Key  string `json:"event_key"`
	Task string `json:"task_id"`
}

// content is one message's own part, or that of a quoted one.
type content struct {
	MsgType string `json:"msgtype"`
	Text    struct {
		Content string `json:"content"`
	} `json:"text"`
	Voice struct {
		Content string `json:"content"`
	} `json:"voice"`
	Image media `json:"image"`
	Video media `json:"video"`
	File  media `json:"file"`
	Mixed struct {
		Items []content `json:"msg_item"`
	} `json:"mixed"`
}

type media struct {
	URL string `json:"url"`
	Key string `json:"aeskey"` // over the socket each file has its own
}

// Message is a bot.Message with what the answer must know.
type Message struct {
	bot.Message
	Idle bool   // wants no answer: asks for the rest of ours, which are whole, or presses what is over
	Task string // the card whose button was pressed
}

// Decode reads the JSON of a message or event. User ids are lower case, as everywhere on
// this platform. Somebody of another organisation is a message without UserID. A kind that
// cannot be read has Unsupported set; only what is no JSON object is an error.
func Decode(raw []byte, cfg Config) (Message, error) {
	var in message
	if err := json.Unmarshal(raw, &in); err != nil {
		return Message{}, errs.With(errs.Invalid, "这条消息读不出来，请重新发一次。", errors.New("smart bot: not a JSON object"))
	}
	if cfg.BotID != "" && in.BotID != "" && in.BotID != cfg.BotID {
		return Message{}, errs.With(errs.Forbidden, "这条消息不是发给本机器人的。", errors.New("smart bot: message for another bot"))
	}
	m := Message{Message: common(in, cfg)}
	switch in.MsgType {
	case "stream":
		m.Idle = true
	case "event":
		event(&m, in)
	default:
		fill(&m.Message, in)
	}
	return m, nil
}

func common(in message, cfg Config) bot.Message {
	m := bot.Message{
		Platform: bot.WeCom, Robot: in.BotID, ID: strings.TrimSpace(in.MsgID), Corp: cfg.CorpID,
		UserID: strings.ToLower(strings.TrimSpace(in.From.UserID)),
	}
	if m.Robot == "" {
		m.Robot = cfg.BotID
	}
	if in.From.CorpID != "" && in.From.CorpID != cfg.CorpID {
		m.UserID = ""
	}
	m.Chat = bot.Chat{Kind: bot.Private, ID: m.UserID}
	if in.ChatType != "single" { // an unknown kind counts as a group, where less is shown
		m.Chat = bot.Chat{Kind: bot.Group, ID: in.ChatID}
	}
	if in.CreateTime > 0 {
		m.SentAt = time.Unix(in.CreateTime, 0).UTC()
	}
	if responseAddress(in.ResponseURL, cfg.APIBase) {
		m.ReplyURL = in.ResponseURL
		if m.Chat.Kind == bot.Private {
			m.ReplyURL = withCards(m.ReplyURL)
		}
	}
	return m
}

// entered is the event of opening the private chat, once a day.
const entered = "enter"

// event fills in an event (document 101027); a pressed button is what its key says.
func event(m *Message, in message) {
	switch in.Event.Type {
	case "enter_chat":
		m.Event = entered
	case "template_card_event":
		p := in.Event.Card
		m.Event, m.Task = "click", strings.TrimSpace(cmp.Or(p.Task, in.Event.Task))
		m.EventKey, m.Asked = bot.PressedKey(clean(cmp.Or(p.Key, in.Event.Key)))
		m.Idle = m.EventKey == spentKey
	case "":
		m.Event, m.Unsupported = "unknown", "event"
	default:
		m.Event = in.Event.Type
	}
}

func fill(m *bot.Message, in message) {
	m.Text, m.Attachments = in.read()
	m.Spoken = in.MsgType == "voice" && m.Text != ""
	if m.Chat.Kind == bot.Group {
		m.Text = unmention(m.Text)
	}
	if in.Quote != nil {
		text, files := in.Quote.read()
		m.Quote = &bot.Quote{Text: text, Attachments: files}
	}
	if m.Text == "" && len(m.Attachments) == 0 && !readable[in.MsgType] {
		m.Unsupported = in.MsgType
		if in.MsgType == "" {
			m.Unsupported = "unknown"
		}
	}
}

var readable = map[string]bool{"text": true, "mixed": true, "image": true, "voice": true, "file": true, "video": true}

// read returns words and files in their order.
func (c content) read() (string, []bot.Attachment) {
	switch c.MsgType {
	case "text":
		return clean(c.Text.Content), nil
	case "voice":
		return clean(c.Voice.Content), nil // the words; the recording is not handed over
	case "image":
		return "", c.Image.as(bot.Image)
	case "video":
		return "", c.Video.as(bot.Video)
	case "file":
		return "", c.File.as(bot.File)
	case "mixed":
		var lines []string
		var files []bot.Attachment
		for _, item := range c.Mixed.Items {
			if item.MsgType == "mixed" {
				continue // only one level exists
			}
			text, more := item.read()
			if text != "" {
				lines = append(lines, text)
			}
			files = append(files, more...)
		}
		return strings.Join(lines, "\n"), files
	}
	return "", nil
}

func (f media) as(kind bot.AttachmentKind) []bot.Attachment {
	if f.URL == "" {
		return nil
	}
	return []bot.Attachment{{Kind: kind, Ref: reference(f.URL, f.Key)}}
}

// unmention removes the mention that a group message opens with. The platform leaves it in,
// and it may stand behind the words too; the name is ours to choose there and unknown here.
func unmention(text string) string {
	if !strings.HasPrefix(text, "@") {
		return text
	}
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		return strings.TrimSpace(text[i:])
	}
	return ""
}

// clean makes text valid UTF-8 without control characters but line breaks.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s))
}

// apiBase is where the platform's own calls go.
func (c Config) apiBase() string {
	if c.APIBase == "" {
		return wecom.DefaultAPIBase
	}
	return strings.TrimRight(c.APIBase, "/")
}
