package app

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/org"
	"duban/internal/store"
)

// ListGroups hands a line about each group of the roster to say: where it is, by which
// road it is reached and whether that is configured.
func ListGroups(ctx context.Context, cfg *config.Config, say func(string)) error {
	return withStore(ctx, cfg, func(s *store.Store) error {
		list, err := s.Read(ctx).Groups(ctx)
		if err == nil && len(list) == 0 {
			say("名册里没有群。")
		}
		for _, g := range list {
			say(groupLine(cfg, g))
		}
		return err
	})
}

func groupLine(cfg *config.Config, g org.Group) string {
	road := "应用机器人"
	if g.Webhook != "" {
		road = "群机器人“" + g.Webhook + "”"
		if _, ok := (&platforms{cfg: cfg}).key(g.Platform, g.Webhook); !ok {
			road += "，密钥还没有配置"
		}
	}
	daily := "不发日报"
	if g.Digest {
		daily = "发日报"
	}
	return fmt.Sprintf("%s  %s  %s  %s  %s", g.ID, g.Title, render.PlatformName(bot.Platform(g.Platform)), road, daily)
}

// GroupMessage is what an operator says in a group: one of words, markdown, a picture or
// a file.
type GroupMessage struct {
	Title, Text string
	Markdown    string
	Image       []byte
	File        []byte
	FileName    string
}

// MaxFile is how large a file a platform takes.
const MaxFile = bot.MaxDocument

// SendToGroup says something in a group at once, to see that its robot is set right or to
// show a paper to everybody. It is not repeated.
func SendToGroup(ctx context.Context, cfg *config.Config, id string, m GroupMessage, say func(string)) error {
	return withStore(ctx, cfg, func(s *store.Store) error {
		g, ok, err := s.Read(ctx).GroupByID(ctx, id)
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.NotFound, "名册里没有这个群，请用 duban groups list 查编号。")
		}
		p, err := newPlatforms(cfg, clockOf(cfg), nil, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer p.close()
		if err := p.sayIn(ctx, g, m); err != nil {
			return errs.With(errs.Invalid, cmp.Or(bot.AdviceOf(err), errs.Say(err)), err)
		}
		say("平台收下了，请到群里看一看。")
		return nil
	})
}

// groupRobot is a robot of one group that takes more than words.
type groupRobot interface {
	SendMarkdown(ctx context.Context, key, text string) error
	SendImage(ctx context.Context, key string, data []byte) error
	SendFile(ctx context.Context, key string, d bot.Document) error
}

func (p *platforms) sayIn(ctx context.Context, g org.Group, m GroupMessage) error {
	sender, on := p.byName[g.Platform]
	if !on {
		return errs.New(errs.Invalid, "这个群所在的平台没有配置。")
	}
	to := bot.Target{ChatID: g.ChatID}
	if g.Webhook != "" {
		key, ok := p.key(g.Platform, g.Webhook)
		if !ok {
			return errs.Newf(errs.Invalid, "群机器人“%s”的密钥还没有配置。", g.Webhook)
		}
		to = bot.Target{Webhook: key}
	}
	if m.Text != "" {
		_, err := sender.Send(ctx, bot.Outgoing{To: to, Reply: bot.Reply{Title: m.Title, Text: m.Text}})
		return err
	}
	robot, can := sender.(groupRobot)
	if !can || to.Webhook == "" {
		return errs.New(errs.Invalid, "只有企业微信的群机器人能发 Markdown、图片和文件，这个群只能发文字。")
	}
	switch {
	case m.Markdown != "":
		return robot.SendMarkdown(ctx, to.Webhook, m.Markdown)
	case m.Image != nil:
		return robot.SendImage(ctx, to.Webhook, m.Image)
	}
	return robot.SendFile(ctx, to.Webhook, bot.Document{Name: m.FileName, Content: m.File})
}
