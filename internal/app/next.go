package app

import (
	"context"
	"time"
)

// NextPush returns when something is next planned to go out, zero if nothing is.
// What is prepared before the morning message counts as of that message.
func (a *App) NextPush(ctx context.Context) (time.Time, error) {
	now, tx := a.core.clock.Now(), a.core.store.Read(ctx)
	chase, err := tx.NextChaseAt(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if !chase.IsZero() {
		if chase, err = a.core.desk.Morning(ctx, chase); err != nil {
			return time.Time{}, err
		}
	}
	notice, err := tx.NextNoticeAt(ctx)
	if err != nil {
		return time.Time{}, err
	}
	message, err := tx.NextMessageAt(ctx)
	if err != nil {
		return time.Time{}, err
	}
	digest, err := a.core.nextDigest(ctx, now)
	if err != nil {
		return time.Time{}, err
	}
	var next time.Time
	for _, at := range []time.Time{chase, notice, message, digest} {
		if at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// nextDigest returns the next time of day at which groups get a digest.
func (k *core) nextDigest(ctx context.Context, after time.Time) (time.Time, error) {
	groups, err := k.store.Read(ctx).DigestGroups(ctx)
	if err != nil || len(groups) == 0 {
		return time.Time{}, err
	}
	return k.schedule.NextDigest(ctx, after)
}
