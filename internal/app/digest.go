package app

import (
	"context"
	"time"

	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/notice"
	"duban/internal/org"
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
		snapshot, err := k.snapshot(ctx, tx, scopeOf(dir, g.UnitID), remind.DigestOn(today, hours, k.cal), today)
		if err != nil {
			return err
		}
		content, worth := digest.Build(snapshot)
		result := "nothing"
		if worth {
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

// scopeOf narrows a digest to what the group's unit is about.
func scopeOf(dir *org.Directory, unit string) store.Scope {
	u, ok := dir.Unit(unit)
	switch {
	case !ok || u.Kind == org.KindBureau:
		return store.Scope{}
	case u.IsSchool():
		return store.Scope{Unit: unit}
	}
	return store.Scope{Section: unit}
}

// snapshot reads what a digest is made from. Hazards are the business of the
// whole bureau, of the safety section and of the school itself.
func (k *core) snapshot(ctx context.Context, tx *store.Tx, sc store.Scope, kind remind.DigestKind, today calendar.Date) (s digest.Snapshot, err error) {
	from, to := digest.Span(kind, today, k.cal.Days)
	since := from.At(0, 0, k.cal.Loc)
	s = digest.Snapshot{Kind: kind, Today: today, Tomorrow: digest.Next(today, k.cal.Days)}
	if s.Ahead, err = tx.Ahead(ctx, sc, today, to); err != nil {
		return s, err
	}
	if s.Overdue, err = tx.OverdueItems(ctx, sc, today); err != nil {
		return s, err
	}
	if s.Finished, err = tx.Finished(ctx, sc, since); err != nil {
		return s, err
	}
	safety, err := k.seesHazards(ctx, tx, sc)
	if err != nil || !safety {
		return s, err
	}
	return k.hazards(ctx, tx, sc, since, s)
}

func (k *core) hazards(ctx context.Context, tx *store.Tx, sc store.Scope, since time.Time, s digest.Snapshot) (digest.Snapshot, error) {
	var err error
	if s.NewHazards, err = tx.NewHazards(ctx, sc, since); err != nil {
		return s, err
	}
	s.OpenHazards, s.MajorOpen, err = tx.OpenHazards(ctx, sc)
	return s, err
}

func (k *core) seesHazards(ctx context.Context, tx *store.Tx, sc store.Scope) (bool, error) {
	if sc.Section == "" {
		return true, nil
	}
	dir, err := tx.Directory(ctx)
	if err != nil {
		return false, err
	}
	for _, h := range dir.SafetySection() {
		if h.Post.UnitID == sc.Section {
			return true, nil
		}
	}
	return false, nil
}
