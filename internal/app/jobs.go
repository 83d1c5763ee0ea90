package app

import (
	"context"
	"errors"
	"fmt"

	"duban/internal/calendar"
	"duban/internal/notice"
	"duban/internal/notify"
	"duban/internal/queue"
	"duban/internal/store"
	"duban/internal/supervise"
)

// newJobs says what each task does.
func (k *core) newJobs(teller *notify.Teller, mailer *notify.Mailer, out outside) queue.Jobs {
	return queue.Jobs{
		Inbound: k.receiver.Resume,
		Step:    k.step,
		Tell: func(ctx context.Context, people []string) error {
			ids, err := teller.Tell(ctx, people...)
			out.wake(queue.SendTasks(ids)...)
			return err
		},
		Send:   func(ctx context.Context, messages []int64) error { return mailer.Send(ctx, messages...) },
		Fetch:  out.fetch,
		Digest: k.digest,
		Check:  k.check,
	}
}

// step takes the due steps of rounds, together if that works. One that cannot be
// taken must not hold up the others.
func (k *core) step(ctx context.Context, rounds []notice.Round) error {
	err := k.stepAll(ctx, rounds)
	if err == nil || len(rounds) == 1 || ctx.Err() != nil {
		k.metrics.Step("chase", result(err))
		return err
	}
	k.log.WarnContext(ctx, "steps are taken one by one", "rounds", len(rounds), "error", err)
	var all error
	for _, r := range rounds {
		all = errors.Join(all, k.step(ctx, []notice.Round{r}))
	}
	return all
}

func (k *core) stepAll(ctx context.Context, rounds []notice.Round) error {
	return k.store.Within(ctx, func(tx *store.Tx) error {
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		return k.desk.Step(ctx, tx, dir, rounds...)
	})
}

func result(err error) string {
	if err != nil {
		return "failed"
	}
	return "done"
}

// lookAhead is how far ahead the working days must be known.
const lookAhead = 45

// check is done once a day before people are told anything. What waits goes to
// who stands in from today, or back to who is here again. For years whose working
// days nobody has entered it raises the alarm: to the administrators and the
// office, once a day until it is mended.
func (k *core) check(ctx context.Context, day string) error {
	today, err := calendar.Parse(day)
	if err != nil {
		return err
	}
	missing := k.cal.Days.Missing(today, today.Add(lookAhead))
	k.metrics.CalendarMissingYears(len(missing))
	return k.store.Within(ctx, func(tx *store.Tx) error {
		now := k.clock.Now()
		fresh, err := tx.Once(ctx, queue.CheckRun(day), fmt.Sprint(missing), now)
		if err != nil || !fresh {
			return err
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		if err := supervise.HandOverAll(ctx, tx, dir, today); err != nil || len(missing) == 0 {
			return err
		}
		k.log.ErrorContext(ctx, "working days unknown", "years", missing)
		at, err := k.desk.Morning(ctx, now)
		if err != nil {
			return err
		}
		var list []notice.Notice
		for _, p := range append(dir.Admins(), dir.Office()...) {
			list = append(list, notice.Notice{Kind: notice.Alarm, Urgency: notice.Merged, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: now,
				Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("calendar:%s:%s", day, p.PersonID), Weight: 95,
				Text: fmt.Sprintf("%d年的节假日和调休还没有录入，提醒可能发错日子。请按国务院通知补上工作日数据。", missing[0])})
		}
		_, err = tx.AddNotices(ctx, list)
		return err
	})
}
