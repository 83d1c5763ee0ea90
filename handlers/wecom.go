package handlers

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/obs"
)

// WeComApp is the callback of the self-built app.
type WeComApp struct {
	Codec  *wecom.Codec
	CorpID string
	Robot  string // names the app in messages, as configured
	// Cards changes the cards whose buttons were pressed; nil: buttons are words to type.
	Cards Cards
}

// Cards shows on cards what was pressed.
type Cards interface {
	// Pressed takes the buttons off the card of who pressed one. It does not wait, and
	// nothing depends on it: what was pressed is carried out already.
	Pressed(m bot.Message)
}

// verifyWeCom answers the check made when the callback address is saved.
func (s *surface) verifyWeCom(c *gin.Context) {
	echo, err := s.WeCom.Codec.VerifyURL(c.Request.URL.Query())
	if err != nil {
		s.refuseWeCom(c, err)
		return
	}
	c.String(http.StatusOK, "%s", echo)
}

// refuseWeCom tells the caller nothing and the operator why.
func (s *surface) refuseWeCom(c *gin.Context, err error) {
	s.Metrics.MessageReceived(string(bot.WeCom), "", "refused")
	s.Log.WarnContext(c.Request.Context(), "callback refused", "platform", bot.WeCom, "reason", wecom.RejectReason(err))
	c.AbortWithStatus(http.StatusForbidden)
}

func (s *surface) receiveWeCom(c *gin.Context) {
	data, ok := body(c)
	if !ok {
		s.Metrics.MessageReceived(string(bot.WeCom), "", "refused")
		return
	}
	inner, err := s.WeCom.Codec.Open(c.Request.URL.Query(), data)
	if err != nil {
		s.refuseWeCom(c, err)
		return
	}
	if change, ok := wecom.DecodeContact(inner, s.WeCom.Robot); ok && s.Contacts != nil && s.followWeCom(c, change) {
		return
	}
	m, err := wecom.Decode(inner, s.WeCom.Robot)
	if err != nil { // it is the platform's own, so sending it again would not help
		s.Metrics.MessageReceived(string(bot.WeCom), "", "unreadable")
		s.Log.ErrorContext(c.Request.Context(), "callback not readable", "platform", bot.WeCom)
		c.Status(http.StatusOK)
		return
	}
	if m.Event != "" && m.UserID == "" { // from the system, which reads no answer
		s.Metrics.MessageReceived(string(bot.WeCom), "event", "silent")
		c.Status(http.StatusOK)
		return
	}
	s.take(c, m, func(r bot.Reply) { s.answerWeCom(c, m, r) })
}

// take hands a message over and answers the platform.
func (s *surface) take(c *gin.Context, m bot.Message, answer func(bot.Reply)) {
	started := s.Clock.Now()
	ctx := obs.With(c.Request.Context(), slog.String(obs.MessageID, m.ID))
	c.Request = c.Request.WithContext(ctx)
	reply, err := s.Receiver.Receive(ctx, m)
	outcome := "answered"
	switch {
	case err != nil:
		outcome = "not_stored"
		c.AbortWithStatus(http.StatusServiceUnavailable)
	case reply.Empty():
		outcome = "silent"
		answer(reply)
	default:
		answer(reply)
	}
	s.Metrics.MessageReceived(string(m.Platform), kindOf(m), outcome)
	s.Metrics.MessageTook(string(m.Platform), s.Clock.Now().Sub(started))
}

// kindOf names what a message is, from a small fixed set.
func kindOf(m bot.Message) string {
	switch {
	case m.Event != "":
		return "event"
	case m.Unsupported != "":
		return "unsupported"
	case len(m.Attachments) > 0:
		return string(m.Attachments[0].Kind)
	case m.Location != nil:
		return "location"
	}
	return "text"
}

// answerWeCom answers in the response. One answer holds one text: what does not
// fit follows as a message.
func (s *surface) answerWeCom(c *gin.Context, m bot.Message, r bot.Reply) {
	if m.CardCode != "" && s.WeCom.Cards != nil {
		s.WeCom.Cards.Pressed(m)
	}
	parts := wecom.Parts(r)
	if len(parts) == 0 || s.answersByCard(c, m, r) {
		c.Status(http.StatusOK)
		return
	}
	now := s.Clock.Now()
	sealed, err := s.WeCom.Codec.Seal(wecom.TextReply(m.UserID, s.WeCom.CorpID, now, parts[0]), now, c.Query("nonce"))
	if err != nil {
		s.Log.ErrorContext(c.Request.Context(), "answer not sealed", "error", err)
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	if len(parts) > 1 {
		rest := bot.Reply{Title: r.Title, Text: strings.Join(parts[1:], "\n")}
		if err := s.Followup.Later(c.Request.Context(), m, rest); err != nil {
			s.Log.ErrorContext(c.Request.Context(), "rest of the answer lost", "error", err)
		}
	}
	c.Data(http.StatusOK, "application/xml; charset=utf-8", sealed)
}

// answersByCard sends an answer with buttons as a card of its own, which the response to
// a callback cannot hold. It reports false where the answer has to be words.
func (s *surface) answersByCard(c *gin.Context, m bot.Message, r bot.Reply) bool {
	if s.WeCom.Cards == nil || !wecom.Cardable(r) {
		return false
	}
	err := s.Followup.Later(c.Request.Context(), m, r)
	if err != nil {
		s.Log.WarnContext(c.Request.Context(), "answer given as text, its card could not be queued", "error", err)
	}
	return err == nil
}
