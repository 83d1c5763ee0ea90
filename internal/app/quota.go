package app

import (
	"context"
	"fmt"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/notice"
	"duban/internal/quota"
	"duban/internal/store"
)

// newLedger keeps the ledger of the quotas that the configuration names.
func newLedger(cfg *config.Config, s *store.Store, c clock.Clock) *quota.Ledger {
	limits := map[quota.Account]int64{}
	if d := cfg.DingTalk; d.Enabled() {
		limits[quota.Account{Platform: string(bot.DingTalk), Use: quota.Calls}] = d.MonthlyCalls
		limits[quota.Account{Platform: string(bot.DingTalk), Use: quota.Pushes}] = d.MonthlyPushes
	}
	return quota.NewLedger(book{s}, c, cfg.Location(), limits)
}

// book is the ledger's store.
type book struct{ store *store.Store }

// AddUses implements quota.Book.
func (b book) AddUses(ctx context.Context, uses map[string]int64) (totals map[string]int64, err error) {
	err = b.store.Within(ctx, func(tx *store.Tx) error {
		totals, err = tx.AddUses(ctx, uses)
		return err
	})
	return totals, err
}

func meter(l *quota.Ledger, p bot.Platform) bot.Meter {
	return bot.Meter{Call: func() { l.Add(string(p), quota.Calls) }, Push: func() { l.Add(string(p), quota.Pushes) }}
}

// keepLedger adds what this process has used to the book, shows how far the month's
// quotas are used, and tells the administrators and the office once for each mark.
func (k *core) keepLedger(ctx context.Context) error {
	if err := k.ledger.Keep(ctx); err != nil {
		return err
	}
	var marked []quota.Level
	for _, v := range k.ledger.Levels() {
		k.metrics.QuotaUsed(v.Platform, string(v.Use), v.Share())
		if v.Share() >= quota.Warn {
			marked = append(marked, v)
		}
	}
	if len(marked) == 0 {
		return nil
	}
	return k.store.Within(ctx, func(tx *store.Tx) error { return k.warn(ctx, tx, marked) })
}

func (k *core) warn(ctx context.Context, tx *store.Tx, marked []quota.Level) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	now := k.clock.Now()
	morning, err := k.desk.Morning(ctx, now)
	if err != nil {
		return err
	}
	today := calendar.In(now, k.cal.Loc)
	var list []notice.Notice
	for _, v := range marked {
		mark, urgency, at := "warn", notice.Merged, morning
		if v.Share() >= quota.Scarce {
			mark, urgency, at = "scarce", notice.Prompt, now
		}
		for _, p := range append(dir.Admins(), dir.Office()...) {
			list = append(list, notice.Notice{Kind: notice.Alarm, Urgency: urgency, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: now,
				Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("quota:%s:%s:%s:%s:%s", v.Platform, v.Use, v.Month, mark, p.PersonID),
				Weight: 94, Text: quotaWords(v, today)})
		}
	}
	_, err = tx.AddNotices(ctx, list)
	return err
}

// quotaWords says how far a quota is used, what follows and what to do.
func quotaWords(v quota.Level, today calendar.Date) string {
	s := fmt.Sprintf("%s本月的%s", render.PlatformName(bot.Platform(v.Platform)), quotaLine(v))
	switch {
	case v.Used >= v.Limit:
		s += "，已经用完：新消息可能发不出，也收不到内容"
	case !v.Ends.IsZero():
		s += fmt.Sprintf("，照这个速度 %s 前后用完，用完后发不出消息，也收不到内容", v.Ends.Say(today))
	}
	if v.Share() >= quota.Scarce {
		s += "。现在起群日报不发，两个平台都有账号的人改发另一个平台"
	}
	return s + "。请管理员购买额度（买后把 DUBAN_DINGTALK_MONTHLY_CALLS、DUBAN_DINGTALK_MONTHLY_PUSHES 改成新数）。"
}

// quotaLine is an account in a few words.
func quotaLine(v quota.Level) string {
	name := map[quota.Use]string{quota.Calls: "接口调用", quota.Pushes: "推送"}[v.Use]
	return fmt.Sprintf("%s用了 %d 次，额度 %d 次（%d%%）", name, v.Used, v.Limit, int(100*v.Share()))
}
