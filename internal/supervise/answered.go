package supervise

import (
	"context"
	"fmt"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
)

// Answers says what units have told in some days. Hazards and zero reports answer the
// question whether there were hazards; an inspection only shows that somebody looked.
type Answers struct {
	Hazards map[string]int // by unit, how many
	Zero    map[string]bool
	Looked  map[string]bool
}

// AnswerBook reads what was told, and puts down that it answers a periodical report.
type AnswerBook interface {
	Answers(ctx context.Context, units []string, from, to calendar.Date, loc *time.Location) (Answers, error)
	SaveAssignment(ctx context.Context, a duty.Assignment) error
}

// ZeroKey names the zero report of a unit for some days: there is one.
func ZeroKey(unit string, from, to calendar.Date) string {
	return fmt.Sprintf("zero:%s:%s/%s", unit, from, to)
}

// answered looks at periodical zero reports that are about to be asked for. Where hazards
// or a zero report were told already, the period is reported by that; where somebody
// inspected, it is left open and not asked for.
func (d *Desk) answered(ctx context.Context, tx StepTx, dir *org.Directory, subjects map[notice.Subject]subject) (map[notice.Subject]bool, error) {
	type days struct{ from, to calendar.Date }
	asked := map[days][]subject{}
	for _, sub := range subjects {
		if w := sub.work; w.ZeroReport() && w.State.Open() && w.Item.State == duty.Confirmed {
			asked[days{w.Opens, w.Due}] = append(asked[days{w.Opens, w.Due}], sub)
		}
	}
	silent := map[notice.Subject]bool{}
	for span, list := range asked {
		units := make([]string, 0, len(list))
		for _, sub := range list {
			units = append(units, sub.unit)
		}
		told, err := tx.Answers(ctx, units, span.from, span.to, d.Cal.Loc)
		if err != nil {
			return nil, err
		}
		for _, sub := range list {
			words := told.words(sub.unit)
			if silent[sub.of] = words != "" || told.Looked[sub.unit]; words == "" {
				continue
			}
			if subjects[sub.of], err = d.reportFor(ctx, tx, dir, sub.work, words); err != nil {
				return nil, err
			}
		}
	}
	return silent, nil
}

// words are the report that follows from what a unit told, empty if none does.
func (a Answers) words(unit string) string {
	switch n := a.Hazards[unit]; {
	case n > 0:
		return fmt.Sprintf("本期已报隐患 %d 条", n)
	case a.Zero[unit]:
		return "本期已零报告"
	}
	return ""
}

// reportFor reports a period as done in the words of what was told before.
func (d *Desk) reportFor(ctx context.Context, tx StepTx, dir *org.Directory, w duty.Work, words string) (subject, error) {
	before, now := w.State, d.Clock.Now()
	var err error
	if w.Assignment, err = w.Report(duty.Progress{Status: duty.Done, Note: words}, now); err != nil {
		return subject{}, errs.At("report period", err)
	}
	if err := tx.SaveAssignment(ctx, w.Assignment); err != nil {
		return subject{}, err
	}
	w.Version++
	return workSubject(w, dir), tx.Append(ctx, journal.Entry{At: now, Actor: "system", Channel: "system", Subject: notice.Subject{Kind: notice.Assignment, ID: w.ID},
		Action: "report", Before: string(before), After: string(w.State), Note: words})
}
