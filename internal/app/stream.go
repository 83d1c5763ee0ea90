package app

import (
	"context"
	"fmt"
	"time"

	"duban/bot/dingtalk"
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
		Followup: a.core.answers, Metrics: o.Metrics, Clock: a.core.clock, Log: a.log}
	s, err := dingtalk.NewStream(dingtalk.StreamConfig{ClientConfig: a.platforms.ding, Topics: []string{dingtalk.TopicRobot}, Handle: taker.Take})
	return s, errs.At("set up dingtalk stream", err)
}

// startStream holds the connection until endStream is called.
func (a *App) startStream() {
	if a.stream == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.stream.Run(ctx)
	}()
	a.endStream = func() {
		cancel()
		<-done
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
