package notify

import (
	"fmt"
	"time"

	"duban/internal/notice"
)

// The reasons for which a notice is put off.
const (
	heldQuiet   = "quiet"      // quiet hours or a day off: waits for the morning message
	heldWish    = "asked"      // the person asked not to be disturbed
	heldMorning = "morning"    // the same, until the hour of the message
	heldTold    = "told_today" // the day's message has gone already
)

// patience is how long the morning message waits for steps that are still due.
const patience = 10 * time.Minute

// hold sorts what waits: what goes out by itself now, and what belongs to the
// morning message if this is its time. The rest is put off.
func (s *telling) hold(waiting []notice.Notice) (single, merged []notice.Notice, err error) {
	free, err := s.Times.Quiet(s.ctx, s.now)
	if err != nil {
		return nil, nil, err
	}
	quiet := free.After(s.now)
	asked, err := s.tx.QuietUntil(s.ctx, s.person)
	if err != nil {
		return nil, nil, err
	}
	wished := asked.After(s.now)
	var later, early, wish []notice.Notice
	for _, n := range waiting {
		switch {
		case n.Urgency == notice.Immediate:
			single = append(single, n)
		case wished:
			wish = append(wish, n)
		case quiet:
			later = append(later, n)
		case n.Urgency == notice.Prompt && !wasHeld(n):
			single = append(single, n)
		default:
			early = append(early, n)
		}
	}
	if err := s.delay(wish, asked, heldWish); err != nil {
		return nil, nil, err
	}
	if err := s.delay(later, s.now, heldQuiet); err != nil {
		return nil, nil, err
	}
	merged, err = s.dueThisMorning(early)
	return single, merged, err
}

// wasHeld reports whether a prompt notice missed its moment because of quiet
// hours; it then comes with the morning message.
func wasHeld(n notice.Notice) bool {
	return n.Reason != "" || n.NotBefore.Sub(n.CreatedAt) > time.Minute
}

// dueThisMorning returns ns if the day's message may go now; otherwise it puts
// them off: to the hour of the message, or to the next day if it has gone.
func (s *telling) dueThisMorning(ns []notice.Notice) ([]notice.Notice, error) {
	if len(ns) == 0 {
		return nil, nil
	}
	if gone, err := s.tx.Ran(s.ctx, s.marker()); err != nil || gone {
		if err != nil {
			return nil, err
		}
		return nil, s.delay(ns, s.midnight(), heldTold)
	}
	at, err := s.Times.Morning(s.ctx, s.midnight().AddDate(0, 0, -1))
	if err != nil {
		return nil, err
	}
	if at.After(s.now) {
		return nil, s.delay(ns, s.now, heldMorning)
	}
	// All of the day's steps should have been taken, or the message would miss some.
	// But one step that cannot be taken must not silence everybody.
	pending, err := s.tx.AnyChaseDue(s.ctx, s.now)
	if err != nil || pending && s.now.Before(at.Add(patience)) {
		return nil, err
	}
	return ns, nil
}

// delay puts notices off to the first morning message after t.
func (s *telling) delay(ns []notice.Notice, t time.Time, reason string) error {
	if len(ns) == 0 {
		return nil
	}
	until, err := s.Times.Morning(s.ctx, t)
	if err != nil {
		return err
	}
	return s.tx.DelayNotices(s.ctx, ids(ns), until, reason)
}

// midnight is when today ends.
func (s *telling) midnight() time.Time {
	y, m, d := s.now.In(s.Loc).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, s.Loc)
}

// marker names the day's message of this person.
func (s *telling) marker() string { return s.Teller.marker(s.person, s.now) }

func (t *Teller) marker(person string, now time.Time) string {
	return fmt.Sprintf("morning:%s:%s", person, now.In(t.Loc).Format(time.DateOnly))
}
