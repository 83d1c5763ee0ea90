package simdingtalk

import (
	"encoding/json"
	"net/http"
)

// getUser serves /topapi/v2/user/get, which costs nothing of the month's calls.
func (s *Sim) getUser(w http.ResponseWriter, r *http.Request) {
	var in struct {
		UserID string `json:"userid"`
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	defer s.mu.Unlock()
	token := r.URL.Query().Get("access_token")
	u, known := s.users[in.UserID]
	switch {
	case token == "" || token != s.token || !s.cfg.Now().Before(s.tokenEnds):
		errcode(w, 40014, "不合法的access_token")
	case err != nil || in.UserID == "":
		errcode(w, 40035, "不合法的参数 userid")
	case !known:
		errcode(w, 60121, "找不到该用户")
	default:
		answer(w, http.StatusOK, map[string]any{"errcode": 0, "errmsg": "ok", "result": map[string]any{"userid": u.ID, "name": u.Name, "active": true}})
	}
}
