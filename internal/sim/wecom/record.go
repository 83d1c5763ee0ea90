package simwecom

import (
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"
)

// Channel says by which road a message reached people.
type Channel string

// The roads.
const (
	App      Channel = "app"     // message/send to one member
	Webhook  Channel = "webhook" // webhook/send to a group
	Passive  Channel = "passive" // the answer in a callback's response
	SmartBot Channel = "bot"     // the answer of a smart bot
)

// Sent is one message as one receiver sees it.
type Sent struct {
	At      time.Time
	Channel Channel
	To      string // user id in lower case, or the group's name
	Type    string // msgtype
	Text    string // what is shown, after the platform's cut
	File    *File  // of file messages
	MsgID   string
	TaskID  string          // of cards
	Buttons []CardButton    // likewise, as they were sent
	Raw     json.RawMessage // the request body; nil for passive replies
}

// File is a file as its receiver can save it.
type File struct {
	Name string
	Data []byte
}

// Sent returns everything that was delivered, in order.
func (s *Server) Sent() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// Dropped returns what the platform took with errcode 0 and never delivered,
// because the member's quota was used up.
func (s *Server) Dropped() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.dropped)
}

// Reset forgets what was sent and dropped; tokens and quotas stay.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent, s.dropped = nil, nil
}

// Subscribe calls f for each delivered message from now on, outside of any lock,
// until the returned function is called.
func (s *Server) Subscribe(f func(Sent)) (cancel func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	id := s.nextID
	s.watchers[id] = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, id)
	}
}

// record delivers messages to the record and the subscribers.
func (s *Server) record(messages ...Sent) {
	s.mu.Lock()
	s.sent = append(s.sent, messages...)
	watchers := make([]func(Sent), 0, len(s.watchers))
	for _, f := range s.watchers {
		watchers = append(watchers, f)
	}
	s.mu.Unlock()
	for _, m := range messages {
		for _, f := range watchers {
			f(m)
		}
	}
}

// counter numbers messages.
type counter struct{ n atomic.Int64 }

func (c *counter) next() int64 { return c.n.Add(1) }
