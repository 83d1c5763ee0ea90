package simwecom

import (
	"net/http"
	"strconv"
)

// Distrust lets the platform see calls come from an address that the app's list of
// trusted ones does not hold; "" puts it there. Tokens are given to anybody.
func (s *Server) Distrust(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stranger = address
}

// SwitchOff switches the app off in the console, or on again.
func (s *Server) SwitchOff(closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = closed
}

// getAgent serves agent/get (document 90227).
func (s *Server) getAgent(r *http.Request) answer {
	if r.URL.Query().Get("agentid") != strconv.Itoa(s.cfg.AgentID) {
		return refuse(301002, "not allow operate another agent with this accesstoken")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	users := []map[string]string{}
	for u := range s.users {
		users = append(users, map[string]string{"userid": u})
	}
	off := 0
	if s.closed {
		off = 1
	}
	return reply(map[string]any{"agentid": s.cfg.AgentID, "name": "教育督办", "close": off, "isreportenter": 1,
		"allow_userinfos": map[string]any{"user": users}, "allow_partys": map[string]any{"partyid": []int{}}, "allow_tags": map[string]any{"tagid": []int{}}})
}
