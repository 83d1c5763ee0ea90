package app

import (
	"context"
	"log/slog"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/bot/wecom"
	"duban/bot/wecom/aibot"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/quota"
	"duban/internal/remind"
)

// platform is one chat platform as far as sending and fetching go.
type platform interface {
	bot.Sender
	bot.Fetcher
	Check(ctx context.Context) error
}

// platforms holds those that are configured.
type platforms struct {
	byName map[string]platform
	order  []string
	cfg    *config.Config
	ding   dingtalk.ClientConfig
	smart  aibot.Config
	roads  *wecomRoads // nil without a smart bot
}

func newPlatforms(cfg *config.Config, c clock.Clock, l *quota.Ledger, log *slog.Logger) (*platforms, error) {
	p := &platforms{byName: map[string]platform{}, cfg: cfg}
	if w := cfg.WeCom; w.Enabled() || w.Bot.Enabled() {
		p.addWeCom(wecom.NewClient(wecom.ClientConfig{CorpID: w.CorpID, AgentID: int(w.AgentID), Secret: wecom.Secret(w.Secret.Reveal()),
			APIBase: w.APIBase, Timeout: cfg.Platform.Timeout, Cards: w.Buttons == config.ButtonsAsCard, Now: c.Now, Logger: log}))
	}
	if d := cfg.DingTalk; d.Enabled() {
		p.ding = dingtalk.ClientConfig{ClientID: d.ClientID, ClientSecret: dingtalk.NewSecret(d.ClientSecret.Reveal()), RobotCode: d.RobotCode,
			CorpID: d.CorpID, APIBase: d.APIBase, OAPIBase: d.OAPIBase, Cards: cardsOf(d), Timeout: cfg.Platform.Timeout, Meter: meter(l, bot.DingTalk), Now: c.Now, Logger: log}
		client, err := dingtalk.NewClient(p.ding)
		if err != nil {
			return nil, errs.At("set up dingtalk", err)
		}
		p.add(bot.DingTalk, client)
	}
	return p, nil
}

// addWeCom adds the self-built app and, around it, the smart bot. Without the app nothing
// can be told to a person by itself: the platform then only answers.
func (p *platforms) addWeCom(client *wecom.Client) {
	w := p.cfg.WeCom
	if !w.Bot.Enabled() {
		p.add(bot.WeCom, client)
		return
	}
	p.smart = aibot.Config{CorpID: w.CorpID, BotID: w.Bot.ID, APIBase: w.APIBase, AESKey: w.Bot.EncodingAESKey.Reveal(), Hosts: w.Bot.FileHosts,
		Cards: w.Buttons == config.ButtonsAsCard}
	p.roads = newWeComRoads(client, p.smart, p.cfg.Platform.Timeout)
	if w.Enabled() {
		p.add(bot.WeCom, p.roads)
	} else {
		p.byName[string(bot.WeCom)] = p.roads
	}
}

func (p *platforms) add(name bot.Platform, client platform) {
	p.byName[string(name)] = client
	p.order = append(p.order, string(name))
}

func (p *platforms) senders() map[string]bot.Sender {
	out := map[string]bot.Sender{}
	for name, client := range p.byName {
		out[name] = client
	}
	if client, ok := p.byName[string(bot.DingTalk)].(*dingtalk.Client); ok {
		for _, kind := range dingtalk.Rings() {
			if ringer, ok := client.Ringer(kind); ok {
				out[notice.RingRoad(kind)] = ringer
			}
		}
		if agent := p.cfg.DingTalk.AgentID; agent > 0 {
			out[notice.Work] = client.Worker(agent)
		}
	}
	return out
}

// loudest is the loudest ring that may be used.
func (p *platforms) loudest() remind.Ring {
	if d := p.cfg.DingTalk; d.Enabled() && d.Ding != config.DingOff {
		return remind.Ring(d.Ding)
	}
	return remind.NoRing
}

// fetcher returns the way to a file's platform.
func (p *platforms) fetcher(f media.File) (bot.Fetcher, bool) {
	client, ok := p.byName[f.Platform]
	return client, ok
}

// key returns the credential of a group robot by its name in the roster.
func (p *platforms) key(platform, name string) (string, bool) {
	if platform == string(bot.DingTalk) {
		return p.cfg.DingTalk.Webhooks.Key(name)
	}
	return p.cfg.WeCom.Webhooks.Key(name)
}

func (p *platforms) close() {
	for _, client := range p.byName {
		if c, ok := client.(interface{ Close() }); ok {
			c.Close()
		}
	}
}
