package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/bot/dingtalk"
)

// DingTalkCards is the callback of interactive cards in HTTP mode.
type DingTalkCards struct {
	Verifier dingtalk.CardVerifier
	Decoding dingtalk.DecodeConfig
	Meter    bot.Meter // each push costs one of the month's
}

// receiveDingTalkCard carries out what a pressed button stands for. The answer goes to the
// person as a message, the response takes the buttons off the card.
func (s *surface) receiveDingTalkCard(c *gin.Context) {
	if err := s.DingTalkCards.Verifier.Verify(c.Request.Header); err != nil {
		s.refuseDingTalk(c, err)
		return
	}
	s.DingTalkCards.Meter.Pushed()
	data, ok := body(c)
	if !ok {
		s.Metrics.MessageReceived(string(bot.DingTalk), "event", "refused")
		return
	}
	m, err := dingtalk.DecodePress(data, s.DingTalkCards.Decoding)
	if err != nil {
		s.refuseDingTalk(c, err)
		return
	}
	s.take(c, m, func(r bot.Reply) {
		if !r.Empty() {
			if err := s.Followup.Later(c.Request.Context(), m, r); err != nil {
				s.Log.ErrorContext(c.Request.Context(), "answer to a press not queued", "error", err)
			}
		}
		c.JSON(http.StatusOK, dingtalk.CardChosen(m.EventKey))
	})
}

// roadFor takes the short road back to a conversation off a message whose answer goes out
// as a card: that road knows links alone.
func roadFor(m bot.Message, r bot.Reply, cards bool) bot.Message {
	if cards && m.Chat.Kind == bot.Private && dingtalk.Cardable(r) {
		m.ReplyURL = ""
	}
	return m
}
