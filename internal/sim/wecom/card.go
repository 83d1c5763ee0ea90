package simwecom

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// pressLife is how long the code of a press changes a card (document 94888).
const pressLife = 72 * time.Hour

// card is a template card as it comes in.
type card struct {
	Type  string `json:"card_type"`
	Title struct {
		Title string `json:"title"`
		Desc  string `json:"desc"`
	} `json:"main_title"`
	SubTitle string       `json:"sub_title_text"`
	TaskID   string       `json:"task_id"`
	Buttons  []CardButton `json:"button_list"`
}

// CardButton is a button of a card.
type CardButton struct {
	Text  string `json:"text"`
	Style int    `json:"style"`
	Key   string `json:"key"`
}

// cardCode is what lets a card be changed.
type cardCode struct {
	task string
	ends time.Time
}

var taskShape = regexp.MustCompile(`^[A-Za-z0-9_@-]{1,128}$`)

// wrong returns what the platform says of a card with buttons that it does not take
// (document 90236), nil for one it takes. Which code it gives for what is too long the
// documents do not say.
func (c card) wrong() *answer {
	refused := func(code int, msg string) *answer { a := refuse(code, msg); return &a }
	runes := utf8.RuneCountInString
	switch {
	case c.Type != "button_interaction":
		return nil
	case !taskShape.MatchString(c.TaskID):
		return refused(42014, "invalid task_id")
	case c.Title.Title == "" || runes(c.Title.Title) > 36 || runes(c.Title.Desc) > 44 || runes(c.SubTitle) > 160:
		return refused(42045, "invalid template card")
	case len(c.Buttons) == 0 || len(c.Buttons) > 6:
		return refused(42018, "invalid button")
	}
	seen := map[string]bool{}
	for _, b := range c.Buttons {
		if b.Key == "" || len(b.Key) > 1024 || seen[b.Key] || b.Text == "" || runes(b.Text) > 10 || b.Style < 1 || b.Style > 4 {
			return refused(42017, "invalid button key")
		}
		seen[b.Key] = true
	}
	return nil
}

// claimTask takes the id of a card for good: another card must not have it.
func (s *Server) claimTask(c *card) *answer {
	if c == nil || c.Type != "button_interaction" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tasks[c.TaskID] != nil {
		a := refuse(42014, "task_id is used already")
		return &a
	}
	s.tasks[c.TaskID] = map[string]string{}
	return nil
}

// Press has a member press the button with this label on a card. The event is delivered
// like any other; what is told of the card afterwards is in Replaced.
func (s *Server) Press(ctx context.Context, callbackURL string, on Sent, label string) (Delivery, error) {
	ev, err := s.PressOf(on, label)
	if err != nil {
		return Delivery{}, err
	}
	return s.Deliver(ctx, callbackURL, ev)
}

// PressOf is the event of a press, to be delivered more than once.
func (s *Server) PressOf(on Sent, label string) (Incoming, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tasks[on.TaskID][on.To] != "" {
		return Incoming{}, fmt.Errorf("fake WeCom: the card has no buttons any more, it says %q", s.tasks[on.TaskID][on.To])
	}
	for _, b := range on.Buttons {
		if b.Text == label {
			code := "CODE-" + rand.Text()
			s.codes[code] = cardCode{on.TaskID, s.cfg.Now().Add(pressLife)}
			return Incoming{User: on.To, Event: "template_card_event", EventKey: b.Key, TaskID: on.TaskID, ResponseCode: code}, nil
		}
	}
	return Incoming{}, fmt.Errorf("fake WeCom: no button %q on the card", label)
}

// Replaced is what stands in the place of a card's buttons for a member, "" as long as
// there are buttons.
func (s *Server) Replaced(on Sent) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tasks[on.TaskID][on.To]
}

// updateCard serves message/update_template_card (document 94888).
func (s *Server) updateCard(r *http.Request) answer {
	var m struct {
		UserIDs []string `json:"userids"`
		AgentID int      `json:"agentid"`
		Code    string   `json:"response_code"`
		Button  struct {
			Name string `json:"replace_name"`
		} `json:"button"`
	}
	if _, bad := readJSON(r, &m); bad != nil {
		return *bad
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	code, known := s.codes[m.Code]
	switch {
	case strconv.Itoa(m.AgentID) != strconv.Itoa(s.cfg.AgentID):
		return refuse(301002, "not allow operate another agent with this accesstoken")
	case !known || s.cfg.Now().After(code.ends):
		return refuse(42016, "response_code is not valid")
	case m.Button.Name == "" || len(m.UserIDs) == 0:
		return refuse(40058, "invalid request parameter")
	}
	delete(s.codes, m.Code)
	invalid := []string{}
	for _, u := range m.UserIDs {
		if u = strings.ToLower(u); s.users[u] {
			s.tasks[code.task][u] = m.Button.Name
		} else {
			invalid = append(invalid, u)
		}
	}
	return reply(map[string]any{"invaliduser": invalid})
}
