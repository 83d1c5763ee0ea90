package hazard

import (
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// TestEveryStateAndStep holds the whole table: . stays, - is refused, else the first
// letters of the state that follows.
func TestEveryStateAndStep(t *testing.T) {
	short := map[State]string{Reported: "rep", Registered: "reg", Graded: "gra", Assigned: "ass", Signed: "sig", Fixing: "fix", Fixed: "fxd",
		Verified: "ver", Closed: "clo", Reopened: "reo", MergedInto: "mer", Void: "voi"}
	// Columns are States(): reported registered graded assigned signed fixing fixed verified closed reopened merged void
	table := map[Step]string{
		ToRegister: "reg  -   -   -   -   -   -   -   -   -   -   -",
		ToGrade:    "gra gra  .   .   .   .   .   .   -   .   -   -",
		ToAssign:   "ass ass ass  .   .   .   -   -   -  ass  -   -",
		ToSign:     "sig sig sig sig  -   -   -   -   -  sig  -   -",
		ToContain:  "fix fix fix fix fix  .   .   .   -  fix  -   -",
		ToSettle:   "sig sig sig sig  .   .   .   .   -  sig  -   -",
		ToProgress: "fix fix fix fix fix  .   -   -   -  fix  -   -",
		ToHandUp:   "fix fix fix fix fix  .   -   -   -  fix  -   -",
		ToAnswer:   " -   -   -   -   .   .   -   -   -   -   -   -",
		ToFix:      "fxd fxd fxd fxd fxd fxd  .   -   -  fxd  -   -",
		ToPass:     " -   -   -   -   -   -  ver  -   -   -   -   -",
		ToReturn:   " -   -   -   -   -   -  fix  -   -   -   -   -",
		ToClose:    " -   -   -   -   -   -   -  clo  -   -   -   -",
		ToReopen:   " -   -   -   -   -   -  reo reo reo  -   -  reo",
		ToVoid:     "voi voi voi voi voi voi voi voi  -  voi  -   -",
		ToMerge:    "mer mer mer mer mer mer mer mer  -  mer  -   -",
		ToList:     " .   .   .   .   .   .   .   .   -   .   -   -",
	}
	for _, step := range Steps() {
		want := strings.Fields(table[step])
		if len(want) != len(States()) {
			t.Errorf("%s is not in the table", step)
			continue
		}
		for i, from := range States() {
			h := Hazard{Year: 2025, Seq: 56, State: from}
			next, err := h.After(step)
			got := short[next]
			switch {
			case err != nil:
				got = "-"
				if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Say(err), "YH-2025-0056") || strings.ContainsAny(errs.Say(err), "{}") {
					t.Errorf("%s from %s: %v", step, from, err)
				}
			case next == from:
				got = "."
			}
			if got != want[i] {
				t.Errorf("%s from %s: %s, want %s", step, from, got, want[i])
			}
		}
	}
}

func TestFiveComeBeforeFixing(t *testing.T) {
	now := time.Date(2025, 9, 10, 9, 30, 0, 0, time.UTC)
	h := Hazard{Year: 2025, Seq: 56, State: Fixing}
	h, err := h.Grade(Major, 0, "chief", now)
	if err != nil || h.State != Signed || h.Since() != now {
		t.Fatalf("graded: %s, %v", h.State, err)
	}
	if _, err := h.Progress(0, "head", now); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Say(err), "五落实还缺：责任、措施、资金、时限、预案") {
		t.Errorf("being fixed without the five: %v", err)
	}
	if c, err := h.Contain("停用", "head", now); err != nil || c.State != Signed || c.ControlledAt.IsZero() {
		t.Errorf("temporary control: %s, %v", c.State, err)
	}
	h, err = h.Settle(Five{Duty: "王校长", Measures: "换"}, "head", now)
	if err != nil || !h.FiveAt.IsZero() || strings.Join(h.Five.Missing(), "") != "资金时限预案" {
		t.Errorf("in part: %+v, %v", h.Five, err)
	}
	h, err = h.Settle(Five{Measures: "换新的", Money: "2万", Limit: "月底", Plan: "停用"}, "head", now.Add(time.Hour))
	if err != nil || h.FiveAt.IsZero() || h.Five.Measures != "换新的" || h.Five.Duty != "王校长" {
		t.Errorf("whole: %+v, %v", h.Five, err)
	}
	if f, err := h.Fix("修好", 0, "head", now); err != nil || f.State != Fixed {
		t.Errorf("fixed: %v", err)
	}
	lower := Hazard{Year: 2025, Seq: 57, State: Signed, Level: Major}
	if lower, err = lower.Grade(Ordinary, 0, "chief", now); err == nil {
		_, err = lower.Progress(0, "head", now)
	}
	if err != nil {
		t.Errorf("graded down: %v", err)
	}
}

func TestRestGivesBackTheTimeHeld(t *testing.T) {
	loc := time.FixedZone("Asia/Shanghai", 8*3600)
	at := func(day, hour int) time.Time { return time.Date(2025, 9, day, hour, 0, 0, 0, loc) }
	days := calendar.DefaultWorkdays()
	for _, c := range []struct {
		name    string
		level   Level
		due     calendar.Date
		from    time.Time
		to      time.Time
		wantDue string
		moved   time.Duration
	}{
		{"ordinary, over a weekend", Ordinary, calendar.In(at(19, 0), loc), at(12, 9), at(15, 9), "2025-09-22", 0},
		{"ordinary, late before", Ordinary, calendar.In(at(11, 0), loc), at(12, 9), at(15, 9), "2025-09-11", 0},
		{"major, by the clock", Major, calendar.In(at(30, 0), loc), at(12, 9), at(15, 9), "2025-09-30", 72 * time.Hour},
		{"major, late before", Major, calendar.In(at(11, 0), loc), at(12, 9), at(15, 9), "2025-09-11", 0},
	} {
		h := Hazard{Level: c.level, FixDue: c.due, CreatedAt: at(1, 9), State: Fixing}
		h.HelpedAt = c.from
		h, err := h.Answered("拨款", c.to)
		if err != nil {
			t.Fatal(err)
		}
		h = h.Rest(days, loc)
		if h.FixDue.String() != c.wantDue || h.Since() != at(1, 9).Add(c.moved) || !h.HelpedAt.IsZero() {
			t.Errorf("%s: due %s, from %s", c.name, h.FixDue, h.Since())
		}
	}
}
