package simwecom

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// AppChat is the road of appchat/send into a group that the app has made.
const AppChat Channel = "appchat"

// chat is a group that an app has made.
type chat struct {
	ID      string   `json:"chatid"`
	Name    string   `json:"name"`
	Owner   string   `json:"owner"`
	Members []string `json:"userlist"`
}

var chatIDs = regexp.MustCompile(`^[0-9a-zA-Z]{0,32}$`)

// Narrow takes the root department from the app's visible range, or gives it back:
// without it there are no groups.
func (s *Server) Narrow(narrow bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.narrow = narrow
}

// createChat serves appchat/create (document 90245).
func (s *Server) createChat(r *http.Request) answer {
	var c chat
	if _, bad := readJSON(r, &c); bad != nil {
		return *bad
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch _, there := s.chats[c.ID]; {
	case s.narrow:
		return refuse(48002, "api forbidden")
	case there:
		return refuse(86215, "chatid existed")
	case !chatIDs.MatchString(c.ID):
		return refuse(86001, "invalid chatid")
	case c.Name == "" || utf8.RuneCountInString(c.Name) > 50:
		return refuse(86004, "invalid chat name")
	case len(c.Members) < 2 || len(c.Members) > 2000:
		return refuse(86006, "chat member count invalid")
	case c.Owner != "" && !slices.Contains(c.Members, c.Owner):
		return refuse(86216, "owner not in userlist")
	}
	for _, u := range c.Members {
		if !s.users[lower(u)] {
			return refuse(86207, "invalid chat member")
		}
	}
	if c.ID == "" {
		c.ID = "wrchat" + strconv.FormatInt(s.seq.next(), 10)
	}
	s.chats[c.ID] = &c
	return reply(map[string]any{"chatid": c.ID})
}

// getChat serves appchat/get.
func (s *Server) getChat(r *http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.chats[r.URL.Query().Get("chatid")]
	if !ok {
		return refuse(86003, "chatid not exist")
	}
	return reply(map[string]any{"chat_info": *c})
}

// updateChat serves appchat/update.
func (s *Server) updateChat(r *http.Request) answer {
	var in struct {
		ID     string   `json:"chatid"`
		Name   string   `json:"name"`
		Owner  string   `json:"owner"`
		Add    []string `json:"add_user_list"`
		Remove []string `json:"del_user_list"`
	}
	if _, bad := readJSON(r, &in); bad != nil {
		return *bad
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.chats[in.ID]
	if !ok {
		return refuse(86003, "chatid not exist")
	}
	members := slices.DeleteFunc(slices.Clone(c.Members), func(u string) bool { return slices.Contains(in.Remove, u) })
	for _, u := range in.Add {
		if !s.users[lower(u)] {
			return refuse(86207, "invalid chat member")
		}
		if !slices.Contains(members, u) {
			members = append(members, u)
		}
	}
	switch {
	case len(members) < 2 || len(members) > 2000:
		return refuse(86006, "chat member count invalid")
	case in.Owner != "" && !slices.Contains(members, in.Owner):
		return refuse(86216, "owner not in userlist")
	}
	c.Members = members
	if in.Name != "" {
		c.Name = in.Name
	}
	if in.Owner != "" {
		c.Owner = in.Owner
	}
	return reply(nil)
}

// sendChat serves appchat/send (document 90248): no agentid, and no msgid comes back.
func (s *Server) sendChat(r *http.Request) answer {
	var m struct {
		ID string `json:"chatid"`
		outgoing
	}
	raw, bad := readJSON(r, &m)
	if bad != nil {
		return *bad
	}
	text, bad := m.shown(maxText)
	if bad != nil {
		return *bad
	}
	if m.MsgType == "template_card" {
		return refuse(40008, "invalid message type")
	}
	s.mu.Lock()
	_, ok := s.chats[m.ID]
	now := s.cfg.Now()
	s.mu.Unlock()
	if !ok {
		return refuse(86003, "chatid not exist")
	}
	s.record(Sent{At: now, Channel: AppChat, To: m.ID, Type: m.MsgType, Text: text, Raw: raw})
	return reply(nil)
}
