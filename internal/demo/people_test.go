package demo

import (
	"strings"
	"testing"
	"time"

	"duban/bot/command"
	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/seeds"
)

// TestEveryCommandIsSuggested holds that whoever visits the demonstration finds every
// command among the suggestions of some person, understood as what it is.
func TestEveryCommandIsSuggested(t *testing.T) {
	set, err := seeds.Demo()
	if err != nil {
		t.Fatal(err)
	}
	p := understand.New(calendar.DefaultWorkdays())
	found := map[understand.Command]bool{}
	for _, person := range people(set) {
		for _, s := range person.Suggestions {
			if open := strings.HasSuffix(s, "："); open { // put into the input to be completed
				s += "王强 到9月12日"
			}
			in := understand.Input{Text: s, Addressed: true, Now: time.Date(2025, 9, 10, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))}
			found[p.Parse(in).Command] = true
		}
	}
	for _, c := range command.Commands() {
		if !found[c] {
			t.Errorf("%s is suggested to nobody", c)
		}
	}
}
