package remind

import "time"

// HolderMorning is NextMorning for who has to act: a school is left alone in its
// holidays, unless the profile chases there too.
func HolderMorning(t time.Time, p Profile, f Facts, cal Calendars) time.Time {
	at := NextMorning(t, p.Hours, cal)
	for f.School && !p.InHolidays && !cal.Terms.InTerm(f.TermKind, cal.date(at)) {
		at = NextMorning(cal.date(at).Add(1).At(0, 0, cal.Loc), p.Hours, cal)
	}
	return at
}
