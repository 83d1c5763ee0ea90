package duty

import (
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// Progress is what one report says. Nil and zero mean "not said".
type Progress struct {
	Status  Status
	Percent *float64
	Value   *float64
	Note    string
	ETA     calendar.Date
	Files   int
}

// maxNote bounds the words of one report, in runes.
const maxNote = 2000

// Sign returns the assignment after its unit has signed for it. Signing twice is
// a Conflict that tells when it was signed.
func (a Assignment) Sign(now time.Time) (Assignment, error) {
	if !a.State.Open() {
		return a, closedError(a.State)
	}
	if !a.SignedAt.IsZero() {
		return a, errs.New(errs.Conflict, "这一项已经签收过了，不用再签。")
	}
	a.SignedAt = now
	if a.State == Assigned {
		a.State = Signed
	}
	return a, nil
}

// Report returns the assignment after a report. A report also signs, since who
// reports has plainly taken note. "Done" only applies for closing: the
// supervising side reviews.
func (a Assignment) Report(p Progress, now time.Time) (Assignment, error) {
	if !a.State.Open() && a.State != Submitted {
		return a, closedError(a.State)
	}
	if err := p.check(); err != nil {
		return a, err
	}
	if a.SignedAt.IsZero() {
		a.SignedAt = now
	}
	a.ReportedAt = now
	a.apply(p)
	if a.Part == Assist && a.State == Submitted { // nobody reviews a helping hand
		a.State, a.ClosedAt = Closed, now
	}
	return a, nil
}

func (p Progress) check() error {
	if p.Percent != nil && (*p.Percent < 0 || *p.Percent > 100) {
		return errs.New(errs.Invalid, "进度要在 0% 到 100% 之间，请改一下再发，例如“进度 60%”。")
	}
	if len([]rune(p.Note)) > maxNote {
		return errs.Newf(errs.Invalid, "文字太长了（最多 %d 字），没有保存。请精简后再发，材料可以用附件。", maxNote)
	}
	return nil
}

func (a *Assignment) apply(p Progress) {
	if p.Percent != nil {
		a.Percent = *p.Percent
	}
	if p.Value != nil {
		v := *p.Value
		a.Value = &v
	}
	if p.Note != "" {
		a.Note = p.Note
	}
	if !p.ETA.IsZero() {
		a.ETA = p.ETA
	}
	if p.Files > 0 {
		a.Evidence = Attached
	} else if a.Evidence == "" {
		a.Evidence = Said
	}
	a.Status = statusOf(p, a.Status)
	switch a.Status {
	case Done:
		a.State, a.Percent = Submitted, 100
	default:
		a.State = InProgress
	}
}

// statusOf prefers what was said over what the figures suggest.
func statusOf(p Progress, before Status) Status {
	switch {
	case p.Status != "":
		return p.Status
	case p.Percent != nil && *p.Percent >= 100:
		return Done
	case before == "" || before == NotStarted || before == Done:
		return Working
	default:
		return before
	}
}

func closedError(s State) error {
	switch s {
	case Submitted:
		return errs.New(errs.Conflict, "这一项已经报结，正在等审核。要补充可以直接再汇报。")
	case Closed:
		return errs.New(errs.Conflict, "这一项已经办结，不用再办。")
	case Paused:
		return errs.New(errs.Conflict, "这一项目前中止，暂时不用办。有疑问请联系局办公室。")
	default:
		return errs.New(errs.Conflict, "这一项已经作废，不用再办。")
	}
}
