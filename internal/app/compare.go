package app

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"duban/bot"
	"duban/bot/contacts"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/org"
	"duban/internal/queue"
	"duban/internal/store"
)

// compareTime bounds asking one platform about everybody.
const compareTime = 10 * time.Minute

// compareContacts asks each platform about its bound accounts, nightly, and follows what
// no event told. What stops it is told to the operators on the next working day.
func (k *core) compareContacts(ctx context.Context, out outside, day string) error {
	today, err := calendar.Parse(day)
	if err != nil {
		return err
	}
	for _, name := range out.platforms {
		teller, can := out.senders[name].(bot.MemberTeller)
		if !can {
			continue
		}
		found, err := compared(ctx, k.store, k.contacts, bot.Platform(name), teller)
		if err == nil {
			err = k.contacts.Follow(ctx, found, day)
		}
		if err != nil {
			return err
		}
		k.log.InfoContext(ctx, "contacts compared", "platform", name, "asked", found.Asked, "unsaid", found.Unsaid, "gone", len(found.Gone), "back", len(found.Back), "stopped", found.Stopped)
		if err := k.tellCompared(ctx, today, bot.Platform(name), found); err != nil {
			return err
		}
	}
	return nil
}

// compared reads the accounts of a platform and asks about them, outside of any transaction.
func compared(ctx context.Context, s *store.Store, desk *contacts.Desk, p bot.Platform, teller bot.MemberTeller) (contacts.Compared, error) {
	var lists [2][]org.Account
	for i, resting := range []bool{false, true} {
		list, err := s.Read(ctx).BoundAccounts(ctx, string(p), resting)
		if err != nil {
			return contacts.Compared{}, err
		}
		lists[i] = list
	}
	ctx, cancel := context.WithTimeout(ctx, compareTime)
	defer cancel()
	return desk.Compare(ctx, p, teller, lists[0], lists[1]), nil
}

func (k *core) tellCompared(ctx context.Context, today calendar.Date, p bot.Platform, found contacts.Compared) error {
	line := comparedLine(p, found)
	if line == "" || !k.cal.Days.IsWorkday(today) {
		return nil
	}
	k.log.WarnContext(ctx, "contacts not compared", "platform", p, "line", line)
	return k.store.Within(ctx, func(tx *store.Tx) error {
		fresh, err := tx.Once(ctx, "compare:"+string(p)+":"+today.String(), "told", k.clock.Now())
		if err != nil || !fresh {
			return err
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		return k.tellOperators(ctx, tx, dir, today, "contacts-"+string(p), line)
	})
}

// comparedLine is what operators read, "" if all is well.
func comparedLine(p bot.Platform, c contacts.Compared) string {
	name := render.PlatformName(p)
	switch {
	case c.Trouble != nil:
		return fmt.Sprintf("%s的成员核对不了：%s", name, cmp.Or(bot.AdviceOf(c.Trouble), "平台不回话。"))
	case c.Stopped:
		return fmt.Sprintf("%s上有 %d 个账号查不到人了，太多，一个也没有停用。多半是应用的可见范围或权限被改过，请核对；确实都离开了，请运行 duban contacts check --apply --many。", name, len(c.Gone))
	}
	return ""
}

// Comparison is what the operator asks for.
type Comparison struct {
	Apply bool // follow what is found; else nothing is changed
	Many  bool // however many are gone
}

// CompareContacts compares now and hands the lines of what was found to say.
func CompareContacts(ctx context.Context, cfg *config.Config, o Comparison, say func(string)) error {
	return withSent(ctx, cfg, func(s *store.Store, p *platforms) error {
		now := clockOf(cfg)
		cal := calendars(cfg)
		k := newCore(s, now, cal, outside{senders: p.senders(), platforms: p.order, keys: p.key, wake: func(...queue.Task) {}}, slog.New(slog.DiscardHandler), nil)
		if err := k.shelf.Refresh(ctx); err != nil {
			return err
		}
		for _, name := range p.order {
			teller, can := p.byName[name].(bot.MemberTeller)
			if !can {
				continue
			}
			found, err := compared(ctx, s, k.contacts, bot.Platform(name), teller)
			if err != nil {
				return err
			}
			sayCompared(bot.Platform(name), found, say)
			if found.Stopped = found.Stopped && !o.Many; !o.Apply || found.Stopped {
				continue
			}
			if err := k.contacts.Follow(ctx, found, calendar.In(now.Now(), cal.Loc).String()); err != nil {
				return errs.At("follow comparison", err)
			}
			say("  已照此停用和恢复。")
		}
		return nil
	})
}

func sayCompared(p bot.Platform, c contacts.Compared, say func(string)) {
	say(fmt.Sprintf("%s：问了 %d 个账号，%d 个平台没有说清。", render.PlatformName(p), c.Asked, c.Unsaid))
	if line := comparedLine(p, c); line != "" {
		say("  " + line)
	}
	for _, a := range c.Gone {
		say("  查不到了：" + a.UserID)
	}
	for _, a := range c.Back {
		say("  又查到了：" + a.UserID)
	}
}
