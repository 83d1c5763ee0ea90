package supervise

import (
	"regexp"
	"strconv"
	"time"

	"duban/internal/calendar"
)

// seasonal is how a period names the months it is confined to (每周，5–9月).
var seasonal = regexp.MustCompile(`(\d{1,2})[–-](\d{1,2})月`)

// inSeason reports whether a duty of this period is collected on a day. One that
// names no months is collected all the year.
func inSeason(every string, day calendar.Date) bool {
	m := seasonal.FindStringSubmatch(every)
	if m == nil {
		return true
	}
	from, _ := strconv.Atoi(m[1]) // digits
	to, _ := strconv.Atoi(m[2])
	_, month, _ := day.YMD()
	return time.Month(from) <= month && month <= time.Month(to)
}
