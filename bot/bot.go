// Package bot holds what every chat platform has in common: a message that came
// in, the reply to it, and what can be sent. It knows neither platform nor
// database.
package bot

import "time"

// Platform names a chat platform.
type Platform string

// The platforms.
const (
	WeCom    Platform = "wecom"
	DingTalk Platform = "dingtalk"
)

// ChatKind tells a private conversation from a group.
type ChatKind string

// The kinds of conversation.
const (
	Private ChatKind = "private"
	Group   ChatKind = "group"
)

// Chat is the conversation a message was written in.
type Chat struct {
	Kind  ChatKind
	ID    string // the platform's conversation id; for WeCom private chats the user id
	Title string // groups only, may be empty
}

// AttachmentKind is what an attachment is, as far as the platform says.
type AttachmentKind string

// The kinds of attachment.
const (
	Image AttachmentKind = "image"
	Voice AttachmentKind = "voice"
	Video AttachmentKind = "video"
	File  AttachmentKind = "file"
)

// Attachment points to a file on the platform. The pointer dies within minutes
// to days, so the file is fetched and stored at once.
type Attachment struct {
	Kind AttachmentKind
	Ref  string // WeCom media id, DingTalk download code
	Name string // file name if the platform tells one
}

// Quote is the earlier message that a message answers to.
type Quote struct {
	MessageID   string
	Text        string
	Attachments []Attachment
}

// Location is a position sent as a message, in the platform's own coordinates.
type Location struct {
	Latitude, Longitude float64
	Label               string
}

// Message is one thing a person sent, after verification and decoding.
// (Platform, Robot, ID) identifies it across redeliveries.
type Message struct {
	Platform    Platform
	Robot       string // which of our robots or apps received it
	ID          string // stable over redeliveries
	Corp        string // the organisation the platform reported, verified by the adapter
	UserID      string // the sender's id on the platform, normalised; empty for outsiders
	UserName    string // display name if the platform tells one; never an identity
	Chat        Chat
	Text        string // valid UTF-8, trimmed; empty for a pure attachment or event
	Spoken      bool   // Text is what the platform heard in a recording
	Attachments []Attachment
	Quote       *Quote
	Location    *Location
	Event       string // "" for messages; e.g. "enter", "click", "subscribe"
	EventKey    string
	Asked       string // the question that a pressed button answers
	// CardCode lets the card that was pressed be changed, once. It is a credential: never
	// stored, never logged.
	CardCode    string `json:"-"`
	Unsupported string // the platform's name of a kind we cannot read, else ""
	// Guard is set by the Screener: "sensitive" for a message whose words were
	// removed because they may be kept nowhere.
	Guard  string
	SentAt time.Time
	// ReplyURL answers this one conversation for a while (DingTalk sessionWebhook).
	// It is a credential: never stored, never logged.
	ReplyURL     string
	ReplyURLEnds time.Time
}

// Button is a suggested answer. Pressing it sends Send as if the person had
// typed it, so every button has a typed equivalent.
type Button struct {
	Label string
	Send  string
	// Asked is the question that Send answers, "" for words that say all by themselves.
	// Pressed when something else was asked since, such a button does nothing.
	Asked string `json:",omitempty"`
}

// Reply is what goes back to people. Text is Chinese plain text with \n line
// breaks; adapters turn it into what the platform shows and cut it to its limits.
type Reply struct {
	Title   string // shown in notifications and conversation lists; may be empty
	Text    string
	Buttons []Button
}

// Empty reports whether there is nothing to say.
func (r Reply) Empty() bool { return r.Text == "" }
