package calendar

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
)

func d(s string) Date { return MustParse(s) }

func TestIsWorkday(t *testing.T) {
	w := DefaultWorkdays()
	for day, want := range map[string]bool{
		"2025-01-01": false, // New Year, a Wednesday
		"2025-01-26": true,  // Sunday, make-up day
		"2025-01-27": true,  // Monday before the Spring Festival
		"2025-01-28": false,
		"2025-02-04": false,
		"2025-02-05": true,
		"2025-02-08": true, // Saturday, make-up day
		"2025-04-27": true, // Sunday, make-up day
		"2025-06-02": false,
		"2025-09-27": false, // Saturday
		"2025-09-28": true,  // Sunday, make-up day
		"2025-10-08": false,
		"2025-10-09": true,
		"2025-10-11": true, // Saturday, make-up day
		"2025-10-12": false,
		"2026-01-04": true, // Sunday, make-up day
		"2026-02-14": true,
		"2026-02-23": false,
		"2026-02-28": true,
		"2026-09-25": false,
		"2026-10-10": true,
	} {
		if got := w.IsWorkday(d(day)); got != want {
			t.Errorf("IsWorkday(%s %s) = %v, want %v", day, WeekdayName(d(day).Weekday()), got, want)
		}
	}
}

func TestWorkdaysOfEachMonth(t *testing.T) {
	w := DefaultWorkdays()
	for year, want := range map[int][]int{
		2025: {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
		2026: {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23},
	} {
		var got []int
		for m := time.January; m <= time.December; m++ {
			first := Of(year, m, 1)
			got = append(got, w.Between(first.Add(-1), first.MonthEnd()))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d by month: %v, want %v", year, got, want)
		}
		if n := w.Between(Of(year-1, 12, 31), Of(year, 12, 31)); n != 248 {
			t.Errorf("%d has %d working days, want 248", year, n)
		}
	}
}

// The library is a second opinion; where it disagrees the embedded file, taken
// from the published notice, wins and the difference is printed.
func TestAgreesWithSecondSource(t *testing.T) {
	w := DefaultWorkdays()
	for _, year := range w.Years() {
		if HolidayUtil.GetHolidaysByYear(year).Len() == 0 {
			t.Logf("the library has no holidays of %d; the embedded file stands alone", year)
			continue
		}
		for day := Of(year, 1, 1); day <= Of(year, 12, 31); day = day.Add(1) {
			want := day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
			if h := HolidayUtil.GetHoliday(day.String()); h != nil {
				want = h.IsWork()
			}
			if got := w.IsWorkday(day); got != want {
				t.Errorf("%s: working day %v here, %v in the library", day, got, want)
			}
		}
	}
}

func TestAdd(t *testing.T) {
	w := DefaultWorkdays()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-09-10", 0, "2025-09-10"},
		{"2025-09-10", 3, "2025-09-15"},
		{"2025-09-26", 1, "2025-09-28"}, // Friday -> the working Sunday
		{"2025-09-30", 1, "2025-10-09"}, // over the National Day
		{"2025-09-30", 3, "2025-10-11"}, // the working Saturday counts
		{"2025-10-05", 1, "2025-10-09"}, // from a day off
		{"2025-10-09", -1, "2025-09-30"},
		{"2025-10-09", -3, "2025-09-28"},
		{"2025-10-04", -1, "2025-09-30"},
		{"2025-12-31", 1, "2026-01-04"}, // over the year; Sunday works
		{"2026-02-24", -1, "2026-02-14"},
		{"2025-10-04", 0, "2025-10-04"},
	} {
		if got := w.Add(d(c.from), c.n); got != d(c.want) {
			t.Errorf("Add(%s, %d) = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestNextAndPrev(t *testing.T) {
	w := DefaultWorkdays()
	for _, c := range [][3]string{ // day, next on or after, previous on or before
		{"2025-10-04", "2025-10-09", "2025-09-30"},
		{"2025-09-28", "2025-09-28", "2025-09-28"},
		{"2025-09-27", "2025-09-28", "2025-09-26"},
		{"2026-02-20", "2026-02-24", "2026-02-14"},
	} {
		if got := w.NextOnOrAfter(d(c[0])); got != d(c[1]) {
			t.Errorf("NextOnOrAfter(%s) = %s, want %s", c[0], got, c[1])
		}
		if got := w.PrevOnOrBefore(d(c[0])); got != d(c[2]) {
			t.Errorf("PrevOnOrBefore(%s) = %s, want %s", c[0], got, c[2])
		}
	}
}

func TestArithmeticHoldsTogether(t *testing.T) {
	w := DefaultWorkdays()
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		a := Of(2025, 1, 1).Add(r.IntN(730))
		n := 1 + r.IntN(40)
		after, before := w.Add(a, n), w.Add(a, -n)
		if !w.IsWorkday(after) || !w.IsWorkday(before) {
			t.Fatalf("Add(%s, ±%d) ends on a day off", a, n)
		}
		if got := w.Between(a, after); got != n {
			t.Fatalf("Between(%s, %s) = %d, want %d", a, after, got, n)
		}
		if got := w.Between(after, a); got != -n {
			t.Fatalf("Between(%s, %s) = %d, want %d", after, a, got, -n)
		}
		if w.IsWorkday(a) && w.Add(after, -n) != a {
			t.Fatalf("Add(%s, %d) and back is %s", a, n, w.Add(after, -n))
		}
	}
}

func TestYearWithoutDataIsNamedAndFallsBack(t *testing.T) {
	w := DefaultWorkdays()
	if w.Known(2027) || !w.Known(2025) || !w.Known(2026) {
		t.Error("known years: want 2025 and 2026 only")
	}
	if got := w.Missing(d("2024-12-30"), d("2027-01-02")); !slices.Equal(got, []int{2024, 2027}) {
		t.Errorf("Missing = %v, want [2024 2027]", got)
	}
	if got := w.Missing(d("2025-01-01"), d("2026-12-31")); got != nil {
		t.Errorf("Missing = %v, want none", got)
	}
	if !w.IsWorkday(d("2027-10-01")) || w.IsWorkday(d("2027-10-02")) {
		t.Error("a year without data: want Monday to Friday")
	}
}

func TestOverrideWinsDayByDay(t *testing.T) {
	base := DefaultWorkdays()
	w, err := base.With(strings.NewReader("year: 2025\nsource: 区政府通知\noff: [\"09-28\"]\nwork: [\"10-08\"]\n---\nyear: 2027\nsource: 暂定\noff: [\"01-01\"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2025-09-28": false, "2025-10-08": true, "2025-10-07": false, "2025-10-11": true, "2027-01-01": false} {
		if got := w.IsWorkday(d(day)); got != want {
			t.Errorf("amended IsWorkday(%s) = %v, want %v", day, got, want)
		}
	}
	if !base.IsWorkday(d("2025-09-28")) || base.Known(2027) {
		t.Error("With changed the calendar it was called on")
	}
	if w.Source(2025) != "区政府通知" || !w.Known(2027) {
		t.Errorf("source %q, known 2027 %v", w.Source(2025), w.Known(2027))
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	head := "year: 2025\nsource: 试\n"
	for in, want := range map[string]string{
		head + "off: [\"02-30\"]":                    "工作日，第1段：第3行：\"02-30\" 不是 2025 年里有的日子，应为 \"05-01\" 的样子",
		head + "off: [\"02-04..01-28\"]":             "工作日，第1段：第3行：02-04..01-28 前后颠倒了",
		head + "off: [\"05-01\"]\nwork: [\"05-01\"]": "工作日，第1段：第4行：2025-05-01 写了两次",
		"year: 2025\noff: [\"05-01\"]":               "工作日，第1段：2025 年没有写 source，请写明依据的通知",
		"source: 试\noff: [\"05-01\"]":                "工作日，第1段：year 应为 2000 至 2199，现为 0",
	} {
		_, err := LoadWorkdays(strings.NewReader(in))
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
	if _, err := LoadWorkdays(strings.NewReader(head + "holidays: []")); err == nil {
		t.Error("an unknown key was accepted")
	}
}

func FuzzLoadWorkdays(f *testing.F) {
	f.Add("year: 2025\nsource: x\noff: [\"01-01\", \"01-28..02-04\"]\nwork: [\"01-26\"]\n")
	f.Add("year: 2025\n---\n- 1\n")
	f.Add("year: 2000\nsource: 0\noff: !0\n0")
	f.Add("off: {a: [..]}")
	f.Fuzz(func(t *testing.T, s string) {
		w, err := LoadWorkdays(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, y := range w.Years() {
			w.NextOnOrAfter(Of(y, 1, 1)) // must end
		}
	})
}
