package scenario

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const noData = "2027年的节假日和调休还没有录入，暂按周一至周五算，提醒可能发错日子；"

// A year nobody has entered is told to the office and the administrators in one
// line of each morning message, from the first of December on, and shows on both
// probes, which stay green.
func TestAYearWithoutDataIsALoudAlarm(t *testing.T) {
	each(t, setup{now: "2026-11-30T12:00:00+08:00"}, func(w *world) {
		w.settle()
		w.until("2026-12-01 06:00")
		w.take()
		for _, day := range []string{"2026-12-01", "2026-12-02"} {
			w.until(day + " 08:30")
			all := w.take()
			for _, person := range []string{"ban-zhuren", "jishu-admin"} {
				if got := to(all, person); len(got) != 1 || strings.Count(got[0], noData) != 1 {
					t.Errorf("%s %s: %q", day, person, got)
				}
			}
			if got := strings.Join(to(all, "wenchang-xz"), ""); strings.Contains(got, "还没有录入") {
				t.Errorf("a school was told: %s", got)
			}
		}
		w.until("2026-12-05 22:00") // a Saturday
		w.take()
		w.until("2026-12-07 08:30") // what nobody could read on the days off comes once
		if got := to(w.take(), "jishu-admin"); len(got) != 1 || strings.Count(got[0], noData) != 1 {
			t.Errorf("on Monday: %q", got)
		}
		for _, path := range []string{"/healthz", "/readyz"} {
			if got := w.alarms(path)["calendar"]; !strings.HasPrefix(got, noData) {
				t.Errorf("%s: %q", path, got)
			}
		}
		w.until("2027-01-01 22:00")
		w.take()
		w.until("2027-01-04 08:30") // a day that is only assumed to be a working day
		if got := to(w.take(), "ban-zhuren"); len(got) != 1 || strings.Count(got[0], noData) != 1 {
			t.Errorf("within the year: %q", got)
		}
		for _, line := range w.logs.Lines(8) {
			if !strings.Contains(fmt.Sprint(line), "calendar incomplete") {
				t.Errorf("logged: %s", line)
			}
		}
		w.logs.Reset()
	})
}

func TestTheBureausOwnCalendarSilencesTheAlarm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calendar.yaml")
	own := "workdays:\n  - {year: 2027, source: 通知, off: [\"01-01\", \"01-04\"]}\ncovers: {from: 2026-09-01, to: 2027-08-31}\nterms:\n" +
		"  - {key: 2026-2027-1, kinds: [primary_middle, special, kindergarten, senior, vocational], from: 2026-09-01, to: 2027-01-29}\n"
	if err := os.WriteFile(path, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	each(t, setup{now: "2026-12-31T18:00:00+08:00", env: []string{"DUBAN_CALENDAR_FILE=" + path}}, func(w *world) {
		w.settle()
		if got := w.alarms("/healthz"); len(got) != 0 {
			t.Errorf("alarms %v", got)
		}
		w.take()
		w.until("2026-12-31 23:00")
		w.take()
		w.until("2027-01-04 23:00") // off in the file, a Monday
		if all := w.take(); len(all) > 0 {
			t.Errorf("on days off:\n%s", list(all))
		}
		w.until("2027-01-05 08:30")
		if got := strings.Join(to(w.take(), "ban-zhuren"), ""); strings.Contains(got, "还没有录入") {
			t.Error(got)
		}
	})
}

// alarms reads a probe, which must answer 200.
func (w *world) alarms(path string) map[string]string {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, "http://"+w.nodes[0].Addr()+path, nil)
	w.ok(err)
	resp, err := http.DefaultClient.Do(req)
	w.ok(err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		w.t.Errorf("%s: %d", path, resp.StatusCode)
	}
	var answer struct {
		Alarms map[string]string `json:"alarms"`
	}
	w.ok(json.NewDecoder(resp.Body).Decode(&answer))
	return answer.Alarms
}
