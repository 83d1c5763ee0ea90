package demo

import (
	"fmt"
	"sync/atomic"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/phone"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
)

// listen publishes everything the bot says on either platform.
func (w *World) listen() {
	var n atomic.Int64
	say := func(e phone.Entry) {
		e.Key = fmt.Sprintf("said-%d", n.Add(1))
		e.At, e.FromBot, e.From, e.State = e.At.In(w.loc), true, stage.RobotName, phone.Delivered
		w.feed.Publish(e)
	}
	w.stage.WeCom.Subscribe(func(s simwecom.Sent) {
		e := phone.Entry{At: s.At, Platform: bot.WeCom, Text: s.Text}
		if s.File != nil {
			e.Files = []phone.File{w.feed.Attach(s.File.Name, s.File.Data)}
		}
		switch s.Channel {
		case simwecom.Webhook:
			e.Group, e.Pushed, e.Road = s.To, true, "群机器人"
		case simwecom.App:
			e.Person, e.Pushed, e.Road = w.who["wecom/"+s.To], true, "应用消息"
		case simwecom.Passive:
			e.Person = w.who["wecom/"+s.To]
		}
		say(e)
	})
	w.stage.DingTalk.Subscribe(func(s simdingtalk.Sent) {
		e := phone.Entry{At: s.At, Platform: bot.DingTalk, Title: s.Title, Text: s.Text, Group: s.GroupID}
		if s.File != nil {
			e.Files = []phone.File{w.feed.Attach(s.File.Name, s.File.Data)}
		}
		if s.GroupID == "" {
			e.Person = w.who["dingtalk/"+s.UserID]
		}
		for _, b := range s.Buttons {
			if b.Content != "" {
				e.Buttons = append(e.Buttons, phone.Button{Label: b.Label, Send: b.Content})
			}
		}
		switch s.Road {
		case simdingtalk.RoadAPI:
			e.Pushed, e.Road = true, "机器人单聊"
			if s.GroupID != "" {
				e.Road = "机器人群聊"
			}
		case simdingtalk.RoadWebhook:
			e.Pushed, e.Road = true, "群机器人"
		}
		say(e)
	})
}
