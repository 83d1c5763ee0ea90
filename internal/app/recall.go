package app

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/store"
)

// recallable is how long both platforms let a message be taken back, and tell who has
// read it.
const recallable = 24 * time.Hour

// Recall says which messages to take back.
type Recall struct {
	IDs      []int64
	Together bool // also from everybody else whom the same call reached
}

// RecallMessages takes messages back from the platforms and hands a line about each to say.
func RecallMessages(ctx context.Context, cfg *config.Config, r Recall, say func(string)) error {
	return withSent(ctx, cfg, func(s *store.Store, p *platforms) error {
		for _, id := range r.IDs {
			line, err := p.recall(ctx, s, id, r.Together, clockOf(cfg).Now())
			if err != nil {
				line = "没有撤回：" + cmp.Or(bot.AdviceOf(err), errs.Say(err))
			}
			say(fmt.Sprintf("%d  %s", id, line))
		}
		return nil
	})
}

// withSent runs f with the database and the platforms.
func withSent(ctx context.Context, cfg *config.Config, f func(*store.Store, *platforms) error) error {
	return withStore(ctx, cfg, func(s *store.Store) error {
		p, err := newPlatforms(cfg, clockOf(cfg), nil, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer p.close()
		return f(s, p)
	})
}

func (p *platforms) recall(ctx context.Context, s *store.Store, id int64, together bool, now time.Time) (string, error) {
	m, to, err := p.onPlatform(ctx, s, id, now)
	if err != nil {
		return "", err
	}
	recaller, can := p.senders()[m.Platform].(bot.Recaller)
	if !can {
		return "", errs.New(errs.Invalid, "这个平台没有配置，或不能撤回。")
	}
	all, err := s.Read(ctx).SentTogether(ctx, m)
	if err != nil {
		return "", err
	}
	if len(all) > 1 && !together {
		return "", errs.Newf(errs.Conflict, "这条和另外 %d 人的是一次发出的，平台只能一起撤回；要一起撤回请加 --together。", len(all)-1)
	}
	if err := recaller.Recall(ctx, to, m.PlatformID); err != nil {
		return "", err
	}
	ids := make([]int64, 0, len(all))
	for _, one := range all {
		ids = append(ids, one.ID)
	}
	err = s.Within(ctx, func(tx *store.Tx) error { return tx.MessagesRecalled(ctx, ids...) })
	return fmt.Sprintf("已撤回（%d 人）", len(all)), err
}

// onPlatform returns a message that its platform still knows, and where it went.
func (p *platforms) onPlatform(ctx context.Context, s *store.Store, id int64, now time.Time) (m notice.Message, to bot.Target, err error) {
	m, ok, err := s.Read(ctx).MessageByID(ctx, id)
	switch {
	case err != nil:
		return m, to, err
	case !ok:
		return m, to, errs.New(errs.NotFound, "没有这条消息，请用 duban messages list 查编号。")
	case m.State != notice.MsgSent:
		return m, to, errs.New(errs.Conflict, "这条消息没有发到平台，或已经撤回。")
	case m.PlatformID == "":
		return m, to, errs.New(errs.Conflict, "平台没有给这条消息编号（群机器人和会话里的回答没有编号），只能请群主在群里删。")
	case now.Sub(m.Sent) > recallable:
		return m, to, errs.New(errs.Conflict, "超过 24 小时，平台不让了。")
	}
	if chat, is := strings.CutPrefix(m.Address, "chat:"); is {
		return m, bot.Target{ChatID: chat}, nil
	}
	if m.GroupID == "" {
		return m, bot.Target{UserID: m.Address}, nil
	}
	g, _, err := s.Read(ctx).GroupByID(ctx, m.GroupID)
	return m, bot.Target{ChatID: g.ChatID}, err
}

// ReadersOf hands who has read a message to say, as far as its platform tells.
func ReadersOf(ctx context.Context, cfg *config.Config, id int64, say func(string)) error {
	return withSent(ctx, cfg, func(s *store.Store, p *platforms) error {
		m, to, err := p.onPlatform(ctx, s, id, clockOf(cfg).Now())
		if err != nil {
			return err
		}
		teller, can := p.senders()[m.Platform].(bot.ReadTeller)
		if !can {
			return errs.New(errs.Invalid, "企业微信不告诉应用谁读了消息，钉钉才有。")
		}
		r, err := teller.Reading(ctx, to, m.PlatformID)
		if err != nil {
			return errs.With(errs.Invalid, cmp.Or(bot.AdviceOf(err), "平台没有回答，请过一会儿再查。"), err)
		}
		say(readLine(m, r))
		return nil
	})
}

func readLine(m notice.Message, r bot.Reading) string {
	if m.GroupID != "" || strings.HasPrefix(m.Address, "chat:") {
		more := ""
		if r.More {
			more = "多"
		}
		return fmt.Sprintf("群里已读 %d %s人", len(r.Read), more)
	}
	for _, user := range r.Read {
		if user == m.Address {
			return "本人已读"
		}
	}
	return "本人未读"
}
