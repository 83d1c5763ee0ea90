package app

import (
	"context"

	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/notice"
	"duban/internal/queue"
	"duban/internal/remind"
	"duban/internal/store"
)

// digest makes a group's digest of a day, once.
func (k *core) digest(ctx context.Context, group, day string) error {
	today, err := calendar.Parse(day)
	if err != nil {
		return err
	}
	hours, err := k.desk.Hours(ctx)
	if err != nil {
		return err
	}
	return k.store.Within(ctx, func(tx *store.Tx) error {
		now := k.clock.Now()
		g, ok, err := tx.GroupByID(ctx, group)
		if err != nil || !ok {
			return err
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		snapshot, err := digest.Collect(ctx, tx, dir, digest.ScopeOf(dir, g.UnitID), remind.DigestOn(today, hours, k.cal), today, k.cal.Days, k.cal.Loc)
		if err != nil {
			return err
		}
		content, worth := digest.Build(snapshot)
		result := "nothing"
		switch {
		case worth && k.ledger.Scarce(g.Platform):
			worth, result = false, "quota" // people come first
		case worth:
			result = "sent"
		}
		// The mark is made also when there is nothing to say, so that it is not
		// looked at again until tomorrow.
		fresh, err := tx.Once(ctx, queue.DigestRun(group, day), result, now)
		if err != nil || !fresh || !worth {
			return err
		}
		m := notice.Message{Kind: notice.DigestKind, Key: queue.DigestRun(group, day), GroupID: g.ID, Platform: g.Platform,
			State: notice.MsgQueued, NextAt: now, Created: now}
		m.Title, m.Text = render.Context{Dir: dir, Today: today, Days: k.cal.Days, Loc: k.cal.Loc}.Digest(content)
		_, err = tx.AddMessage(ctx, m)
		return err
	})
}
