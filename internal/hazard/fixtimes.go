package hazard

import (
	"maps"
	"slices"
)

// FixTimes says of fixed hazards how many took how many days, from the day of the
// report to the day on which the unit said that it was mended. A hazard that was opened
// again counts once, with its last fix.
type FixTimes map[int]int

// Add counts other hazards in.
func (t FixTimes) Add(u FixTimes) {
	for days, n := range u {
		t[days] += n
	}
}

// Count is how many hazards there are.
func (t FixTimes) Count() (n int) {
	for _, some := range t {
		n += some
	}
	return n
}

// Range is the shortest and the longest time; zero if there is none.
func (t FixTimes) Range() (least, most int) {
	days := slices.Sorted(maps.Keys(t))
	if len(days) == 0 {
		return 0, 0
	}
	return days[0], days[len(days)-1]
}

// Median is the time within which half of them were fixed; between two in the middle,
// the mean of both. One hazard that took a year does not move it.
func (t FixTimes) Median() float64 {
	n := t.Count()
	if n == 0 {
		return 0
	}
	return float64(t.at((n-1)/2)+t.at(n/2)) / 2
}

// at is the k-th time, the shortest first.
func (t FixTimes) at(k int) int {
	for _, days := range slices.Sorted(maps.Keys(t)) {
		if k -= t[days]; k < 0 {
			return days
		}
	}
	return 0
}
