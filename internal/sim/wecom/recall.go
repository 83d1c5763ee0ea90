package simwecom

import (
	"net/http"
	"time"
)

// recall serves message/recall (document 94867): within 24 hours.
func (s *Server) recall(r *http.Request) answer {
	var m struct {
		MsgID string `json:"msgid"`
	}
	if _, bad := readJSON(r, &m); bad != nil {
		return *bad
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	for _, sent := range s.sent {
		if sent.Channel == App && sent.MsgID == m.MsgID && m.MsgID != "" && now.Sub(sent.At) <= 24*time.Hour && !s.recalled[m.MsgID] {
			s.recalled[m.MsgID] = true
			return reply(nil)
		}
	}
	return refuse(40058, "invalid request parameter, msgid")
}

// Recalled reports whether a message was taken back.
func (s *Server) Recalled(msgID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recalled[msgID]
}
