package notify

import (
	"context"
	"fmt"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/notice"
)

// refused is why a platform takes nothing at all.
type refused struct{ platform, reason, advice string }

// alarm tells the administrators, once a day for each platform and reason, that a
// platform refuses the system's settings. The messages wait meanwhile, so that
// otherwise only who reads the log would learn of it.
func (m *Mailer) alarm(ctx context.Context, done []notice.Message, failures []error) error {
	seen := map[refused]bool{}
	for i, err := range failures {
		if bot.ClassOf(err) == bot.Config && !done[i].Rings() { // a ring has an alarm of its own
			seen[refused{done[i].Platform, done[i].Reason, bot.AdviceOf(err)}] = true
		}
	}
	if len(seen) == 0 || m.Teller == nil {
		return nil
	}
	return m.Work.Within(ctx, func(tx Tx) error {
		for r := range seen {
			if err := m.tellRefused(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *Mailer) tellRefused(ctx context.Context, tx Tx, r refused) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	who := dir.Admins()
	if len(who) == 0 {
		who = dir.Office()
	}
	now := m.Clock.Now().In(m.Teller.Loc)
	text := render.Refused(bot.Platform(notice.PlatformOf(r.platform)), now, r.advice)
	var list []notice.Notice
	for _, p := range who {
		list = append(list, notice.Notice{Kind: notice.Alarm, Urgency: notice.Prompt, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: now, CreatedAt: now, Weight: 20,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Text: text,
			Key: fmt.Sprintf("refused:%s:%s:%s:%s", now.Format("2006-01-02"), r.platform, r.reason, p.PersonID)})
	}
	_, err = tx.AddNotices(ctx, list)
	return err
}
