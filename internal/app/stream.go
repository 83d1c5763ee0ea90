package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/bot/wecom"
	"duban/bot/wecom/aibot"
	"duban/handlers"
	"duban/internal/config"
	"duban/internal/errs"
)

// newStream returns the stream connection, nil where none is asked for. Every process
// that serves callbacks holds one: each message goes to one of them, and what comes twice
// acts once.
func (a *App) newStream(o Options) (*dingtalk.Stream, error) {
	d := a.cfg.DingTalk
	if !a.cfg.Server.Roles.Has(config.Web) || !d.Enabled() || d.Mode != config.DingTalkStream {
		return nil, nil
	}
	taker := &handlers.DingTalkStream{Decoding: a.platforms.ding.Decoding(), Meter: a.platforms.ding.Meter, Receiver: a.core.receiver,
		Followup: a.core.answers, Contacts: a.core.contacts, Cards: d.CardTemplate != "", Metrics: o.Metrics, Clock: a.core.clock, Log: a.log}
	topics := []string{dingtalk.TopicRobot, dingtalk.TopicAllEvents}
	if d.CardTemplate != "" {
		topics = append(topics, dingtalk.TopicCard)
	}
	s, err := dingtalk.NewStream(dingtalk.StreamConfig{ClientConfig: a.platforms.ding, Topics: topics, Handle: taker.Take})
	return s, errs.At("set up dingtalk stream", err)
}

// newSocket returns the smart bot's long connection, nil where none is asked for. One
// process holds it; the others stand by.
func (a *App) newSocket(o Options) (*aibot.Socket, error) {
	b := a.cfg.WeCom.Bot
	if !a.cfg.Server.Roles.Has(config.Web) || !b.Enabled() || b.Mode != config.BotWebSocket {
		return nil, nil
	}
	taker := &handlers.WeComSocket{Receiver: a.core.receiver, Metrics: o.Metrics, Clock: a.core.clock, Log: a.log}
	s, err := aibot.NewSocket(aibot.SocketConfig{Config: a.platforms.smart, Secret: wecom.Secret(b.Secret.Reveal()), URL: b.WSURL,
		Lease:  lease{a.core.store, a.core.clock, "wecom_bot:" + b.ID[:min(len(b.ID), 40)], rand.Text()},
		Handle: taker.Take, Later: func(ctx context.Context, m aibot.Message, r bot.Reply) error {
			return a.core.answers.Later(ctx, m.Message, r)
		},
		Now: a.core.clock.Now, Logger: a.log})
	if err != nil {
		return nil, errs.At("set up smart bot", err)
	}
	a.platforms.roads.socket = s
	return s, nil
}

// startStreams holds the long connections until endStreams is called.
func (a *App) startStreams() {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	if a.stream != nil {
		done.Go(func() { a.stream.Run(ctx) })
	}
	if a.socket != nil {
		done.Go(func() { a.socket.Run(ctx) })
	}
	a.endStreams = func() {
		cancel()
		done.Wait()
	}
}

// patience is how long a stream may be down before somebody should know. Reconnecting
// takes seconds; messages sent meanwhile are lost.
const patience = 2 * time.Minute

// streamAlarm says what is wrong with the connection, "" if nothing.
func (a *App) streamAlarm() string {
	if a.stream == nil {
		return ""
	}
	st := a.stream.State()
	down := a.core.clock.Now().Sub(st.Since)
	if st.Connected || down < patience {
		return ""
	}
	return fmt.Sprintf("钉钉 Stream 连接已断开 %d 分钟，这段时间发来的消息收不到。请运行 duban doctor 查看原因。", int(down.Minutes()))
}

// socketAlarm says what is wrong with the smart bot's connection, "" if nothing. A process
// that stands by is well.
func (a *App) socketAlarm() string {
	if a.socket == nil {
		return ""
	}
	st := a.socket.State()
	down := a.core.clock.Now().Sub(st.Since)
	switch {
	case st.Kicked:
		return "企业微信智能机器人的长连接被别处抢走了：同一个机器人还在别的服务器或电脑上运行，群里的消息都到那边去了。请停掉那一个。"
	case st.Connected || st.Standby || down < patience:
		return ""
	}
	return fmt.Sprintf("企业微信智能机器人的长连接已断开 %d 分钟，这段时间发给它的消息收不到。请运行 duban doctor 查看原因。", int(down.Minutes()))
}
