package simdingtalk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxHookBody   = 20000
	hookPerMinute = 20
	hookBlock     = 10 * time.Minute
)

// hook is a custom robot with its history.
type hook struct {
	Webhook
	times   []time.Time
	blocked time.Time
	seen    map[string]bool // msgUuid
}

// AddWebhook puts one more custom robot into a group.
func (s *Sim) AddWebhook(w Webhook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhooks[w.Token] = &hook{Webhook: w, seen: map[string]bool{}}
}

// sendBySession is the sessionWebhook of a push.
func (s *Sim) sendBySession(w http.ResponseWriter, r *http.Request) {
	s.announce(func() []Sent {
		s.mu.Lock()
		defer s.mu.Unlock()
		open, known := s.sessions[r.URL.Query().Get("session")]
		if !known || !s.cfg.Now().Before(open.ends) {
			errcode(w, 300001, "session 不存在")
			return nil
		}
		m, ok := hookMessage(w, r)
		if !ok {
			return nil
		}
		errcode(w, 0, "ok")
		return []Sent{s.record(m, Sent{Road: RoadSession, UserID: open.userID, GroupID: open.groupID})}
	}())
}

// sendByWebhook is a custom robot. Over 20 messages a minute block it for ten.
func (s *Sim) sendByWebhook(w http.ResponseWriter, r *http.Request) {
	s.announce(func() []Sent {
		s.mu.Lock()
		defer s.mu.Unlock()
		now, query := s.cfg.Now(), r.URL.Query()
		h, known := s.webhooks[query.Get("access_token")]
		switch {
		case !known:
			errcode(w, 300001, "token is not exist")
			return nil
		case h.Secret != "" && !signed(h.Secret, query.Get("timestamp"), query.Get("sign"), now):
			errcode(w, 310000, "sign not match")
			return nil
		case h.tooFast(now):
			errcode(w, 130101, "send too fast, exceed 20 times per minute")
			return nil
		}
		m, ok := hookMessage(w, r)
		if !ok {
			return nil
		}
		if !strings.Contains(m.title+m.raw, h.Keyword) {
			errcode(w, 310000, "keywords not in content")
			return nil
		}
		errcode(w, 0, "ok")
		if m.uuid != "" && h.seen[m.uuid] {
			return nil
		}
		h.seen[m.uuid] = true
		return []Sent{s.record(m, Sent{Road: RoadWebhook, GroupID: h.ConversationID})}
	}())
}

func (h *hook) tooFast(now time.Time) bool {
	if now.Before(h.blocked) {
		return true
	}
	var recent []time.Time
	for _, at := range h.times {
		if now.Sub(at) < time.Minute {
			recent = append(recent, at)
		}
	}
	h.times = append(recent, now)
	if len(h.times) > hookPerMinute {
		h.blocked = now.Add(hookBlock)
		return true
	}
	return false
}

// hookMessage reads the body or answers with the platform's error.
func hookMessage(w http.ResponseWriter, r *http.Request) (message, bool) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		errcode(w, 40035, "body cannot be read")
		return message{}, false
	}
	if len(raw) > maxHookBody {
		errcode(w, 460101, "message too long, exceed 20000 bytes")
		return message{}, false
	}
	m, err := parseHookMessage(raw)
	if err != nil || m.kind == "" {
		errcode(w, 40035, "缺少参数 or msgtype is not supported")
		return message{}, false
	}
	return m, true
}

// signed checks a custom robot's signature, which is good for an hour.
func signed(secret, stamp, sign string, now time.Time) bool {
	millis, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || now.Sub(time.UnixMilli(millis)).Abs() > time.Hour {
		return false
	}
	return hmac.Equal([]byte(sign), []byte(mac(secret, stamp)))
}

func mac(secret, stamp string) string {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(h, stamp+"\n"+secret)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
