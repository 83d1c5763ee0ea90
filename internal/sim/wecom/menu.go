package simwecom

import (
	"encoding/json"
	"net/http"
)

// menuButton is an entry of the app's menu as the platform checks it.
type menuButton struct {
	Type string       `json:"type"`
	Name string       `json:"name"`
	Key  string       `json:"key"`
	URL  string       `json:"url"`
	Sub  []menuButton `json:"sub_button"`
}

// createMenu serves menu/create (document 90231).
func (s *Server) createMenu(r *http.Request) answer {
	var m struct {
		Button []menuButton `json:"button"`
	}
	raw, bad := readJSON(r, &m)
	if bad != nil {
		return *bad
	}
	if len(m.Button) == 0 || len(m.Button) > 3 {
		return refuse(40016, "invalid button size")
	}
	for _, b := range m.Button {
		if len(b.Sub) > 5 || len(b.Name) > 16 {
			return refuse(40016, "invalid button size")
		}
		for _, one := range append([]menuButton{b}, b.Sub...) {
			if one.Name == "" || len(one.Name) > 40 || len(one.Key) > 128 || len(one.Sub) == 0 && one.Key == "" && one.URL == "" {
				return refuse(40018, "invalid button name size")
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.menu = raw
	return reply(nil)
}

// getMenu serves menu/get.
func (s *Server) getMenu(*http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.menu == nil {
		return refuse(46003, "menu no exist")
	}
	fields := map[string]any{}
	_ = json.Unmarshal(s.menu, &fields) // was read before
	return reply(fields)
}

// deleteMenu serves menu/delete.
func (s *Server) deleteMenu(*http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.menu = nil
	return reply(nil)
}

// MenuKeys returns what the entries of the app's menu send, in order.
func (s *Server) MenuKeys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var m struct {
		Button []menuButton `json:"button"`
	}
	_ = json.Unmarshal(s.menu, &m) // no menu has no keys
	var out []string
	for _, b := range m.Button {
		for _, one := range append([]menuButton{b}, b.Sub...) {
			if one.Type == "click" {
				out = append(out, one.Key)
			}
		}
	}
	return out
}
