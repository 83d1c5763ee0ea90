package stage

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
)

// Photo is a picture somebody sends.
type Photo struct {
	ContentType string
	Data        []byte
}

// Line is one thing a person says to the bot.
type Line struct {
	Platform bot.Platform
	UserID   string
	Group    string // DingTalk conversation id; empty for the private chat
	Text     string
	Quote    string // the earlier message it answers to; DingTalk only
	Photos   []Photo
	MsgID    string // of the words; chosen freely if empty, equal ids are the same message
}

// Say delivers a line as its platform does and returns what the callback's own
// response showed, "" for nothing. On WeCom words and photos are messages of
// their own, on DingTalk they are one.
func (s *Stage) Say(ctx context.Context, l Line) (string, error) {
	if l.Platform == bot.WeCom {
		return s.sayWeCom(ctx, l)
	}
	return s.sayDingTalk(ctx, l)
}

func (s *Stage) sayWeCom(ctx context.Context, l Line) (string, error) {
	if l.Group != "" {
		return "", fmt.Errorf("a WeCom app does not hear groups")
	}
	if l.Quote != "" {
		return "", fmt.Errorf("a WeCom app does not hear what a message answers to")
	}
	var shown string
	say := func(in simwecom.Incoming) error {
		d, err := s.WeCom.Deliver(ctx, s.WeComCallback(), in)
		if d.Reply != nil {
			shown = strings.TrimPrefix(shown+"\n"+d.Reply.Text, "\n")
		}
		return err
	}
	if l.Text != "" || len(l.Photos) == 0 {
		if err := say(simwecom.Incoming{User: l.UserID, Text: l.Text, MsgID: l.MsgID}); err != nil {
			return shown, err
		}
	}
	for _, p := range l.Photos {
		if err := say(simwecom.Incoming{User: l.UserID, Image: s.WeCom.AddMedia(p.Data, p.ContentType)}); err != nil {
			return shown, err
		}
	}
	return shown, nil
}

func (s *Stage) sayDingTalk(ctx context.Context, l Line) (string, error) {
	in := simdingtalk.Incoming{UserID: l.UserID, GroupID: l.Group, Text: l.Text, MsgID: l.MsgID, Mention: l.Group != ""}
	if l.Quote != "" {
		in.Quote = &simdingtalk.Quoted{Kind: "text", Text: l.Quote}
	}
	for _, p := range l.Photos {
		in.Codes = append(in.Codes, s.DingTalk.AddFile(p.Data, p.ContentType))
	}
	if s.overStream {
		return "", s.DingTalk.DeliverStream(ctx, in)
	}
	reply, status, err := s.DingTalk.Deliver(ctx, s.DingTalkCallback(), in)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("fake DingTalk: callback answered %d", status)
	}
	if reply == nil {
		return "", err
	}
	return reply.Text, err
}
