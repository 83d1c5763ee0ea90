// Package phone is the demo's phone page: a chat front end in the browser for
// the real bot running against fake platforms, with the pushes to everybody and
// a clock that can be moved. It knows neither the bot nor the fake platforms;
// it talks to a World, and a World tells it what was said through a Feed.
package phone

import (
	"context"
	"time"

	"duban/bot"
)

// World is what the page plays in: the people, their conversations with the bot
// and the clock. Its methods are called concurrently. Errors carrying an
// errs.Code become the matching HTTP status, their sentence is shown.
type World interface {
	// State returns the clock, the people and the groups.
	State(ctx context.Context) (State, error)
	// Send delivers what a person wrote, as the platform would, and returns when
	// the bot's callback took it. The page has published the person's own line
	// already; the World publishes the answers, now or later.
	Send(ctx context.Context, m SendRequest) error
	// Advance moves the clock forward to the instant and returns when everything
	// that fell due was done and published.
	Advance(ctx context.Context, to time.Time) error
}

// State is what the page needs to draw itself. All times are shown in the zone
// of Now.
type State struct {
	Now     time.Time `json:"now"`
	Running bool      `json:"running"`       // the clock goes on at real speed between moves
	Next    time.Time `json:"next,omitzero"` // when something is next planned to go out; zero if nothing is
	Bot     string    `json:"bot"`           // the bot's name, as it is mentioned in groups
	People  []Person  `json:"people"`
	Groups  []Group   `json:"groups"`
}

// Person is somebody the visitor can be.
type Person struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"` // 教师甲
	Post        string    `json:"post"` // 教师
	Unit        string    `json:"unit"` // 文昌中学
	Accounts    []Account `json:"accounts"`
	Suggestions []string  `json:"suggestions"` // first things to say; one ending in a colon is put into the input instead of sent
}

// On returns the person's user id on a platform.
func (p Person) On(platform bot.Platform) (userID string, ok bool) {
	for _, a := range p.Accounts {
		if a.Platform == platform {
			return a.UserID, true
		}
	}
	return "", false
}

// Account is a person's identity on one platform.
type Account struct {
	Platform bot.Platform `json:"platform"`
	UserID   string       `json:"user_id"`
}

// Group is a group chat. Without Members everybody on the platform is in it.
type Group struct {
	Platform bot.Platform `json:"platform"`
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Members  []string     `json:"members,omitempty"` // person ids
}

// Has reports whether the person belongs to the group.
func (g Group) Has(person string) bool {
	for _, m := range g.Members {
		if m == person {
			return true
		}
	}
	return len(g.Members) == 0
}

// SendRequest is one message of a person, checked: the person exists, has the
// account and belongs to the group. In groups only messages that mention the
// bot are handed over, as on both platforms.
type SendRequest struct {
	Person   string // id
	Platform bot.Platform
	UserID   string // the person's id on the platform
	Group    string // group id, empty in the private chat
	Text     string // valid UTF-8, trimmed, as typed (with the mention); may be empty when there are photos
	Photos   []Photo
}

// Photo is an attached picture. ContentType was sniffed from Data, not believed.
type Photo struct {
	ContentType string // image/jpeg, image/png, image/webp or image/gif
	Data        []byte
}

// File is a file the bot sent, with the same-origin URL to save it from.
type File struct {
	Name string `json:"name"`
	Size int    `json:"size"`
	URL  string `json:"url"`
}

// Button is a suggested answer under a message; pressing it sends Send.
type Button struct {
	Label string `json:"label"`
	Send  string `json:"send"`
}

// Buttons converts the bot's buttons.
func Buttons(in []bot.Button) []Button {
	out := make([]Button, len(in))
	for i, b := range in {
		out[i] = Button{Label: b.Label, Send: b.Send}
	}
	return out
}

// Delivery is how far an outgoing message got. The page translates the ones
// below and shows any other word as it is.
type Delivery string

// The deliveries. Only sent and delivered messages (and those without a word)
// appear in a chat; the others appear in the list of pushes alone.
const (
	Queued    Delivery = "queued"
	Held      Delivery = "held" // quiet hours or day off: goes out later
	Sent      Delivery = "sent"
	Delivered Delivery = "delivered"
	Merged    Delivery = "merged" // became part of another message
	Dropped   Delivery = "dropped"
	Failed    Delivery = "failed"
)

// Entry is one line of a conversation, or one outgoing message that never
// reached one.
type Entry struct {
	Seq      int64        `json:"seq"` // set by the Feed
	Key      string       `json:"key,omitempty"`
	At       time.Time    `json:"at"`
	Platform bot.Platform `json:"platform"`
	Person   string       `json:"person,omitempty"` // whose private chat; in a group who wrote, empty for the bot
	Group    string       `json:"group,omitempty"`  // group id, empty in private chats
	FromBot  bool         `json:"from_bot"`
	Notice   bool         `json:"notice,omitempty"` // a remark of the demo itself, spoken by nobody
	From     string       `json:"from"`             // the writer's name as shown
	Title    string       `json:"title,omitempty"`
	Text     string       `json:"text"`
	Buttons  []Button     `json:"buttons,omitempty"`
	Images   []string     `json:"images,omitempty"` // same-origin URLs
	Files    []File       `json:"files,omitempty"`
	Pushed   bool         `json:"pushed,omitempty"` // sent on the bot's own account, not an answer
	Road     string       `json:"road,omitempty"`   // which way it went: 应用消息, 群机器人 …
	State    Delivery     `json:"state,omitempty"`
	Reason   string       `json:"reason,omitempty"` // why it was not sent, in Chinese
}
