package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/internal/errs"
)

// DingTalkRobot is the callback of the robot in HTTP mode.
type DingTalkRobot struct {
	Verifier *dingtalk.Verifier
	Decoding dingtalk.DecodeConfig
	Meter    bot.Meter // each push costs one of the month's
	Cards    bool      // answers with buttons are cards
}

const quotaUsedUp = "monthly push quota of dingtalk used up: messages arrive without content"

func (s *surface) receiveDingTalk(c *gin.Context) {
	if err := s.DingTalk.Verifier.Verify(c.Request.Header); err != nil {
		s.refuseDingTalk(c, err)
		return
	}
	s.DingTalk.Meter.Pushed()
	data, ok := body(c)
	if !ok {
		s.Metrics.MessageReceived(string(bot.DingTalk), "", "refused")
		return
	}
	m, err := dingtalk.Decode(data, s.DingTalk.Decoding)
	if err != nil {
		s.refuseDingTalk(c, err)
		return
	}
	if m.Unsupported == dingtalk.UnsupportedQuota {
		s.Log.ErrorContext(c.Request.Context(), quotaUsedUp)
	}
	s.take(c, m, func(r bot.Reply) {
		if road := roadFor(m, r, s.DingTalk.Cards); road.ReplyURL != m.ReplyURL {
			if err := s.Followup.Later(c.Request.Context(), road, r); err == nil {
				r = bot.Reply{}
			}
		}
		if m.Chat.Kind == bot.Group {
			r = dingtalk.TypedButtons(r)
		}
		c.Data(http.StatusOK, "application/json; charset=utf-8", dingtalk.BodyReply(r))
	})
}

// refuseDingTalk tells the caller nothing and the operator why.
func (s *surface) refuseDingTalk(c *gin.Context, err error) {
	s.Metrics.MessageReceived(string(bot.DingTalk), "", "refused")
	s.Log.WarnContext(c.Request.Context(), "callback refused", "platform", bot.DingTalk, "error", err)
	status := http.StatusForbidden
	if errs.Is(err, errs.Invalid) {
		status = http.StatusBadRequest
	}
	c.AbortWithStatus(status)
}
