package remind

import (
	"slices"
	"time"
)

// Position is how far the telling of a subject has come: everything up to and
// including At has been handled, and what Told names (by Step.Key) is never told
// again, even if a changed calendar moves its date.
type Position struct {
	At   time.Time
	Told []string
}

// Next returns the first step after the position, false if there is none. Its
// time is when the subject must be looked at again.
func Next(p Profile, f Facts, cal Calendars, after Position) (Step, bool) {
	for _, s := range Schedule(p, f, cal) {
		if after.open(s) && !f.overtaken(s, p, cal) {
			return s, true
		}
	}
	return Step{}, false
}

// Due returns what is to be told now and the position afterwards. Normally that
// is one step; after the server was down the missed ones are collapsed: each
// level gets one message, the weightiest of its steps (escalation before
// reminder, then the latest), with Missed counting the others. The levels come
// together in one batch in ascending order and keep their own At, so that the
// message can say since when.
func Due(p Profile, f Facts, cal Calendars, after Position, now time.Time) ([]Step, Position) {
	var batch []Step
	next := Position{At: after.At, Told: slices.Clone(after.Told)}
	if now.After(next.At) {
		next.At = now
	}
	for _, s := range Schedule(p, f, cal) {
		if !after.open(s) || s.At.After(now) || f.overtaken(s, p, cal) {
			continue
		}
		next.Told = append(next.Told, s.Key())
		i := slices.IndexFunc(batch, func(b Step) bool { return b.To == s.To })
		if i < 0 {
			batch = append(batch, s)
		} else {
			batch[i] = stronger(batch[i], s)
		}
	}
	slices.SortFunc(batch, func(a, b Step) int { return a.To.rank() - b.To.rank() })
	return batch, next
}

func (p Position) open(s Step) bool {
	return s.At.After(p.At) && !slices.Contains(p.Told, s.Key())
}
