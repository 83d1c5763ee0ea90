package simdingtalk

import (
	"encoding/json"
	"net/http"
)

func (s *Sim) issueToken(w http.ResponseWriter, r *http.Request) {
	var in struct{ AppKey, AppSecret string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokenCalls++
	if in.AppKey != s.cfg.ClientID || in.AppSecret != s.cfg.ClientSecret {
		refuse(w, http.StatusBadRequest, "invalidClientIdOrSecret", "无效的clientId或者clientSecret")
		return
	}
	now := s.cfg.Now()
	if s.token == "" || !now.Before(s.tokenEnds) {
		s.token = s.next("sim-token-")
	}
	s.tokenEnds = now.Add(tokenLife) // asking again prolongs
	answer(w, http.StatusOK, map[string]any{"accessToken": s.token, "expireIn": int(tokenLife.Seconds())})
}

// request is the body of the calls that need a token.
type request struct {
	RobotCode          string          `json:"robotCode"`
	UserIDs            []string        `json:"userIds"`
	OpenConversationID string          `json:"openConversationId"`
	MsgKey             string          `json:"msgKey"`
	MsgParam           json.RawMessage `json:"msgParam"`
	DownloadCode       string          `json:"downloadCode"`
	RemindType         int             `json:"remindType"`
	Receivers          []string        `json:"receiverUserIdList"`
	Content            string          `json:"content"`
	Keys               []string        `json:"processQueryKeys"`
	Key                string          `json:"processQueryKey"`
}

// api wraps a call of the new API: token, quota and robot code are checked, and
// what the call had sent is announced once the lock is free.
func (s *Sim) api(call func(http.ResponseWriter, request) []Sent) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.announce(s.guarded(w, r, call))
	}
}

func (s *Sim) guarded(w http.ResponseWriter, r *http.Request, call func(http.ResponseWriter, request) []Sent) []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	token := r.Header.Get("x-acs-dingtalk-access-token")
	if token == "" || token != s.token || !now.Before(s.tokenEnds) {
		refuse(w, http.StatusBadRequest, "InvalidAuthentication", "不合法的access_token")
		return nil
	}
	var in request
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, http.StatusBadRequest, "invalidParameter", "body is not valid JSON")
		return nil
	}
	if in.RobotCode != s.cfg.RobotCode {
		refuse(w, http.StatusBadRequest, "invalidParameter.robotCode.auth", "robotCode does not belong to the app")
		return nil
	}
	if !s.apiUsed.take(now) {
		refuse(w, http.StatusForbidden, "Forbidden.AccessDenied.ApiCountLimitForOrg", "本月调用次数已用完")
		return nil
	}
	return call(w, in)
}

const maxReceivers = 20

func (s *Sim) batchSend(w http.ResponseWriter, in request) []Sent {
	if len(in.UserIDs) == 0 || len(in.UserIDs) > maxReceivers {
		refuse(w, http.StatusBadRequest, "invalidParameter.userIds.overMax", "userIds must hold 1 to 20 ids")
		return nil
	}
	msg, bad := s.parseAPIMessage(in)
	if bad != "" {
		refuse(w, http.StatusBadRequest, bad, "message is not valid")
		return nil
	}
	key := s.next("pqk-")
	invalid, controlled := []string{}, []string{}
	var out []Sent
	for _, id := range in.UserIDs {
		_, known := s.users[id]
		switch {
		case !known:
			invalid = append(invalid, id)
		case s.flow[id] > 0:
			s.flow[id]--
			controlled = append(controlled, id)
		default:
			out = append(out, s.record(msg, Sent{Road: RoadAPI, UserID: id, Key: key}))
		}
	}
	answer(w, http.StatusOK, map[string]any{
		"processQueryKey": key, "invalidStaffIdList": invalid, "flowControlledStaffIdList": controlled,
	})
	return out
}

const maxParam = 15000

func (s *Sim) groupSend(w http.ResponseWriter, in request) []Sent {
	if _, known := s.groups[in.OpenConversationID]; !known {
		refuse(w, http.StatusBadRequest, "invalid.openConversationId", "openConversationId is not valid")
		return nil
	}
	msg, bad := s.parseAPIMessage(in)
	if bad != "" {
		refuse(w, http.StatusBadRequest, bad, "message is not valid")
		return nil
	}
	key := s.next("pqk-")
	answer(w, http.StatusOK, map[string]any{"processQueryKey": key})
	return []Sent{s.record(msg, Sent{Road: RoadAPI, GroupID: in.OpenConversationID, Key: key})}
}
