package simdingtalk

import (
	"net/http"
	"slices"
	"time"
)

// recallLife is how long messages may be recalled and their readers asked for.
const recallLife = 24 * time.Hour

// Recalled reports whether the message with this processQueryKey was taken back.
func (s *Sim) Recalled(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recalled[key]
}

// Open lets somebody read everything sent so far to them, or to a group.
func (s *Sim) Open(userID, groupID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.sent {
		if m.Key != "" && (m.UserID == userID && groupID == "" || groupID != "" && m.GroupID == groupID) {
			s.readers[m.Key] = append(s.readers[m.Key], userID)
		}
	}
}

// byKey are the messages that one call brought, if they are young enough. The caller
// holds the lock.
func (s *Sim) byKey(key, groupID string) (out []Sent) {
	for _, m := range s.sent {
		if m.Key == key && key != "" && m.GroupID == groupID && s.cfg.Now().Sub(m.At) <= recallLife {
			out = append(out, m)
		}
	}
	return out
}

// recall serves otoMessages/batchRecall and groupMessages/recall.
func (s *Sim) recall(w http.ResponseWriter, in request) []Sent {
	if len(in.Keys) == 0 || len(in.Keys) > 20 {
		refuse(w, http.StatusBadRequest, "invalidParameter", "processQueryKeys must hold 1 to 20 keys")
		return nil
	}
	done, failed := []string{}, map[string]string{}
	for _, key := range in.Keys {
		if len(s.byKey(key, in.OpenConversationID)) == 0 || s.recalled[key] {
			failed[key] = "message not found or too old"
			continue
		}
		s.recalled[key] = true
		done = append(done, key)
	}
	answer(w, http.StatusOK, map[string]any{"successResult": done, "failedResult": failed})
	return nil
}

// readStatus serves the query of who has read a private message.
func (s *Sim) readStatus(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	token := r.Header.Get("x-acs-dingtalk-access-token")
	query := r.URL.Query()
	switch {
	case token == "" || token != s.token || !now.Before(s.tokenEnds):
		refuse(w, http.StatusBadRequest, "InvalidAuthentication", "不合法的access_token")
		return
	case query.Get("robotCode") != s.cfg.RobotCode:
		refuse(w, http.StatusBadRequest, "invalidParameter.robotCode.auth", "robotCode does not belong to the app")
		return
	case !s.apiUsed.take(now):
		refuse(w, http.StatusForbidden, "Forbidden.AccessDenied.ApiCountLimitForOrg", "本月调用次数已用完")
		return
	}
	key := query.Get("processQueryKey")
	status := "SUCCESS"
	if s.recalled[key] {
		status = "RECALLED"
	}
	list := []map[string]string{}
	for _, m := range s.byKey(key, "") {
		state := "UNREAD"
		if slices.Contains(s.readers[key], m.UserID) {
			state = "READ"
		}
		list = append(list, map[string]string{"userId": m.UserID, "name": s.users[m.UserID].Name, "readStatus": state})
	}
	answer(w, http.StatusOK, map[string]any{"sendStatus": status, "messageReadInfoList": list})
}

// groupReaders serves the query of who has read a group's message.
func (s *Sim) groupReaders(w http.ResponseWriter, in request) []Sent {
	if len(s.byKey(in.Key, in.OpenConversationID)) == 0 {
		refuse(w, http.StatusBadRequest, "resource.not.found", "message not found")
		return nil
	}
	answer(w, http.StatusOK, map[string]any{"sendStatus": "SUCCESS", "readUserIds": append([]string{}, s.readers[in.Key]...), "hasMore": false})
	return nil
}
