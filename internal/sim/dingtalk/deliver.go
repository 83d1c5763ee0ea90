package simdingtalk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Incoming is what somebody writes to the robot.
type Incoming struct {
	// MsgID is chosen freely if empty. Equal ids are the same message.
	MsgID string
	// UserID writes, in GroupID or, if that is empty, privately.
	UserID, GroupID string
	// Outsider leaves out the staff id, as for people of other organisations
	// and before the application is published. Nick is the shown name.
	Outsider bool
	Nick     string
	// Kind is text, picture, richText, audio, video, file or any other msgtype;
	// if empty it follows from Text and Codes.
	Kind     string
	Text     string   // of audio: the recognised speech
	Codes    []string // download codes of AddFile, in order
	FileName string
	// Mention puts @robot in front of a group text; the platform mostly removes it.
	Mention bool
	Quote   *Quoted
	// Times is how often the push is delivered; 0 means once.
	Times int
	// Edit changes the fields of the push before it is sent.
	Edit func(push map[string]any)
}

// Quoted is the earlier message that an Incoming answers to.
type Quoted struct {
	MsgID, Kind, Text, FileName string
	Codes                       []string
}

// Deliver pushes a message to the robot's HTTP address, signed with the clock's
// time. It returns what the HTTP answer of the first delivery showed to people
// (nil if nothing), the last HTTP status, and an error if a request failed or
// an answer with status 200 was no message. Every shown answer is recorded.
func (s *Sim) Deliver(ctx context.Context, callbackURL string, in Incoming) (reply *Sent, status int, err error) {
	push, err := json.Marshal(s.Push(in))
	if err != nil {
		return nil, 0, fmt.Errorf("encode push: %w", err)
	}
	for i := range max(in.Times, 1) {
		var shown *Sent
		shown, status, err = s.deliverOnce(ctx, callbackURL, push)
		if i == 0 {
			reply = shown
		}
		if err != nil {
			return reply, status, err
		}
	}
	return reply, status, nil
}

// Headers returns the headers of a push, signed with the clock's time.
func (s *Sim) Headers() http.Header {
	stamp := strconv.FormatInt(s.cfg.Now().UnixMilli(), 10)
	h := http.Header{}
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("timestamp", stamp)
	h.Set("sign", mac(s.cfg.ClientSecret, stamp))
	return h
}

func (s *Sim) deliverOnce(ctx context.Context, callbackURL string, push []byte) (*Sent, int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, callbackURL, bytes.NewReader(push))
	if err != nil {
		return nil, 0, fmt.Errorf("push: %w", err)
	}
	req.Header = s.Headers()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("push: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxRequest))
	if err != nil {
		return nil, resp.StatusCode, fmt.Errorf("read answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, resp.StatusCode, nil
	}
	reply, err := s.accept(push, raw)
	return reply, resp.StatusCode, err
}

// accept shows the HTTP answer in the conversation of the push.
func (s *Sim) accept(push, raw []byte) (*Sent, error) {
	m, err := parseHookMessage(raw)
	if err != nil || m.kind == "" {
		return nil, err
	}
	var to struct {
		MsgID            string `json:"msgId"`
		ConversationType string `json:"conversationType"`
		ConversationID   string `json:"conversationId"`
		SenderStaffID    string `json:"senderStaffId"`
	}
	if err := json.Unmarshal(push, &to); err != nil {
		return nil, fmt.Errorf("read push: %w", err)
	}
	out := Sent{Road: RoadBody, UserID: to.SenderStaffID, ReplyTo: to.MsgID}
	if to.ConversationType == "2" {
		out.UserID, out.GroupID = "", to.ConversationID
	}
	s.mu.Lock()
	out = s.record(m, out)
	s.mu.Unlock()
	s.announce([]Sent{out})
	return &out, nil
}
