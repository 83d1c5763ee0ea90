package simdingtalk

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// RoadWork is the road of a work notification.
const RoadWork = "work"

// AgentID is the app's number, which work notifications need.
const AgentID = 3001

// workTask is a work notification as the platform keeps it.
type workTask struct {
	read, unread, invalid, forbidden []string
}

// work serves the calls of the old API for work notifications.
func (s *Sim) work(w http.ResponseWriter, r *http.Request) {
	s.announce(func() []Sent {
		s.mu.Lock()
		defer s.mu.Unlock()
		now, token := s.cfg.Now(), r.URL.Query().Get("access_token")
		var in struct {
			AgentID int64  `json:"agent_id"`
			Users   string `json:"userid_list"`
			TaskID  int64  `json:"task_id"`
			Recall  int64  `json:"msg_task_id"`
			Msg     struct {
				Type string            `json:"msgtype"`
				Text map[string]string `json:"text"`
			} `json:"msg"`
		}
		switch {
		case token == "" || token != s.token || !now.Before(s.tokenEnds):
			errcode(w, 40014, "不合法的access_token")
			return nil
		case json.NewDecoder(r.Body).Decode(&in) != nil || in.AgentID != AgentID:
			errcode(w, 40035, "不合法的参数 agent_id")
			return nil
		case !s.apiUsed.take(now):
			errcode(w, 90020, "本月调用次数已用完")
			return nil
		}
		switch r.PathValue("call") {
		case "asyncsend_v2":
			return s.notifyWork(w, strings.Split(in.Users, ","), in.Msg.Text["content"])
		case "getsendresult":
			t, known := s.tasks[in.TaskID]
			if !known {
				errcode(w, 40035, "task_id 不存在")
				return nil
			}
			forbidden := []map[string]any{}
			for _, u := range t.forbidden {
				forbidden = append(forbidden, map[string]any{"code": "143106", "count": 1, "userid": u})
			}
			answer(w, http.StatusOK, map[string]any{"errcode": 0, "send_result": map[string]any{
				"invalid_user_id_list": t.invalid, "forbidden_list": forbidden, "read_user_id_list": t.read, "unread_user_id_list": t.unread,
			}})
		case "recall":
			if s.tasks[in.Recall] == nil {
				errcode(w, 40035, "task_id 不存在")
				return nil
			}
			s.recalled[strconv.FormatInt(in.Recall, 10)] = true
			errcode(w, 0, "ok")
		}
		return nil
	}())
}

// notifyWork delivers, except what the same person had on the same day, which is dropped
// without a word. The caller holds the lock.
func (s *Sim) notifyWork(w http.ResponseWriter, users []string, content string) (out []Sent) {
	if content == "" || len(content) > 2048 {
		errcode(w, 40035, "消息内容为空或太长")
		return nil
	}
	s.serial++
	id, t := int64(s.serial), &workTask{read: []string{}, unread: []string{}, invalid: []string{}}
	for _, u := range users {
		said := u + s.cfg.Now().Format(" 2006-01-02 ") + content
		switch _, known := s.users[u]; {
		case !known:
			t.invalid = append(t.invalid, u)
		case slices.Contains(s.worked, said):
			t.forbidden = append(t.forbidden, u)
		default:
			s.worked = append(s.worked, said)
			t.unread = append(t.unread, u)
			out = append(out, s.record(message{kind: "text", raw: content}, Sent{Road: RoadWork, UserID: u, Key: strconv.FormatInt(id, 10)}))
		}
	}
	s.tasks[id] = t
	answer(w, http.StatusOK, map[string]any{"errcode": 0, "errmsg": "ok", "task_id": id})
	return out
}
