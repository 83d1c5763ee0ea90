package hazard

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"duban/internal/calendar"
)

// SpotResult is what somebody found who looked at a closed hazard again (回头看).
type SpotResult string

// The results.
const (
	NotChecked SpotResult = ""
	Holds      SpotResult = "holds"
	Fails      SpotResult = "fails" // the hazard is open again
)

// SpotCheck is a closed hazard that is to be looked at again in a month, or was.
type SpotCheck struct {
	HazardID     int64
	Month        string // 2025-09, of the check and not of the closing
	UnitID       string
	SelfReviewed bool
	DrawnAt      time.Time
	Result       SpotResult
	CheckedAt    time.Time
	CheckedBy    string // person id
	Note         string
}

// MonthOf names the month of a day.
func MonthOf(d calendar.Date) string { return d.String()[:len("2025-09")] }

// SpotRule says how many closed hazards are looked at again.
type SpotRule struct {
	OneIn int // of those that somebody from outside reviewed; all that the unit reviewed itself
	Most  int // in a month, of the whole district
}

// Draw picks what is looked at again in a month: those that the unit reviewed itself
// first, then one in so many of the others. Which ones is settled by the month and the
// numbers, so that every node draws the same and nobody can know it before.
func (r SpotRule) Draw(closed []Hazard, month string, now time.Time) []SpotCheck {
	list := slices.DeleteFunc(slices.Clone(closed), func(h Hazard) bool { return h.State != Closed || h.Category == Untold })
	slices.SortFunc(list, func(a, b Hazard) int {
		if a.SelfReviewed != b.SelfReviewed {
			if a.SelfReviewed {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(lot(a, month), lot(b, month)), cmp.Compare(a.ID, b.ID))
	})
	self := slices.IndexFunc(list, func(h Hazard) bool { return !h.SelfReviewed })
	if self < 0 {
		self = len(list)
	}
	others := len(list) - self
	n := min(self+(others+r.OneIn-1)/r.OneIn, r.Most)
	checks := make([]SpotCheck, 0, n)
	for _, h := range list[:n] {
		checks = append(checks, SpotCheck{HazardID: h.ID, Month: month, UnitID: h.UnitID, SelfReviewed: h.SelfReviewed, DrawnAt: now})
	}
	return checks
}

func lot(h Hazard, month string) uint64 {
	f := fnv.New64a()
	_, _ = f.Write([]byte(month + strconv.FormatInt(h.ID, 10) + strconv.FormatInt(h.ClosedAt.UnixMilli(), 10)))
	return f.Sum64()
}
