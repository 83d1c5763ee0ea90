package simwecom

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxText       = 2048
	maxMarkdown   = 4096
	maxReceivers  = 1000
	memberMinute  = 30
	memberHour    = 1000
	webhookMinute = 20
)

// outgoing is what message/send and webhook/send have in common.
type outgoing struct {
	ToUser   string          `json:"touser"`
	MsgType  string          `json:"msgtype"`
	AgentID  json.RawMessage `json:"agentid"`
	Text     *content        `json:"text"`
	Markdown *content        `json:"markdown"`
	Card     *card           `json:"template_card"`
	File     *struct {
		MediaID string `json:"media_id"`
	} `json:"file"`
	Image *struct {
		Base64 string `json:"base64"`
		MD5    string `json:"md5"`
	} `json:"image"`
	Duplicate int `json:"enable_duplicate_check"`
	Interval  int `json:"duplicate_check_interval"`
}

type content struct {
	Content string `json:"content"`
}

// duplicate is a message that must not be sent again before its end.
type duplicate struct {
	id  string
	end time.Time
}

// sendMessage serves message/send (document 90236).
func (s *Server) sendMessage(r *http.Request) answer {
	var m outgoing
	raw, bad := readJSON(r, &m)
	if bad != nil {
		return *bad
	}
	if string(m.AgentID) != strconv.Itoa(s.cfg.AgentID) {
		return refuse(301002, "not allow operate another agent with this accesstoken")
	}
	text, bad := m.shown(maxText)
	if bad != nil {
		return *bad
	}
	file, bad := s.fileOf(m)
	if bad != nil {
		return *bad
	}
	if strings.Count(m.ToUser, "|") >= maxReceivers {
		return refuse(40058, "touser holds more than 1000 members")
	}
	valid, invalid, unlicensed := s.receivers(m.ToUser)
	if m.ToUser == "" {
		return refuse(82001, "touser & toparty & totag all empty")
	}
	if len(valid)+len(unlicensed) == 0 {
		return refuse(81013, "user & party & tag all invalid")
	}
	if m.Card != nil {
		if bad := m.Card.wrong(); bad != nil {
			return *bad
		}
	}
	id, again := s.remember(m, raw)
	if !again {
		if bad := s.claimTask(m.Card); bad != nil {
			return *bad
		}
		sent := Sent{Channel: App, Type: m.MsgType, Text: text, File: file, MsgID: id, Raw: raw}
		if m.Card != nil {
			sent.TaskID, sent.Buttons = m.Card.TaskID, m.Card.Buttons
		}
		s.deliverTo(valid, sent)
	}
	return reply(map[string]any{"msgid": id, "invaliduser": strings.Join(invalid, "|"), "unlicenseduser": strings.Join(unlicensed, "|")})
}

// shown returns the text that people see, cut to the platform's limit.
func (m outgoing) shown(limit int) (string, *answer) {
	text := ""
	switch {
	case m.MsgType == "text" && m.Text != nil:
		text = m.Text.Content
	case m.MsgType == "markdown" && m.Markdown != nil:
		text = m.Markdown.Content
	case m.MsgType == "template_card" && m.Card != nil:
		text = m.Card.text()
	case m.MsgType == "":
		a := refuse(40008, "invalid message type")
		return "", &a
	default:
		return "", nil
	}
	if text == "" {
		a := refuse(44004, "text message content is empty")
		return "", &a
	}
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "")
	}
	return text, nil
}

// fileOf returns what a file message carries, nil for other messages.
func (s *Server) fileOf(m outgoing) (*File, *answer) {
	if m.MsgType != "file" {
		return nil, nil
	}
	if m.File != nil {
		if f, ok := s.attached(m.File.MediaID); ok {
			return f, nil
		}
	}
	a := refuse(40007, "invalid media_id")
	return nil, &a
}

// receivers splits touser into members within the visible range, others, and those
// without a licence.
func (s *Server) receivers(touser string) (valid, invalid, unlicensed []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if touser == "@all" {
		for u := range s.users {
			valid = append(valid, u)
		}
		return valid, nil, nil
	}
	for _, u := range strings.Split(strings.ToLower(touser), "|") {
		switch {
		case !s.users[u]:
			invalid = append(invalid, u)
		case s.unlicensed[u]:
			unlicensed = append(unlicensed, u)
		default:
			valid = append(valid, u)
		}
	}
	return valid, invalid, unlicensed
}

// remember gives the message its id and reports whether an equal body was sent
// within the interval that the body asks for.
func (s *Server) remember(m outgoing, raw []byte) (id string, again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	if d, ok := s.seen[string(raw)]; ok && m.Duplicate == 1 && now.Before(d.end) {
		return d.id, true
	}
	id = "msg-" + strconv.FormatInt(s.seq.next(), 10)
	span := time.Duration(m.Interval) * time.Second
	if span <= 0 {
		span = 30 * time.Minute
	}
	s.seen[string(raw)] = duplicate{id: id, end: now.Add(min(span, 4*time.Hour))}
	return id, false
}

// deliverTo records the message for each member, dropping it without a word
// where the member's quota is used up (document 90454).
func (s *Server) deliverTo(users []string, m Sent) {
	var out []Sent
	s.mu.Lock()
	m.At = s.cfg.Now()
	for _, u := range users {
		m.To = u
		if s.within("member "+u, m.At, memberMinute, memberHour) {
			out = append(out, m)
		} else {
			s.dropped = append(s.dropped, m)
		}
	}
	s.mu.Unlock()
	s.record(out...)
}

// within counts a hit and reports whether it fits the quotas of a minute and of
// an hour. s.mu is held.
func (s *Server) within(key string, now time.Time, minute, hour int) bool {
	hits := recent(s.hits[key], now, time.Hour)
	s.hits[key] = hits
	if len(hits) >= hour || len(recent(hits, now, time.Minute)) >= minute {
		return false
	}
	s.hits[key] = append(hits, now)
	return true
}

// webhookSend serves webhook/send (document 99110).
func (s *Server) webhookSend(r *http.Request) answer {
	key := r.URL.Query().Get("key")
	group, ok := s.cfg.WebhookKeys[key]
	if !ok {
		return refuse(93000, "invalid webhook url")
	}
	var m outgoing
	raw, bad := readJSON(r, &m)
	if bad != nil {
		return *bad
	}
	limit := maxText
	if m.MsgType == "markdown" {
		limit = maxMarkdown
	}
	text, bad := m.shown(limit)
	if bad != nil {
		return *bad
	}
	file, bad := s.groupFileOf(m, key)
	if bad != nil {
		return *bad
	}
	s.mu.Lock()
	now := s.cfg.Now()
	fits := s.within("webhook "+key, now, webhookMinute, 1<<30)
	s.mu.Unlock()
	if !fits {
		return refuse(45009, "api freq out of limit")
	}
	s.record(Sent{At: now, Channel: Webhook, To: group, Type: m.MsgType, Text: text, File: file, Raw: raw})
	return reply(nil)
}
