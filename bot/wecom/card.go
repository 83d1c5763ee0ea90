package wecom

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"duban/bot"
)

// Limits of a card with buttons (document 90236), in characters where nothing else is said.
const (
	maxCardTitle   = 36
	maxCardText    = 160
	maxCardButtons = 6
	maxButtonLabel = 10
	maxButtonKey   = 1024 // bytes
	maxReplaced    = 20   // not documented; longer than any label
)

// TemplateCard is a card whose buttons come back to us (documents 90236, and 101032 for the
// smart bot).
type TemplateCard struct {
	CardType string       `json:"card_type"`
	Title    cardTitle    `json:"main_title"`
	SubTitle string       `json:"sub_title_text,omitempty"`
	TaskID   string       `json:"task_id"`
	Buttons  []CardButton `json:"button_list"`
}

type cardTitle struct {
	Title string `json:"title"`
}

// CardButton is one button of a card. Key comes back when it is pressed.
type CardButton struct {
	Text  string `json:"text"`
	Style int    `json:"style"` // 1 stands out, 2 is quiet
	Key   string `json:"key"`
}

// appCard is a card to members (document 90236).
type appCard struct {
	ToUser    string       `json:"touser"`
	MsgType   string       `json:"msgtype"`
	AgentID   int          `json:"agentid"`
	Card      TemplateCard `json:"template_card"`
	Duplicate int          `json:"enable_duplicate_check"`
	Interval  int          `json:"duplicate_check_interval,omitempty"`
}

// Cardable reports whether a card can hold the reply with all of its buttons. What it
// cannot hold goes out as text with the same words to type.
func Cardable(r bot.Reply) bool {
	_, ok := CardOf(r, "")
	return ok
}

// CardOf is the card of a reply; ok is false where text has to do. The platform takes a task
// id once, so that every try of a message has the same.
func CardOf(r bot.Reply, task string) (c TemplateCard, ok bool) {
	title, text := headline(r)
	c = newTemplateCard(task, title, text)
	if len(r.Buttons) == 0 || len(r.Buttons) > maxCardButtons || title == "" || utf8.RuneCountInString(text) > maxCardText {
		return c, false
	}
	seen := map[string]bool{}
	for i, b := range r.Buttons {
		label, back := strings.TrimSpace(legible(b.Label)), legible(b.Key())
		if label == "" || utf8.RuneCountInString(label) > maxButtonLabel || b.Send == "" || len(back) > maxButtonKey || seen[back] {
			return c, false
		}
		seen[back] = true
		c.Buttons = append(c.Buttons, CardButton{Text: label, Style: min(i, 1) + 1, Key: back})
	}
	return c, true
}

func newTemplateCard(task, title, text string) TemplateCard {
	return TemplateCard{CardType: "button_interaction", Title: cardTitle{title}, SubTitle: text, TaskID: task}
}

// SpentCard stands in the place of a card of which a button was pressed: it shows the words
// of the button, and the answer if that fits. Such a card cannot be without a button, so
// that it keeps one, whose key says that nothing happens any more.
func SpentCard(r bot.Reply, task, words, key string) (c TemplateCard, whole bool) {
	title, text := headline(r)
	whole = title != "" && len(r.Buttons) == 0 && utf8.RuneCountInString(text) <= maxCardText
	if !whole {
		title, text = replaced(words), "结果见下一条消息。"
	}
	c = newTemplateCard(task, title, text)
	c.Buttons = []CardButton{{Text: clipRunes(replaced(words), maxButtonLabel), Style: 2, Key: key}}
	return c, whole
}

// headline parts a reply into the line that stands out and the rest.
func headline(r bot.Reply) (title, text string) {
	text = strings.TrimSpace(legible(r.Text))
	if title = strings.TrimSpace(legible(r.Title)); title != "" && utf8.RuneCountInString(title) <= maxCardTitle {
		return title, text
	}
	first, rest, _ := strings.Cut(text, "\n")
	if utf8.RuneCountInString(first) <= maxCardTitle {
		return first, strings.TrimSpace(rest)
	}
	return "请选择", text
}

// TaskID is the task id of what a key names.
func TaskID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "duban-" + hex.EncodeToString(sum[:16])
}

// newCard is the card message of a reply for members, separated by "|"; ok is false where
// text has to do.
func (c *Client) newCard(users, key string, r bot.Reply) (m appCard, ok bool) {
	if !c.cards || key == "" { // without a key no task id is safe to repeat
		return m, false
	}
	card, ok := CardOf(r, TaskID(key))
	return appCard{ToUser: users, MsgType: "template_card", AgentID: c.agentID, Card: card, Duplicate: 1, Interval: checkInterval(key)}, ok
}

// sendCard sends one card to one member.
func (c *Client) sendCard(ctx context.Context, user string, m appCard) (bot.Receipt, error) {
	if err := singleUser(user); err != nil {
		return bot.Receipt{}, err
	}
	if err := take(c.members, strings.ToLower(user), "member_quota", 1); err != nil {
		return bot.Receipt{}, err
	}
	id, err := c.post(ctx, m)
	return bot.Receipt{PlatformID: id}, err
}

// Pressed replaces the buttons of a card, for the member who pressed one, by the words of
// that button (document 94888). The code came with the press, works once and for 72 hours;
// it is a credential.
func (c *Client) Pressed(ctx context.Context, user, code, words string) error {
	if err := singleUser(user); err != nil {
		return err
	}
	if code == "" {
		return fail(bot.Permanent, "bad_request", errors.New("the press came without a code"))
	}
	update := struct {
		UserIDs []string `json:"userids"`
		AgentID int      `json:"agentid"`
		Code    string   `json:"response_code"`
		Button  struct {
			Name string `json:"replace_name"`
		} `json:"button"`
	}{UserIDs: []string{user}, AgentID: c.agentID, Code: code}
	update.Button.Name = replaced(words)
	return scrubbed(c.ask(ctx, "/cgi-bin/message/update_template_card", nil, update, nil), code)
}

func replaced(words string) string {
	return clipRunes("已选："+cmp.Or(strings.TrimSpace(words), "…"), maxReplaced)
}

func clipRunes(s string, most int) string {
	runes := []rune(s)
	if len(runes) > most {
		runes = append(runes[:most-1], '…')
	}
	return string(runes)
}

// scrubbed makes sure that the code shows in no error, whatever the platform says of it.
func scrubbed(err error, code string) error {
	if err == nil || !strings.Contains(fmt.Sprint(err), code) {
		return err
	}
	e := asSendError(err)
	return &bot.SendError{Class: e.Class, Reason: e.Reason, Code: e.Code, After: e.After, Err: errors.New(scrub(e.Err.Error(), code))}
}
