package response

import (
	"slices"
	"testing"
	"time"
)

func TestMembers(t *testing.T) {
	at := func(m int) time.Time { return time.Date(2025, 9, 10, 9, m, 0, 0, time.UTC) }
	list := []Member{
		{Part: Reporter, PersonID: "teacher"}, {Part: Told, PersonID: "head", Answered: at(5)}, {Part: Told, PersonID: "officer", Answered: at(3)},
		{Part: Reporter, PersonID: Stranger("wecom", "u1")}, {Part: Told, PersonID: "head"},
	}
	if got := Who(list, Told); !slices.Equal(got, []string{"head", "officer"}) {
		t.Errorf("told %v", got)
	}
	if got := Who(list, Reporter); !slices.Equal(got, []string{"teacher"}) {
		t.Errorf("a stranger cannot be written to: %v", got)
	}
	if m, ok := First(list); !ok || m.PersonID != "officer" {
		t.Errorf("first %v, %v", m, ok)
	}
	if _, ok := First(list[:1]); ok {
		t.Error("nobody has answered")
	}
}

func TestOpenStates(t *testing.T) {
	for state, want := range map[State]bool{Offered: false, Calling: true, Answered: true, Unanswered: true, Ended: false} {
		if got := (Response{State: state}).Live(); got != want {
			t.Errorf("%s: %v", state, got)
		}
	}
}
