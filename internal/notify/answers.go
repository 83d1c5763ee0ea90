package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"duban/bot"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/notice"
)

// SessionReplier answers in the conversation a message came from, at the address
// that came with it.
type SessionReplier interface {
	ReplySession(ctx context.Context, address string, r bot.Reply, atUserIDs ...string) error
}

// Roads remembers, in memory only, the short roads back to conversations. They
// are credentials that die within hours: losing them costs nothing but a longer
// way, keeping them anywhere would be careless.
type Roads struct {
	mu    sync.Mutex
	known map[string]road
}

type road struct {
	url  string
	ends time.Time
}

const maxRoads = 4096

// NewRoads returns an empty memory.
func NewRoads() *Roads { return &Roads{known: map[string]road{}} }

func (r *Roads) keep(key, url string, ends, now time.Time) {
	if url == "" || !ends.After(now) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) >= maxRoads {
		for k, v := range r.known {
			if !v.ends.After(now) {
				delete(r.known, k)
			}
		}
	}
	if len(r.known) < maxRoads {
		r.known[key] = road{url, ends}
	}
}

// take gives a road out once. A nil memory has none.
func (r *Roads) take(key string, now time.Time) (string, bool) {
	if r == nil {
		return "", false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.known[key]
	delete(r.known, key)
	return v.url, ok && v.ends.After(now)
}

// Answers sends replies that were not ready within their callback.
type Answers struct {
	Work  UnitOfWork
	Roads *Roads
	Clock clock.Clock
	Sent  func(ctx context.Context, messageID int64) // told after the commit
}

// Later queues the reply as a message of its own. A message gets one answer,
// however often this is called.
func (a *Answers) Later(ctx context.Context, m bot.Message, r bot.Reply) error {
	now := a.Clock.Now()
	msg := notice.Message{Kind: notice.Answer, Key: AnswerKey(m), Platform: string(m.Platform), Address: m.UserID,
		Title: r.Title, Text: r.Text, State: notice.MsgQueued, NextAt: now, Created: now}
	if m.Chat.Kind == bot.Group {
		msg.Address = chatAddress + m.Chat.ID
	}
	if len(r.Buttons) > 0 {
		b, _ := json.Marshal(r.Buttons)
		msg.Buttons = string(b)
	}
	a.Roads.keep(msg.Key, m.ReplyURL, m.ReplyURLEnds, now) // before anybody can send it
	var id int64
	err := a.Work.Within(ctx, func(tx Tx) (err error) {
		id, err = tx.AddMessage(ctx, msg)
		return err
	})
	if err != nil || id == 0 {
		return errs.At("queue answer", err)
	}
	a.Sent(ctx, id)
	return nil
}

// AnswerKey names the one answer to a message.
func AnswerKey(m bot.Message) string {
	id := m.ID
	if len(id) > 100 {
		id = id[:100]
	}
	return fmt.Sprintf("answer:%s:%s:%s", m.Platform, m.Robot, id)
}
