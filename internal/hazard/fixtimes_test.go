package hazard

import "testing"

func TestFixTimes(t *testing.T) {
	for _, c := range []struct {
		times       FixTimes
		n           int
		median      float64
		least, most int
	}{
		{nil, 0, 0, 0, 0},
		{FixTimes{0: 1}, 1, 0, 0, 0},
		{FixTimes{3: 5}, 5, 3, 3, 3},
		{FixTimes{1: 1, 2: 1}, 2, 1.5, 1, 2},
		{FixTimes{0: 2, 3: 1, 365: 1}, 4, 1.5, 0, 365},
		{FixTimes{1: 2, 3: 1, 365: 2}, 5, 3, 1, 365},
	} {
		least, most := c.times.Range()
		if n, median := c.times.Count(), c.times.Median(); n != c.n || median != c.median || least != c.least || most != c.most {
			t.Errorf("%v: %d, median %v, %d to %d", c.times, n, median, least, most)
		}
	}
	sum := FixTimes{1: 1}
	sum.Add(FixTimes{1: 2, 4: 1})
	if sum[1] != 3 || sum[4] != 1 {
		t.Error(sum)
	}
}
