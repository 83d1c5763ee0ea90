package handlers

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/internal/errs"
)

// Contacts follows what platforms tell of their members; *contacts.Desk does it.
type Contacts interface {
	// Take carries a change out, once however often it is told. An error means that
	// the platform must tell it again.
	Take(ctx context.Context, c bot.ContactChange) error
}

// DingTalkEvents is the callback of the event subscription in HTTP mode.
type DingTalkEvents struct {
	Codec    *dingtalk.EventCodec
	Decoding dingtalk.DecodeConfig
	Meter    bot.Meter // events about groups cost some of the month's pushes
}

// receiveDingTalkEvent answers with a sealed “success” what was stored or is none of our
// business; anything else counts as a failed push, which comes again.
func (s *surface) receiveDingTalkEvent(c *gin.Context) {
	data, ok := body(c)
	if !ok {
		s.Metrics.MessageReceived(string(bot.DingTalk), "event", "refused")
		return
	}
	plain, owner, err := s.DingTalkEvents.Codec.Open(c.Request.URL.Query(), data)
	if err != nil {
		s.refuseDingTalk(c, err)
		return
	}
	event, err := dingtalk.EventOf(plain)
	if err == nil && !event.IsCheck() {
		if !event.Free() {
			s.DingTalkEvents.Meter.Pushed()
		}
		if err = followDingTalk(c.Request.Context(), s.Contacts, s.DingTalkEvents.Decoding, event, s.Log); err != nil {
			s.Metrics.MessageReceived(string(bot.DingTalk), "event", "not_stored")
			c.AbortWithStatus(http.StatusServiceUnavailable)
			return
		}
	}
	answer, err := s.DingTalkEvents.Codec.Success(owner, s.Clock.Now())
	if err != nil {
		s.Log.ErrorContext(c.Request.Context(), "answer not sealed", "error", err)
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	s.Metrics.MessageReceived(string(bot.DingTalk), "event", "silent")
	c.Data(http.StatusOK, "application/json; charset=utf-8", answer)
}

// followDingTalk hands on what an event tells of contacts. What is not ours or cannot be
// read would be so the next time, too. An error means that the event must come again.
func followDingTalk(ctx context.Context, to Contacts, cfg dingtalk.DecodeConfig, e dingtalk.Event, log *slog.Logger) error {
	change, ok, err := e.Contact(cfg)
	if err != nil {
		log.WarnContext(ctx, "event refused", "platform", bot.DingTalk, "event", e.Type, "error", err)
		return nil
	}
	if !ok {
		return nil
	}
	err = to.Take(ctx, change)
	if err != nil && !errs.Is(err, errs.Unavailable) {
		log.ErrorContext(ctx, "event failed", "platform", bot.DingTalk, "event", e.Type, "error", err)
	}
	return err
}

// followWeCom hands on what a callback tells of contacts, and reports whether the callback
// is done with: not so of a member who came, whom words of welcome are for.
func (s *surface) followWeCom(c *gin.Context, change bot.ContactChange) (done bool) {
	if err := s.Contacts.Take(c.Request.Context(), change); err != nil {
		s.Log.ErrorContext(c.Request.Context(), "event failed", "platform", bot.WeCom, "event", change.ID, "error", err)
		s.Metrics.MessageReceived(string(bot.WeCom), "event", "not_stored")
		c.AbortWithStatus(http.StatusServiceUnavailable)
		return true
	}
	if change.Kind == bot.ContactHere {
		return false
	}
	s.Metrics.MessageReceived(string(bot.WeCom), "event", "silent")
	c.Status(http.StatusOK)
	return true
}
