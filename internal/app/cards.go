package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/config"
)

const (
	pressTime  = 15 * time.Second // how long a card may take to be changed
	mostAtOnce = 32
)

// cards takes the buttons off the cards of those who pressed one. The codes it needs are
// credentials and live in memory alone: a card that could not be changed keeps its
// buttons, and pressing them again is answered like saying the same twice.
type cards struct {
	app     *wecom.Client
	log     *slog.Logger
	running sync.WaitGroup
	room    chan struct{}
}

// newCards returns nil where buttons are words to type.
func (p *platforms) newCards(log *slog.Logger) *cards {
	client, ok := p.app()
	if !ok || p.cfg.WeCom.Buttons != config.ButtonsAsCard {
		return nil
	}
	return &cards{app: client, log: log, room: make(chan struct{}, mostAtOnce)}
}

// Pressed implements handlers.Cards.
func (c *cards) Pressed(m bot.Message) {
	select {
	case c.room <- struct{}{}:
	default:
		c.log.Warn("card not changed", "platform", m.Platform, "message", m.ID, "reason", "too many at once")
		return
	}
	c.running.Go(func() {
		defer func() { <-c.room }()
		ctx, cancel := context.WithTimeout(context.Background(), pressTime)
		defer cancel()
		if err := c.app.Pressed(ctx, m.UserID, m.CardCode, m.EventKey); err != nil {
			c.log.WarnContext(ctx, "card not changed", "platform", m.Platform, "message", m.ID, "error", err)
		}
	})
}

// wait returns when no card is being changed. It may be called on nil.
func (c *cards) wait() {
	if c != nil {
		c.running.Wait()
	}
}
