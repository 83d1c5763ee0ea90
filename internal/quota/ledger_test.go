package quota

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
)

// shelf is a book that several processes share and that may be away.
type shelf struct {
	mu     sync.Mutex
	totals map[string]int64
	away   error
}

func (s *shelf) AddUses(_ context.Context, uses map[string]int64) (map[string]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away != nil {
		return nil, s.away
	}
	out := map[string]int64{}
	for name, n := range uses {
		s.totals[name] += n
		out[name] = s.totals[name]
	}
	return out, nil
}

var shanghai = time.FixedZone("CST", 8*3600)

func at(text string) *clock.Movable {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
	if err != nil {
		panic(err)
	}
	return clock.NewFrozen(t)
}

func used(l *Ledger) (calls, pushes int64) {
	for _, v := range l.Levels() {
		if v.Use == Calls {
			calls = v.Used
		} else {
			pushes = v.Used
		}
	}
	return calls, pushes
}

func limits(calls, pushes int64) map[Account]int64 {
	return map[Account]int64{{"dingtalk", Calls}: calls, {"dingtalk", Pushes}: pushes}
}

func TestProcessesShareOneBook(t *testing.T) {
	b, c := &shelf{totals: map[string]int64{}}, at("2025-09-10 09:00")
	one, two := NewLedger(b, c, shanghai, limits(100, 50)), NewLedger(b, c, shanghai, limits(100, 50))
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { one.Add("dingtalk", Calls); two.Add("dingtalk", Pushes) })
	}
	all.Wait()
	one.Add("wecom", Calls) // has no limit
	for _, l := range []*Ledger{one, two, one} {
		if err := l.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	one.Add("dingtalk", Calls) // not booked yet, and counted
	if calls, pushes := used(one); calls != 11 || pushes != 10 {
		t.Errorf("used %d calls, %d pushes", calls, pushes)
	}
	if len(b.totals) != 2 {
		t.Errorf("booked %v", b.totals)
	}
}

// While the book is away nothing is lost; a new month begins with nothing.
func TestABookThatIsAway(t *testing.T) {
	b, c := &shelf{totals: map[string]int64{}, away: errors.New("away")}, at("2025-09-30 23:59")
	l := NewLedger(b, c, shanghai, limits(100, 50))
	l.Add("dingtalk", Calls)
	if err := l.Keep(t.Context()); err == nil {
		t.Error("no error")
	}
	l.Add("dingtalk", Calls)
	b.away = nil
	if err := l.Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if calls, _ := used(l); calls != 2 || b.totals["use:2025-09:dingtalk:calls"] != 2 {
		t.Errorf("used %d, booked %v", calls, b.totals)
	}
	c.Set(c.Now().Add(time.Minute)) // October in Shanghai, September in UTC
	if calls, _ := used(l); calls != 0 {
		t.Errorf("in the new month %d calls", calls)
	}
}

func TestLevels(t *testing.T) {
	for name, c := range map[string]struct {
		day    string
		used   int64
		scarce bool
		ends   string
	}{
		"nothing":                  {"2025-09-10 09:00", 0, false, ""},
		"enough for the month":     {"2025-09-10 09:00", 30, false, ""},
		"too fast":                 {"2025-09-10 09:00", 50, false, "2025-09-21"},
		"up to the last day":       {"2025-09-10 09:00", 34, false, "2025-09-30"},
		"scarce":                   {"2025-09-29 09:00", 95, true, ""},
		"used up":                  {"2025-09-10 09:00", 120, true, "2025-09-10"},
		"all on the first morning": {"2025-09-01 09:00", 99, true, "2025-09-02"},
	} {
		l := NewLedger(&shelf{totals: map[string]int64{}}, at(c.day), shanghai, limits(100, 1_000_000))
		for range c.used {
			l.Add("dingtalk", Calls)
		}
		v := l.Levels()[0]
		var want calendar.Date
		if c.ends != "" {
			want = calendar.MustParse(c.ends)
		}
		if v.Used != c.used || v.Ends != want || l.Scarce("dingtalk") != c.scarce || l.Scarce("wecom") {
			t.Errorf("%s: %+v, scarce %v", name, v, l.Scarce("dingtalk"))
		}
	}
}

func TestNoLedger(t *testing.T) {
	var l *Ledger
	l.Add("dingtalk", Calls)
	if err := l.Keep(t.Context()); err != nil || l.Levels() != nil || l.Scarce("dingtalk") {
		t.Errorf("a nil ledger counts: %v", err)
	}
}
