package simdingtalk

import (
	"slices"
	"strings"
)

// record stores a message as received. The caller holds the lock and announces
// the result after releasing it.
func (s *Sim) record(m message, out Sent) Sent {
	out.At = s.cfg.Now()
	out.Kind, out.Title, out.Raw, out.Buttons, out.File = m.kind, m.title, m.raw, m.buttons, m.file
	text := m.raw
	if out.Road != RoadAPI { // the OpenAPI cannot mention anybody
		out.AtUserIDs = m.at
		for _, id := range m.at {
			if u, known := s.users[id]; known {
				text = strings.ReplaceAll(text, "@"+id+" ", "@"+u.Name+" ")
			}
		}
	}
	if m.isMarkdown {
		text = readable(text)
	}
	out.Text = text
	s.sent = append(s.sent, out)
	return out
}

// announce tells the subscribers, outside the lock.
func (s *Sim) announce(messages []Sent) {
	if len(messages) == 0 {
		return
	}
	s.mu.Lock()
	ids := make([]int, 0, len(s.subscribers))
	for id := range s.subscribers {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	listeners := make([]func(Sent), 0, len(ids))
	for _, id := range ids {
		listeners = append(listeners, s.subscribers[id])
	}
	s.mu.Unlock()
	for _, m := range messages {
		for _, listen := range listeners {
			listen(m)
		}
	}
}

// Sent returns everything the robot has sent, oldest first.
func (s *Sim) Sent() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// ClearSent forgets what was sent so far.
func (s *Sim) ClearSent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = nil
}

// Subscribe calls f for every further message, in the goroutine of the request
// that brought it. The returned function ends that.
func (s *Sim) Subscribe(f func(Sent)) (cancel func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	id := s.serial
	s.subscribers[id] = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.subscribers, id)
	}
}
