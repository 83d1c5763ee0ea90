package app

import (
	"context"
	"io"
	"time"

	"duban/bot"
	"duban/bot/wecom"
	"duban/bot/wecom/aibot"
)

// wecomRoads is WeCom with both of its robots: the self-built app speaks to people, the
// smart bot answers where it was asked, which may be a group.
type wecomRoads struct {
	*wecom.Client
	files     *aibot.Files
	responder *aibot.Responder
	socket    *aibot.Socket // nil in callback mode
}

func newWeComRoads(app *wecom.Client, cfg aibot.Config, timeout time.Duration) *wecomRoads {
	return &wecomRoads{Client: app, files: aibot.NewFiles(cfg), responder: aibot.NewResponder(cfg, timeout)}
}

// Send implements bot.Sender. A group that was spoken in is reached by the smart bot.
func (r *wecomRoads) Send(ctx context.Context, m bot.Outgoing) (bot.Receipt, error) {
	if m.To.ChatID != "" && !wecom.OwnChat(m.To.ChatID) && m.Document == nil && r.socket != nil {
		return bot.Receipt{}, r.socket.Send(ctx, m.To.ChatID, m.Reply, m.Key)
	}
	return r.Client.Send(ctx, m)
}

// Fetch implements bot.Fetcher for the files of both robots.
func (r *wecomRoads) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	if aibot.IsReference(a.Ref) {
		return r.files.Fetch(ctx, a)
	}
	return r.Client.Fetch(ctx, a)
}

// ReplySession answers where a message came from, by the address that came with it.
func (r *wecomRoads) ReplySession(ctx context.Context, address string, reply bot.Reply, _ ...string) error {
	if r.responder.Takes(address) || r.socket == nil {
		return r.responder.Respond(ctx, address, reply)
	}
	return r.socket.Respond(ctx, address, reply)
}
