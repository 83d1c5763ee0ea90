package simdingtalk

import (
	"net/http"
	"unicode/utf8"
)

// BuyDing adds DING by SMS or phone to the organisation's package; none are there at
// first. In the app they are free.
func (s *Sim) BuyDing(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dingLeft += n
}

// DenyDing takes the permission Premium.Ding.Write from the app, or gives it back.
func (s *Sim) DenyDing(denied bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dingDenied = denied
}

// ding answers POST /v1.0/robot/ding/send.
func (s *Sim) ding(w http.ResponseWriter, in request) []Sent {
	most := map[int]int{1: 200, 2: 20, 3: 20}[in.RemindType]
	switch {
	case s.dingDenied:
		refuse(w, http.StatusForbidden, "Forbidden.AccessDenied.AccessTokenPermissionDenied", "应用尚未开通所需的权限：[Premium.Ding.Write]")
		return nil
	case most == 0 || in.Content == "" || !utf8.ValidString(in.Content):
		refuse(w, http.StatusBadRequest, "invalidParameter", "remindType or content is not valid")
		return nil
	case len(in.Receivers) == 0:
		refuse(w, http.StatusBadRequest, "miss.staffId", "receiverUserIdList is empty")
		return nil
	case len(in.Receivers) > most:
		refuse(w, http.StatusBadRequest, "ding.receivercount.limit", "too many receivers")
		return nil
	case in.RemindType > 1 && s.dingLeft < len(in.Receivers):
		refuse(w, http.StatusBadRequest, "ding.serverquota.insufficient", "DING 服务端额度不足")
		return nil
	}
	failed := map[string][]string{}
	var out []Sent
	kind := []string{"", "app", "sms", "phone"}[in.RemindType]
	for _, id := range in.Receivers {
		if _, known := s.users[id]; !known {
			failed["invalid.staffId"] = append(failed["invalid.staffId"], id)
			continue
		}
		if in.RemindType > 1 {
			s.dingLeft--
		}
		out = append(out, s.record(message{kind: kind, raw: in.Content}, Sent{Road: RoadDing, UserID: id}))
	}
	answer(w, http.StatusOK, map[string]any{"openDingId": s.next("ding-"), "failedList": failed})
	return out
}
