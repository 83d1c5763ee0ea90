package remind

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/internal/calendar"
)

var shanghai = time.FixedZone("CST", 8*3600)

var cals = sync.OnceValue(func() Calendars {
	return Calendars{Days: calendar.DefaultWorkdays(), Terms: calendar.DefaultTerms(), Loc: shanghai}
})

func policies(t testing.TB) Policies {
	t.Helper()
	f, err := os.Open("../../seeds/policies.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := LoadPolicies(f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func profile(t testing.TB, key string) Profile {
	t.Helper()
	p, ok := policies(t).Profile(key)
	if !ok {
		t.Fatalf("no profile %q", key)
	}
	return p
}

func d(s string) calendar.Date { return calendar.MustParse(s) }

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

// say writes a step on one line, so that whole schedules can be compared.
func say(s Step) string {
	out := fmt.Sprintf("%s %s %s %s %s", s.At.In(shanghai).Format("2006-01-02 15:04"), s.Stage, s.Offset, s.To, s.Why)
	if s.Slip != NoSlip {
		out += " " + string(s.Slip)
	}
	if s.MovedBy != NotMoved {
		out += fmt.Sprintf(" %s<%s", s.MovedBy, s.MovedFrom)
	}
	if s.Urgent {
		out += " urgent"
	}
	if s.Missed > 0 {
		out += fmt.Sprintf(" +%d", s.Missed)
	}
	return out
}

func sayAll(steps []Step) string {
	lines := make([]string, len(steps))
	for i, s := range steps {
		lines[i] = say(s)
	}
	return strings.Join(lines, "\n")
}

func check(t *testing.T, steps []Step, want ...string) {
	t.Helper()
	if got := sayAll(steps); got != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// item is a confirmed and signed item of a section.
func item(due string) Facts {
	return Facts{Confirmed: true, Due: d(due), Opens: d("2025-03-31"), Assigned: at("2025-03-31 10:00"), SignedAt: at("2025-03-31 11:00")}
}

func stringsReader(s string) *strings.Reader { return strings.NewReader(s) }
