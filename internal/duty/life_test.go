package duty

import (
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// TestEveryStateAndVerb holds the whole life of an item: the state after each
// verb, or how the refusal begins.
func TestEveryStateAndVerb(t *testing.T) {
	const over, kept, done, yet, live = "这一项已经作废", "这一项已经归档", "这一项已经办结", "这一项还没有立项", "这一项已经立项"
	table := map[ItemState][7]string{ // confirm, refuse, change, suspend, resume, void, archive
		Draft:     {"confirmed", "void", "draft", yet, yet, "void", yet},
		Confirmed: {live, live, "confirmed", "suspended", "这一项正在办理", "void", "archived"},
		Suspended: {"这一项已中止", "这一项已中止", "这一项已中止", "这一项已经中止了", "confirmed", "void", "这一项已中止"},
		ClosedIt:  {done, done, done, done, done, done, "archived"},
		Archived:  {kept, kept, kept, kept, kept, kept, kept},
		VoidItem:  {over, over, over, over, over, over, over},
	}
	for _, from := range ItemStates() {
		for i, v := range Verbs() {
			want := table[from][i]
			to, err := from.After(v)
			switch {
			case err == nil && string(to) != want:
				t.Errorf("%s %s: %s, want %s", from, v, to, want)
			case err != nil && (to != from || !errs.Is(err, errs.Conflict) || !strings.HasPrefix(errs.Say(err), want)):
				t.Errorf("%s %s: %s, %q, want %q", from, v, to, errs.Say(err), want)
			}
		}
	}
}

// TestEveryStateOfWork holds what one unit's work becomes by each deed.
func TestEveryStateOfWork(t *testing.T) {
	now := time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)
	today := calendar.Of(2025, 9, 10)
	deeds := []func(Assignment) (Assignment, error){
		func(a Assignment) (Assignment, error) { return a.Sign(now) },
		func(a Assignment) (Assignment, error) { return a.Report(Progress{Note: "在办"}, now) },
		func(a Assignment) (Assignment, error) { return a.Report(Progress{Status: Done}, now) },
		func(a Assignment) (Assignment, error) { return a.Review(true, now) },
		func(a Assignment) (Assignment, error) { return a.Review(false, now) },
		func(a Assignment) (Assignment, error) {
			_, err := a.AskExtension(today.Add(30), "雨", "p", now, today)
			return a, err
		},
	}
	table := map[State][6]State{ // sign, report, report done, pass, return, extend; "" is refused
		Assigned:   {Signed, InProgress, Submitted, "", "", Assigned},
		Signed:     {Signed, InProgress, Submitted, "", "", Signed},
		InProgress: {InProgress, InProgress, Submitted, "", "", InProgress},
		Returned:   {Returned, InProgress, Submitted, "", "", Returned},
		Submitted:  {"", InProgress, Submitted, Closed, Returned, ""},
		Closed:     {"", "", "", "", "", ""},
		Paused:     {"", "", "", "", "", ""},
		Void:       {"", "", "", "", "", ""},
	}
	for from, wants := range table {
		for i, deed := range deeds {
			before := Assignment{State: from, Due: today.Add(10)}
			after, err := deed(before)
			if want := wants[i]; (err != nil) != (want == "") || err == nil && after.State != want {
				t.Errorf("%s, deed %d: %s, %v, want %q", from, i, after.State, err, want)
			}
			if after.Due != before.Due {
				t.Errorf("%s, deed %d moves the deadline", from, i)
			}
		}
	}
}

func TestAChangedDateNeverWhitewashes(t *testing.T) {
	today, due := calendar.Of(2025, 9, 10), calendar.Of(2025, 10, 31)
	for name, c := range map[string]struct{ before, after Assignment }{
		"in time":   {Assignment{State: Signed, Due: today}, Assignment{State: Signed, Due: due}},
		"undated":   {Assignment{State: Signed}, Assignment{State: Signed, Due: due}},
		"overdue":   {Assignment{State: Signed, Due: today.Add(-1)}, Assignment{State: Signed, Due: today.Add(-1), ETA: due}},
		"returned":  {Assignment{State: Returned, Due: today.Add(-1)}, Assignment{State: Returned, Due: today.Add(-1), ETA: due}},
		"submitted": {Assignment{State: Submitted, Due: today.Add(-1)}, Assignment{State: Submitted, Due: today.Add(-1)}},
		"closed":    {Assignment{State: Closed, Due: today}, Assignment{State: Closed, Due: today}},
		"a period":  {Assignment{State: Signed, Due: today, Period: "2025-09"}, Assignment{State: Signed, Due: today, Period: "2025-09"}},
	} {
		if got := c.before.Change(due, today); got != c.after {
			t.Errorf("%s: %+v, want %+v", name, got, c.after)
		}
	}
}
