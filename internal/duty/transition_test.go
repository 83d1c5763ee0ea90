package duty

import (
	"testing"
	"time"
)

// Nobody reviews a helping hand: what a unit that assists reports as done is over.
func TestWhoAssistsIsNotReviewed(t *testing.T) {
	now := time.Date(2025, 9, 10, 9, 30, 0, 0, time.UTC)
	for part, want := range map[Part]State{Lead: Submitted, Report: Submitted, Assist: Closed} {
		a, err := Assignment{Part: part, State: Assigned}.Report(Progress{Status: Done}, now)
		if err != nil || a.State != want || a.ClosedAt.IsZero() != (want != Closed) {
			t.Errorf("%s: %s, closed at %v, %v", part, a.State, a.ClosedAt, err)
		}
	}
}
