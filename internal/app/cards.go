package app

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/bot/wecom"
	"duban/internal/config"
	"duban/internal/errs"
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

// cardsOf is how DingTalk's cards are sent: in HTTP mode presses come by the route that
// was registered, else over the stream.
func cardsOf(d config.DingTalk) dingtalk.Cards {
	cards := dingtalk.Cards{Template: d.CardTemplate}
	if d.Mode == config.DingTalkHTTP {
		cards.Route = d.CardRoute
	}
	return cards
}

// RegisterCards tells DingTalk where presses go.
func RegisterCards(ctx context.Context, cfg *config.Config, say func(string)) error {
	d := cfg.DingTalk
	switch {
	case !d.Enabled() || d.CardTemplate == "":
		return errs.New(errs.Invalid, "没有设钉钉互动卡片的模板（DUBAN_DINGTALK_CARD_TEMPLATE），不用登记。")
	case d.Mode == config.DingTalkStream:
		return errs.New(errs.Invalid, "Stream 方式的卡片回传走长连接，不用登记。")
	case cfg.Server.PublicURL == "" || !d.CardSecret.IsSet():
		return errs.New(errs.Invalid, "登记要有公网地址和签名密钥，请设 DUBAN_SERVER_PUBLIC_URL 和 DUBAN_DINGTALK_CARD_SECRET。")
	}
	p, err := newPlatforms(cfg, clockOf(cfg), nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer p.close()
	address := cfg.Server.PublicURL + "/callback/dingtalk/card"
	if cfg.Callback.Secret.IsSet() {
		address += "/" + cfg.Callback.Secret.Reveal()
	}
	client := p.byName[string(bot.DingTalk)].(*dingtalk.Client)
	if err := client.RegisterCards(ctx, address, dingtalk.NewSecret(d.CardSecret.Reveal())); err != nil {
		return errs.With(errs.Invalid, cmp.Or(bot.AdviceOf(err), "钉钉没有收下登记，请运行 duban doctor 查看原因。"), err)
	}
	say("已登记：卡片按钮按下后，钉钉会告诉这台服务器。")
	return nil
}
