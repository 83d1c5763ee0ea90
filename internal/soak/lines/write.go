package main

import (
	"context"
	"errors"
	"time"

	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
)

// How people write: so many at once on each road, one message each in a while.
const (
	writers = 6
	pace    = 150 * time.Millisecond
	// again is after how long the platform hands over what was not acknowledged; the real
	// one waits about a minute.
	again = 3 * time.Second
)

// write has one person after the other write one message, until ctx ends. Who wrote names
// the message, so that its answer can be told from all others.
func (w *world) write(ctx context.Context, hand func(ctx context.Context, user string)) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		hand(context.WithoutCancel(ctx), w.book.next())
	}
}

// overStream hands a message over until it is acknowledged, as DingTalk does, each time in
// a frame of its own. What somebody writes while nobody is connected is lost there; here
// it waits, and counts as written then.
func (w *world) overStream(ctx context.Context, user string) {
	in := simdingtalk.Incoming{UserID: user, Nick: "新人", Text: "我的任务", MsgID: "m-" + user}
	for {
		wait, cancel := context.WithTimeout(ctx, again)
		err := w.stage.DingTalk.DeliverStream(wait, in)
		cancel()
		switch {
		case err == nil:
			w.book.taken(user, stream)
			return
		case errors.Is(err, simdingtalk.ErrNoStream):
			_ = w.stage.DingTalk.AwaitStreams(ctx, 1)
		default:
			w.book.repeated(stream)
		}
	}
}

// overSocket hands a message over once, as WeCom does. When the connection ends before the
// answer came, nobody but the database knows whether it was read.
func (w *world) overSocket(ctx context.Context, user string) {
	w.stage.WeCom.AddUser(user)
	in := simwecom.BotIncoming{User: user, Text: "我的任务", MsgID: "m-" + user}
	for {
		wait, cancel := context.WithTimeout(ctx, again)
		_, err := w.stage.SmartBot.DeliverSocket(wait, in)
		cancel()
		switch {
		case err == nil:
			w.book.taken(user, socket)
			return
		case errors.Is(err, simwecom.ErrNoSocket):
			_ = w.stage.SmartBot.AwaitSocket(ctx, true)
		default:
			w.book.unknown(user, socket)
			return
		}
	}
}
