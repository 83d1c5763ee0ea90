package remind

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// Level is the grade of a hazard.
type Level string

// The levels and the keys of their profiles.
const (
	Ordinary Level = "ordinary"
	Major    Level = "major"

	OrdinaryHazard = "hazard_ordinary"
	MajorHazard    = "hazard_major"
)

// Limits are the time limits of one hazard. Dates count in working days with the
// day of the start excluded; instants run by the clock. What a level does not
// have is zero.
type Limits struct {
	Level     Level
	Start     time.Time
	SignDue   calendar.Date
	FixDue    calendar.Date
	ReportBy  time.Time     // major: to the bureau, the end of the same day
	ControlBy time.Time     // major: temporary control
	FiveDue   calendar.Date // major: the five fixings
	FixBy     time.Time     // major: by the clock, FixDue is its day
}

// HazardLimits returns the limits of a hazard of the level that was graded or
// assigned at start. fixDays is the time to fix chosen by a person: one of the
// choices of the policy in working days for an ordinary hazard, calendar days up
// to the maximum for a major one; 0 takes the default.
func HazardLimits(p Policies, level Level, fixDays int, start time.Time, cal Calendars) (Limits, error) {
	l := Limits{Level: level, Start: start}
	switch level {
	case Ordinary:
		return l.ordinary(p, fixDays, cal)
	case Major:
		return l.major(p, fixDays, cal)
	}
	return l, errs.Newf(errs.Invalid, "隐患要先定级：一般或重大。")
}

func (l Limits) ordinary(p Policies, fixDays int, cal Calendars) (Limits, error) {
	if fixDays == 0 {
		fixDays = p.Hazard.FixDefault
	}
	if !slices.Contains(p.Hazard.FixChoices, fixDays) {
		return l, errs.Newf(errs.Invalid, "一般隐患的整改时限请从 %s 个工作日里选一个。", choices(p.Hazard.FixChoices))
	}
	day := cal.date(l.Start)
	l.SignDue = p.limitDay(OrdinaryHazard, StageSign, day, cal)
	l.FixDue = cal.Days.Add(day, fixDays)
	return l, nil
}

func choices(days []int) string {
	words := make([]string, 0, len(days))
	for _, n := range days {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, "、")
}

func (l Limits) major(p Policies, fixDays int, cal Calendars) (Limits, error) {
	if fixDays == 0 {
		fixDays = p.Hazard.MajorFixDays
	}
	if fixDays < 1 || fixDays > p.Hazard.MajorFixDays {
		return l, errs.Newf(errs.Invalid, "重大隐患的整改时限最长 %d 天。", p.Hazard.MajorFixDays)
	}
	day := cal.date(l.Start)
	l.SignDue = day
	l.ReportBy = day.Add(1).At(0, 0, cal.Loc)
	control := p.profiles[MajorHazard].Ladders[StageControl].Limit
	l.ControlBy = l.Start.Add(time.Duration(control.hours()) * time.Hour)
	l.FiveDue = p.limitDay(MajorHazard, StageFive, day, cal)
	l.FixBy = l.Start.AddDate(0, 0, fixDays)
	l.FixDue = cal.date(l.FixBy)
	return l, nil
}

func (p Policies) limitDay(profile string, stage Stage, from calendar.Date, cal Calendars) calendar.Date {
	return cal.Days.Add(from, p.profiles[profile].Ladders[stage].Limit.N)
}

// ReviewDue returns the day by which what was submitted at the instant must be
// reviewed, zero if the profile does not limit reviews.
func ReviewDue(p Profile, submitted time.Time, cal Calendars) calendar.Date {
	l, ok := p.Ladders[StageReview]
	if !ok || submitted.IsZero() {
		return 0
	}
	return cal.Days.Add(cal.date(submitted), l.Limit.N)
}

// Profile returns the key of the profile that chases a hazard of these limits.
func (l Limits) Profile() string {
	if l.Level == Major {
		return MajorHazard
	}
	return OrdinaryHazard
}

// Facts returns the facts of a confirmed hazard with these limits to which
// nothing has happened yet.
func (l Limits) Facts() Facts {
	return Facts{Confirmed: true, Assigned: l.Start, Due: l.FixDue, DueTime: l.FixBy}
}
