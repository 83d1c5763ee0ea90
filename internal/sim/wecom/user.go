package simwecom

import (
	"net/http"
	"strings"
)

// getUser serves user/get (document 90196) for members in the visible range. Apps are not
// given more than the id any more.
func (s *Server) getUser(r *http.Request) answer {
	id := strings.ToLower(r.URL.Query().Get("userid"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.users[id] {
		return refuse(60111, "userid not found")
	}
	return reply(map[string]any{"userid": id, "status": 1})
}
