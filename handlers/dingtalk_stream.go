package handlers

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/obs"
)

// DingTalkStream takes what the stream hands over. A frame has no answer of its own, so
// that every reply goes out as a message.
type DingTalkStream struct {
	Decoding dingtalk.DecodeConfig
	Meter    bot.Meter // each push costs one of the month's
	Receiver Receiver
	Followup Followup
	Contacts Contacts
	Cards    bool // answers with buttons are cards
	Metrics  *obs.Metrics
	Clock    clock.Clock
	Log      *slog.Logger
}

// Take implements dingtalk.FrameHandler. An error means that the frame must come again.
func (d *DingTalkStream) Take(ctx context.Context, f dingtalk.Frame) (answer any, err error) {
	defer recovered(ctx, d.Log, &err)
	if f.Kind == dingtalk.FrameEvent {
		event := dingtalk.EventIn(f)
		if !event.Free() {
			d.Meter.Pushed()
		}
		return nil, followDingTalk(ctx, d.Contacts, d.Decoding, event, d.Log)
	}
	if f.Topic == dingtalk.TopicCard {
		return d.press(ctx, f)
	}
	if f.Topic != dingtalk.TopicRobot {
		return nil, nil // not subscribed to; nothing would come of sending it again
	}
	d.Meter.Pushed()
	m, err := dingtalk.Decode(f.Data, d.Decoding)
	if err != nil { // somebody else's, or unreadable: the next time it would be so too
		d.Metrics.MessageReceived(string(bot.DingTalk), "", "refused")
		d.Log.WarnContext(ctx, "frame refused", "platform", bot.DingTalk, "error", err)
		return nil, nil
	}
	if m.Unsupported == dingtalk.UnsupportedQuota {
		d.Log.ErrorContext(ctx, quotaUsedUp)
	}
	return nil, d.receive(obs.With(ctx, slog.String(obs.MessageID, m.ID)), m)
}

func (d *DingTalkStream) receive(ctx context.Context, m bot.Message) error {
	started := d.Clock.Now()
	reply, err := d.Receiver.Receive(ctx, m)
	outcome := "answered"
	switch {
	case err != nil:
		outcome = "not_stored"
	case reply.Empty():
		outcome = "silent"
	default:
		err = d.Followup.Later(ctx, roadFor(m, reply, d.Cards), reply)
	}
	d.Metrics.MessageReceived(string(m.Platform), kindOf(m), outcome)
	d.Metrics.MessageTook(string(m.Platform), d.Clock.Now().Sub(started))
	return errs.At("take frame", err)
}

// press carries out what a button stands for. Its answer takes the buttons off the card.
func (d *DingTalkStream) press(ctx context.Context, f dingtalk.Frame) (any, error) {
	d.Meter.Pushed()
	m, err := dingtalk.DecodePress(f.Data, d.Decoding)
	if err != nil {
		d.Metrics.MessageReceived(string(bot.DingTalk), "event", "refused")
		d.Log.WarnContext(ctx, "press refused", "platform", bot.DingTalk, "error", err)
		return nil, nil
	}
	if err := d.receive(obs.With(ctx, slog.String(obs.MessageID, m.ID)), m); err != nil {
		return nil, err
	}
	return dingtalk.CardChosen(m.EventKey), nil
}

// recovered turns a defect into an error, so that the process lives.
func recovered(ctx context.Context, log *slog.Logger, err *error) {
	if p := recover(); p != nil {
		log.ErrorContext(ctx, "message panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		*err = errs.New(errs.Internal, "这条消息没有办成，请重新发一次。")
	}
}
