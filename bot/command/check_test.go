package command

import (
	"strings"
	"testing"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/inspect"
	"duban/internal/remind"
	"duban/internal/seeding"
	"duban/internal/supervise"
	"duban/internal/testkit"
	"duban/seeds"
)

// Only a list that says so makes a clean answer the zero report of its period, and both
// are taken back together.
func TestACleanListMayBeTheZeroReport(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	for i, l := range h.set.Checklists {
		h.set.Checklists[i].ZeroReport = l.Key == "canteen-weekly"
	}
	h.reseed()
	h.say("wenchang-aq", "消防检查 都正常", false)
	if got := h.say("wenchang-aq", "9月零报告", false); !strings.HasPrefix(got, "已记下") {
		t.Errorf("a list that does not say so: %q", got)
	}
	if got := h.say("wenchang-aq", "食堂周检 都正常", false); !strings.HasSuffix(got, "同时算 9月8日 周一 到 9月14日 周日 的零报告。") {
		t.Errorf("a list that says so: %q", got)
	}
	if got := h.say("wenchang-aq", "本周零报告", false); !strings.Contains(got, "已经零报告过了") {
		t.Errorf("reported twice: %q", got)
	}
	h.say("wenchang-aq", "撤回", false)
	if got := h.say("wenchang-aq", "本周零报告", false); !strings.HasPrefix(got, "已记下") {
		t.Errorf("not taken back: %q", got)
	}
	if got := h.say("shimatou-aq", "食堂周检 2 冰柜坏了，其他正常", false); strings.Contains(got, "零报告") {
		t.Errorf("something was found: %q", got)
	}
}

// reseed applies the harness's set again, after changes.
func (h *harness) reseed() {
	h.t.Helper()
	cal := remind.Calendars{Days: calendar.DefaultWorkdays(), Terms: calendar.DefaultTerms(), Loc: h.engine.Loc}
	seeder := seeding.Seeder{Store: h.store, Desk: &supervise.Desk{Cal: cal, Clock: clock.NewFrozen(h.clock.Now())}, Corps: map[string]string{"wecom": "corp", "dingtalk": "corp"}}
	if _, err := seeder.Apply(h.t.Context(), h.set, seeds.Policies()); err != nil {
		h.t.Fatal(err)
	}
}

// What is taken back leaves no inspection and no open hazard, and both stay in the history.
func TestTakingAnInspectionBack(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-aq", "食堂检查 3 油烟管道有油垢，5 灭火器过期，其他正常", false)
	h.say("wenchang-aq", "撤回", false)
	tx := h.store.Read(t.Context())
	records, err := tx.Inspections(t.Context(), inspect.Filter{Units: []string{"s-wenchang"}})
	if err != nil || len(records) > 0 {
		t.Errorf("inspections %v, %v", records, err)
	}
	for _, id := range []int64{1, 2} {
		if hz, ok, err := tx.HazardByID(t.Context(), id); err != nil || !ok || hz.State.Open() {
			t.Errorf("hazard %d: %v %v", id, hz.State, err)
		}
	}
	lines, err := tx.History(t.Context(), checkSubject(1), 10)
	if err != nil || len(lines) != 2 || lines[0].Action != "undo" || lines[1].After != "2 处异常，其余 6 项正常" {
		t.Errorf("history %+v, %v", lines, err)
	}
}
