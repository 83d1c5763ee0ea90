package hazard

import (
	"fmt"
	"testing"
	"time"
)

func TestDraw(t *testing.T) {
	closed := func(self, others int) (list []Hazard) {
		for i := range self + others {
			list = append(list, Hazard{ID: int64(i + 1), State: Closed, UnitID: fmt.Sprint("u", i%3), Life: Life{SelfReviewed: i < self, ClosedAt: time.UnixMilli(int64(i))}})
		}
		return list
	}
	rule := SpotRule{OneIn: 10, Most: 30}
	for _, c := range []struct{ self, others, drawnSelf, drawn int }{
		{0, 0, 0, 0}, {0, 1, 0, 1}, {3, 0, 3, 3}, {3, 20, 3, 5}, {3, 21, 3, 6}, {40, 50, 30, 30}, {0, 1000, 0, 30},
	} {
		got := rule.Draw(closed(c.self, c.others), "2025-09", time.UnixMilli(5))
		self := 0
		for _, s := range got {
			if s.SelfReviewed {
				self++
			}
			if s.Month != "2025-09" || s.UnitID == "" || !s.DrawnAt.Equal(time.UnixMilli(5)) || s.Result != NotChecked {
				t.Errorf("%+v", s)
			}
		}
		if len(got) != c.drawn || self != c.drawnSelf {
			t.Errorf("%+v: %d drawn, %d of them reviewed by the unit", c, len(got), self)
		}
	}
}

func TestDrawIsFairAndSettled(t *testing.T) {
	rule, drawn := SpotRule{OneIn: 10, Most: 1000}, map[int64]int{}
	var list []Hazard
	for i := range 200 {
		list = append(list, Hazard{ID: int64(i + 1), State: Closed})
	}
	for m := range 120 {
		month := fmt.Sprintf("%d-%02d", 2020+m/12, m%12+1)
		got := rule.Draw(list, month, time.Time{})
		again := rule.Draw(list, month, time.Time{})
		for i, c := range got {
			drawn[c.HazardID]++
			if again[i] != c {
				t.Fatal("drawn differently")
			}
		}
	}
	for _, h := range list { // twelve times on average
		if n := drawn[h.ID]; n < 1 || n > 30 {
			t.Errorf("hazard %d was drawn %d times", h.ID, n)
		}
	}
}

func TestWhatIsNotDrawn(t *testing.T) {
	list := []Hazard{{ID: 1, State: Reopened, Life: Life{SelfReviewed: true}}, {ID: 2, State: Closed, Category: Untold}, {ID: 3, State: Void}, {ID: 4, State: Closed}}
	got := SpotRule{OneIn: 1, Most: 9}.Draw(list, "2025-09", time.Time{})
	if len(got) != 1 || got[0].HazardID != 4 {
		t.Errorf("%+v", got)
	}
}

// The graver of two is the one that goes on.
func TestTheGraverOneIsKept(t *testing.T) {
	at := time.UnixMilli(1)
	plain := Hazard{ID: 1, Year: 2025, Seq: 1, State: Assigned}
	listed := Hazard{ID: 2, Year: 2025, Seq: 2, State: Assigned, Life: Life{ListedAt: at}}
	major := Hazard{ID: 3, Year: 2025, Seq: 3, State: Assigned, Level: Major}
	for name, c := range map[string]struct {
		from, into Hazard
		ok         bool
	}{
		"ordinary into listed":       {plain, listed, true},
		"listed into ordinary":       {listed, plain, false},
		"ordinary into major":        {plain, major, true},
		"major into ordinary":        {major, plain, false},
		"listed into another listed": {listed, Hazard{ID: 4, State: Assigned, Life: Life{ListedAt: at}}, true},
	} {
		if after, err := c.from.MergeInto(c.into, "p", at); (err == nil) != c.ok || c.ok && after.State != MergedInto {
			t.Errorf("%s: %v", name, err)
		}
	}
}
