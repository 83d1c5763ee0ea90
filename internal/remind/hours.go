package remind

import (
	"time"

	"duban/internal/calendar"
)

// Clock is a time of day in minutes after midnight.
type Clock int

// On returns the instant of the time of day on d.
func (c Clock) On(d calendar.Date, loc *time.Location) time.Time {
	return d.At(int(c)/60, int(c)%60, loc)
}

// Hours are the times of day everything goes by. Quiet hours run from QuietFrom
// over midnight to QuietTo. Steps fall due at Prepare, so that the merged
// message at Morning finds them all.
type Hours struct {
	QuietFrom, QuietTo Clock
	Prepare, Morning   Clock
	Digest             Clock
	Weekly             time.Weekday // day of the weekly digest
}

// QuietUntil returns the first moment, t or later, at which a message that is
// not urgent may go out: a working day outside quiet hours.
func QuietUntil(t time.Time, h Hours, cal Calendars) time.Time {
	d := cal.date(t)
	if cal.Days.IsWorkday(d) {
		switch open := h.QuietTo.On(d, cal.Loc); {
		case t.Before(open):
			return open
		case t.Before(h.QuietFrom.On(d, cal.Loc)):
			return t
		}
	}
	return h.QuietTo.On(cal.Days.Add(d, 1), cal.Loc)
}

// MorningAt returns the instant of the merged morning message on d, which the
// caller has checked to be a working day.
func MorningAt(d calendar.Date, h Hours, cal Calendars) time.Time {
	return h.Morning.On(d, cal.Loc)
}

// NextMorning returns the first merged morning message at t or later, on a
// working day.
func NextMorning(t time.Time, h Hours, cal Calendars) time.Time {
	d := cal.Days.NextOnOrAfter(cal.date(t))
	if at := h.Morning.On(d, cal.Loc); !at.Before(t) {
		return at
	}
	return h.Morning.On(cal.Days.Add(d, 1), cal.Loc)
}

// DigestKind tells which digest a group gets on a day.
type DigestKind string

// The digests.
const (
	NoDigest     DigestKind = ""
	DailyDigest  DigestKind = "daily"
	WeeklyDigest DigestKind = "weekly"
)

// DigestOn returns which digest is due on d, at h.Digest. The weekly one takes
// the place of the daily one on the weekly day or, when that is a day off, on
// the last working day before it in the same week.
func DigestOn(d calendar.Date, h Hours, cal Calendars) DigestKind {
	switch {
	case !cal.Days.IsWorkday(d):
		return NoDigest
	case cal.weekly(d, h) == d:
		return WeeklyDigest
	}
	return DailyDigest
}

// weekly returns the day the weekly word of d's week falls on. In a week without
// a working day up to then it is a day before the week.
func (c Calendars) weekly(d calendar.Date, h Hours) calendar.Date {
	return c.Days.PrevOnOrBefore(weekdayOf(d, h.Weekly))
}

// weekdayOf returns the day of d's week (Monday to Sunday) that is a w.
func weekdayOf(d calendar.Date, w time.Weekday) calendar.Date {
	return calendar.PeriodOf(calendar.Week, d).From.Add(int(w+6) % 7)
}
