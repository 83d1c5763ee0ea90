package wecom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"

	"duban/bot"
)

// chatPrefix marks the ids of groups that the app has made, as opposed to those in which
// its smart bot was spoken to.
const chatPrefix = "duban"

// OwnChat reports whether an id is that of a group the app has made.
func OwnChat(id string) bool { return strings.HasPrefix(id, chatPrefix) }

// ChatID is the id of the group with a name of ours. It is the same each time, so that a
// second try to make the group finds the first one's.
func ChatID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return chatPrefix + hex.EncodeToString(sum[:12]) // at most 32 of 0-9a-zA-Z
}

// Limits of groups (document 90245).
const (
	maxChatName    = 50 // characters
	minChatMembers = 2
	maxChatMembers = 2000
)

// Chat is a group made by the app.
type Chat struct {
	ID      string   `json:"chatid"`
	Name    string   `json:"name"`
	Owner   string   `json:"owner"`
	Members []string `json:"userlist"`
}

// CreateChat makes a group, or finds that an earlier try has made it. The app's visible
// range must be the whole enterprise. Nobody sees the group before its first message.
func (c *Client) CreateChat(ctx context.Context, chat Chat) error {
	switch n := len(chat.Members); {
	case chat.Name == "" || utf8.RuneCountInString(chat.Name) > maxChatName:
		return fail(bot.Permanent, "bad_members", errors.New("a group's name has 1 to 50 characters"))
	case n < minChatMembers || n > maxChatMembers:
		return fail(bot.Permanent, "bad_members", errors.New("a group has 2 to 2000 members"))
	}
	err := c.ask(ctx, "/cgi-bin/appchat/create", nil, chat, nil)
	if bot.CodeOf(err) == "86215" { // there is one of this id, which nobody else would make
		return nil
	}
	return bot.Harmless(err)
}

// Chat returns a group as the platform has it.
func (c *Client) Chat(ctx context.Context, id string) (Chat, error) {
	var a struct {
		Info Chat `json:"chat_info"`
	}
	err := c.ask(ctx, "/cgi-bin/appchat/get", url.Values{"chatid": {id}}, nil, &a)
	return a.Info, err
}

// ChatChange changes a group; what is empty stays as it is.
type ChatChange struct {
	ID     string   `json:"chatid"`
	Name   string   `json:"name,omitempty"`
	Owner  string   `json:"owner,omitempty"`
	Add    []string `json:"add_user_list,omitempty"`
	Remove []string `json:"del_user_list,omitempty"`
}

// UpdateChat changes a group. Repeating it changes nothing more.
func (c *Client) UpdateChat(ctx context.Context, change ChatChange) error {
	return bot.Harmless(c.ask(ctx, "/cgi-bin/appchat/update", nil, change, nil))
}

// chatText is a text message to a group of the app's (document 90248).
type chatText struct {
	ChatID  string  `json:"chatid"`
	MsgType string  `json:"msgtype"`
	Text    textOut `json:"text"`
}

// sendChat says something in a group of the app's. The platform gives no id for it and
// knows no key.
func (c *Client) sendChat(ctx context.Context, id string, parts []string) (bot.Receipt, error) {
	for i, part := range parts {
		err := c.ask(ctx, "/cgi-bin/appchat/send", nil, chatText{ChatID: id, MsgType: "text", Text: textOut{part}}, nil)
		if err != nil {
			return bot.Receipt{}, unfinished(err, i, false)
		}
	}
	return bot.Receipt{}, nil
}
