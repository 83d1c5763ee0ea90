package place

import (
	"strings"
	"testing"
	"time"
)

func TestTickets(t *testing.T) {
	now := time.Unix(1757476800, 0)
	ours := Tickets{Key: "k"}
	ticket := ours.Issue("token-a", now)
	if ours.Issue("token-a", now) == ticket {
		t.Error("two forms have one ticket")
	}
	for name, c := range map[string]struct {
		tickets       Tickets
		ticket, token string
		at            time.Time
		good          bool
	}{
		"at once":         {ours, ticket, "token-a", now, true},
		"later":           {ours, ticket, "token-a", now.Add(TicketLife - time.Second), true},
		"too late":        {ours, ticket, "token-a", now.Add(TicketLife), false},
		"a slower node":   {ours, ticket, "token-a", now.Add(-time.Minute), true},
		"another place":   {ours, ticket, "token-b", now, false},
		"another house":   {Tickets{Key: "x"}, ticket, "token-a", now, false},
		"a later date":    {ours, "zzzzzz" + ticket[6:], "token-a", now, false},
		"cut":             {ours, ticket[:len(ticket)-1], "token-a", now, false},
		"nothing":         {ours, "", "token-a", now, false},
		"only dots":       {ours, "..", "token-a", now, false},
		"without an end":  {ours, strings.Repeat("a", 10000), "token-a", now, false},
		"somebody's idea": {ours, "a.b.c", "token-a", now, false},
	} {
		if got := c.tickets.Good(c.ticket, c.token, c.at); got != c.good {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestKeyTellsReportsApart(t *testing.T) {
	f := Form{Once: "t", Words: "灭火器过期"}
	other, again := f, f
	other.Words = "水管漏水"
	again.Phone = "138"
	if f.Key() != again.Key() || f.Key() == other.Key() || len(f.Key()) != 64 {
		t.Errorf("%s %s %s", f.Key(), again.Key(), other.Key())
	}
}
