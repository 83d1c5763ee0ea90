package handlers

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/bot/wecom"
	"duban/bot/wecom/aibot"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/obs"
)

// WeComBot is the callback of the smart bot.
type WeComBot struct {
	Codec  *wecom.Codec
	Config aibot.Config
}

// verifyWeComBot answers the check made when the callback address is saved.
func (s *surface) verifyWeComBot(c *gin.Context) {
	echo, err := s.WeComBot.Codec.VerifyURL(c.Request.URL.Query())
	if err != nil {
		s.refuseWeCom(c, err)
		return
	}
	c.String(http.StatusOK, "%s", echo)
}

func (s *surface) receiveWeComBot(c *gin.Context) {
	data, ok := body(c)
	if !ok {
		s.Metrics.MessageReceived(string(bot.WeCom), "", "refused")
		return
	}
	inner, err := aibot.Open(s.WeComBot.Codec, c.Request.URL.Query(), data)
	if err != nil {
		s.refuseWeCom(c, err)
		return
	}
	m, err := aibot.Decode(inner, s.WeComBot.Config)
	if err != nil { // another bot's, or unreadable: sending it again would not help
		s.Metrics.MessageReceived(string(bot.WeCom), "", "unreadable")
		s.Log.ErrorContext(c.Request.Context(), "callback not readable", "platform", bot.WeCom)
		c.Status(http.StatusOK)
		return
	}
	if m.Idle {
		c.Status(http.StatusOK)
		return
	}
	m.ReplyURLEnds = s.Clock.Now().Add(aibot.ResponseLife)
	s.take(c, m.Message, func(r bot.Reply) { s.answerWeComBot(c, m, r) })
}

// answerWeComBot answers in the response. One response holds one answer: what is left to
// say follows by the response address.
func (s *surface) answerWeComBot(c *gin.Context, m aibot.Message, r bot.Reply) {
	body, rest, ok := aibot.Answer(m, r, s.WeComBot.Config.Cards)
	if !rest.Empty() {
		if err := s.Followup.Later(c.Request.Context(), m.Message, rest); err != nil {
			s.Log.ErrorContext(c.Request.Context(), "rest of the answer lost", "error", err)
		}
	}
	if !ok {
		c.Status(http.StatusOK)
		return
	}
	sealed, err := aibot.Sealed(s.WeComBot.Codec, body, s.Clock.Now(), c.Query("nonce"))
	if err != nil {
		s.Log.ErrorContext(c.Request.Context(), "answer not sealed", "error", err)
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", sealed)
}

// WeComSocket takes what the smart bot's long connection brings.
type WeComSocket struct {
	Receiver Receiver
	Metrics  *obs.Metrics
	Clock    clock.Clock
	Log      *slog.Logger
}

// Take implements aibot.Handler.
func (w *WeComSocket) Take(ctx context.Context, m aibot.Message) (reply bot.Reply, err error) {
	defer recovered(ctx, w.Log, &err)
	ctx = obs.With(ctx, slog.String(obs.MessageID, m.ID))
	started := w.Clock.Now()
	reply, err = w.Receiver.Receive(ctx, m.Message)
	outcome := "answered"
	switch {
	case err != nil:
		outcome = "not_stored"
	case reply.Empty():
		outcome = "silent"
	}
	w.Metrics.MessageReceived(string(m.Platform), kindOf(m.Message), outcome)
	w.Metrics.MessageTook(string(m.Platform), w.Clock.Now().Sub(started))
	return reply, errs.At("take message", err)
}
