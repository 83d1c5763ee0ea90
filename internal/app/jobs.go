package app

import (
	"context"
	"errors"

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
		Send:    func(ctx context.Context, messages []int64) error { return mailer.Send(ctx, messages...) },
		Fetch:   out.fetch,
		Digest:  k.digest,
		Check:   k.check,
		Respond: k.respond,
		Tidy: func(ctx context.Context, day string) error {
			return errors.Join(k.compareContacts(ctx, out, day), k.tidy(ctx, day))
		},
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

// respond calls people to incidents. Who is to be told now is found by the same sweep.
func (k *core) respond(ctx context.Context, rounds []notice.Round) error {
	var called []string
	err := k.store.Within(ctx, func(tx *store.Tx) error {
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		called, err = k.desk.Respond(ctx, tx, dir, rounds...)
		return err
	})
	k.metrics.Step("response", result(err))
	k.tellNow(called...)
	return err
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

// check is done once a day before people are told anything: what waits goes to who
// stands in from today, or back to who is here again, what the calendars do not know is
// told, and at the beginning of a month spot checks are drawn.
func (k *core) check(ctx context.Context, day string) error {
	today, err := calendar.Parse(day)
	if err != nil {
		return err
	}
	if err := k.watchCalendars(ctx); err != nil {
		return err
	}
	line := gapLine(k.gaps(today), today)
	return k.store.Within(ctx, func(tx *store.Tx) error {
		fresh, err := tx.Once(ctx, queue.CheckRun(day), outcomeOf(line), k.clock.Now())
		if err != nil || !fresh {
			return err
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		if err := supervise.HandOverAll(ctx, tx, dir, today); err != nil {
			return err
		}
		if err := k.desk.DrawSpotChecks(ctx, tx, dir, today); err != nil {
			return err
		}
		return k.raiseAlarm(ctx, tx, dir, today, line)
	})
}
