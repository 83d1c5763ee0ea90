package supervise

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
)

// SpotTx is what drawing spot checks needs of a transaction.
type SpotTx interface {
	Once(ctx context.Context, name, result string, now time.Time) (fresh bool, err error)
	ClosedBetween(ctx context.Context, from, to time.Time, limit int) ([]hazard.Hazard, error)
	SpotChecks(ctx context.Context, month string) ([]hazard.SpotCheck, error)
	SaveSpotChecks(ctx context.Context, checks ...hazard.SpotCheck) error
	notice.Writer
}

// mostClosed bounds from how many closed hazards of a month is drawn.
const mostClosed = 5000

// DrawSpotChecks draws on the first working day of a month which of the hazards closed in
// the month before are looked at again (回头看), and tells the safety section with its
// morning message. What was not looked at last month comes first. It draws once a month,
// later in it if nothing ran on that day.
func (d *Desk) DrawSpotChecks(ctx context.Context, tx SpotTx, dir *org.Directory, today calendar.Date) error {
	y, m, _ := today.YMD()
	first := calendar.Of(y, m, 1)
	if today < d.Cal.Days.NextOnOrAfter(first) {
		return nil
	}
	policies, err := d.Book.Version(ctx, 0)
	if err != nil {
		return err
	}
	rule := hazard.SpotRule{OneIn: policies.Hazard.SpotOneIn, Most: policies.Hazard.SpotMost}
	month, now := hazard.MonthOf(today), d.Clock.Now()
	fresh, err := tx.Once(ctx, "spot:"+month, "drawn", now)
	if err != nil || !fresh {
		return errs.At("draw spot checks", err)
	}
	before := first.Add(-1)
	rest, err := tx.SpotChecks(ctx, hazard.MonthOf(before))
	if err != nil {
		return err
	}
	y, m, _ = before.YMD()
	closed, err := tx.ClosedBetween(ctx, calendar.Of(y, m, 1).At(0, 0, d.Cal.Loc), first.At(0, 0, d.Cal.Loc), mostClosed)
	if err != nil {
		return err
	}
	checks := append(carried(rest, month, now), rule.Draw(closed, month, now)...)
	checks = checks[:min(len(checks), rule.Most)]
	if err := tx.SaveSpotChecks(ctx, checks...); err != nil {
		return err
	}
	return d.tellDrawn(ctx, tx, dir, today, checks)
}

// carried are the checks of the month before that nobody made.
func carried(rest []hazard.SpotCheck, month string, now time.Time) []hazard.SpotCheck {
	rest = slices.DeleteFunc(rest, func(c hazard.SpotCheck) bool { return c.Result != hazard.NotChecked })
	for i := range rest {
		rest[i].Month, rest[i].DrawnAt = month, now
	}
	return rest
}

func (d *Desk) tellDrawn(ctx context.Context, tx notice.Writer, dir *org.Directory, today calendar.Date, checks []hazard.SpotCheck) error {
	if len(checks) == 0 {
		return nil
	}
	at, err := d.Morning(ctx, d.Clock.Now())
	if err != nil {
		return err
	}
	self := 0
	for _, c := range checks {
		if c.SelfReviewed {
			self++
		}
	}
	_, m, _ := today.YMD()
	text := fmt.Sprintf("%d月要回头看 %d 条已销号的隐患", m, len(checks))
	if self > 0 {
		text += fmt.Sprintf("，其中本单位自查自验的 %d 条", self)
	}
	var list []notice.Notice
	for _, p := range dir.SafetySection() {
		list = append(list, notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Merged, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: d.Clock.Now(), Weight: 35,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("spot:%s:%s", hazard.MonthOf(today), p.PersonID), Text: text + "\n   查看请发“回头看清单”"})
	}
	_, err = tx.AddNotices(ctx, list)
	return errs.At("tell of spot checks", err)
}
